-- Positions of prefectures and counties. The loader `regions` positions the provinces, the prefectures of
-- Jiangsu, Zhejiang and Anhui, and Jiashan County (330421): a place must not have two.
WITH positions AS (
    SELECT
        left(adcode, 6) AS code,
        name,
        TRY_CAST(latitude AS DECIMAL(9, 6)) AS latitude,
        TRY_CAST(longitude AS DECIMAL(9, 6)) AS longitude
    FROM read_csv('cpca_adcodes.csv', header = true, all_varchar = true)
),

cities AS (
    SELECT
        code,
        name
    FROM read_csv('cities.csv', header = true, all_varchar = true)
),

counties AS (
    SELECT
        areas.code,
        areas.name
    FROM read_csv('areas.csv', header = true, all_varchar = true) AS areas
    INNER JOIN cities
        ON areas.cityCode = cities.code AND areas.name <> cities.name
),

divisions AS (
    SELECT
        code,
        name
    FROM counties
    UNION ALL
    SELECT
        code || '00',
        name
    FROM cities
)

SELECT
    positions.code,
    positions.latitude,
    positions.longitude,
    CASE
        WHEN positions.code LIKE '__0000' OR regexp_full_match(positions.code, '3[234][0-9]{2}00|330421')
            THEN 'positioned by the loader regions'
        WHEN positions.name = '市辖区' THEN 'groups the districts of a city'
        WHEN positions.latitude IS NULL OR positions.longitude IS NULL THEN 'no position'
        WHEN divisions.code IS NULL THEN 'code is not among the divisions of 2023'
        WHEN positions.name <> divisions.name THEN 'code belongs to another name in 2023'
    END AS _reject
FROM positions
LEFT JOIN divisions
    ON positions.code = divisions.code
