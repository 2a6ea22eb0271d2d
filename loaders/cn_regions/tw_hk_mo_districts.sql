-- Districts, towns and parishes of Taiwan, Hong Kong and Macao; names only, no codes.
WITH file AS (
    SELECT unnest(map_entries(json)) AS province
    FROM read_json('HK-MO-TW.json', records = 'false', columns = {json: 'MAP(VARCHAR, MAP(VARCHAR, VARCHAR[]))'})
),

parts AS (
    SELECT
        province.key AS province,
        unnest(map_entries(province.value)) AS part
    FROM file
),

districts AS (
    SELECT
        province,
        part.key AS part,
        unnest(part.value) AS district
    FROM parts
)

SELECT
    CASE province WHEN '台湾省' THEN '710000' WHEN '香港特别行政区' THEN '810000' WHEN '澳门特别行政区' THEN '820000' END
        AS province_code,
    part,
    district
FROM districts
