-- Raw materials and their groups, under one name each; the tables spell some of them in several ways.
SELECT
    material,
    label_en,
    label_zh
FROM read_csv('materials.csv', header = true, all_varchar = true)
