-- Inputs of chip making, and the link that requires each.
-- Only the process steps carry a stage in the file. Any other input belongs to the stage of the
-- first process step that it reaches by "goes into" or "is a type of"; the walk stops at that
-- step, because the steps themselves follow one another into the next stage.
-- An input that reaches steps of two stages is required by both.
WITH RECURSIVE steps AS (
    SELECT
        input_id,
        stage_id
    FROM read_csv('inputs.csv', header = true, all_varchar = true)
    WHERE stage_id IS NOT NULL
),

edges AS (
    SELECT
        input_id,
        coalesce(goes_into_id, is_type_of_id) AS toward
    FROM read_csv('sequence.csv', header = true, all_varchar = true)
),

reached AS (
    SELECT
        input_id,
        stage_id
    FROM steps
    UNION
    SELECT
        edges.input_id,
        reached.stage_id
    FROM reached
    INNER JOIN edges
        ON reached.input_id = edges.toward
    WHERE edges.input_id NOT IN (SELECT steps.input_id FROM steps)
)

SELECT
    i.input_id,
    i.input_name,
    i.description,
    CASE
        WHEN i.type IN ('process', 'design_resource') THEN 'Technology'
        WHEN i.type IN ('tool_resource', 'material_resource', 'ultimate_output') THEN 'Product'
    END AS kind,
    CASE reached.stage_id
        WHEN 'S1' THEN 'design'
        WHEN 'S2' THEN 'fabrication'
        WHEN 'S3' THEN 'packaging-test'
    END AS link_key
FROM read_csv('inputs.csv', header = true, all_varchar = true) AS i
LEFT JOIN reached
    ON i.input_id = reached.input_id
