-- The industry classes in use; the source has no codes for them.
WITH items AS (
    SELECT unnest(data.items) AS item
    FROM read_json('stock_basic.json')
)

SELECT DISTINCT item[5] AS industry
FROM items
WHERE item[5] IS NOT NULL
