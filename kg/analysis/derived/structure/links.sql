WITH firm AS (
  SELECT o AS link, count(DISTINCT s) AS firms
  FROM operatesAt
  GROUP BY o
),
-- Links of a segment belong to the whole as well; the order runs among the links of one chain.
step AS (
  SELECT s AS link, o AS later FROM directlyPrecedes
  UNION
  SELECT s AS link, o AS later FROM feedsBackTo
)
SELECT
  l.o AS chain,
  l.s AS link,
  any_value(f.firms) AS firms,
  coalesce(list(DISTINCT step.later ORDER BY step.later) FILTER (inside.s IS NOT NULL), []) AS later,
  key_of(l.o) AS chain_key,
  key_of(l.s) AS link_key
FROM linkOf AS l
LEFT JOIN firm AS f ON f.link = l.s
LEFT JOIN step ON step.link = l.s
LEFT JOIN linkOf AS inside ON inside.s = step.later AND inside.o = l.o
GROUP BY l.o, l.s
