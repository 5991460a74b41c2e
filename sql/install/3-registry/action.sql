-- Actions: what is done about an indicator or an objective, by whom, until when, and with which effect.

CREATE TABLE kpi.action (
	action kpi.key PRIMARY KEY,
	unit kpi.key NOT NULL REFERENCES kpi.unit ON UPDATE CASCADE,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	indicator kpi.key REFERENCES kpi.indicator ON UPDATE CASCADE,
	objective kpi.key REFERENCES kpi.objective ON UPDATE CASCADE,
	description text,
	responsible text,
	state kpi_internal.action_state NOT NULL DEFAULT 'plan',
	begins date NOT NULL DEFAULT CURRENT_DATE CHECK (begins OPERATOR(pg_catalog.>=) '0001-01-01' AND begins OPERATOR(pg_catalog.<=) '9999-12-31'),
	due date NOT NULL CHECK (due OPERATOR(pg_catalog.>=) '0001-01-01' AND due OPERATOR(pg_catalog.<=) '9999-12-31'),
	done_on date CHECK (done_on OPERATOR(pg_catalog.>=) '0001-01-01' AND done_on OPERATOR(pg_catalog.<=) '9999-12-31'),
	expected numeric CHECK (kpi_internal.is_amount(expected)),
	lesson text,
	set_by name NOT NULL DEFAULT CURRENT_USER,
	set_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	CONSTRAINT action_days CHECK (begins OPERATOR(pg_catalog.<=) due AND begins OPERATOR(pg_catalog.<=) done_on)
);
CREATE INDEX action_unit_idx ON kpi.action (unit);
CREATE INDEX action_indicator_idx ON kpi.action (indicator);
CREATE INDEX action_objective_idx ON kpi.action (objective);
COMMENT ON TABLE kpi.action IS 'What is done for a unit about an indicator or an objective.';
COMMENT ON COLUMN kpi.action.action IS 'Key.';
COMMENT ON COLUMN kpi.action.unit IS 'The unit for which it is done.';
COMMENT ON COLUMN kpi.action.name IS 'What is done, as people read it.';
COMMENT ON COLUMN kpi.action.indicator IS 'The indicator that it is to move; NULL for none.';
COMMENT ON COLUMN kpi.action.objective IS 'The objective that it is for; NULL for none.';
COMMENT ON COLUMN kpi.action.description IS 'More of it, in words.';
COMMENT ON COLUMN kpi.action.responsible IS 'Who does it, in words.';
COMMENT ON COLUMN kpi.action.state IS 'How far it has come: plan, do, check, act, done or dropped.';
COMMENT ON COLUMN kpi.action.begins IS 'First day: what was before is compared with what comes after.';
COMMENT ON COLUMN kpi.action.due IS 'Last day on which it is in time.';
COMMENT ON COLUMN kpi.action.done_on IS 'Day on which the work was done; NULL while it is not.';
COMMENT ON COLUMN kpi.action.expected IS 'By how much the value of the indicator is expected to change; NULL for not said.';
COMMENT ON COLUMN kpi.action.lesson IS 'What was learned, in words.';
COMMENT ON COLUMN kpi.action.set_by IS 'Who changed it last.';
COMMENT ON COLUMN kpi.action.set_at IS 'When it was changed last.';
--@ rule | action | days | It begins before it is due and done. Write begins as the first of the three days.
--@ | action | begins_check | It is a day of the years 1 to 9999. Leave it out for today.
--@ | action | due_check | It is a day of the years 1 to 9999. Write the last day on which it is in time.
--@ | action | done_on_check | It is a day of the years 1 to 9999. Leave it out while the work is not done.
--@ | action | expected_check | A number below 1e100: by how much the value is to change. Leave it out where nobody knows.
--@ named | action
--@ checked | action
--@ referenced | action
--@ known | action | action | use kpi.define_action()

SELECT pg_catalog.pg_extension_config_dump('kpi.action', '');

CREATE FUNCTION kpi_internal.guard_action()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NEW.state IN ('check', 'act', 'done') AND NEW.done_on IS NULL THEN
		NEW.done_on := greatest(current_date, NEW.begins);
	ELSIF NEW.state IN ('plan', 'do') AND TG_OP = 'UPDATE' AND NEW.done_on IS NOT DISTINCT FROM OLD.done_on THEN
		NEW.done_on := NULL;
	END IF;
	NEW.set_by := current_user;
	NEW.set_at := now();
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_action() IS
'Trigger: what is checked has been done, today unless it says when. It says who changed it when.';

CREATE TRIGGER guard_action
	BEFORE INSERT OR UPDATE ON kpi.action
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_action();
COMMENT ON TRIGGER guard_action ON kpi.action IS
'What is checked has been done, today unless it says when. It says who changed it when.';

CREATE FUNCTION kpi.define_action(action text, unit text DEFAULT NULL, name text DEFAULT NULL, indicator text DEFAULT NULL, due date DEFAULT NULL,
								  responsible text DEFAULT NULL, expected anycompatible DEFAULT CAST(NULL AS numeric), state text DEFAULT NULL,
								  begins date DEFAULT NULL, done_on date DEFAULT NULL, objective text DEFAULT NULL,
								  description text DEFAULT NULL, lesson text DEFAULT NULL, reset text[] DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	is_new CONSTANT boolean := NOT EXISTS (SELECT FROM kpi.action AS a WHERE a.action = define_action.action);
BEGIN
	PERFORM kpi_internal.require_key('action', action);
	PERFORM kpi_internal.require_text('name', name);
	PERFORM kpi_internal.require_word('state', state, VARIADIC kpi_internal.word_list('action_state'));
	IF is_new OR unit IS NOT NULL THEN
		PERFORM kpi_internal.require_unit(unit);
	END IF;
	IF is_new THEN
		PERFORM kpi_internal.require_value('due', CAST(due AS text));
	END IF;
	PERFORM kpi_internal.require_indicator(indicator) WHERE indicator IS NOT NULL;
	PERFORM kpi_internal.require_objective(objective) WHERE objective IS NOT NULL;
	PERFORM kpi_internal.put_row('kpi.action', '{action}', jsonb_strip_nulls(jsonb_build_object('action', action, 'unit', unit, 'name', name,
		'indicator', indicator, 'objective', objective, 'description', description, 'responsible', responsible, 'state', state, 'begins', begins,
		'due', due, 'done_on', done_on, 'expected', kpi_internal.number(expected), 'lesson', lesson)),
		jsonb_build_object('name', kpi_internal.default_name(action), 'state', 'plan', 'begins', least(current_date, due)), reset);
	RETURN action;
END
$$;
COMMENT ON FUNCTION kpi.define_action(text, text, text, text, date, text, anycompatible, text, date, date, text, text, text, text[]) IS
'Adds or changes an action and returns its key; what is left out stays. '
'A new one needs a unit and the day on which it is due, has a name made of its key, state plan, and begins today. state: '
'plan, do, check (the work is done, on done_on or today), act (it became the rule), done or dropped. expected: by how '
'much the value of the indicator is to change. reset names columns that get their default again. Errors: unknown keys '
'and words, days in the wrong order.';
