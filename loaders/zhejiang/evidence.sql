-- Sections of the paper that statements rest on.
SELECT
    section,
    label_en,
    label_zh
FROM read_csv('evidence.csv', header = true, all_varchar = true)
