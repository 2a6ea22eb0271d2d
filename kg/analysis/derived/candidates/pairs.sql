-- What chains need, and what gaps lack: who provides anything else is asked where it is stated.
WITH needed AS (
  SELECT o AS input FROM requiresInput
  UNION
  SELECT o AS input FROM lacks
),
offer AS (
  SELECT
    o.o AS input,
    h.o AS candidate,
    i.o AS made,
    o.s AS statement,
    unnest(h.graphs) AS graph,
    if(i.o = o.o, getvariable('makes_it'), getvariable('makes_a_kind_of_it'))::DECIMAL(2, 1) AS capability
  FROM offers AS o
  JOIN hasProvider AS h ON h.s = o.s
  JOIN providesItem AS i ON i.s = o.s
  WHERE o.o IN (SELECT input FROM needed)
  UNION ALL
  -- Who is said to be able to provide something, states nothing of what is made.
  SELECT
    c.o AS input,
    c.s AS candidate,
    c.o AS made,
    c.s AS statement,
    unnest(c.graphs) AS graph,
    getvariable('can_make_it')::DECIMAL(2, 1) AS capability
  FROM hasCapability AS c
  WHERE c.o IN (SELECT input FROM needed)
),
evidence AS (
  SELECT s, min(o) AS o
  FROM hasEvidence
  GROUP BY s
),
-- A statement has its own confidence, or else that of its source.
sure AS (
  SELECT s, min(TRY_CAST(o AS DECIMAL(9, 6))) AS confidence
  FROM confidence
  GROUP BY s
),
pair AS (
  SELECT
    f.input,
    f.candidate,
    f.capability,
    coalesce(own.confidence, source.confidence) AS confidence,
    min(f.made) AS made,
    coalesce(min(e.o), min(f.statement)) AS evidence,
    min(f.graph) AS source,
    max(TRY_CAST(r.o AS DECIMAL(9, 6))) AS revenue_share,
    max(TRY_CAST(c.o AS DECIMAL(38, 6))) AS capacity,
    max(g.o) AS grade
  FROM offer AS f
  LEFT JOIN evidence AS e ON e.s = f.statement
  LEFT JOIN sure AS own ON own.s = f.statement
  LEFT JOIN sure AS source ON source.s = f.graph
  LEFT JOIN revenueShare AS r ON r.s = f.statement
  LEFT JOIN capacity AS c ON c.s = f.statement
  LEFT JOIN grade AS g ON g.s = f.made
  GROUP BY ALL
),
-- Few organizations are in regions that no other is in: what follows from them is written down once for all.
placement AS (
  SELECT s AS candidate, md5(string_agg(DISTINCT o, ' ' ORDER BY o)) AS placement
  FROM locatedIn
  GROUP BY s
),
tie AS (
  SELECT s AS candidate, count(*) AS ties
  FROM (
    SELECT 'customer' AS side, s, o FROM suppliesTo
    UNION
    SELECT 'supplier' AS side, s, o FROM suppliedBy
  )
  GROUP BY s
)
SELECT
  p.input,
  p.candidate,
  key_of(p.input) AS input_key,
  key_of(p.candidate) AS candidate_key,
  row_number() OVER (
    PARTITION BY p.input, p.candidate
    ORDER BY p.capability DESC, p.confidence DESC NULLS LAST
  ) AS number,
  p.capability,
  regexp_replace(p.confidence::VARCHAR, '[.]?0+$', '') AS confidence,
  p.made,
  p.evidence,
  p.source,
  regexp_replace(p.revenue_share::VARCHAR, '[.]?0+$', '') AS revenue_share,
  regexp_replace(p.capacity::VARCHAR, '[.]?0+$', '') AS capacity,
  p.grade,
  coalesce(placement.placement, 'unknown') AS placement,
  tie.ties,
  if(research.s IS NULL, NULL, getvariable('research')) AS kind
FROM pair AS p
JOIN type.Organization AS organization ON organization.s = p.candidate
LEFT JOIN type.ResearchInstitution AS research ON research.s = p.candidate
LEFT JOIN placement ON placement.candidate = p.candidate
LEFT JOIN tie ON tie.candidate = p.candidate
