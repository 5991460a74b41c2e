-- Entries: values that people type.

CREATE TABLE kpi.entry (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE,
	unit kpi.key NOT NULL REFERENCES kpi.unit ON UPDATE CASCADE,
	grain kpi.key NOT NULL REFERENCES kpi.grain,
	period_start date NOT NULL,
	value numeric CHECK (kpi_internal.is_amount(value)),
	numerator numeric CHECK (kpi_internal.is_amount(numerator)),
	denominator numeric CHECK (kpi_internal.is_amount(denominator)),
	reason text CHECK (reason OPERATOR(pg_catalog.<>) ''),
	entered_by name NOT NULL DEFAULT CURRENT_USER,
	entered_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	approved_by name,
	approved_at timestamptz,
	PRIMARY KEY (indicator, unit, grain, period_start),
	CONSTRAINT entry_numbers CHECK (CASE WHEN numerator IS NULL THEN value IS NOT NULL
		ELSE denominator IS NOT NULL END),
	CONSTRAINT entry_weight CHECK (numerator IS NOT NULL OR denominator OPERATOR(pg_catalog.>=) 0),
	CONSTRAINT entry_approval CHECK ((approved_by IS NULL) OPERATOR(pg_catalog.=) (approved_at IS NULL))
);
CREATE INDEX entry_unit_idx ON kpi.entry (unit);
CREATE INDEX entry_grain_idx ON kpi.entry (grain);

COMMENT ON TABLE kpi.entry IS
'A value that somebody typed: of an entered indicator, or in place of a measured or rated one.';
COMMENT ON COLUMN kpi.entry.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.entry.unit IS 'The unit, of any dimension.';
COMMENT ON COLUMN kpi.entry.grain IS
'Length of the period: the own grain of the indicator, or one that is made of its periods.';
COMMENT ON COLUMN kpi.entry.period_start IS 'First day of the period; of a window that of the period it ends with.';
COMMENT ON COLUMN kpi.entry.value IS
'The value; with a numerator always numerator / denominator, NULL where that is undefined.';
COMMENT ON COLUMN kpi.entry.numerator IS 'The numerator; NULL where the value was typed.';
COMMENT ON COLUMN kpi.entry.denominator IS 'The denominator; beside a typed value its weight, or NULL.';
COMMENT ON COLUMN kpi.entry.reason IS 'Why it was typed; needed for what corrects a measured or rated value.';
COMMENT ON COLUMN kpi.entry.entered_by IS 'Who typed it last, as the server knows.';
COMMENT ON COLUMN kpi.entry.entered_at IS 'When it was typed last.';
COMMENT ON COLUMN kpi.entry.approved_by IS 'Who approved it as it stands; NULL for nobody yet.';
COMMENT ON COLUMN kpi.entry.approved_at IS 'When it was approved.';
--@ rule | entry | numbers | A value, or numerator and denominator.
--@ | entry | weight | Beside a value the denominator is its weight. Write a number of at least 0, or leave it out.
--@ | entry | approval | Who approved it goes with when. Use kpi.approve().
--@ checked | entry
--@ lasting | entry | DELETE keeps what was entered in kpi.entry_log.

SELECT pg_catalog.pg_extension_config_dump('kpi.entry', '');

CREATE TABLE kpi.entry_log (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	unit kpi.key NOT NULL REFERENCES kpi.unit ON UPDATE CASCADE ON DELETE CASCADE,
	grain kpi.key NOT NULL REFERENCES kpi.grain,
	period_start date NOT NULL,
	version integer NOT NULL CHECK (version OPERATOR(pg_catalog.>=) 1),
	value numeric,
	numerator numeric,
	denominator numeric,
	reason text,
	entered_by name NOT NULL,
	entered_at timestamptz NOT NULL,
	approved_by name,
	approved_at timestamptz,
	ended_by name NOT NULL,
	ended_at timestamptz NOT NULL,
	PRIMARY KEY (indicator, unit, grain, period_start, version)
);
CREATE INDEX entry_log_unit_idx ON kpi.entry_log (unit);
CREATE INDEX entry_log_grain_idx ON kpi.entry_log (grain);

