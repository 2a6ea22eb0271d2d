-- Inputs for which the paper says that a region depends on imports.
SELECT
    key,
    item,
    region,
    level,
    passage,
    TRY_CAST(confidence AS DECIMAL(4, 3)) AS confidence
FROM read_csv('dependences.csv', header = true, all_varchar = true)
