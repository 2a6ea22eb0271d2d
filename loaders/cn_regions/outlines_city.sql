-- Outlines of the cities of Zhejiang, as GeoJSON geometries. Those of other provinces would weigh 4 MB in every store.
WITH features AS (
    SELECT unnest(features) AS feature
    FROM read_json(
        'city.geojson',
        columns = {features: 'STRUCT("properties" STRUCT("name" VARCHAR, gb VARCHAR), geometry JSON)[]'},
        format = 'unstructured',
        maximum_object_size = 20000000
    )
),

outlines AS (
    SELECT
        feature.properties AS properties,
        feature.geometry AS geometry
    FROM features
)

SELECT
    properties.gb AS gb,
    properties.name AS name,
    substr(properties.gb, 4, 6) AS code,
    CAST(geometry AS VARCHAR) AS outline,
    CASE
        WHEN properties.gb NOT LIKE '15633%' THEN 'outlines of cities are loaded for Zhejiang only'
    END AS _reject
FROM outlines
