-- Gaps that the paper states, each with its reason in our own words.
SELECT
    key,
    class,
    label_en,
    label_zh,
    chain,
    link,
    item,
    region,
    status,
    text_en,
    text_zh,
    passage,
    TRY_CAST(confidence AS DECIMAL(4, 3)) AS confidence
FROM read_csv('gaps.csv', header = true, all_varchar = true)
