-- Each material at each stage that the tables speak of: extracted (E) or processed (P). The two are
-- different goods with different makers; both are the material. What is processed was extracted.
WITH rows AS (
    SELECT
        Stage AS stage,
        lower(regexp_replace(Material, '\s+', ' ', 'g')) AS name
    FROM read_csv('fact_GlobalSupplyShares&t.csv', header = true, all_varchar = true)
    UNION ALL
    SELECT
        Stage AS stage,
        lower(regexp_replace(Material, '\s+', ' ', 'g')) AS name
    FROM read_csv('fact_EUSupplyShares&t.csv', header = true, all_varchar = true)
),

named AS (
    SELECT DISTINCT
        rows.stage,
        coalesce(s.material, replace(rows.name, ' ', '-')) AS material
    FROM rows
    LEFT JOIN read_csv('spellings.csv', header = true, all_varchar = true) AS s
        ON rows.name = s.spelling
)

SELECT
    m.material,
    CASE named.stage WHEN 'E' THEN 'extracted' WHEN 'P' THEN 'processed' END AS stage_key,
    CASE named.stage WHEN 'E' THEN m.label_en || ', extracted' ELSE m.label_en || ', processed' END AS label_en,
    CASE named.stage WHEN 'E' THEN m.label_zh || '（开采）' ELSE m.label_zh || '（加工）' END AS label_zh,
    earlier.material || '-extracted' AS earlier_key
FROM named
INNER JOIN read_csv('materials.csv', header = true, all_varchar = true) AS m
    ON named.material = m.material
LEFT JOIN named AS earlier
    ON named.material = earlier.material AND named.stage = 'P' AND earlier.stage = 'E'
