-- Prefectures. Some rows only group the counties of a province that has no prefecture for them.
-- Short names drop the kind of division: 杭州, 兴安, 延边.
SELECT
    code || '00' AS code,
    provinceCode || '0000' AS province,
    name AS label_zh,
    nullif(
        regexp_replace(
            name,
            '(市|地区|盟|(朝鲜族|土家族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|回族|蒙古族|蒙古|哈萨克|柯尔克孜)*自治州)$',
            ''
        ),
        name
    ) AS short_zh,
    CASE
        WHEN name IN ('市辖区', '县') OR name LIKE '%直辖县级行政区划'
            THEN 'groups counties that belong to the province directly'
    END AS _reject
FROM read_csv('cities.csv', header = true, all_varchar = true)
