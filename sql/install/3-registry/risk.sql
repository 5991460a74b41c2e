-- Risks: what may go wrong, the indicator that tells, and what is done then.

CREATE TABLE kpi.risk (
	risk kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	unit kpi.key NOT NULL REFERENCES kpi.unit ON UPDATE CASCADE,
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE,
	trigger_value numeric NOT NULL CHECK (kpi_internal.is_amount(trigger_value)),
	likelihood numeric CHECK (likelihood OPERATOR(pg_catalog.>=) 0 AND likelihood OPERATOR(pg_catalog.<=) 1),
	impact numeric CHECK (impact OPERATOR(pg_catalog.>=) 0 AND kpi_internal.is_amount(impact)),
	objective kpi.key REFERENCES kpi.objective ON UPDATE CASCADE,
	action kpi.key REFERENCES kpi.action ON UPDATE CASCADE,
	responsible text,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (valid OPERATOR(pg_catalog.&&) '[0001-01-01,10000-01-01)')
);
CREATE INDEX risk_unit_idx ON kpi.risk (unit);
CREATE INDEX risk_indicator_idx ON kpi.risk (indicator);
CREATE INDEX risk_objective_idx ON kpi.risk (objective);
CREATE INDEX risk_action_idx ON kpi.risk (action);
COMMENT ON TABLE kpi.risk IS 'What may go wrong for a unit, and from which value of an indicator on it does.';
COMMENT ON COLUMN kpi.risk.risk IS 'Key.';
COMMENT ON COLUMN kpi.risk.name IS 'What may go wrong, as people read it.';
COMMENT ON COLUMN kpi.risk.unit IS 'The unit it is a risk of.';
COMMENT ON COLUMN kpi.risk.indicator IS 'The indicator that tells; its direction says which values are bad.';
COMMENT ON COLUMN kpi.risk.trigger_value IS 'From this value on it has come true: at most, where higher is better, else at least.';
COMMENT ON COLUMN kpi.risk.likelihood IS 'How likely it is, from 0 to 1; NULL for not said.';
COMMENT ON COLUMN kpi.risk.impact IS 'What it would cost, on any scale of at least 0; NULL for not said.';
COMMENT ON COLUMN kpi.risk.objective IS 'The objective it endangers; NULL for none.';
COMMENT ON COLUMN kpi.risk.action IS 'The action for that case; NULL for none yet.';
COMMENT ON COLUMN kpi.risk.responsible IS 'Who watches it, in words.';
COMMENT ON COLUMN kpi.risk.valid IS 'Days on which it is watched.';
--@ rule | risk | trigger_value_check | A number below 1e100, so that values can reach it. Write one in the unit of the indicator.
--@ | risk | likelihood_check | It is a share, from 0 to 1. Write 0.2 for 20 percent.
--@ | risk | impact_check | It is a finite number of at least 0, on any scale. Leave it out where nobody knows.
--@ some_days | risk
--@ named | risk
--@ checked | risk

SELECT pg_catalog.pg_extension_config_dump('kpi.risk', '');

CREATE FUNCTION kpi.define_risk(risk text, unit text DEFAULT NULL, indicator text DEFAULT NULL, trigger_value anycompatible DEFAULT CAST(NULL AS numeric),
								name text DEFAULT NULL, likelihood anycompatible DEFAULT CAST(NULL AS numeric),
								impact anycompatible DEFAULT CAST(NULL AS numeric), action text DEFAULT NULL, objective text DEFAULT NULL,
								responsible text DEFAULT NULL, valid daterange DEFAULT NULL, reset text[] DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	is_new CONSTANT boolean := NOT EXISTS (SELECT FROM kpi.risk AS r WHERE r.risk = define_risk.risk);
BEGIN
	PERFORM kpi_internal.require_key('risk', risk);
	PERFORM kpi_internal.require_text('name', name);
	PERFORM kpi_internal.require_unit(unit) WHERE is_new OR unit IS NOT NULL;
	PERFORM kpi_internal.require_indicator(indicator) WHERE is_new OR indicator IS NOT NULL;
	IF is_new THEN
		PERFORM kpi_internal.require_value('trigger_value', CAST(trigger_value AS text));
	END IF;
	PERFORM kpi_internal.require_action(action) WHERE action IS NOT NULL;
	PERFORM kpi_internal.require_objective(objective) WHERE objective IS NOT NULL;
	PERFORM kpi_internal.put_row('kpi.risk', '{risk}', jsonb_strip_nulls(jsonb_build_object('risk', risk, 'unit', unit, 'indicator', indicator,
		'trigger_value', kpi_internal.number(trigger_value), 'name', name, 'likelihood', kpi_internal.number(likelihood),
		'impact', kpi_internal.number(impact), 'action', action, 'objective', objective, 'responsible', responsible, 'valid', valid)),
		jsonb_build_object('name', kpi_internal.default_name(risk), 'valid', '(,)'), reset);
	RETURN risk;
END
$$;
COMMENT ON FUNCTION kpi.define_risk(text, text, text, anycompatible, text, anycompatible, anycompatible, text, text, text, daterange, text[]) IS
'Adds or changes a risk and returns its key; what is left out stays. '
'A new one needs a unit, an indicator and the value from which on it has come true: at most, where higher is better, '
'else at least. likelihood from 0 to 1, impact on any scale, action for that case. reset names columns that get their '
'default again. Errors: unknown keys, numbers out of range.';
