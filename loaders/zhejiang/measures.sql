-- Measures that the paper reports or proposes, and the gaps they address.
SELECT
    key,
    class,
    chain,
    gap,
    label_en,
    label_zh,
    passage
FROM read_csv('measures.csv', header = true, all_varchar = true)
