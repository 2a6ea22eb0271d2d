-- Partners, centres, supporting and search regions, instruments, flows and ways of the measures.
SELECT
    measure,
    property,
    CASE kind
        WHEN 'org' THEN 'id/org/zj/'
        WHEN 'link' THEN 'id/link/'
        WHEN 'region' THEN 'id/region/'
        WHEN 'instrument' THEN 'id/instrument/zj/'
        WHEN 'flow' THEN 'id/flow/zj/'
        WHEN 'concept' THEN 'ns#'
    END || value AS target,
    passage
FROM read_csv('measure_parts.csv', header = true, all_varchar = true)
