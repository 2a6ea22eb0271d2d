-- Centres that the paper names.
SELECT
    key,
    class,
    label_en,
    label_zh,
    region,
    chain,
    section
FROM read_csv('regional.csv', header = true, all_varchar = true)
