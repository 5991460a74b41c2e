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

CREATE FUNCTION kpi_internal.require_dimension(dimension text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_value('dimension', dimension);
	IF NOT EXISTS (SELECT FROM kpi.dimension AS d WHERE d.dimension = require_dimension.dimension) THEN
		PERFORM kpi_internal.fail_unknown('dimension', dimension,
								 (SELECT array_agg(CAST(d.dimension AS text) ORDER BY d.dimension COLLATE "C") FROM kpi.dimension AS d),
								 'dimensions', 'Define it first, with kpi.define_dimension().');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_dimension(text) IS
'Raises an error unless the dimension exists, with a hint at the one that may be meant.';

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
