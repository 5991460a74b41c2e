-- Perspectives: the sides of the balanced scorecard.

CREATE TABLE kpi.perspective (
	perspective kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	position integer NOT NULL DEFAULT 100,
	shipped boolean NOT NULL DEFAULT false
);

COMMENT ON TABLE kpi.perspective IS
'A side of the balanced scorecard. Four are shipped and stay as they are; add your own.';
COMMENT ON COLUMN kpi.perspective.perspective IS 'Key.';
COMMENT ON COLUMN kpi.perspective.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.perspective.position IS 'Order among the perspectives.';
COMMENT ON COLUMN kpi.perspective.shipped IS 'Row of the extension itself: not edited, not dumped.';

INSERT INTO kpi.perspective (perspective, name, position, shipped) VALUES
	('financial', 'Financial', 10, true),
	('customer', 'Customer', 20, true),
	('process', 'Internal process', 30, true),
	('learning', 'Learning and growth', 40, true);

--@ shipped | perspective
--@ named | perspective
--@ checked | perspective
--@ referenced | perspective

SELECT pg_catalog.pg_extension_config_dump('kpi.perspective', 'WHERE NOT shipped');

--@ known | perspective | perspective | use kpi.define_perspective()

--@ ordered | perspective
