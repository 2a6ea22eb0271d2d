-- Which link needs which product.
SELECT
    link,
    item,
    section
FROM read_csv('needs.csv', header = true, all_varchar = true)
