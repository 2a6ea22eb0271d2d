-- Regions that are no administrative division: the world and economic zones.
SELECT
    region,
    kind,
    part_of,
    label_zh,
    label_en,
    string_split(alt_zh, '|') AS alt_zh,
    string_split(alt_en, '|') AS alt_en
FROM read_csv('zones.csv', header = true, all_varchar = true)
