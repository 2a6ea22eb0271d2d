-- Circumstances that the paper names as causes, and what they follow from.
SELECT
    key,
    class,
    label_en,
    label_zh,
    occurs_at,
    caused_by,
    passage
FROM read_csv('causes.csv', header = true, all_varchar = true)
