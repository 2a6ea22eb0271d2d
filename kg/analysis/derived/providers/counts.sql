WITH wide AS (
  SELECT w.o AS region
  FROM withinRegion AS w
  JOIN offers AS o ON o.s = w.s
  GROUP BY w.o
  HAVING count(DISTINCT o.s) >= getvariable('least')
),
offered AS (
  SELECT
    o.o AS input,
    w.o AS region,
    count(DISTINCT p.o) AS providers,
    bool_or(whole.s IS NOT NULL) AS as_a_whole,
    all_graphs(list(p.graphs)) AS graph
  FROM offers AS o
  JOIN withinRegion AS w ON w.s = o.s
  JOIN wide ON wide.region = w.o
  LEFT JOIN hasProvider AS p ON p.s = o.s
  LEFT JOIN (SELECT DISTINCT s FROM inRegion) AS whole ON whole.s = o.s
  LEFT JOIN type.CustomsTerritoryProvision AS apart ON apart.s = o.s
  LEFT JOIN type.Country AS country ON country.s = w.o
  WHERE o.o IN (SELECT o FROM requiresInput)
    -- What a separate customs territory provides is not its country's.
    AND (apart.s IS NULL OR country.s IS NULL)
  GROUP BY ALL
)
SELECT
  input,
  region,
  key_of(input) AS input_key,
  key_of(region) AS region_key,
  providers,
  as_a_whole,
  graph
FROM offered
WHERE providers > 0 OR as_a_whole
