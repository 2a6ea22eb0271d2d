-- Streets, towns and townships. Where a prefecture has no counties they belong to the prefecture.
WITH streets AS (
    SELECT
        code,
        name,
        areaCode,
        cityCode
    FROM read_csv('streets.csv', header = true, all_varchar = true)
),

areas AS (
    SELECT
        code,
        name
    FROM read_csv('areas.csv', header = true, all_varchar = true)
),

cities AS (
    SELECT
        code,
        name
    FROM read_csv('cities.csv', header = true, all_varchar = true)
)

SELECT
    streets.code,
    streets.name AS label_zh,
    CASE WHEN areas.name = cities.name THEN cities.code || '00' ELSE areas.code END AS part_of,
    CASE WHEN areas.code IS NULL THEN 'its county is not in areas.csv' END AS _reject
FROM streets
LEFT JOIN areas
    ON streets.areaCode = areas.code
LEFT JOIN cities
    ON streets.cityCode = cities.code
