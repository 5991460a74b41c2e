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

SELECT pg_catalog.pg_extension_config_dump('kpi.perspective', 'WHERE NOT shipped');

--@ known | perspective | perspective | use kpi.define_perspective()

CREATE FUNCTION kpi.define_perspective(perspective text, name text DEFAULT NULL, "position" float8 DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.perspective;
BEGIN
	PERFORM kpi_internal.require_key('perspective', perspective);
	PERFORM kpi_internal.require_text('name', name);
	SELECT * INTO old FROM kpi.perspective AS p WHERE p.perspective = define_perspective.perspective;
	INSERT INTO kpi.perspective AS p (perspective, name, position)
	VALUES (define_perspective.perspective,
			coalesce(define_perspective.name, CASE WHEN old.shipped THEN old.name END,
					 kpi_internal.default_name(define_perspective.perspective)),
			coalesce(kpi_internal.whole('position', define_perspective.position), old.position,
					 (SELECT max(o.position) + 10 FROM kpi.perspective AS o), 10))
	ON CONFLICT ON CONSTRAINT perspective_pkey DO UPDATE
	SET name = excluded.name, position = excluded.position
	WHERE (p.name, p.position) IS DISTINCT FROM (excluded.name, excluded.position);
	RETURN perspective;
END
$$;
COMMENT ON FUNCTION kpi.define_perspective(text, text, float8) IS
'Adds or changes a perspective and returns its key. '
'The name is made of the key unless given; a new one comes last. A shipped perspective is not changed.';
