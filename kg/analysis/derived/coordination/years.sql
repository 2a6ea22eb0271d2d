WITH need AS (
  SELECT DISTINCT
    l.o AS chain,
    l.s AS link,
    r.o AS input
  FROM linkOf AS l
  JOIN requiresInput AS r ON r.s = l.s
),
-- Complete surveys of all listed firms. Of countries none: what a separate customs territory has is not theirs.
survey AS (
  SELECT
    s.o AS what,
    r.o AS region,
    TRY_CAST(d.o[1:10] AS DATE) AS day,
    s.graphs AS graphs
  FROM surveys AS s
  JOIN surveyedRegion AS r ON r.s = s.s
  JOIN completeness AS k ON k.s = s.s AND k.o LIKE '%#complete'
  JOIN surveyScope AS c ON c.s = s.s AND regexp_extract(c.o, '[^#/]*$') IN ('scopeListedFirms', 'scopeEveryFirm')
  JOIN surveyDate AS d ON d.s = s.s
  LEFT JOIN type.Country AS country ON country.s = r.o
  WHERE country.s IS NULL
),
-- Links at which somebody works, and that were looked at.
looked_link AS (
  SELECT l.o AS chain, l.s AS thing, s.region, s.day, s.graphs
  FROM linkOf AS l
  JOIN survey AS s ON s.what = l.s OR s.what = l.o
  WHERE l.s IN (SELECT o FROM operatesAt)
),
looked_input AS (
  SELECT n.chain, n.input AS thing, s.region, s.day, s.graphs
  FROM need AS n
  JOIN survey AS s ON s.what = n.input OR s.what = n.link
  UNION ALL
  -- A survey of a whole chain speaks of the inputs that its own source knows.
  SELECT n.chain, n.input AS thing, s.region, s.day, s.graphs
  FROM need AS n
  JOIN survey AS s ON s.what = n.chain
  JOIN type.Product AS known ON known.s = n.input AND list_has_any(known.graphs, s.graphs)
),
listed AS (
  SELECT s AS firm, min(TRY_CAST(o[1:10] AS DATE)) AS day, all_graphs(list(graphs)) AS graphs
  FROM listedOn
  GROUP BY s
),
-- The sources need not know the work and the provisions of the firms that were listed last.
reach AS (
  SELECT min(day) AS day
  FROM (
    SELECT max(f.day) AS day FROM operatesAt AS w JOIN listed AS f ON f.firm = w.s
    UNION ALL
    SELECT max(f.day) AS day FROM hasProvider AS p JOIN listed AS f ON f.firm = p.o
  )
  HAVING count(day) = 2
),
found AS (
  SELECT
    'link' AS side,
    w.o AS thing,
    l.o AS region,
    f.day,
    list_concat(f.graphs, list_concat(w.graphs, l.graphs)) AS graphs
  FROM operatesAt AS w
  JOIN listed AS f ON f.firm = w.s
  JOIN locatedIn AS l ON l.s = w.s
  UNION ALL
  SELECT
    'input' AS side,
    o.o AS thing,
    w.o AS region,
    f.day,
    list_concat(f.graphs, list_concat(p.graphs, w.graphs)) AS graphs
  FROM offers AS o
  JOIN hasProvider AS p ON p.s = o.s
  JOIN listed AS f ON f.firm = p.o
  JOIN withinRegion AS w ON w.s = o.s
  WHERE o.o IN (SELECT input FROM need)
    AND w.o IN (SELECT region FROM survey)
),
-- Of inputs that may be provided nobody knows whether they are.
doubtful AS (
  SELECT l.chain, l.thing, l.region
  FROM looked_input AS l
  JOIN coverage.mayProvide AS m ON m.s = l.region AND m.o = l.thing
  ANTI JOIN found AS f ON f.side = 'input' AND f.thing = l.thing AND f.region = l.region
),
looked AS (
  SELECT chain, 'link' AS side, thing, region, max(day) AS day, all_graphs(list(graphs)) AS graphs
  FROM looked_link
  GROUP BY chain, thing, region
  UNION ALL
  SELECT chain, 'input' AS side, thing, region, max(day) AS day, all_graphs(list(graphs)) AS graphs
  FROM looked_input
  ANTI JOIN doubtful USING (chain, thing, region)
  GROUP BY chain, thing, region
),
first AS (
  SELECT side, thing, region, min(day) AS day, all_graphs(list(graphs)) AS graphs
  FROM found
  GROUP BY side, thing, region
),
-- Nothing is known after the first of the surveys either.
known AS (
  SELECT l.chain, l.region, least(min(l.day), any_value(r.day)) AS until
  FROM looked AS l
  CROSS JOIN reach AS r
  WHERE r.day IS NOT NULL
  GROUP BY l.chain, l.region
)
SELECT
  l.chain,
  l.region,
  key_of(l.chain) AS chain_key,
  key_of(l.region) AS region_key,
  count(*) FILTER (l.side = 'link') AS links,
  count(*) FILTER (l.side = 'input') AS inputs,
  coalesce(list(year(f.day) ORDER BY f.day) FILTER (l.side = 'link' AND f.day <= k.until), []) AS link_years,
  coalesce(list(year(f.day) ORDER BY f.day) FILTER (l.side = 'input' AND f.day <= k.until), []) AS input_years,
  any_value(k.until) AS known_until,
  all_graphs(list(list_concat(l.graphs, coalesce(f.graphs, [])))) AS graph
FROM looked AS l
JOIN known AS k ON k.chain = l.chain AND k.region = l.region
LEFT JOIN first AS f ON f.side = l.side AND f.thing = l.thing AND f.region = l.region
GROUP BY l.chain, l.region
