-- Further names of countries. Labels are those of the loader regions.
SELECT
    alpha2,
    cnname AS name_zh,
    regexp_replace(name, ' \((the|The)\)', '') AS name_en,
    -- Some long names lack the first letter of their article: "he State of Kuwait".
    regexp_replace(fullname, '^t?he ', '') AS long_name_en,
    CASE WHEN alpha2 = 'AN' THEN 'code withdrawn from ISO 3166-1 in 2010' END AS _reject
FROM read_csv('countries_zh_en.csv', header = true, all_varchar = true)
