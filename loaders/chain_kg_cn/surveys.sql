-- What the source covers: the main products of the listed companies, in every mainland province and in
-- the country as a whole. So an input without a maker here has no listed maker that names it.
-- The date is that of the latest listing in company.json.
SELECT
    region_code,
    'A 股上市公司主营产品：' || name_zh AS label_zh,
    'Main products of listed companies: ' || name_en AS label_en,
    DATE '2021-10-22' AS survey_date
FROM read_csv('survey_provinces.csv', header = true, all_varchar = true)
