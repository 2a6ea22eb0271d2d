-- Supply risk and economic importance of a material in a year: two observations of a row.
-- "-" means that the material was not assessed in that year; it is no number and gives nothing.
WITH rows AS (
    SELECT
        Material AS spelling,
        Year AS year,
        nullif(SR, '-') AS risk_text,
        nullif(EI, '-') AS importance_text,
        lower(regexp_replace(Material, '\s+', ' ', 'g')) AS name
    FROM read_csv('dimension_CRMsOverTime.csv', header = true, all_varchar = true)
),

named AS (
    SELECT
        rows.*,
        coalesce(s.material, replace(rows.name, ' ', '-')) AS material
    FROM rows
    LEFT JOIN read_csv('spellings.csv', header = true, all_varchar = true) AS s
        ON rows.name = s.spelling
)

SELECT
    named.year,
    named.spelling,
    m.material,
    TRY_CAST(named.risk_text AS DECIMAL(6, 3)) AS risk,
    TRY_CAST(named.importance_text AS DECIMAL(6, 3)) AS importance,
    CASE WHEN named.risk_text IS NOT NULL THEN 'supply-risk' END AS risk_key,
    CASE WHEN named.importance_text IS NOT NULL THEN 'economic-importance' END AS importance_key,
    CASE
        WHEN named.risk_text IS NULL AND named.importance_text IS NULL THEN 'not assessed in that year'
        WHEN m.material IS NULL THEN 'a material that materials.csv does not know: ' || named.name
        WHEN named.risk_text IS NOT NULL AND TRY_CAST(named.risk_text AS DECIMAL(6, 3)) IS NULL
            THEN 'supply risk is not a number: ' || named.risk_text
        WHEN named.importance_text IS NOT NULL AND TRY_CAST(named.importance_text AS DECIMAL(6, 3)) IS NULL
            THEN 'economic importance is not a number: ' || named.importance_text
    END AS _reject
FROM named
LEFT JOIN read_csv('materials.csv', header = true, all_varchar = true) AS m
    ON named.material = m.material
