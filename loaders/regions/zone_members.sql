-- Provinces or countries that make up an economic zone.
SELECT
    zone,
    region
FROM read_csv('zone_members.csv', header = true, all_varchar = true)