COMMENT ON TABLE kpi.entry_log IS
'Entries as they were before they were changed or withdrawn, while their indicator and unit are there.';
COMMENT ON COLUMN kpi.entry_log.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.entry_log.unit IS 'The unit.';
COMMENT ON COLUMN kpi.entry_log.grain IS 'Length of the period.';
COMMENT ON COLUMN kpi.entry_log.period_start IS 'First day of the period.';
COMMENT ON COLUMN kpi.entry_log.version IS 'Counts what the entry was, from 1.';
COMMENT ON COLUMN kpi.entry_log.value IS 'The value it had.';
COMMENT ON COLUMN kpi.entry_log.numerator IS 'The numerator it had.';
COMMENT ON COLUMN kpi.entry_log.denominator IS 'The denominator it had.';
COMMENT ON COLUMN kpi.entry_log.reason IS 'The reason that was given for it.';
COMMENT ON COLUMN kpi.entry_log.entered_by IS 'Who had typed it.';
COMMENT ON COLUMN kpi.entry_log.entered_at IS 'When it had been typed.';
COMMENT ON COLUMN kpi.entry_log.approved_by IS 'Who had approved it; NULL for nobody.';
COMMENT ON COLUMN kpi.entry_log.approved_at IS 'When it had been approved.';
COMMENT ON COLUMN kpi.entry_log.ended_by IS 'Who changed or withdrew it.';
COMMENT ON COLUMN kpi.entry_log.ended_at IS 'When it was changed or withdrawn.';

SELECT pg_catalog.pg_extension_config_dump('kpi.entry_log', '');

-- What may be typed

CREATE FUNCTION kpi_internal.check_typed_period(definition kpi.indicator, unit text, grain text, period_start date)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	problem text;
	help text;
BEGIN
	IF definition.state = 'retired' THEN
		problem := format('indicator "%s" is retired', definition.indicator);
		help := format('Its values stay as they are; kpi.define_indicator(%L, state => ''approved'') takes it up again.', definition.indicator);
	ELSIF NOT kpi_internal.tiles(definition.grain, grain) THEN
		problem := format('grain "%s" is not made of whole periods of grain "%s", the own one of indicator "%s"',
			grain, definition.grain, definition.indicator);
		help := format('Write a period of grain "%s", or of a longer one that it makes.', definition.grain);
	ELSIF grain <> definition.grain AND definition.combine = 'none' THEN
		problem := format('indicator "%s" has values of its own grain "%s" alone, not of grain "%s"',
			definition.indicator, definition.grain, grain);
		help := 'Its combine is "none": write a period of the own grain, or say how periods make longer ones, such as combine => ''sum''.';
	ELSIF grain <> ALL (definition.windows)
		AND (SELECT g.window_of IS NOT NULL FROM kpi.grain AS g WHERE g.grain = check_typed_period.grain)
	THEN
		problem := format('indicator "%s" has no values of window "%s"', definition.indicator, grain);
		help := 'Ask for them with windows in kpi.define_indicator().';
	ELSIF NOT kpi_internal.in_force(unit, kpi_internal.period_days(grain, period_start)) THEN
		problem := format('unit "%s" is not in force in %s', unit, kpi.period_label(grain, period_start));
		help := format('It is in force on the days %s of kpi.unit.',
					   (SELECT u.valid FROM kpi.unit AS u WHERE u.unit = check_typed_period.unit));
	END IF;
	IF problem IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023', problem, help);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_typed_period(kpi.indicator, text, text, date) IS
'Raises an error for a retired indicator and for a period that an indicator has no values of. '
'So it does for a unit that is not in force in it.';

