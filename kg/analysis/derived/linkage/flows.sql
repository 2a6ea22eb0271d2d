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
),
-- Industries are those of the classification in which the chain's own links have theirs.
system AS (
  SELECT DISTINCT l.o AS chain, k.o AS scheme
  FROM linkOf AS l
  JOIN industryOf AS i ON i.o = l.s
  JOIN skos.inScheme AS k ON k.s = i.s
),
industry_of AS (
  SELECT DISTINCT m.chain, c.s AS org, c.o AS industry
  FROM classifiedAs AS c
  JOIN skos.inScheme AS k ON k.s = c.o
  JOIN system AS m ON m.scheme = k.o
),
counted AS (
  SELECT *, count(*) OVER (PARTITION BY chain, org) AS industries
  FROM industry_of
)
SELECT
  s.chain,
  s.link,
  s.input,
  s.side,
  s.region,
  s.stage,
  coalesce(c.industry, '') AS industry,
  coalesce(c.industries, 1) AS industries,
  count(*) AS firms,
  key_of(s.chain) AS chain_key,
  key_of(s.region) AS region_key,
  coalesce(key_of(c.industry), '') AS industry_key
FROM sides AS s
LEFT JOIN counted AS c ON c.chain = s.chain AND c.org = s.org
GROUP BY ALL
