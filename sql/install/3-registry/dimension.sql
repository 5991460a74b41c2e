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
--@ referenced | dimension

SELECT pg_catalog.pg_extension_config_dump('kpi.dimension', 'WHERE NOT shipped');

--@ known | dimension | dimension | use kpi.define_dimension()

--@ ordered | dimension
