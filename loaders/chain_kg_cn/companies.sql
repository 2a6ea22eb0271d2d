-- Companies, under the six digits of their code; the exchange suffix is missing in some rows, and
-- 68 companies stand twice. "location" is the exchange, not a place.
-- Names become other names: the label of a listed company is given by loader a_share_basic, and two
-- sources must not compete for it.
WITH companies AS (
    SELECT
        "name" AS short_name,
        fullname AS full_name,
        left(code, 6) AS company_code,
        "location" AS exchange,
        TRY_CAST("time" AS DATE) AS listed
    FROM read_json('company.json')
)

SELECT
    company_code,
    trim(short_name) AS short_name,
    trim(full_name) AS full_name,
    CASE
        WHEN exchange NOT LIKE '%交易所' THEN 'columns are shifted: exchange is ' || exchange
        WHEN starts_with(company_code, '688') AND listed < DATE '2019-07-22'
            THEN 'another company under this code: listed before the STAR Market opened'
    END AS _reject
FROM companies
