-- Which company sells which product, and what part of its revenue that is.
-- The weight is a share only where it lies in 0-1: negative weights are eliminations between parts of a
-- company, zeros and weights above 1 are errors; the company still sells the product, so the row loads
-- without a share. A company may have several breakdowns (by product, by business) of the same whole:
-- shares of one company can add up to more than 1. Where a product stands in two of them, the greater
-- share is taken.
-- Names are cleaned alike wherever they occur, because a name is the key of its product: line breaks
-- go, runs of blanks become one, quotation marks without a partner, plain quotation marks and backslashes go.
WITH known AS (
    SELECT DISTINCT "name" AS product_name
    FROM read_json('product.json')
),

sales AS (
    SELECT
        known.product_name AS known_name,
        left(s.company_code, 6) AS company_code,
        s.rel,
        trim(
            regexp_replace(
                translate(
                    regexp_replace(
                        CASE
                            WHEN length(replace(s.product_name, '“', '')) = length(replace(s.product_name, '”', '')) THEN s.product_name
                            ELSE translate(s.product_name, '“”', '')
                        END,
                        '(\\[nrt]|[\r\n\t])+', '', 'g'
                    ),
                    '"\', ''
                ),
                '[\s\x{3000}]+', ' ', 'g'
            )
        ) AS product,
        CASE
            WHEN s.rel_weight > 0 AND s.rel_weight <= 1 THEN CAST(s.rel_weight AS DECIMAL(9, 6))
        END AS revenue_share
    FROM read_json('company_product.json') AS s
    LEFT JOIN known
        ON s.product_name = known.product_name
)

SELECT
    company_code,
    product,
    CASE WHEN known_name IS NULL THEN product END AS new_product,
    nullif(max(revenue_share) OVER (PARTITION BY company_code, product), 0) AS revenue_share,
    CASE
        WHEN rel <> '主营产品' THEN 'relation unknown to the mapping: ' || rel
        WHEN regexp_matches(product, '抵[销銷减消]') OR product IN ('平衡项目', '调整项目')
            THEN 'an accounting item, not a product'
    END AS _reject
FROM sales
