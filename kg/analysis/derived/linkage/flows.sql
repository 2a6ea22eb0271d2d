WITH place AS (
  SELECT l.s AS org, l.o AS region
  FROM locatedIn AS l
  JOIN type.Province AS province ON province.s = l.o
),
stage_of AS (
  SELECT s.s AS link, CASE regexp_extract(s.o, '[^#/]*$')
    WHEN 'preProduction' THEN 1 WHEN 'inProduction' THEN 2 WHEN 'circulation' THEN 3 WHEN 'postProduction' THEN 4
  END AS stage
  FROM stage AS s
),
work AS (
  SELECT DISTINCT l.o AS chain, l.s AS link, coalesce(k.stage, 0) AS stage, x.s AS org
  FROM linkOf AS l
  JOIN operatesAt AS x ON x.o = l.s
  LEFT JOIN stage_of AS k ON k.link = l.s
),
need AS (
  SELECT DISTINCT l.o AS chain, l.s AS link, r.o AS input
  FROM linkOf AS l
  JOIN requiresInput AS r ON r.s = l.s
),
giver AS (
  SELECT DISTINCT
    n.chain,
    n.link,
    n.input,
    p.region,
    h.o AS org,
    coalesce(w.stage, 0) AS stage
  FROM need AS n
  JOIN offers AS o ON o.o = n.input
  JOIN hasProvider AS h ON h.s = o.s
  JOIN place AS p ON p.org = h.o
  LEFT JOIN work AS w ON w.chain = n.chain AND w.org = h.o
),
taker AS (
  SELECT DISTINCT n.chain, n.link, n.input, p.region, w.org, w.stage
  FROM need AS n
  JOIN work AS w ON w.link = n.link AND w.chain = n.chain
  JOIN place AS p ON p.org = w.org
),
sides AS (
  SELECT 'gives' AS side, * FROM giver
  UNION ALL
  SELECT 'takes' AS side, * FROM taker
)
SELECT chain, link, input, side, region, stage, count(*) AS firms, key_of(chain) AS chain_key, key_of(region) AS region_key
FROM sides
GROUP BY ALL
