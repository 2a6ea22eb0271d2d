-- Governance instruments of the cases.
SELECT
    key,
    class,
    label_en,
    label_zh,
    provider,
    section
FROM read_csv('instruments.csv', header = true, all_varchar = true)
