-- Shenwan industries of 2021. Where a level has one child of the same name, the names carry a roman
-- numeral for the level; the name without it is kept as another name.
SELECT
    code,
    "name" AS label,
    nullif(regexp_replace("name", '[ⅡⅢ]$', ''), "name") AS bare_label
FROM read_json('industry.json')
