-- Chinese names of the inputs, translated for this project: the source has English ones only.
-- An older version of the source has fewer inputs.
SELECT
    z.input_id,
    z.label_zh,
    CASE WHEN i.input_id IS NULL THEN 'an input that this version of the source does not have' END AS _reject
FROM read_csv('labels_zh.csv', header = true, all_varchar = true) AS z
LEFT JOIN read_csv('inputs.csv', header = true, all_varchar = true) AS i
    ON z.input_id = i.input_id
