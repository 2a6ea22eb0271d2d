-- Lists that the paper gives: one row an item.
SELECT
    topic,
    label_en,
    label_zh,
    TRY_CAST(position AS INTEGER) AS position,
    item_en,
    item_zh,
    section,
    regexp_replace(lower(item_en), '[^a-z0-9]+', '-', 'g') AS item_key
FROM read_csv('topics.csv', header = true, all_varchar = true)
