-- Which industry is upstream of which, by how often their products occur together in the source.
-- The counts are noisy (book publishing is said to need phosphate fertiliser): only pairs counted at
-- least five times are kept, and even these are weak evidence, so no chain is built on them.
WITH pairs AS (
    SELECT
        u.industry,
        unnest(map_entries(u.ups)) AS up
    FROM read_json('industry_up.json') AS u
)

SELECT
    p.industry AS industry_name,
    p.up.key AS upstream_name,
    i.code AS industry_code,
    upstream.code AS upstream_code,
    CASE
        WHEN p.up.value < 5 THEN 'counted less than five times'
        WHEN i.code IS NULL THEN 'industry name is not one of Shenwan 2021: ' || p.industry
        WHEN upstream.code IS NULL THEN 'industry name is not one of Shenwan 2021: ' || p.up.key
        WHEN i.code = upstream.code THEN 'an industry upstream of itself'
    END AS _reject
FROM pairs AS p
LEFT JOIN read_json('industry.json') AS i
    ON p.industry = i.name
LEFT JOIN read_json('industry.json') AS upstream
    ON p.up.key = upstream.name
