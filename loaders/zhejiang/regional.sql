-- Centres and clusters that the paper names.
SELECT
    key,
    class,
    label_en,
    label_zh,
    region,
    CASE WHEN class = 'IndustrialCentre' THEN chain END AS centre_chain,
    CASE WHEN class = 'Cluster' THEN chain END AS cluster_chain,
    passage
FROM read_csv('regional.csv', header = true, all_varchar = true)
