-- Chinese names of the inputs, translated for this project: the source has English ones only.
SELECT
    input_id,
    label_zh
FROM read_csv('labels_zh.csv', header = true, all_varchar = true)
