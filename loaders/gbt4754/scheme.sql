-- The classification itself; its sections are its top concepts.
WITH sections AS (
    SELECT DISTINCT class1
    FROM read_csv('gbt4754.csv', header = true, all_varchar = true)
)

SELECT
    class1 AS code,
    '国民经济行业分类（GB/T 4754-2017）' AS title_zh,
    'GB/T 4754-2017 industrial classification' AS title_en
FROM sections
