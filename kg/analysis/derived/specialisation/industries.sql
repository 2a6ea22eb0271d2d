WITH firm AS (
  SELECT DISTINCT
    l.s AS firm,
    l.o AS region,
    p.o AS country,
    c.o AS industry,
    k.o AS scheme
  FROM locatedIn AS l
  JOIN type.Province AS province ON province.s = l.o
  JOIN partOfRegion AS p ON p.s = l.o
  JOIN type.Country AS country ON country.s = p.o
  -- A separate customs territory is not counted as its country.
  ANTI JOIN type.SeparateCustomsTerritory AS apart ON apart.s = l.o
  JOIN classifiedAs AS c ON c.s = l.s
  JOIN skos.inScheme AS k ON k.s = c.o
)
SELECT
  f.country || ' ' || f.scheme AS universe,
  f.region,
  f.industry AS subject,
  count(DISTINCT f.firm) AS firms,
  any_value(t.firms) AS region_total,
  key_of(f.region) AS region_key,
  key_of(f.industry) AS subject_key
FROM firm AS f
JOIN (SELECT region, scheme, count(DISTINCT firm) AS firms FROM firm GROUP BY ALL) AS t
  ON t.region = f.region AND t.scheme = f.scheme
GROUP BY f.country, f.scheme, f.region, f.industry
