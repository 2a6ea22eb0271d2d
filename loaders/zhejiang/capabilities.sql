-- Who the paper says could design or make what is lacking: candidates, not providers.
SELECT
    provider,
    item,
    passage
FROM read_csv('capabilities.csv', header = true, all_varchar = true)
