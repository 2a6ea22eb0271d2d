-- Counties, districts and county-level cities. Units that exist for statistics only (development zones)
-- have a code of the same form, but none in GB/T 2260.
WITH areas AS (
    SELECT
        code,
        name,
        cityCode,
        provinceCode,
        regexp_full_match(code, '[0-9]{4}7[0-9]') OR name LIKE '%行政委员会' AS is_statistical
    FROM read_csv('areas.csv', header = true, all_varchar = true)
),

cities AS (
    SELECT
        code,
        name,
        name IN ('市辖区', '县') OR name LIKE '%直辖县级行政区划' AS is_group
    FROM read_csv('cities.csv', header = true, all_varchar = true)
)

SELECT
    areas.code,
    areas.name AS label_zh,
    CASE WHEN regexp_full_match(areas.name, '.{2,}[县市]') AND NOT areas.name LIKE '%自治县'
        THEN regexp_replace(areas.name, '.$', '')
    END AS short_zh,
    CASE WHEN areas.is_statistical THEN 'AdministrativeRegion' ELSE 'County' END AS kind,
    CASE WHEN NOT areas.is_statistical THEN areas.code END AS gbt2260,
    CASE WHEN areas.is_statistical THEN areas.code END AS notation,
    CASE WHEN cities.is_group THEN areas.provinceCode || '0000' ELSE cities.code || '00' END AS part_of,
    CASE
        WHEN cities.code IS NULL THEN 'its prefecture is not in cities.csv'
        WHEN areas.name = cities.name THEN 'same place as its prefecture, which has no counties'
    END AS _reject
FROM areas
LEFT JOIN cities
    ON areas.cityCode = cities.code
