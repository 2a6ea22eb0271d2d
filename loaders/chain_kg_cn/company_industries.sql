-- Industry of each company. 168 rows use a code of an older version of the classification; an
-- industry of the same name need not be the same, so they are rejected rather than translated.
SELECT
    left(c.company_code, 6) AS company_code,
    trim(c.company_name) AS company_name,
    c.industry_code,
    CASE
        WHEN i.code IS NULL
            THEN 'industry code is not one of Shenwan 2021: ' || c.industry_code || ' ' || c.industry_name
    END AS _reject
FROM read_json('company_industry.json') AS c
LEFT JOIN read_json('industry.json') AS i
    ON c.industry_code = i.code
