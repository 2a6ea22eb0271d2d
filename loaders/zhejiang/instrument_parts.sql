-- What the instruments coordinate, order, serve and are built on.
SELECT
    instrument,
    property,
    value,
    passage
FROM read_csv('instrument_parts.csv', header = true, all_varchar = true)
