-- Objectives: what a strategy wants, which success factors it rests on, what brings what about, and which
-- indicators measure it.

CREATE TABLE kpi.objective (
	objective kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	description text,
	perspective kpi.key REFERENCES kpi.perspective ON UPDATE CASCADE,
	priority numeric NOT NULL DEFAULT 1 CHECK (priority OPERATOR(pg_catalog.>=) 0 AND priority OPERATOR(pg_catalog.<) 'Infinity'),
	outcome kpi.key REFERENCES kpi.indicator ON UPDATE CASCADE,
	responsible text,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (valid OPERATOR(pg_catalog.&&) '[0001-01-01,10000-01-01)'),
	position integer NOT NULL DEFAULT 100
);
CREATE INDEX objective_perspective_idx ON kpi.objective (perspective);
CREATE INDEX objective_outcome_idx ON kpi.objective (outcome);
COMMENT ON TABLE kpi.objective IS 'What a strategy wants to reach.';
COMMENT ON COLUMN kpi.objective.objective IS 'Key.';
COMMENT ON COLUMN kpi.objective.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.objective.description IS 'What it means, in words.';
COMMENT ON COLUMN kpi.objective.perspective IS 'The perspective it belongs to; NULL for none.';
COMMENT ON COLUMN kpi.objective.priority IS 'How much it counts among the objectives, on any scale of at least 0.';
COMMENT ON COLUMN kpi.objective.outcome IS 'The indicator that says at last whether it is reached; NULL for none.';
COMMENT ON COLUMN kpi.objective.responsible IS 'Who answers for it, in words.';
COMMENT ON COLUMN kpi.objective.valid IS 'Days on which it is an objective.';
COMMENT ON COLUMN kpi.objective.position IS 'Order among the objectives.';
--@ rule | objective | priority_check | It is a finite number of at least 0. Write 0 for one that does not count.
--@ some_days | objective
--@ named | objective
--@ checked | objective
--@ referenced | objective
--@ known | objective | objective | use kpi.define_objective()

SELECT pg_catalog.pg_extension_config_dump('kpi.objective', '');

CREATE FUNCTION kpi.define_objective(objective text, name text DEFAULT NULL, perspective text DEFAULT NULL, priority anycompatible DEFAULT CAST(NULL AS numeric),
									 description text DEFAULT NULL, outcome text DEFAULT NULL, responsible text DEFAULT NULL,
									 valid daterange DEFAULT NULL, "position" float8 DEFAULT NULL, reset text[] DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_key('objective', objective);
	PERFORM kpi_internal.require_text('name', name);
	IF perspective IS NOT NULL THEN
		PERFORM kpi_internal.require_perspective(perspective);
	END IF;
	IF outcome IS NOT NULL THEN
		PERFORM kpi_internal.require_indicator(outcome);
	END IF;
	PERFORM kpi_internal.put_row('kpi.objective', '{objective}', jsonb_strip_nulls(jsonb_build_object('objective', objective, 'name', name,
		'perspective', perspective, 'priority', kpi_internal.number(priority), 'description', description, 'outcome', outcome,
		'responsible', responsible, 'valid', valid, 'position', kpi_internal.whole('position', "position"))),
		jsonb_build_object('name', kpi_internal.default_name(objective), 'priority', 1, 'valid', '(,)',
						   'position', coalesce((SELECT max(o.position) + 10 FROM kpi.objective AS o), 10)), reset);
	RETURN objective;
END
$$;
COMMENT ON FUNCTION kpi.define_objective(text, text, text, anycompatible, text, text, text, daterange, float8, text[]) IS
'Adds or changes an objective of the strategy and returns its key; what is left out stays. '
'A new one has a name made of its key, priority 1, all days, and comes last. priority: how much it counts among the '
'objectives, on any scale; outcome: the indicator that says at last whether it is reached. reset names columns that get '
'their default again. Errors: an unknown perspective or indicator, a priority that is negative.';
