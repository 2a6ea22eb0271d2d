-- Organizations, by the name that could be verified; the printed form is kept beside it.
SELECT
    key,
    class,
    label_en,
    label_zh,
    CASE WHEN printed <> label_en THEN printed END AS printed,
    region,
    headquarters,
    site_of,
    core_of,
    link,
    note,
    passage
FROM read_csv('organizations.csv', header = true, all_varchar = true)
