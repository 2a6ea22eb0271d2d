-- How products hang together. Three relations of the source, told apart by columns of which one is set:
--   上游材料 (upstream material): "from" needs "to";
--   下游产品 (downstream product): "to" needs "from";
--   产品小类 (sub-kind): made by the source from names that contain one another. A Chinese compound is a
--     kind of what stands at its end: 模拟集成电路 is a kind of 集成电路, but 锂电池电解液 is none of 锂电池.
--     The first is taken as a kind, the second only as related. Names of chemical compounds do not follow
--     the rule (聚氯乙烯 is no 乙烯), so what ends in one is only related, too.
-- Names are cleaned alike wherever they occur, because a name is the key of its product: line breaks
-- go, runs of blanks become one, quotation marks without a partner, plain quotation marks and backslashes go.
WITH known AS (
    SELECT DISTINCT "name" AS product_name
    FROM read_json('product.json')
),

relations AS (
    SELECT
        r.rel,
        known.product_name AS known_name,
        trim(
            regexp_replace(
                translate(
                    regexp_replace(
                        CASE
                            WHEN length(replace(r.from_entity, '“', '')) = length(replace(r.from_entity, '”', '')) THEN r.from_entity
                            ELSE translate(r.from_entity, '“”', '')
                        END,
                        '(\\[nrt]|[\r\n\t])+', '', 'g'
                    ),
                    '"\', ''
                ),
                '[\s\x{3000}]+', ' ', 'g'
            )
        ) AS from_product,
        trim(
            regexp_replace(
                translate(
                    regexp_replace(
                        CASE
                            WHEN length(replace(r.to_entity, '“', '')) = length(replace(r.to_entity, '”', '')) THEN r.to_entity
                            ELSE translate(r.to_entity, '“”', '')
                        END,
                        '(\\[nrt]|[\r\n\t])+', '', 'g'
                    ),
                    '"\', ''
                ),
                '[\s\x{3000}]+', ' ', 'g'
            )
        ) AS to_product
    FROM read_json('product_product.json') AS r
    LEFT JOIN known
        ON r.to_entity = known.product_name
),

heads AS (
    SELECT
        rel,
        known_name,
        from_product,
        to_product,
        ends_with(to_product, from_product)
        AND NOT regexp_matches(from_product, '[烷烯炔苯酚醇醚醛酮酸酯胺腈酐酰脲肼啶嗪唑啉苷素氢氧氮氟氯溴碘]$') AS is_head
    FROM relations
)

SELECT
    from_product,
    to_product,
    CASE WHEN known_name IS NULL THEN to_product END AS new_product,
    CASE rel WHEN '上游材料' THEN to_product WHEN '下游产品' THEN from_product END AS material,
    CASE rel WHEN '上游材料' THEN from_product WHEN '下游产品' THEN to_product END AS made_of_it,
    CASE WHEN rel = '产品小类' AND is_head THEN to_product END AS narrower,
    CASE WHEN rel = '产品小类' AND NOT is_head THEN to_product END AS related,
    CASE
        WHEN from_product = to_product THEN 'a product beside itself'
        WHEN regexp_matches(from_product, '抵[销銷减消]') OR from_product IN ('平衡项目', '调整项目')
            OR regexp_matches(to_product, '抵[销銷减消]') OR to_product IN ('平衡项目', '调整项目')
            THEN 'an accounting item, not a product'
        WHEN rel NOT IN ('上游材料', '下游产品', '产品小类') THEN 'relation unknown to the mapping: ' || rel
    END AS _reject
FROM heads
