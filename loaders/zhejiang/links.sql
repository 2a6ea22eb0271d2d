-- Links of the chains, with their stage where the paper gives one.
SELECT
    key,
    chain,
    stage,
    accompanies,
    TRY_CAST(position AS INTEGER) AS position,
    label_en,
    label_zh,
    passage,
    TRY_CAST(confidence AS DECIMAL(4, 3)) AS confidence
FROM read_csv('links.csv', header = true, all_varchar = true)
