-- Core technologies of chains.
SELECT
    key,
    label_en,
    label_zh,
    chain,
    passage
FROM read_csv('technologies.csv', header = true, all_varchar = true)
