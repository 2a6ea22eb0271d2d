-- What the observations of this source measure.
SELECT
    indicator,
    label_en,
    label_zh,
    definition_en,
    definition_zh
FROM read_csv('indicators.csv', header = true, all_varchar = true)
