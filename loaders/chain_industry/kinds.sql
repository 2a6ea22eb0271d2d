-- Products that are kinds of a needed product, where source chain_kg_cn does not say so: whoever makes a
-- lithium battery separator makes a separator.
SELECT
    narrower,
    broader
FROM read_csv('kinds.csv', header = true, all_varchar = true)