CREATE FUNCTION kpi_internal.check_entry(wanted kpi.entry)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	definition kpi.indicator;
BEGIN
	IF wanted.value IS NULL AND wanted.numerator IS NULL THEN
		PERFORM kpi_internal.fail('22004', 'value must not be null',
			'Write a value, or numerator and denominator; kpi.withdraw() takes an entry back.');
	ELSIF wanted.numerator IS NOT NULL AND wanted.denominator IS NULL THEN
		PERFORM kpi_internal.fail('22004', format('numerator %s has no denominator', wanted.numerator),
			'Write both, or a value alone.');
	END IF;
	PERFORM kpi_internal.require_text('reason', wanted.reason);
	SELECT * INTO definition FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator;
	IF NOT FOUND OR NOT EXISTS (SELECT FROM kpi.unit AS u WHERE u.unit = wanted.unit) THEN
		-- the foreign key tells
		RETURN;
	END IF;
	PERFORM kpi_internal.require_typist(wanted.unit, wanted.grain, wanted.period_start);
	IF definition.kind = 'derived' THEN
		PERFORM kpi_internal.fail('22023', format('indicator "%s" is derived and has no entries', wanted.indicator),
			'Its formula alone says what it is: correct what goes into it.');
	ELSIF definition.kind <> 'entered' AND wanted.reason IS NULL THEN
		PERFORM kpi_internal.fail('23514',
			format('indicator "%s" is %s, and an entry that corrects it needs a reason',
				   wanted.indicator, definition.kind),
			'Say why: reason => ''...'' in kpi.enter(), or the column reason.');
	END IF;
	PERFORM kpi_internal.check_typed_period(definition, wanted.unit, wanted.grain, wanted.period_start);
END
$$;
COMMENT ON FUNCTION kpi_internal.check_entry(kpi.entry) IS
'Raises an error for an entry without a number or one that its indicator cannot obey. '
'So it does for a correction without a reason.';

CREATE FUNCTION kpi_internal.entry_value(wanted kpi.entry, former numeric)
	RETURNS numeric
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	quotient numeric;
BEGIN
	PERFORM kpi_internal.require_amount(a.name, a.amount)
	FROM (VALUES ('value', wanted.value), ('numerator', wanted.numerator),
				 ('denominator', wanted.denominator)) AS a (name, amount);
	IF wanted.numerator IS NULL OR wanted.denominator IS NULL THEN
		RETURN wanted.value;
	END IF;
	quotient := wanted.numerator / nullif(wanted.denominator, 0);
	IF wanted.value IS DISTINCT FROM former AND wanted.value IS DISTINCT FROM quotient THEN
		PERFORM kpi_internal.fail('22023',
			format('value %s is not %s / %s, numerator / denominator',
				   coalesce(CAST(wanted.value AS text), 'NULL'), wanted.numerator, wanted.denominator),
			'Leave the value out where there is a numerator.');
	END IF;
	RETURN quotient;
END
$$;
COMMENT ON FUNCTION kpi_internal.entry_value(kpi.entry, numeric) IS
'The value of an entry, given the former one. With a numerator numerator / denominator, NULL where that is 0. '
'Numbers that are not finite or too large, and a new value beside a numerator that makes another one, are errors.';

