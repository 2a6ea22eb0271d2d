WITH firm AS (
  SELECT DISTINCT
    l.s AS firm,
    l.o AS region,
    p.o AS country
  FROM locatedIn AS l
  JOIN type.Province AS province ON province.s = l.o
  JOIN partOfRegion AS p ON p.s = l.o
  JOIN type.Country AS country ON country.s = p.o
  -- A separate customs territory is not counted as its country.
  ANTI JOIN type.SeparateCustomsTerritory AS apart ON apart.s = l.o
  WHERE l.s IN (SELECT s FROM participatesIn UNION SELECT s FROM classifiedAs)
)
SELECT
  f.country AS universe,
  f.region,
  c.o AS subject,
  count(DISTINCT f.firm) AS firms,
  any_value(t.firms) AS region_total,
  key_of(f.region) AS region_key,
  coalesce(key_of(c.o), '') AS subject_key
FROM firm AS f
JOIN (SELECT region, count(*) AS firms FROM firm GROUP BY region) AS t ON t.region = f.region
LEFT JOIN participatesIn AS c ON c.s = f.firm
GROUP BY f.country, f.region, c.o
