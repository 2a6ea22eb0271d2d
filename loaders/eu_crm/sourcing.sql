-- From which countries the EU sources a material, its own members included. A share of the EU's sourcing is
-- no share of the world market: it becomes an observation, so that no question adds the two.
WITH rows AS (
    SELECT
        Material AS spelling,
        Stage AS stage,
        Country AS country,
        Share AS share_text,
        TRY_CAST(t AS DECIMAL(4, 2)) AS trade,
        lower(regexp_replace(Material, '\s+', ' ', 'g')) AS name
    FROM read_csv('fact_EUSupplyShares&t.csv', header = true, all_varchar = true)
),

named AS (
    SELECT
        rows.*,
        coalesce(s.material, replace(rows.name, ' ', '-')) AS material_key
    FROM rows
    LEFT JOIN read_csv('spellings.csv', header = true, all_varchar = true) AS s
        ON rows.name = s.spelling
)

SELECT
    m.material,
    c.region,
    named.share_text,
    named.trade,
    CASE named.stage WHEN 'E' THEN 'extracted' WHEN 'P' THEN 'processed' END AS stage_key,
    CASE
        WHEN named.share_text NOT LIKE '<%'
            THEN CAST(TRY_CAST(replace(named.share_text, '%', '') AS DECIMAL(9, 4)) / 100 AS DECIMAL(9, 6))
    END AS share,
    CASE
        WHEN m.material IS NULL THEN 'a material that materials.csv does not know: ' || named.name
        WHEN c.region IS NULL THEN 'a country without an ISO 3166-1 code: ' || named.country
        WHEN named.share_text NOT LIKE '<%' AND TRY_CAST(replace(named.share_text, '%', '') AS DECIMAL(9, 4)) IS NULL
            THEN 'share is not a number: ' || named.share_text
        WHEN TRY_CAST(replace(named.share_text, '%', '') AS DECIMAL(9, 4)) NOT BETWEEN 0 AND 100
            THEN 'share outside 0-100: ' || named.share_text
    END AS _reject
FROM named
LEFT JOIN read_csv('materials.csv', header = true, all_varchar = true) AS m
    ON named.material_key = m.material
LEFT JOIN read_csv('countries.csv', header = true, all_varchar = true) AS c
    ON named.country = c.name
