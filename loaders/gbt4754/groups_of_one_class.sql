-- Groups of a single class: the standard prints both codes on one line with one name, the copy keeps the class only.
SELECT
    class3 AS code,
    min(class2) AS broader,
    min(trim(name)) AS label_zh
FROM read_csv('gbt4754.csv', header = true, all_varchar = true)
WHERE class3 IS NOT NULL
GROUP BY class3
HAVING count(*) = 1 AND count(class4) = 1
