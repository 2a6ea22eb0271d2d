-- Who provides which input, with what share of the world market.
-- The provider is an organization or, for a row that sums up a country, the country itself.
-- A blank share means: present, share unknown. It stays NULL and must never become 0. A published
-- 0.0 is a share that rounds to nothing, and stays. The version of 2025 writes "61%" and has no years.
WITH countries AS (
    SELECT DISTINCT
        p.provider_id,
        p.provider_name,
        p.alias,
        place.region_key
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
        ON p.provider_name = place.country
    WHERE p.provider_type = 'country'
)

SELECT
    v.provider_id,
    v.provided_id,
    coalesce('region/' || c.region_key, 'org/eto/' || v.provider_id) AS provider_key,
    c.region_key,
    CAST(TRY_CAST(replace(v.share_provided, '%', '') AS DECIMAL(9, 4)) / 100 AS DECIMAL(9, 6)) AS share,
    make_date(TRY_CAST(v.year AS INTEGER), 1, 1) AS valid_from,
    v.source AS evidence,
    CASE
        WHEN starts_with(v.provided_id, 'S') THEN 'a share of a whole stage, not of an input'
        WHEN v.provider_name = 'Various companies' THEN 'unnamed companies, not one organization'
        WHEN c.provider_id IS NOT NULL AND c.region_key IS NULL
            THEN 'a group of countries (' || coalesce(c.alias, c.provider_name) || '), not one country'
        WHEN v.share_provided IS NOT NULL AND TRY_CAST(replace(v.share_provided, '%', '') AS DECIMAL(9, 4)) IS NULL
            THEN 'share is not a number: ' || v.share_provided
        WHEN TRY_CAST(replace(v.share_provided, '%', '') AS DECIMAL(9, 4)) NOT BETWEEN 0 AND 100
            THEN 'share outside 0-100: ' || v.share_provided
    END AS _reject
FROM read_csv('provision.csv', header = true, all_varchar = true) AS v
LEFT JOIN countries AS c
    ON v.provider_id = c.provider_id
