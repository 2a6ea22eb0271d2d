-- Which link needs which product.
SELECT
    link,
    item,
    passage
FROM read_csv('needs.csv', header = true, all_varchar = true)
