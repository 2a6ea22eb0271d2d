-- "A goes into B": B needs A. "A is a type of B": A is a kind of B. Each row says one of the two.
SELECT
    input_id,
    goes_into_id,
    is_type_of_id,
    CASE
        WHEN goes_into_id IS NULL AND is_type_of_id IS NULL THEN 'names no second input'
        WHEN input_id = coalesce(goes_into_id, is_type_of_id) THEN 'an input beside itself'
    END AS _reject
FROM read_csv('sequence.csv', header = true, all_varchar = true)
