-- Chains that the paper names; part_of is the industrial chain that comprises a supply chain.
SELECT
    key,
    class,
    label_en,
    label_zh,
    part_of,
    CASE WHEN class <> 'IndustrialChain' THEN part_of END AS whole,
    passage
FROM read_csv('chains.csv', header = true, all_varchar = true)
