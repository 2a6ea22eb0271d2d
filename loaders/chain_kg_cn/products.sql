-- Products of the source.
-- Names are cleaned alike wherever they occur, because a name is the key of its product: line breaks
-- go, runs of blanks become one, quotation marks without a partner, plain quotation marks and backslashes go.
WITH products AS (
    SELECT
        "name" AS original,
        trim(
            regexp_replace(
                translate(
                    regexp_replace(
                        CASE
                            WHEN length(replace("name", '“', '')) = length(replace("name", '”', '')) THEN "name"
                            ELSE translate("name", '“”', '')
                        END,
                        '(\\[nrt]|[\r\n\t])+', '', 'g'
                    ),
                    '"\', ''
                ),
                '[\s\x{3000}]+', ' ', 'g'
            )
        ) AS product
    FROM read_json('product.json')
)

SELECT
    product,
    nullif(trim(regexp_replace(original, '\s+', ' ', 'g')), product) AS as_printed,
    CASE
        WHEN regexp_matches(product, '抵[销銷减消]') OR product IN ('平衡项目', '调整项目')
            THEN 'an accounting item, not a product'
    END AS _reject
FROM products
