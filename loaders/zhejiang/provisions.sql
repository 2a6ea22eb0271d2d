-- Who provides what; for a region as a whole, the region is the provider.
SELECT
    key,
    provider_kind,
    CASE WHEN provider_kind = 'org' THEN 'org/zj/' || provider ELSE 'region/' || provider END AS who,
    provider,
    item,
    region,
    passage,
    TRY_CAST(confidence AS DECIMAL(4, 3)) AS confidence
FROM read_csv('provisions.csv', header = true, all_varchar = true)
