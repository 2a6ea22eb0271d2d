-- Parts that organizations play in supply chains.
SELECT
    key,
    organization,
    role,
    chain,
    passage
FROM read_csv('roles.csv', header = true, all_varchar = true)
