-- Sections (A), divisions (01), groups (011) and classes (0111).
-- The copy prints class 3741 as a second group 374; the class has no row of its own, so the row is taken for it.
WITH rows AS (
    SELECT
        class1,
        class2,
        class3,
        CASE WHEN level = '3' AND class3 = '374' AND trim(name) = '飞机制造' THEN '3741' ELSE class4 END AS class4,
        trim(name) AS name,
        nullif(trim(remark), '') AS remark
    FROM read_csv('gbt4754.csv', header = true, all_varchar = true)
)

SELECT
    coalesce(class4, class3, class2, class1) AS code,
    CASE
        WHEN class4 IS NOT NULL THEN class3
        WHEN class3 IS NOT NULL THEN class2
        WHEN class2 IS NOT NULL THEN class1
    END AS broader,
    name AS label_zh,
    remark AS note_zh
FROM rows
