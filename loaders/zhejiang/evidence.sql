-- Passages of the paper that statements rest on, each restated in a sentence of our own.
SELECT
    passage,
    section,
    label_en,
    label_zh,
    text_en,
    text_zh
FROM read_csv('evidence.csv', header = true, all_varchar = true)
