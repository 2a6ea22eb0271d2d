SELECT
  l.o AS chain,
  k.o AS stage,
  count(DISTINCT l.s) AS links,
  nullif(count(DISTINCT x.s), 0) AS firms,
  key_of(l.o) AS chain_key,
  regexp_extract(k.o, '[^#/]*$') AS stage_key
FROM linkOf AS l
JOIN stage AS k ON k.s = l.s
LEFT JOIN operatesAt AS x ON x.o = l.s
GROUP BY l.o, k.o
