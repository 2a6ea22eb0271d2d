-- Mechanisms, policies, platforms and projects of governance.
SELECT
    key,
    class,
    label_en,
    label_zh,
    provider,
    region,
    passage
FROM read_csv('instruments.csv', header = true, all_varchar = true)
