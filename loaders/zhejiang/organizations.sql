-- Organizations, by the name that could be verified; the printed form is kept beside it.
SELECT
    key,
    class,
    label_en,
    label_zh,
    CASE WHEN printed <> label_en THEN printed END AS printed,
    region,
    core_of,
    link,
    note,
    section
FROM read_csv('organizations.csv', header = true, all_varchar = true)
