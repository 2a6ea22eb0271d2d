-- Products that the paper names.
SELECT
    key,
    class,
    label_en,
    label_zh,
    grade,
    passage
FROM read_csv('items.csv', header = true, all_varchar = true)
