-- Which industry is upstream of which, by how often their products occur together in the source.
-- The counts are noisy (book publishing is said to need phosphate fertiliser): of 5,256 pairs only the 39
-- counted at least five times are read, and even these are weak evidence: no chain is built on them.
WITH pairs AS (
    SELECT
        industry,
        unnest(list_filter(map_entries(ups), lambda up: up.value >= 5)) AS up
    FROM read_json('industry_up.json')
),

codes AS (
    SELECT
        code,
        "name" AS industry
    FROM read_json('industry.json')
)

SELECT
    i.code AS industry_code,
    upstream.code AS upstream_code,
    CASE
        WHEN i.code IS NULL THEN 'industry name is not one of Shenwan 2021: ' || p.industry
        WHEN upstream.code IS NULL THEN 'industry name is not one of Shenwan 2021: ' || p.up.key
        WHEN i.code = upstream.code THEN 'an industry upstream of itself'
    END AS _reject
FROM pairs AS p
LEFT JOIN codes AS i
    ON p.industry = i.industry
LEFT JOIN codes AS upstream
    ON p.up.key = upstream.industry
