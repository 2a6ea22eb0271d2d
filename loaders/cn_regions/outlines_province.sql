-- Outlines of the provincial divisions, as GeoJSON geometries. Other features are lines along the border.
WITH features AS (
    SELECT unnest(features) AS feature
    FROM read_json(
        'province.geojson',
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
        WHEN properties.gb = '' THEN 'border line, not the outline of a division'
    END AS _reject
FROM outlines
