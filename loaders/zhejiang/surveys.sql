-- Where the paper has looked, and how completely.
SELECT
    key,
    item,
    region,
    scope,
    completeness,
    TRY_CAST(date AS DATE) AS date
FROM read_csv('surveys.csv', header = true, all_varchar = true)
