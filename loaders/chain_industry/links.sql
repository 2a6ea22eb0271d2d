-- Links of the landmark chains, and which comes before which. Links without labels are those that
-- loader zhejiang names from the paper; here they only take their place in the order.
SELECT
    chain,
    link,
    label_en,
    label_zh,
    stage,
    next,
    reason_en,
    reason_zh
FROM read_csv('links.csv', header = true, all_varchar = true)
