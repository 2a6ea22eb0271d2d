-- Which link comes directly before which.
SELECT
    link,
    next,
    section
FROM read_csv('link_order.csv', header = true, all_varchar = true)
