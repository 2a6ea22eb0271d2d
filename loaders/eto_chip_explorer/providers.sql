-- Organizations that provide an input. An organization has one row for each of its other names.
-- The country is that of its headquarters in the source.
-- Countries are regions, defined elsewhere; they are left to provision.sql.
SELECT
    p.provider_id,
    p.provider_name,
    nullif(p.alias, p.provider_name) AS alias,
    p.country,
    place.region_key,
    CASE
        WHEN p.provider_type = 'country' THEN 'a country, not an organization: see provision.sql'
        WHEN p.country IN ('Various countries', 'Various') THEN 'a group of unnamed companies, not one organization'
    END AS _reject
FROM read_csv('providers.csv', header = true, all_varchar = true) AS p
LEFT JOIN (
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
        ('MAL', 'MY'),
        ('MYS', 'MY'),
        ('NLD', 'NL'),
        ('SGP', 'SG'),
        ('SWE', 'SE'),
        ('TWN', '710000'),
        ('USA', 'US')
) AS place (country, region_key)
    ON p.country = place.country
