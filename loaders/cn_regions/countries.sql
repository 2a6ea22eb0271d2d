-- Further names of countries. Where the short names are those that the loader `regions` uses as labels,
-- only the long name is new; the codes listed are those of countries that this file names otherwise.
WITH countries AS (
    SELECT
        alpha2,
        CASE
            WHEN alpha2 IN (
                'BA', 'BV', 'CD', 'CF', 'CG', 'GG', 'GS', 'HM', 'IM', 'JE', 'MK', 'MP', 'MR', 'RU', 'SH', 'SJ'
            )
                THEN cnname
        END AS name_zh,
        CASE
            WHEN alpha2 IN (
                'AX', 'BN', 'CD', 'CV', 'CZ', 'FK', 'FM', 'IR', 'KP', 'KR', 'LA', 'LY', 'MD', 'MK', 'PS', 'RU',
                'SH', 'SY', 'SZ', 'TR', 'TZ', 'VA', 'VG', 'VI', 'VN'
            )
                THEN regexp_replace(name, ' \((the|The)\)', '')
        END AS name_en,
        -- Some long names lack the first letter of their article: "he State of Kuwait".
        CASE
            WHEN regexp_replace(fullname, '^t?he ', '') <> regexp_replace(name, ' \((the|The)\)', '')
                THEN regexp_replace(fullname, '^t?he ', '')
        END AS long_name_en
    FROM read_csv('countries_zh_en.csv', header = true, all_varchar = true)
)

SELECT
    alpha2,
    name_zh,
    name_en,
    long_name_en,
    CASE
        WHEN alpha2 = 'AN' THEN 'code withdrawn from ISO 3166-1 in 2010'
        WHEN coalesce(name_zh, name_en, long_name_en) IS NULL THEN 'has no name beyond its labels'
    END AS _reject
FROM countries
