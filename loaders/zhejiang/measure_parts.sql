-- Partners, centres, supporting and search regions, instruments of the measures.
SELECT
    measure,
    property,
    CASE kind WHEN 'org' THEN 'org/zj/' WHEN 'link' THEN 'link/' WHEN 'region' THEN 'region/' WHEN 'instrument' THEN 'instrument/zj/' END || value AS target,
    section
FROM read_csv('measure_parts.csv', header = true, all_varchar = true)
