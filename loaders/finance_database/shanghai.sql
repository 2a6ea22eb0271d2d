-- Companies listed in Shanghai: city, English name, website. The file of the other exchange is mapped alike.
-- A city is taken only where the first two digits of the postal code lie in its province: Taizhou and
-- Suzhou exist twice, and some records hold another company's address. Without a postal code only names
-- that stand for one place are taken (`without_zip`). Cities outside the Yangtze River
-- Delta are left to a_share_basic, which gives the province.
SELECT
    left(c.symbol, 6) AS code,
    trim(c."name") AS english_name,
    c.isin,
    regexp_extract(c.website, '^http://([A-Za-z0-9.-]+(:[0-9]+)?(/[!-~]*)?)$', 1) AS http_address,
    regexp_extract(c.website, '^https://([A-Za-z0-9.-]+(:[0-9]+)?(/[!-~]*)?)$', 1) AS https_address,
    c.city,
    c.zipcode,
    place.region_code,
    CASE
        WHEN NOT regexp_full_match(c.symbol, '(00[0-3]|30[01]|60[0-5]|68[89])[0-9]{3}[.]S[SZ]')
            THEN 'not an A share but a fund or B share'
        WHEN c.city = 'San Francisco' OR c.website = 'http://www.sz000004.cn'
            THEN 'filled with the record of another company'
        WHEN c.country <> 'China' THEN 'country is not China: ' || c.country
    END AS _reject
FROM read_csv('SHH.csv', header = true, all_varchar = true) AS c
LEFT JOIN read_csv('places.csv', header = true, all_varchar = true) AS place
    ON
        c.city = place.city
        AND (
            list_contains(string_split(place.zip_starts, '|'), left(c.zipcode, 2))
            OR (c.zipcode IS NULL AND place.without_zip = 'yes')
        )
