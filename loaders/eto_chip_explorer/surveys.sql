-- For which inputs the source looked at every country, and for which it only names some.
-- Where the shares of single countries add up to 90-110 % of the world market, all of it has been
-- looked at: the survey is complete, and a country without a row provides (almost) nothing. "Various
-- countries" and "Europe" do not count, because they may hide any country. Where shares are missing,
-- the survey is partial. Which countries it covers: survey_regions.sql.
WITH shares AS (
    SELECT
        provided_id,
        sum(TRY_CAST(replace(share_provided, '%', '') AS DECIMAL(9, 4))) AS named_share,
        max(TRY_CAST(year AS INTEGER)) AS year
    FROM read_csv('provision.csv', header = true, all_varchar = true)
    WHERE regexp_full_match(provider_name, '[A-Z]{3}') AND provider_name <> 'EUR'
    GROUP BY provided_id
)

SELECT
    i.input_id,
    CASE WHEN shares.named_share BETWEEN 90 AND 110 THEN 'complete' ELSE 'partial' END AS completeness,
    make_date(shares.year, 1, 1) AS survey_date,
    i.input_name || ': world market by country' AS label,
    CASE WHEN shares.provided_id IS NULL THEN 'no single country is said to provide it' END AS _reject
FROM read_csv('inputs.csv', header = true, all_varchar = true) AS i
LEFT JOIN shares
    ON i.input_id = shares.provided_id
