-- What a material is used for in the EU, with which share of its use, and by which industry (NACE Rev. 2).
-- ">0%" is a use of unknown share. A sector's value added differs between rows of the source, so it is left out.
WITH rows AS (
    SELECT
        Material AS spelling,
        Application AS application,
        Share AS share_text,
        regexp_replace("NACE sector", '\s+', ' ', 'g') AS sector,
        lower(regexp_replace(Material, '\s+', ' ', 'g')) AS name
    FROM read_csv('fact_MaterialUseShares.csv', header = true, all_varchar = true)
),

named AS (
    SELECT
        rows.*,
        coalesce(s.material, replace(rows.name, ' ', '-')) AS material_key,
        trim(regexp_replace(lower(rows.application), '[^a-z0-9]+', '-', 'g'), '-') AS application_key,
        split_part(rows.sector, ' - ', 1) AS sector_code
    FROM rows
    LEFT JOIN read_csv('spellings.csv', header = true, all_varchar = true) AS s
        ON rows.name = s.spelling
)

SELECT
    m.material,
    named.application_key,
    named.share_text,
    named.sector_code,
    m.label_en || ' for ' || named.application AS label_en,
    split_part(named.sector, ' - ', 2) AS sector_label,
    CASE WHEN named.share_text NOT LIKE '>%'
        THEN CAST(TRY_CAST(replace(named.share_text, '%', '') AS DECIMAL(9, 4)) / 100 AS DECIMAL(9, 6))
    END AS share,
    CASE WHEN named.share_text NOT LIKE '>%' THEN 'use' END AS use_key,
    CASE
        WHEN m.material IS NULL THEN 'a material that materials.csv does not know: ' || named.name
        WHEN named.sector_code IS NULL THEN 'names no industry'
        WHEN named.share_text NOT LIKE '>%' AND TRY_CAST(replace(named.share_text, '%', '') AS DECIMAL(9, 4)) IS NULL
            THEN 'share is not a number: ' || named.share_text
    END AS _reject
FROM named
LEFT JOIN read_csv('materials.csv', header = true, all_varchar = true) AS m
    ON named.material_key = m.material
