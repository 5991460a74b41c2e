-- Dimensions: the trees of units, each with roots of its own.

CREATE TABLE kpi.dimension (
	dimension kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	position integer NOT NULL DEFAULT 100,
	shipped boolean NOT NULL DEFAULT false
);

COMMENT ON TABLE kpi.dimension IS
'A kind of unit with a tree of its own: organisation (shipped), channel, segment, product, rival.';
COMMENT ON COLUMN kpi.dimension.dimension IS 'Key.';
COMMENT ON COLUMN kpi.dimension.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.dimension.position IS 'Order among the dimensions.';
COMMENT ON COLUMN kpi.dimension.shipped IS 'Row of the extension itself: not edited, not dumped.';

INSERT INTO kpi.dimension (dimension, name, position, shipped) VALUES ('organisation', 'Organisation', 10, true);

--@ shipped | dimension
--@ named | dimension
--@ checked | dimension

SELECT pg_catalog.pg_extension_config_dump('kpi.dimension', 'WHERE NOT shipped');

--@ known | dimension | dimension | use kpi.define_dimension()

CREATE FUNCTION kpi.define_dimension(dimension text, name text DEFAULT NULL, "position" float8 DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.dimension;
BEGIN
	PERFORM kpi_internal.require_key('dimension', dimension);
	PERFORM kpi_internal.require_text('name', name);
	SELECT * INTO old FROM kpi.dimension AS d WHERE d.dimension = define_dimension.dimension;
	INSERT INTO kpi.dimension AS d (dimension, name, position)
	VALUES (define_dimension.dimension,
			coalesce(define_dimension.name, old.name, kpi_internal.default_name(define_dimension.dimension)),
			coalesce(kpi_internal.whole('position', define_dimension.position), old.position, (SELECT max(o.position) + 10 FROM kpi.dimension AS o)))
	ON CONFLICT ON CONSTRAINT dimension_pkey DO UPDATE
	SET name = excluded.name, position = excluded.position
	WHERE (d.name, d.position) IS DISTINCT FROM (excluded.name, excluded.position);
	RETURN dimension;
END
$$;
COMMENT ON FUNCTION kpi.define_dimension(text, text, float8) IS
'Adds or changes a dimension and returns its key; what is left out stays. '
'The name of a new one is made of its key; a new one comes last. A shipped dimension is not changed.';
