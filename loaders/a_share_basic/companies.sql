-- One row for each listed company. The answer is a table in JSON: a list of column names and a list
-- of rows; the positions used here are those of "fields".
-- The area is a province, cut to two characters, except that Shenzhen stands beside Guangdong:
-- its row also says that it lies there, so that nothing depends on another source of regions.
-- The day of listing is eight digits; a row with anything else there is rejected, one without any is not.
WITH items AS (
    SELECT unnest(data.items) AS item
    FROM read_json('stock_basic.json')
),

companies AS (
    SELECT
        item[2] AS symbol,
        trim(item[3]) AS short_name,
        item[4] AS area,
        item[5] AS industry,
        nullif(trim(item[8]), '') AS list_date,
        trim(item[9]) AS controller,
        nullif(trim(item[10]), '') AS controller_kind,
        trim(item[11]) AS full_name,
        trim(item[15]) AS english_name
    FROM items
),

dated AS (
    SELECT
        *,
        CASE
            WHEN regexp_full_match(list_date, '[0-9]{8}') THEN CAST(try_strptime(list_date, '%Y%m%d') AS DATE)
        END AS listed_on
    FROM companies
)

SELECT
    c.symbol,
    c.short_name,
    nullif(c.full_name, c.short_name) AS full_name,
    c.english_name,
    c.area,
    place.region_code,
    CASE WHEN c.area = '深圳' THEN '440000' END AS province_code,
    c.industry,
    CASE WHEN c.industry IN ('银行', '证券', '保险', '多元金融') THEN 'FinancialInstitution' ELSE 'Enterprise' END AS kind,
    c.controller,
    c.controller_kind,
    c.listed_on,
    CASE
        WHEN c.area IS NOT NULL AND place.region_code IS NULL THEN 'area unknown to the mapping: ' || c.area
        WHEN c.list_date IS NOT NULL AND c.listed_on IS NULL THEN 'day of listing is no date: ' || c.list_date
    END AS _reject
FROM dated AS c
LEFT JOIN (
    VALUES
        ('北京', '110000'),
        ('天津', '120000'),
        ('河北', '130000'),
        ('山西', '140000'),
        ('内蒙', '150000'),
        ('辽宁', '210000'),
        ('吉林', '220000'),
        ('黑龙江', '230000'),
        ('上海', '310000'),
        ('江苏', '320000'),
        ('浙江', '330000'),
        ('安徽', '340000'),
        ('福建', '350000'),
        ('江西', '360000'),
        ('山东', '370000'),
        ('河南', '410000'),
        ('湖北', '420000'),
        ('湖南', '430000'),
        ('广东', '440000'),
        ('深圳', '440300'),
        ('广西', '450000'),
        ('海南', '460000'),
        ('重庆', '500000'),
        ('四川', '510000'),
        ('贵州', '520000'),
        ('云南', '530000'),
        ('西藏', '540000'),
        ('陕西', '610000'),
        ('甘肃', '620000'),
        ('青海', '630000'),
        ('宁夏', '640000'),
        ('新疆', '650000')
) AS place (area, region_code)
    ON c.area = place.area
