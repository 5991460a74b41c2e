-- Which indicators measure an objective.

CREATE TABLE kpi.objective_indicator (
	objective kpi.key NOT NULL REFERENCES kpi.objective ON UPDATE CASCADE ON DELETE CASCADE,
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	success_factor kpi.key,
	PRIMARY KEY (objective, indicator),
	CONSTRAINT objective_indicator_factor FOREIGN KEY (success_factor, objective)
		REFERENCES kpi.success_factor (success_factor, objective) ON UPDATE CASCADE
);
CREATE INDEX objective_indicator_indicator_idx ON kpi.objective_indicator (indicator);
CREATE INDEX objective_indicator_factor_idx ON kpi.objective_indicator (success_factor, objective);
COMMENT ON TABLE kpi.objective_indicator IS 'Which indicators measure an objective.';
COMMENT ON COLUMN kpi.objective_indicator.objective IS 'The objective.';
COMMENT ON COLUMN kpi.objective_indicator.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.objective_indicator.success_factor IS 'The success factor of the objective that it stands for; NULL for none.';

SELECT pg_catalog.pg_extension_config_dump('kpi.objective_indicator', '');

CREATE FUNCTION kpi.link_indicator(indicator text, objective text, success_factor text DEFAULT NULL)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	of_factor text;
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_objective(objective);
	IF success_factor IS NOT NULL THEN
		PERFORM kpi_internal.require_success_factor(success_factor);
		SELECT f.objective INTO of_factor FROM kpi.success_factor AS f WHERE f.success_factor = link_indicator.success_factor;
		IF of_factor <> objective THEN
			PERFORM kpi_internal.fail('23503', format('success factor "%s" is one of objective "%s"', success_factor, of_factor),
				format('Link the indicator to that objective, or name a factor of "%s".', objective));
		END IF;
	END IF;
	PERFORM kpi_internal.put_row('kpi.objective_indicator', '{objective,indicator}',
		jsonb_strip_nulls(jsonb_build_object('objective', objective, 'indicator', indicator, 'success_factor', success_factor)), '{}');
END
$$;
COMMENT ON FUNCTION kpi.link_indicator(text, text, text) IS
'Says that an indicator measures an objective, by one of its success factors or as a whole. '
'A factor that is left out stays; a row of kpi.objective_indicator that is deleted ends it. Errors: unknown keys, and a '
'factor of another objective.';
