-- Which link comes directly before which.
SELECT
    link,
    next,
    passage
FROM read_csv('link_order.csv', header = true, all_varchar = true)
