-- Materials and the groups in which the assessment joins them.
WITH rows AS (
    SELECT
        screened_material,
        perm_XREE_PGM AS narrow_name,
        perm_noXREE_noPGM AS wide_name,
        lower(regexp_replace(screened_material, '\s+', ' ', 'g')) AS name
    FROM read_csv('dimension_ScreenedMatGroupings.csv', header = true, all_varchar = true)
),

named AS (
    SELECT
        rows.*,
        coalesce(s.material, replace(rows.name, ' ', '-')) AS material_key,
        lower(replace(rows.narrow_name, ' ', '-')) AS narrow_key,
        lower(replace(rows.wide_name, ' ', '-')) AS wide_key
    FROM rows
    LEFT JOIN read_csv('spellings.csv', header = true, all_varchar = true) AS s
        ON rows.name = s.spelling
)

SELECT
    named.screened_material,
    m.material,
    n.material AS narrow_key,
    w.material AS wide_key,
    CASE
        WHEN m.material IS NULL THEN 'a material that materials.csv does not know: ' || named.name
        WHEN n.material IS NULL THEN 'a group that materials.csv does not know: ' || named.narrow_name
        WHEN w.material IS NULL THEN 'a group that materials.csv does not know: ' || named.wide_name
    END AS _reject
FROM named
LEFT JOIN read_csv('materials.csv', header = true, all_varchar = true) AS m
    ON named.material_key = m.material
LEFT JOIN read_csv('materials.csv', header = true, all_varchar = true) AS n
    ON named.narrow_key = n.material
LEFT JOIN read_csv('materials.csv', header = true, all_varchar = true) AS w
    ON named.wide_key = w.material
