SELECT
  o.o AS input,
  w.o AS country
FROM offers AS o
JOIN withinRegion AS w ON w.s = o.s
JOIN type.Country AS c ON c.s = w.o
LEFT JOIN type.CustomsTerritoryProvision AS apart ON apart.s = o.s
WHERE o.o IN (SELECT o FROM requiresInput)
GROUP BY o.o, w.o
HAVING bool_and(apart.s IS NOT NULL)
