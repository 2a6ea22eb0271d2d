-- Plans of government, their time and the chains that they name.
SELECT
    key,
    label_en,
    label_zh,
    region,
    TRY_CAST(valid_from AS DATE) AS valid_from,
    TRY_CAST(valid_to AS DATE) AS valid_to,
    chain,
    passage
FROM read_csv('plans.csv', header = true, all_varchar = true)
