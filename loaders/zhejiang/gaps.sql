-- Gaps that the paper states, each with its reason in our own words.
SELECT
    key,
    class,
    chain,
    link,
    item,
    region,
    status,
    text_en,
    text_zh,
    section,
    TRY_CAST(confidence AS DECIMAL(4, 3)) AS confidence
FROM read_csv('gaps.csv', header = true, all_varchar = true)
