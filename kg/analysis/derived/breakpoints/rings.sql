WITH need AS (
  SELECT DISTINCT
    l.o AS chain,
    r.o AS input
  FROM linkOf AS l
  JOIN requiresInput AS r ON r.s = l.s
),
-- A need that a source states not to be essential does not count.
spare AS (
  SELECT
    a.o AS input,
    b.o AS taken
  FROM requiringItem AS a
  JOIN requiredItem AS b ON b.s = a.s
  JOIN essential AS e ON e.s = a.s
  WHERE e.o IN ('false', '0')
),
takes AS (
  SELECT
    n.chain,
    n.input,
    list(DISTINCT t.input ORDER BY t.input) AS taken
  FROM need AS n
  JOIN hasInput AS h ON h.s = n.input AND h.o <> h.s
  JOIN need AS t ON t.chain = n.chain AND t.input = h.o
  ANTI JOIN spare AS x ON x.input = h.s AND x.taken = h.o
  GROUP BY n.chain, n.input
),
said AS (
  SELECT s, o AS input, 'met' AS state FROM coverage.meets
  UNION ALL
  SELECT s, o AS input, 'met' AS state FROM coverage.meetsFromOneSource
  UNION ALL
  SELECT s, o AS input, 'short' AS state FROM coverage.meetsInPart
  UNION ALL
  SELECT s, o AS input, 'short' AS state FROM coverage.misses
),
covered AS (
  SELECT
    a.o AS chain,
    r.o AS region,
    a.s AS node
  FROM coverage.analysedSubject AS a
  JOIN coverage.inRegion AS r ON r.s = a.s
),
kind AS (
  SELECT s AS region, 1 AS rank FROM type.County
  UNION ALL
  SELECT s AS region, 2 AS rank FROM type.Prefecture
  UNION ALL
  SELECT s AS region, 3 AS rank FROM type.Province
  UNION ALL
  SELECT s AS region, 4 AS rank FROM type.EconomicZone
  UNION ALL
  SELECT s AS region, 5 AS rank FROM type.Country
),
own AS (
  SELECT region, min(rank) AS rank FROM kind GROUP BY region
  UNION ALL
  -- What nothing lies around is the whole.
  SELECT DISTINCT o AS region, 6 AS rank
  FROM partOfRegion
  WHERE o NOT IN (SELECT region FROM kind) AND o NOT IN (SELECT s FROM partOfRegion)
),
-- A separate customs territory finds in the world what the rest of its country has.
apart AS (
  SELECT s AS region FROM type.SeparateCustomsTerritory
  UNION
  SELECT p.s AS region FROM partOfRegion AS p JOIN type.SeparateCustomsTerritory AS t ON t.s = p.o
),
ring AS (
  SELECT region, region AS around, rank FROM own
  UNION ALL
  SELECT o.region, p.o AS around, k.rank
  FROM own AS o
  JOIN partOfRegion AS p ON p.s = o.region
  JOIN own AS k ON k.region = p.o AND k.rank > o.rank
  LEFT JOIN apart AS a ON a.region = o.region
  WHERE a.region IS NULL OR k.rank <> 5
),
-- The widest ring has a result of its own, whether or not anybody provides anything there.
place AS (
  SELECT chain, region, node FROM covered
  UNION ALL
  SELECT DISTINCT c.chain, o.region, NULL AS node
  FROM covered AS c
  CROSS JOIN (SELECT region FROM own WHERE rank = 6) AS o
  ANTI JOIN covered AS x ON x.chain = c.chain AND x.region = o.region
),
known AS (
  SELECT
    s,
    list(input ORDER BY input) FILTER (state = 'met') AS met,
    list(input ORDER BY input) FILTER (state = 'short') AS short
  FROM said
  GROUP BY s
)
-- The needs of each chain, then what is known of them in each ring around each region.
SELECT
  n.chain,
  NULL AS region,
  NULL AS rank,
  NULL AS around,
  NULL AS chain_key,
  NULL AS region_key,
  NULL AS around_key,
  n.input,
  t.taken AS inputs,
  NULL AS short
FROM need AS n
LEFT JOIN takes AS t ON t.chain = n.chain AND t.input = n.input
UNION ALL
SELECT
  p.chain,
  p.region,
  g.rank,
  g.around,
  key_of(p.chain) AS chain_key,
  key_of(p.region) AS region_key,
  key_of(g.around) AS around_key,
  NULL AS input,
  k.met AS inputs,
  k.short
FROM place AS p
JOIN ring AS g ON g.region = p.region
LEFT JOIN place AS w ON w.chain = p.chain AND w.region = g.around
LEFT JOIN known AS k ON k.s = w.node
