-- Products made at a link, named exactly as in source chain_kg_cn, so that what they are made of is known.
-- The rules then derive: a link requires what its outputs need.
SELECT
    chain,
    link,
    product,
    name_en
FROM read_csv('products.csv', header = true, all_varchar = true)
