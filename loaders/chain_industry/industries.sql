-- Which Shenwan industry of 2021 works at which link. The reason of each row stays in the file.
SELECT
    chain,
    link,
    industry_code,
    industry_name
FROM read_csv('industries.csv', header = true, all_varchar = true)
