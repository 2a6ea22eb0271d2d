-- Countries and areas of ISO 3166-1. Taiwan, Hong Kong and Macao have their names, class, place and
-- ISO code (CN-TW …) from divisions.csv; here they only get the codes by which world-wide tables name them.
WITH countries AS (
    SELECT
        region,
        alpha2,
        alpha3,
        numeric AS numeric_code,
        label_zh,
        label_en,
        alt_zh,
        alt_en,
        latitude,
        longitude,
        region = alpha2 AS is_country
    FROM read_csv('countries.csv', header = true, all_varchar = true)
)

SELECT
    region,
    alpha2,
    alpha3,
    numeric_code,
    CASE WHEN is_country THEN 'Country' END AS kind,
    CASE WHEN is_country THEN 'WORLD' END AS part_of,
    CASE WHEN is_country THEN alpha2 END AS iso3166,
    CASE WHEN is_country THEN [alpha3, numeric_code] ELSE [alpha2, alpha3, numeric_code] END AS codes,
    label_zh,
    label_en,
    string_split(alt_zh, '|') AS alt_zh,
    string_split(alt_en, '|') AS alt_en,
    TRY_CAST(latitude AS DECIMAL(8, 4)) AS latitude,
    TRY_CAST(longitude AS DECIMAL(8, 4)) AS longitude
FROM countries
