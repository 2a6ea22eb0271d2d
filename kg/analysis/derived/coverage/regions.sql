WITH need AS (
  SELECT DISTINCT
    l.o AS chain,
    l.s AS link,
    r.o AS input
  FROM linkOf AS l
  JOIN requiresInput AS r ON r.s = l.s
),
stated AS (
  SELECT
    c.o AS chain,
    i.o AS input,
    p.o AS region,
    regexp_extract(k.o, '[^#/]*$') AS status,
    k.graphs AS graphs
  FROM inChain AS c
  JOIN lacks AS i ON i.s = c.s
  JOIN inRegion AS p ON p.s = c.s
  JOIN status AS k ON k.s = c.s
),
needed AS (
  SELECT chain, input FROM need
  UNION
  SELECT chain, input FROM stated
),
-- What a separate customs territory provides is not its country's. Long, and cheaper made twice than kept.
provision AS NOT MATERIALIZED (
  SELECT
    w.s,
    w.o AS region,
    p.o AS provider,
    p.graphs,
    whole.s IS NOT NULL AS as_a_whole
  FROM withinRegion AS w
  LEFT JOIN hasProvider AS p ON p.s = w.s
  LEFT JOIN (SELECT DISTINCT s FROM inRegion) AS whole ON whole.s = w.s
  LEFT JOIN type.CustomsTerritoryProvision AS apart ON apart.s = w.s
  LEFT JOIN type.Country AS country ON country.s = w.o
  WHERE (apart.s IS NULL OR country.s IS NULL)
    AND (p.o IS NOT NULL OR whole.s IS NOT NULL)
),
offer AS NOT MATERIALIZED (
  SELECT
    o.o AS input,
    p.region,
    p.provider,
    p.graphs,
    p.as_a_whole
  FROM offers AS o
  JOIN provision AS p USING (s)
  WHERE o.o IN (SELECT input FROM needed)
),
offered AS (
  SELECT
    input,
    region,
    min(provider) < max(provider) AS several,
    bool_or(as_a_whole) AS as_a_whole,
    all_graphs(list(DISTINCT graphs)) AS graphs
  FROM offer
  GROUP BY input, region
),
-- Who provides something of which the input is a type, and is not known to provide it.
wider AS (
  SELECT
    k.s AS input,
    p.region,
    all_graphs(list(list_concat(k.graphs, list_concat(i.graphs, coalesce(p.graphs, []))))) AS graphs
  FROM kindOf AS k
  JOIN providesItem AS i ON i.o = k.o
  JOIN provision AS p ON p.s = i.s
  ANTI JOIN offer AS o ON o.input = k.s AND o.region = p.region AND o.provider = p.provider
  WHERE k.s IN (SELECT input FROM needed)
    AND k.s <> k.o
  GROUP BY k.s, p.region
),
survey AS (
  SELECT
    s.s AS survey,
    s.o AS what,
    r.o AS region,
    s.graphs AS graphs,
    k.o LIKE '%#complete' AS complete
  FROM surveys AS s
  JOIN surveyedRegion AS r ON r.s = s.s
  JOIN completeness AS k ON k.s = s.s
),
looking AS (
  SELECT n.chain, n.input, s.region, s.complete, s.complete AS itself, s.graphs
  FROM need AS n
  JOIN survey AS s ON s.what = n.input
  UNION ALL
  SELECT n.chain, n.input, s.region, s.complete, false AS itself, s.graphs
  FROM need AS n
  JOIN survey AS s ON s.what = n.link
  UNION ALL
  -- A survey of a whole chain speaks of the inputs that its own source knows.
  SELECT n.chain, n.input, s.region, s.complete, false AS itself, s.graphs
  FROM need AS n
  JOIN survey AS s ON s.what = n.chain
  JOIN type.Product AS known ON known.s = n.input AND list_has_any(known.graphs, s.graphs)
),
looked AS (
  SELECT
    chain,
    input,
    region,
    bool_or(complete) AS complete,
    bool_or(itself) AS itself,
    all_graphs(list(graphs)) AS graphs
  FROM looking
  GROUP BY chain, input, region
),
-- Who lists what somebody makes finds a wider name where the input is meant; who asks for the input itself does not.
doubt AS (
  SELECT chain, input, region, all_graphs(list(graphs)) AS graphs
  FROM (
    SELECT l.chain, l.input, l.region, w.graphs
    FROM looked AS l
    JOIN wider AS w USING (input, region)
    WHERE l.complete AND NOT l.itself
    UNION ALL
    -- Known, and left out of a part of a release.
    SELECT l.chain, l.input, l.region, m.graphs
    FROM looked AS l
    JOIN mayProvide AS m ON m.s = l.region AND m.o = l.input
    WHERE l.complete
  )
  GROUP BY chain, input, region
),
-- A question with limits of its own may not count the survey of the input itself, and then needs this.
broader AS (
  SELECT l.chain, l.input, l.region
  FROM looked AS l
  JOIN wider AS w USING (input, region)
  WHERE l.complete
),
place AS (
  SELECT chain, region FROM stated
  UNION
  SELECT chain, region FROM looked
  UNION
  SELECT n.chain, o.region FROM needed AS n JOIN offered AS o USING (input)
),
-- What a source states of the region itself goes first, then that a whole region around it has nothing.
said AS (
  SELECT chain, input, region, min(status) AS status, all_graphs(list(graphs)) AS graphs
  FROM stated
  GROUP BY ALL
),
said_around AS (
  SELECT s.chain, s.input, p.s AS region, s.graphs
  FROM said AS s
  JOIN partOfRegion AS p ON p.o = s.region
  WHERE s.status = 'statusAbsent'
),
found AS (
  SELECT
    n.chain,
    n.input,
    p.region,
    CASE
      WHEN s.status IS NOT NULL THEN s.status
      WHEN a.input IS NOT NULL THEN 'statusAbsent'
      WHEN o.several OR o.as_a_whole THEN 'statusMet'
      WHEN o.input IS NOT NULL THEN if(coalesce(l.complete, false) AND d.input IS NULL, 'statusSingleSource', 'statusMet')
      WHEN l.complete AND d.input IS NULL THEN 'statusAbsent'
      ELSE 'statusUnknown'
    END AS status,
    l.input IS NOT NULL AS surveyed,
    d.input IS NOT NULL AS doubtful,
    b.input IS NOT NULL AS broader
  FROM needed AS n
  JOIN place AS p ON p.chain = n.chain
  LEFT JOIN said AS s ON s.chain = n.chain AND s.input = n.input AND s.region = p.region
  LEFT JOIN (SELECT DISTINCT chain, input, region FROM said_around) AS a
    ON a.chain = n.chain AND a.input = n.input AND a.region = p.region
  LEFT JOIN offered AS o ON o.input = n.input AND o.region = p.region
  LEFT JOIN looked AS l ON l.chain = n.chain AND l.input = n.input AND l.region = p.region
  LEFT JOIN doubt AS d ON d.chain = n.chain AND d.input = n.input AND d.region = p.region
  LEFT JOIN broader AS b ON b.chain = n.chain AND b.input = n.input AND b.region = p.region
),
-- Few pairs of inputs and places rest on anything: sources are gathered of these, not carried through all of them.
rests AS (
  SELECT chain, region, all_graphs(list(graphs)) AS graph
  FROM (
    SELECT chain, region, graphs FROM said
    UNION ALL
    SELECT chain, region, graphs FROM said_around
    UNION ALL
    SELECT n.chain, o.region, o.graphs FROM needed AS n JOIN offered AS o USING (input)
    UNION ALL
    SELECT chain, region, graphs FROM looked
    UNION ALL
    SELECT chain, region, graphs FROM doubt
  )
  GROUP BY chain, region
)
SELECT
  chain,
  region,
  key_of(chain) AS chain_key,
  key_of(region) AS region_key,
  count(*) AS inputs,
  count(*) FILTER (status IN ('statusMet', 'statusSingleSource')) AS met,
  count(*) FILTER (status = 'statusSingleSource') AS single_source,
  count(*) FILTER (status = 'statusInsufficient') AS insufficient,
  count(*) FILTER (status = 'statusAbsent') AS absent,
  count(*) FILTER (status = 'statusUnknown') AS unknown,
  round(count(*) FILTER (surveyed) / count(*), 6)::DECIMAL(9, 6) AS surveyed_share,
  round(count(*) FILTER (status IN ('statusMet', 'statusSingleSource')) / count(*), 6)::DECIMAL(9, 6) AS low,
  round(
    count(*) FILTER (status IN ('statusMet', 'statusSingleSource', 'statusUnknown')) / count(*), 6
  )::DECIMAL(9, 6) AS high,
  list(input ORDER BY input) FILTER (status = 'statusMet') AS met_input,
  list(input ORDER BY input) FILTER (status = 'statusSingleSource') AS single_input,
  list(input ORDER BY input) FILTER (status = 'statusInsufficient') AS part_input,
  list(input ORDER BY input) FILTER (status = 'statusAbsent') AS absent_input,
  list(input ORDER BY input) FILTER (status = 'statusUnknown') AS unknown_input,
  list(input ORDER BY input) FILTER (doubtful) AS doubtful_input,
  list(input ORDER BY input) FILTER (broader) AS broader_input,
  any_value(r.graph) AS graph
FROM found
LEFT JOIN rests AS r USING (chain, region)
GROUP BY chain, region
