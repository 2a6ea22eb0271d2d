-- Causes and consequences of gaps, and the flows that they interrupt.
SELECT
    gap,
    property,
    target,
    passage
FROM read_csv('gap_parts.csv', header = true, all_varchar = true)
