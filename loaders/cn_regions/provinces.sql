-- Provincial divisions; two-digit codes become the six digits of GB/T 2260.
SELECT
    code || '0000' AS code,
    name AS label_zh
FROM read_csv('provinces.csv', header = true, all_varchar = true)
