-- The countries that each survey of surveys.sql covers: every country that the source names at all.
WITH countries (country, region_key) AS (
    VALUES
        ('AUT', 'AT'),
        ('BLR', 'BY'),
        ('CAN', 'CA'),
        ('CHE', 'CH'),
        ('CHN', 'CN'),
        ('CZE', 'CZ'),
        ('DEU', 'DE'),
        ('FRA', 'FR'),
        ('GBR', 'GB'),
        ('HUN', 'HU'),
        ('ISR', 'IL'),
        ('ITA', 'IT'),
        ('JPN', 'JP'),
        ('KOR', 'KR'),
        ('LUX', 'LU'),
        ('MYS', 'MY'),
        ('NLD', 'NL'),
        ('SGP', 'SG'),
        ('SWE', 'SE'),
        ('TWN', '710000'),
        ('USA', 'US')
),

shares AS (
    SELECT DISTINCT provided_id
    FROM read_csv('provision.csv', header = true, all_varchar = true)
    WHERE regexp_full_match(provider_name, '[A-Z]{3}') AND provider_name <> 'EUR'
)

SELECT
    i.input_id,
    countries.region_key,
    CASE WHEN shares.provided_id IS NULL THEN 'no single country is said to provide it' END AS _reject
FROM read_csv('inputs.csv', header = true, all_varchar = true) AS i
LEFT JOIN shares
    ON i.input_id = shares.provided_id
CROSS JOIN countries
