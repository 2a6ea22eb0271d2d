-- Cities and counties of Taiwan, parts of Hong Kong and Macao. The file gives names only, no codes:
-- the name stands in the key. The parts of Hong Kong and Macao are no units of administration.
WITH file AS (
    SELECT unnest(map_entries(json)) AS province
    FROM read_json('HK-MO-TW.json', records = 'false', columns = {json: 'MAP(VARCHAR, MAP(VARCHAR, VARCHAR[]))'})
),

parts AS (
    SELECT
        province.key AS province,
        unnest(map_keys(province.value)) AS part
    FROM file
)

SELECT
    CASE province WHEN '台湾省' THEN '710000' WHEN '香港特别行政区' THEN '810000' WHEN '澳门特别行政区' THEN '820000' END
        AS province_code,
    part,
    CASE WHEN province = '台湾省' THEN 'AdministrativeRegion' ELSE 'Region' END AS kind
FROM parts
