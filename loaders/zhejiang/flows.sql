-- Flows between suppliers and customers, and the order in which they came back.
SELECT
    key,
    class,
    label_en,
    label_zh,
    relation,
    restored_before,
    passage
FROM read_csv('flows.csv', header = true, all_varchar = true)
