WITH holding AS (
  SELECT
    i.o AS input,
    h.o AS holder,
    max(TRY_CAST(v.o AS DECIMAL(12, 9))) AS share,
    list(DISTINCT i.s) AS provisions,
    all_graphs(list(h.graphs)) AS graphs
  FROM providesItem AS i
  JOIN hasProvider AS h ON h.s = i.s
  JOIN inRegion AS r ON r.s = i.s AND r.o = h.o
  LEFT JOIN share AS v ON v.s = i.s
  WHERE i.o IN (SELECT o FROM requiresInput)
  GROUP BY ALL
),
total AS (
  SELECT
    input,
    coalesce(sum(share * share), 0)::DECIMAL(38, 18) AS squares,
    greatest(1 - coalesce(sum(share), 0), 0)::DECIMAL(38, 18) AS rest,
    max(share) AS top,
    count(*) AS holders,
    count(*) FILTER (share IS NULL) AS blank,
    min_by(holder, (-share, holder)) FILTER (share IS NOT NULL) AS holder,
    list_sort(list_distinct(flatten(list(provisions)))) AS provision,
    all_graphs(list(graphs)) AS graph
  FROM holding
  GROUP BY input
)
SELECT
  input,
  key_of(input) AS input_key,
  holder,
  round(top, 6)::DECIMAL(9, 6) AS top,
  holders,
  blank,
  CASE WHEN blank = 0 AND rest <= getvariable('tolerance') THEN round(least(squares, 1), 6)::DECIMAL(9, 6) END AS hhi,
  round(least(squares, 1), 6)::DECIMAL(9, 6) AS low,
  round(least(squares + rest * rest, 1), 6)::DECIMAL(9, 6) AS high,
  provision,
  graph
FROM total
