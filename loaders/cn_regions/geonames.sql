-- GeoNames ids of prefectures and counties. A place of GeoNames is taken for a division where one of its names
-- is the full Chinese name of just one division of the same province, and no other place there has that name.
-- Its Latin name becomes the English label where it is also the division's name in Pinyin, less its last word:
-- "Shenzhen", "shen zhen shi". Else it may name the seat only (Nianbo, seat of Haidong); cities whose name in use
-- is not Pinyin (Lhasa), or whose Pinyin is not given in that form (Chengdu), are listed.
WITH provinces (admin1, province) AS (
    VALUES
        ('01', '34'),
        ('02', '33'),
        ('03', '36'),
        ('04', '32'),
        ('05', '22'),
        ('06', '63'),
        ('07', '35'),
        ('08', '23'),
        ('09', '41'),
        ('10', '13'),
        ('11', '43'),
        ('12', '42'),
        ('13', '65'),
        ('14', '54'),
        ('15', '62'),
        ('16', '45'),
        ('18', '52'),
        ('19', '21'),
        ('20', '15'),
        ('21', '64'),
        ('22', '11'),
        ('23', '31'),
        ('24', '14'),
        ('25', '37'),
        ('26', '61'),
        ('28', '12'),
        ('29', '53'),
        ('30', '44'),
        ('31', '46'),
        ('32', '51'),
        ('33', '50')
),

places AS (
    SELECT
        geonameid,
        name,
        replace(regexp_replace(name, ' (Shi|Xian|Qu)$', ''), '’', '''') AS latin,
        admin1code,
        TRY_CAST(latitude AS DECIMAL(8, 5)) AS latitude,
        TRY_CAST(longitude AS DECIMAL(8, 5)) AS longitude
    FROM read_csv('geonames_cn_cities1000.csv', header = true, all_varchar = true)
),

names AS (
    SELECT DISTINCT
        geonameid,
        admin1code,
        unnest(string_split(alternatenames, '|')) AS name
    FROM read_csv('geonames_cn_cities1000.csv', header = true, all_varchar = true)
),

pinyin AS (
    SELECT DISTINCT
        geonameid,
        replace(regexp_replace(name, ' [a-z]+$', ''), ' ', '') AS letters
    FROM names
    WHERE regexp_full_match(name, '[a-z]+( [a-z]+)* (shi|xian|qu|qi|di qu|meng)')
),

cities AS (
    SELECT
        code,
        name,
        provinceCode
    FROM read_csv('cities.csv', header = true, all_varchar = true)
    WHERE NOT (name IN ('市辖区', '县') OR name LIKE '%直辖县级行政区划')
),

areas AS (
    SELECT
        code,
        name,
        provinceCode
    FROM read_csv('areas.csv', header = true, all_varchar = true)
    WHERE NOT regexp_full_match(code, '[0-9]{4}7[0-9]')
),

divisions AS (
    SELECT
        code || '00' AS code,
        name,
        provinceCode AS province
    FROM cities
    UNION ALL
    SELECT
        areas.code,
        areas.name,
        areas.provinceCode
    FROM areas
    LEFT JOIN cities
        ON left(areas.code, 4) = cities.code
    WHERE areas.name IS DISTINCT FROM cities.name
),

pairs AS (
    SELECT
        names.geonameid,
        divisions.code,
        count(*) OVER (PARTITION BY names.geonameid) AS divisions_of_place,
        count(*) OVER (PARTITION BY divisions.code) AS places_of_division
    FROM names
    INNER JOIN provinces
        ON names.admin1code = provinces.admin1
    INNER JOIN divisions
        ON provinces.province = divisions.province AND names.name = divisions.name
),

matches AS (
    SELECT
        geonameid,
        min(code) AS code,
        max(divisions_of_place) AS divisions_of_place,
        max(places_of_division) AS places_of_division
    FROM pairs
    GROUP BY geonameid
),

positions AS (
    SELECT left(adcode, 6) AS code
    FROM read_csv('cpca_adcodes.csv', header = true, all_varchar = true)
    WHERE longitude IS NOT NULL
)

SELECT
    matches.code,
    places.geonameid,
    places.name,
    places.admin1code,
    CASE
        -- The loader `regions` labels these.
        WHEN regexp_full_match(matches.code, '3[234][0-9]{2}00|330421') THEN NULL
        WHEN
            pinyin.geonameid IS NOT NULL
            OR matches.code IN (
                '140400', '141100', '150100', '150600', '150700', '150800', '150900', '220100', '230100', '230200',
                '350200', '430100', '510100', '540100', '540300', '540500', '540600', '650100', '650200', '650400'
            )
            THEN places.latin
    END AS label_en,
    CASE WHEN positions.code IS NULL THEN places.latitude END AS latitude,
    CASE WHEN positions.code IS NULL THEN places.longitude END AS longitude,
    CASE
        WHEN places.admin1code IS NULL THEN 'no province'
        WHEN matches.code IS NULL THEN 'has the full name of no prefecture or county of its province'
        WHEN matches.divisions_of_place > 1 THEN 'has the names of several divisions'
        WHEN matches.places_of_division > 1 THEN 'another place has the name of the same division'
    END AS _reject
FROM places
LEFT JOIN matches
    ON places.geonameid = matches.geonameid
LEFT JOIN positions
    ON matches.code = positions.code
LEFT JOIN pinyin
    ON places.geonameid = pinyin.geonameid AND lower(replace(places.latin, '''', '')) = pinyin.letters
