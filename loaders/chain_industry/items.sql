-- Products that a link needs, named exactly as in source chain_kg_cn, where companies say that they make them.
SELECT
    chain,
    link,
    product,
    name_en
FROM read_csv('items.csv', header = true, all_varchar = true)
