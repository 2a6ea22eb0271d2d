-- Industries and activities, by the link or organization at which the paper names them.
SELECT
    key,
    label_en,
    label_zh,
    CASE kind WHEN 'link' THEN target END AS link,
    CASE kind WHEN 'org' THEN target END AS org,
    passage
FROM read_csv('industries.csv', header = true, all_varchar = true)
