-- Measures that the paper reports or proposes, and the gaps they address.
SELECT
    key,
    class,
    gap,
    label_en,
    label_zh,
    section
FROM read_csv('measures.csv', header = true, all_varchar = true)
