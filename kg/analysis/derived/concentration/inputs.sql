-- What one source says of one holder; a holder that it names twice has the larger share.
WITH holding AS (
  SELECT
    i.o AS input,
    r.graph,
    r.o AS holder,
    max(TRY_CAST(v.o AS DECIMAL(12, 9))) AS share,
    list(DISTINCT i.s) AS provisions
  FROM providesItem AS i
  JOIN (SELECT s, o, unnest(graphs) AS graph FROM inRegion) AS r ON r.s = i.s
  JOIN hasProvider AS h ON h.s = i.s AND h.o = r.o
  LEFT JOIN (SELECT s, o, unnest(graphs) AS graph FROM share) AS v ON v.s = i.s AND v.graph = r.graph
  WHERE i.o IN (SELECT o FROM requiresInput)
  GROUP BY ALL
),
-- Shares of two sources are two lists of the same market, not one.
list_of_source AS (
  SELECT
    input,
    graph,
    coalesce(sum(share * share), 0)::DECIMAL(38, 18) AS squares,
    greatest(1 - coalesce(sum(share), 0), 0)::DECIMAL(38, 18) AS rest,
    max(share) AS top,
    count(*) FILTER (share IS NULL) AS blank,
    min_by(holder, (-share, holder)) FILTER (share IS NOT NULL) AS holder
  FROM holding
  GROUP BY input, graph
),
bounds AS (
  SELECT
    *,
    round(least(squares, 1), 6)::DECIMAL(9, 6) AS low,
    round(least(squares + rest * rest, 1), 6)::DECIMAL(9, 6) AS high,
    CASE WHEN blank = 0 AND rest <= getvariable('tolerance') THEN round(least(squares, 1), 6)::DECIMAL(9, 6) END AS hhi
  FROM list_of_source
),
-- Bounds that all sources allow; where they contradict each other, those that any of them allows.
total AS (
  SELECT
    input,
    CASE WHEN max(low) <= min(high) THEN max(low) ELSE min(low) END AS low,
    CASE WHEN max(low) <= min(high) THEN min(high) ELSE max(high) END AS high,
    CASE WHEN max(low) <= min(high) AND count(DISTINCT hhi) = 1 THEN max(hhi) END AS hhi,
    CASE WHEN count(DISTINCT holder) = 1 THEN max(holder) END AS holder,
    CASE WHEN count(DISTINCT top) = 1 THEN max(top) END AS top
  FROM bounds
  GROUP BY input
),
named AS (
  SELECT
    input,
    count(DISTINCT holder) AS holders,
    count(DISTINCT holder) - count(DISTINCT holder) FILTER (share IS NOT NULL) AS blank,
    list_sort(list_distinct(flatten(list(provisions)))) AS provision,
    list_sort(list(DISTINCT graph)) AS graph
  FROM holding
  GROUP BY input
)
SELECT
  input,
  key_of(input) AS input_key,
  total.holder,
  round(total.top, 6)::DECIMAL(9, 6) AS top,
  named.holders,
  named.blank,
  total.hhi,
  total.low,
  total.high,
  named.provision,
  named.graph
FROM total
JOIN named USING (input)
