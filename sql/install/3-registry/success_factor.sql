-- Critical success factors: what has to go well for an objective.

CREATE TABLE kpi.success_factor (
	success_factor kpi.key PRIMARY KEY,
	objective kpi.key NOT NULL REFERENCES kpi.objective ON UPDATE CASCADE,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	position integer NOT NULL DEFAULT 100,
	UNIQUE (success_factor, objective)
);
CREATE INDEX success_factor_objective_idx ON kpi.success_factor (objective);
COMMENT ON TABLE kpi.success_factor IS 'What has to go well for an objective: between it and its indicators.';
COMMENT ON COLUMN kpi.success_factor.success_factor IS 'Key.';
COMMENT ON COLUMN kpi.success_factor.objective IS 'The objective.';
COMMENT ON COLUMN kpi.success_factor.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.success_factor.position IS 'Order among the factors of an objective.';
--@ named | success_factor
--@ checked | success_factor
--@ referenced | success_factor
--@ known | success_factor | success factor | use kpi.define_success_factor()

SELECT pg_catalog.pg_extension_config_dump('kpi.success_factor', '');

CREATE FUNCTION kpi.define_success_factor(success_factor text, objective text DEFAULT NULL, name text DEFAULT NULL, "position" float8 DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_key('success_factor', success_factor);
	PERFORM kpi_internal.require_text('name', name);
	IF objective IS NOT NULL OR NOT EXISTS (SELECT FROM kpi.success_factor AS f WHERE f.success_factor = define_success_factor.success_factor) THEN
		PERFORM kpi_internal.require_objective(objective);
	END IF;
	PERFORM kpi_internal.put_row('kpi.success_factor', '{success_factor}', jsonb_strip_nulls(jsonb_build_object('success_factor', success_factor,
		'objective', objective, 'name', name, 'position', kpi_internal.whole('position', "position"))),
		jsonb_build_object('name', kpi_internal.default_name(success_factor), 'position', coalesce((SELECT max(f.position) + 10 FROM kpi.success_factor AS f), 10)));
	RETURN success_factor;
END
$$;
COMMENT ON FUNCTION kpi.define_success_factor(text, text, text, float8) IS
'Adds or changes a critical success factor of an objective and returns its key. '
'What is left out stays. '
'The name of a new one is made of its key; a new one needs an objective and comes last. An unknown objective is an '
'error.';
