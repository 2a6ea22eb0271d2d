WITH needed AS (
  SELECT o AS input FROM requiresInput
  UNION
  SELECT o AS input FROM lacks
),
candidate AS (
  SELECT s AS candidate
  FROM type.Organization
  WHERE s IN (
    SELECT h.o
    FROM offers AS o
    JOIN hasProvider AS h ON h.s = o.s
    WHERE o.o IN (SELECT input FROM needed)
    UNION
    SELECT c.s
    FROM hasCapability AS c
    WHERE c.o IN (SELECT input FROM needed)
  )
),
-- The same key as pairs.sql makes; of whom no place is known, the one that names none.
placement AS (
  SELECT DISTINCT
    coalesce(md5(string_agg(DISTINCT l.o, ' ' ORDER BY l.o)), 'unknown') AS placement,
    list(DISTINCT l.o ORDER BY l.o) FILTER (l.o IS NOT NULL) AS region
  FROM candidate AS c
  LEFT JOIN locatedIn AS l ON l.s = c.candidate
  GROUP BY c.candidate
),
fineness AS (
  SELECT s, 1 AS rank FROM type.County
  UNION ALL
  SELECT s, 2 AS rank FROM type.Prefecture
  UNION ALL
  SELECT s, 3 AS rank FROM type.Province
  UNION ALL
  SELECT s, 4 AS rank FROM type.Country
),
-- The places that are known most closely.
place AS (
  SELECT placement, list(DISTINCT place ORDER BY place) AS place
  FROM (
    SELECT p.placement, p.place, f.rank, min(f.rank) OVER (PARTITION BY p.placement) AS finest
    FROM (SELECT placement, unnest(region) AS place FROM placement) AS p
    JOIN fineness AS f ON f.s = p.place
  )
  WHERE rank = finest
  GROUP BY placement
)
SELECT
  p.placement,
  p.region,
  place.place
FROM placement AS p
LEFT JOIN place USING (placement)
