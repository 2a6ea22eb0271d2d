-- The same input or company under the names of two sources. Written as IRIs relative to the base.
SELECT
    "left" AS left_key,
    "right" AS right_key
FROM read_csv('matches.csv', header = true, all_varchar = true)
