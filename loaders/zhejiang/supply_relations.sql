-- Who supplies whom with what.
SELECT
    key,
    supplier,
    customer,
    item,
    chain,
    passage,
    TRY_CAST(confidence AS DECIMAL(4, 3)) AS confidence
FROM read_csv('supply_relations.csv', header = true, all_varchar = true)
