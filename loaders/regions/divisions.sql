-- Provincial divisions of China, prefectures of the Yangtze River Delta, counties of the seed paper.
-- The code says what a division is part of: 330421 -> 330400 -> 330000 -> CN.
SELECT
    code,
    kind,
    CASE
        WHEN code LIKE '__0000' THEN 'CN'
        WHEN code LIKE '____00' THEN left(code, 2) || '0000'
        ELSE left(code, 4) || '00'
    END AS part_of,
    iso3166_2,
    label_zh,
    label_en,
    string_split(alt_zh, '|') AS alt_zh,
    string_split(alt_en, '|') AS alt_en,
    TRY_CAST(latitude AS DECIMAL(8, 4)) AS latitude,
    TRY_CAST(longitude AS DECIMAL(8, 4)) AS longitude,
    customs
FROM read_csv('divisions.csv', header = true, all_varchar = true)
