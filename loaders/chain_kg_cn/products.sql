-- Products of the source.
-- Names are cleaned alike wherever they occur, because a name is the key of its product: line breaks
-- go, runs of blanks become one, quotation marks at the ends or without a partner go.
WITH products AS (
    SELECT
        "name" AS original,
        trim(
            regexp_replace(
                regexp_replace(
                    CASE
                        WHEN length(replace("name", '“', '')) = length(replace("name", '”', '')) THEN "name"
                        ELSE translate("name", '“”', '')
                    END,
                    '[\r\n\t]+', '', 'g'
                ),
                '[\s\x{3000}]+', ' ', 'g'
            ),
            ' "\'
        ) AS product
    FROM read_json('product.json')
)

SELECT
    product,
    nullif(trim(regexp_replace(original, '\s+', ' ', 'g')), product) AS as_printed
FROM products