CREATE FUNCTION kpi_internal.check_approver(entered_by name)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF entered_by = current_user THEN
		PERFORM kpi_internal.fail('42501', format('"%s" entered this value and cannot approve it', entered_by),
			'Let somebody else approve it.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_approver(name) IS
'Raises an error where the one who approves an entry is the one who entered it.';

-- a new reason is another text, or the same one with entered_at left to the trigger
CREATE FUNCTION kpi_internal.guard_entry()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	new_numbers boolean;
BEGIN
	NEW.value := kpi_internal.entry_value(NEW, OLD.value);
	new_numbers := TG_OP = 'INSERT'
		OR (NEW.value, NEW.numerator, NEW.denominator) IS DISTINCT FROM (OLD.value, OLD.numerator, OLD.denominator);
	IF TG_OP = 'UPDATE' AND new_numbers AND NEW.reason = OLD.reason AND NEW.entered_at = OLD.entered_at THEN
		NEW.reason := NULL;
	END IF;
	IF new_numbers OR NEW.reason IS DISTINCT FROM OLD.reason THEN
		PERFORM kpi_internal.check_entry(NEW);
		NEW.entered_by := current_user;
		NEW.entered_at := now();
		NEW.approved_by := NULL;
		NEW.approved_at := NULL;
		RETURN NEW;
	END IF;
	NEW.entered_by := OLD.entered_by;
	NEW.entered_at := OLD.entered_at;
	NEW.approved_at := OLD.approved_at;
	IF NEW.approved_by IS NULL THEN
		NEW.approved_at := NULL;
	ELSIF NEW.approved_by IS DISTINCT FROM OLD.approved_by THEN
		PERFORM kpi_internal.check_approver(OLD.entered_by);
		NEW.approved_by := current_user;
		NEW.approved_at := now();
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_entry() IS
'Trigger: an entry can be obeyed and says who typed it when. '
'It loses its approval when it changes, and is approved by somebody else.';

--@ period_key | kpi.entry

CREATE FUNCTION kpi_internal.guard_place()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- a unit or indicator that is renamed is not there any more under its former key
	IF (NEW.grain, NEW.period_start) <> (OLD.grain, OLD.period_start)
		OR NEW.unit <> OLD.unit AND EXISTS (SELECT FROM kpi.unit AS u WHERE u.unit = OLD.unit)
		OR NEW.indicator <> OLD.indicator AND EXISTS (SELECT FROM kpi.indicator AS i WHERE i.indicator = OLD.indicator)
	THEN
		PERFORM kpi_internal.fail('23514',
			format('what is in kpi.%s for indicator "%s", unit "%s" and %s stays there',
				   TG_TABLE_NAME, OLD.indicator, OLD.unit, kpi.period_label(OLD.grain, OLD.period_start)),
			'Withdraw it, and write it again where it belongs.');
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_place() IS
'Trigger: what is typed or judged for an indicator, unit and period moves to no other one. Keys that are renamed do.';

--@ typed | entry | typed | guard_entry | An entry can be obeyed and says who typed it when. It loses its approval when it changes, and is approved by somebody else.

-- What follows from a change: with the rights of the tables' owner, for who types may write no measurement

CREATE FUNCTION kpi_internal.log_entry()
	RETURNS trigger
	AS 'MODULE_PATHNAME', 'kpi_log_entry'
	LANGUAGE C;
COMMENT ON FUNCTION kpi_internal.log_entry() IS
'Trigger for kpi.entry: writes what an entry was to kpi.entry_log. It has the rights of the owner of kpi.entry.';

CREATE TRIGGER log_change
	AFTER UPDATE ON kpi.entry
	FOR EACH ROW
	WHEN ((OLD.value, OLD.numerator, OLD.denominator, OLD.reason)
		  IS DISTINCT FROM (NEW.value, NEW.numerator, NEW.denominator, NEW.reason)
		  OR OLD.approved_by OPERATOR(pg_catalog.<>) COALESCE(NEW.approved_by, ''))
	EXECUTE FUNCTION kpi_internal.log_entry();
COMMENT ON TRIGGER log_change ON kpi.entry IS
'What an entry was, and what approval it had, is kept.';

CREATE TRIGGER log_end
	AFTER DELETE ON kpi.entry
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.log_entry();
COMMENT ON TRIGGER log_end ON kpi.entry IS
'What an entry was is kept.';

CREATE FUNCTION kpi_internal.follow_typed()
	RETURNS trigger
	AS 'MODULE_PATHNAME', 'kpi_follow_typed'
	LANGUAGE C;
COMMENT ON FUNCTION kpi_internal.follow_typed() IS
'Trigger for a table with the columns indicator, unit, grain and period_start. '
'Of its rows as they are (changed) and were (former) kpi.measurement is made. kpi_internal.combine_values() makes it '
'anew, with the rights of the owner of the table.';

--@ follow | follow | entry | follow_typed | Measurements follow what is typed.

-- Entering

CREATE FUNCTION kpi_internal.put_entry(indicator text, unit text, grain text, period_start date, value numeric,
									   numerator numeric, denominator numeric, reason text)
	RETURNS numeric
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	stored numeric;
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_unit(unit);
	IF num_nonnulls(value, numerator) = 2 THEN
		PERFORM kpi_internal.fail('22023', format('value %s and numerator %s are both given', value, numerator),
			'Write the value, or numerator and denominator, of which the value is made.');
	END IF;
	INSERT INTO kpi.entry AS e (indicator, unit, grain, period_start, value, numerator, denominator, reason)
	VALUES (put_entry.indicator, put_entry.unit, put_entry.grain, put_entry.period_start, put_entry.value,
			put_entry.numerator, put_entry.denominator, put_entry.reason)
	ON CONFLICT ON CONSTRAINT entry_pkey DO UPDATE
	SET value = excluded.value, numerator = excluded.numerator, denominator = excluded.denominator,
		reason = excluded.reason, entered_at = NULL
	WHERE (e.value, e.numerator, e.denominator)
			IS DISTINCT FROM (excluded.value, excluded.numerator, excluded.denominator)
		OR e.reason <> excluded.reason OR e.reason IS NULL AND excluded.reason IS NOT NULL
	RETURNING e.value INTO stored;
	IF NOT FOUND THEN
		SELECT e.value INTO stored FROM kpi.entry AS e
		WHERE e.indicator = put_entry.indicator AND e.unit = put_entry.unit AND e.grain = put_entry.grain
			AND e.period_start = put_entry.period_start;
	END IF;
	RETURN stored;
END
$$;
COMMENT ON FUNCTION kpi_internal.put_entry(text, text, text, date, numeric, numeric, numeric, text) IS
'Stores an entry where it differs from the one that is there, and returns its value.';

CREATE FUNCTION kpi.enter(indicator text, unit text, period text, value anycompatible DEFAULT CAST(NULL AS numeric),
						  numerator anycompatible DEFAULT CAST(NULL AS numeric),
						  denominator anycompatible DEFAULT CAST(NULL AS numeric), reason text DEFAULT NULL)
	RETURNS numeric
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT kpi_internal.put_entry(indicator, unit, p.grain, p.period_start, kpi_internal.number(value),
								  kpi_internal.number(numerator), kpi_internal.number(denominator), reason)
	FROM kpi_internal.read_period(period) AS p
$$;
COMMENT ON FUNCTION kpi.enter(text, text, text, anycompatible, anycompatible, anycompatible, text) IS
'Enters the value of an indicator and unit for a period, a label, and returns it. '
'Given is a value, or numerator and denominator. Beside a value the denominator is its weight, at least 0. Numbers '
'may be of any type; of float8 the shortest decimal one is taken. What is there is replaced, and kept in '
'kpi.entry_log; the same again changes nothing. In place of what is measured or rated it needs a reason. Measurements '
'follow at once. NULL where the denominator is 0. Errors: unknown names, derived indicators, periods that the '
'indicator has no values of, units not in force, numbers that are not finite.';

CREATE FUNCTION kpi.enter(indicator text, unit text, day date, grain text,
						  value anycompatible DEFAULT CAST(NULL AS numeric),
						  numerator anycompatible DEFAULT CAST(NULL AS numeric),
						  denominator anycompatible DEFAULT CAST(NULL AS numeric), reason text DEFAULT NULL)
	RETURNS numeric
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT kpi_internal.put_entry(indicator, unit, p.grain, p.period_start, kpi_internal.number(value),
								  kpi_internal.number(numerator), kpi_internal.number(denominator), reason)
	FROM kpi_internal.read_period(day, grain) AS p
$$;
COMMENT ON FUNCTION kpi.enter(text, text, date, text, anycompatible, anycompatible, anycompatible, text) IS
'The same for the period of a grain that contains the day.';

-- Numbers whose type nobody tells.  Only where a value is given: of one that is left out nothing would say the type.
CREATE FUNCTION kpi.enter(indicator text, unit text, period text, value text, numerator text DEFAULT NULL,
						  denominator text DEFAULT NULL, reason text DEFAULT NULL)
	RETURNS numeric
	LANGUAGE sql
	RETURN kpi.enter(indicator, unit, period, kpi_internal.number(value), kpi_internal.number(numerator),
					 kpi_internal.number(denominator), reason);
COMMENT ON FUNCTION kpi.enter(text, text, text, text, text, text, text) IS
'The same with numbers whose type nobody tells.';

CREATE FUNCTION kpi.enter(indicator text, unit text, day date, grain text, value text, numerator text DEFAULT NULL,
						  denominator text DEFAULT NULL, reason text DEFAULT NULL)
	RETURNS numeric
	LANGUAGE sql
	RETURN kpi.enter(indicator, unit, day, grain, kpi_internal.number(value), kpi_internal.number(numerator),
					 kpi_internal.number(denominator), reason);
COMMENT ON FUNCTION kpi.enter(text, text, date, text, text, text, text, text) IS
'The same for the period of a grain that contains the day, with numbers whose type nobody tells.';

CREATE FUNCTION kpi_internal.read_day(day text)
	RETURNS date
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN CAST(day AS date);
EXCEPTION
	WHEN data_exception THEN
		PERFORM kpi_internal.fail('22023', format('day "%s" is not understood', day),
			'Write a day of the period, such as 2011-11-05; a label such as 2011-11 comes without a grain.');
END
$$;
COMMENT ON FUNCTION kpi_internal.read_day(text) IS
'A day that comes as text; an error in words where it is none. NULL for NULL.';

-- A day in quotes beside a number: without these no type would say which of the functions above is meant.
--@ for type
--@ | numeric
--@ | float8

CREATE FUNCTION kpi.enter(indicator text, unit text, day text, grain text, value @type@,
						  numerator @type@ DEFAULT NULL, denominator @type@ DEFAULT NULL, reason text DEFAULT NULL)
	RETURNS numeric
	LANGUAGE sql
	RETURN kpi.enter(indicator, unit, kpi_internal.read_day(day), grain, value, numerator, denominator, reason);
COMMENT ON FUNCTION kpi.enter(text, text, text, text, @type@, @type@, @type@, text) IS
'The same for the period of a grain that contains the day, a text, with numbers of type @type@.';
--@ end

-- Nothing has a default: seven texts or fewer are a label with numbers.
CREATE FUNCTION kpi.enter(indicator text, unit text, day text, grain text, value text, numerator text, denominator text, reason text)
	RETURNS numeric
	LANGUAGE sql
	RETURN kpi.enter(indicator, unit, kpi_internal.read_day(day), grain, value, numerator, denominator, reason);
COMMENT ON FUNCTION kpi.enter(text, text, text, text, text, text, text, text) IS
'The same for the period of a grain that contains the day, where nobody tells the type of anything.';

-- Approving and withdrawing

CREATE FUNCTION kpi_internal.require_entry(indicator text, unit text, grain text, period_start date)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_unit(unit);
	IF NOT EXISTS (SELECT FROM kpi.entry AS e
				   WHERE e.indicator = require_entry.indicator AND e.unit = require_entry.unit
					   AND e.grain = require_entry.grain AND e.period_start = require_entry.period_start)
	THEN
		PERFORM kpi_internal.fail('P0002',
			format('nothing is entered for indicator "%s", unit "%s" and %s',
				   indicator, unit, kpi.period_label(grain, period_start)),
			'Entries stand in kpi.entry.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_entry(text, text, text, date) IS
'Raises an error unless there is an entry of that indicator, unit and period.';

CREATE FUNCTION kpi_internal.approve_entry(indicator text, unit text, grain text, period_start date)
	RETURNS name
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	seen kpi.entry;
	approver name;
BEGIN
	PERFORM kpi_internal.require_entry(indicator, unit, grain, period_start);
	SELECT * INTO seen FROM kpi.entry AS e
	WHERE e.indicator = approve_entry.indicator AND e.unit = approve_entry.unit AND e.grain = approve_entry.grain
		AND e.period_start = approve_entry.period_start;
	IF seen.approved_by IS NOT NULL THEN
		RETURN seen.approved_by;
	END IF;
	-- not what another session makes of it meanwhile
	UPDATE kpi.entry AS e SET approved_by = current_user
	WHERE e.indicator = seen.indicator AND e.unit = seen.unit AND e.grain = seen.grain AND e.period_start = seen.period_start
		AND e.entered_at = seen.entered_at
		AND (e.value, e.numerator, e.denominator, e.reason)
			IS NOT DISTINCT FROM (seen.value, seen.numerator, seen.denominator, seen.reason)
	RETURNING e.approved_by INTO approver;
	IF approver IS NULL THEN
		PERFORM kpi_internal.fail('40001',
			format('the entry of indicator "%s" for unit "%s" and %s has just changed', indicator, unit,
				   kpi.period_label(grain, period_start)),
			'Look at it again, and approve it then.');
	END IF;
	RETURN approver;
END
$$;
COMMENT ON FUNCTION kpi_internal.approve_entry(text, text, text, date) IS
'Approves an entry that nobody has approved yet, and returns who has approved it. '
'One that changes meanwhile is left as it is.';

CREATE FUNCTION kpi_internal.withdraw_entry(indicator text, unit text, grain text, period_start date)
	RETURNS numeric
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	withdrawn numeric;
BEGIN
	PERFORM kpi_internal.require_entry(indicator, unit, grain, period_start);
	DELETE FROM kpi.entry AS e
	WHERE e.indicator = withdraw_entry.indicator AND e.unit = withdraw_entry.unit AND e.grain = withdraw_entry.grain
		AND e.period_start = withdraw_entry.period_start
	RETURNING e.value INTO withdrawn;
	RETURN withdrawn;
END
$$;
COMMENT ON FUNCTION kpi_internal.withdraw_entry(text, text, text, date) IS
'Deletes an entry and returns its value.';

CREATE FUNCTION kpi.approve(indicator text, unit text, period text)
	RETURNS name
	LANGUAGE sql
	RETURN (SELECT kpi_internal.approve_entry(indicator, unit, p.grain, p.period_start)
		FROM kpi_internal.read_period(period) AS p);
COMMENT ON FUNCTION kpi.approve(text, text, text) IS
'Approves an entry as it stands and returns who has approved it: you, or whoever has before. '
'Where the indicator says four_eyes an entry is no value until somebody else than who entered it has approved it; one '
'that changes has to be approved again. Errors: unknown names, no entry (P0002), your own entry (42501), one that '
'changes at that moment (40001).';

CREATE FUNCTION kpi.approve(indicator text, unit text, day date, grain text)
	RETURNS name
	LANGUAGE sql
	RETURN (SELECT kpi_internal.approve_entry(indicator, unit, p.grain, p.period_start)
		FROM kpi_internal.read_period(day, grain) AS p);
COMMENT ON FUNCTION kpi.approve(text, text, date, text) IS
'The same for the period of a grain that contains the day.';
