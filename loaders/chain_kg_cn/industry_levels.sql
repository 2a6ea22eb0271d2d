-- Which industry belongs to which broader one.
SELECT
    from_code,
    to_code,
    CASE WHEN rel <> '上级行业' THEN 'relation unknown to the mapping: ' || rel END AS _reject
FROM read_json('industry_industry.json')
