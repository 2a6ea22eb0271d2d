WITH wide AS (
  SELECT s FROM type.Province
  UNION
  SELECT s FROM type.EconomicZone
  UNION
  SELECT s FROM type.Country
)
SELECT
  o.o AS input,
  w.o AS region,
  key_of(o.o) AS input_key,
  key_of(w.o) AS region_key,
  count(DISTINCT p.o) AS providers,
  bool_or(whole.s IS NOT NULL) AS as_a_whole,
  all_graphs(list(p.graphs)) AS graph
FROM offers AS o
JOIN withinRegion AS w ON w.s = o.s
JOIN wide ON wide.s = w.o
JOIN hasProvider AS p ON p.s = o.s
LEFT JOIN (SELECT DISTINCT s FROM inRegion) AS whole ON whole.s = o.s
LEFT JOIN type.CustomsTerritoryProvision AS apart ON apart.s = o.s
LEFT JOIN type.Country AS country ON country.s = w.o
WHERE o.o IN (SELECT o FROM requiresInput)
  AND (apart.s IS NULL OR country.s IS NULL)
GROUP BY ALL
HAVING count(DISTINCT p.o) >= 8
