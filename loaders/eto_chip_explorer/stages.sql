-- The three stages of chip making are the links of the integrated circuit chain.
-- Their labels are defined by loader chain_industry; a second label here would be a competing one.
SELECT
    s.stage_id,
    link.link_key,
    link.stage_kind,
    link.next_key,
    CASE s.stage_id WHEN 'S3' THEN 'N99' END AS output_id,
    s.stage_name,
    s.description,
    CASE WHEN link.link_key IS NULL THEN 'a stage that the mapping does not know' END AS _reject
FROM read_csv('stages.csv', header = true, all_varchar = true) AS s
LEFT JOIN (
    VALUES
        ('S1', 'design', 'preProduction', 'fabrication'),
        ('S2', 'fabrication', 'inProduction', 'packaging-test'),
        ('S3', 'packaging-test', 'inProduction', NULL)
) AS link (stage_id, link_key, stage_kind, next_key)
    ON s.stage_id = link.stage_id
