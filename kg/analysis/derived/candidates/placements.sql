WITH needed AS (
  SELECT o AS input FROM requiresInput
  UNION
  SELECT o AS input FROM lacks
),
candidate AS (
  SELECT h.o AS candidate
  FROM offers AS o
  JOIN hasProvider AS h ON h.s = o.s
  WHERE o.o IN (SELECT input FROM needed)
  UNION
  SELECT c.s AS candidate
  FROM hasCapability AS c
  WHERE c.o IN (SELECT input FROM needed)
),
-- The same key as pairs.sql makes.
placement AS (
  SELECT md5(string_agg(DISTINCT o, ' ' ORDER BY o)) AS placement, list(DISTINCT o ORDER BY o) AS region
  FROM locatedIn
  WHERE s IN (SELECT candidate FROM candidate)
  GROUP BY s
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
    FROM (SELECT DISTINCT placement, unnest(region) AS place FROM placement) AS p
    JOIN fineness AS f ON f.s = p.place
  )
  WHERE rank = finest
  GROUP BY placement
)
SELECT DISTINCT
  p.placement,
  p.region,
  place.place
FROM placement AS p
LEFT JOIN place USING (placement)
UNION ALL
-- Of those of whom no place is known.
SELECT 'unknown' AS placement, [] AS region, [] AS place
