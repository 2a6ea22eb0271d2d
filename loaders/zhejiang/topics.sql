-- Lists that the paper gives: one row an item; `term` where the ontology has a concept for it.
SELECT
    topic,
    label_en,
    label_zh,
    TRY_CAST(position AS INTEGER) AS position,
    class,
    item_en,
    item_zh,
    passage,
    coalesce('ns#' || term, 'id/topic/' || topic || '/' || regexp_replace(lower(item_en), '[^a-z0-9]+', '-', 'g')) AS item_path
FROM read_csv('topics.csv', header = true, all_varchar = true)
