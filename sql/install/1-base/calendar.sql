-- Calendars and windows: grains that users add.

CREATE FUNCTION kpi_internal.calendar_rule(calendar kpi.calendar, part text)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
			WHEN calendar.starts IS NULL
				THEN format('weeks %s from %s week 53 %s%s: %s', calendar.pattern, to_char(calendar.first_day, 'YYYY-MM-DD'),
							CASE calendar.week_53 WHEN 'last' THEN 'last' ELSE 'in ' || calendar.week_53 END, named.named, part)
			ELSE format('months %s from %s%s',
						CASE part WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 WHEN 'half' THEN 6 ELSE 12 END, calendar.starts, named.named)
		END
	FROM (SELECT CASE calendar.label_by WHEN 'end' THEN ' named by end' ELSE '' END AS named) AS named
$$;
COMMENT ON FUNCTION kpi_internal.calendar_rule(kpi.calendar, text) IS
'The rule of the grain of a calendar that has such a part: week, month, period, quarter, half or year.';

-- months that begin with those of everybody need no grain of their own
CREATE FUNCTION kpi_internal.calendar_grains(calendar kpi.calendar)
	RETURNS TABLE ("grain" text, part text, rule text, "position" integer, name text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT calendar.calendar || '_' || p.part, p.part, kpi_internal.calendar_rule(calendar, p.part), p.days,
		   format('%s %s', calendar.name, p.part)
	FROM (VALUES ('week', 7), ('month', 30), ('period', 30), ('quarter', 91), ('half', 182), ('year', 365)) AS p (part,
		days)
	WHERE CASE p.part
			WHEN 'week' THEN calendar.starts IS NULL
			WHEN 'period' THEN calendar.starts IS NULL
			WHEN 'month' THEN calendar.starts NOT LIKE '%-01'
			ELSE true
		END
$$;
COMMENT ON FUNCTION kpi_internal.calendar_grains(kpi.calendar) IS
'The grains that a calendar has, from short to long. '
'They are quarter, half and year, of weeks also week and period, and month where months do not begin on their first '
'day.';

CREATE FUNCTION kpi_internal.check_calendar(calendar kpi.calendar)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	problem text;
	help text;
BEGIN
	PERFORM kpi_internal.require_word('label_by', calendar.label_by, 'start', 'end');
	IF calendar.calendar !~ '^[[:alpha:]][[:alnum:]_]{0,39}$' THEN
		problem := format('calendar "%s" cannot begin a label', calendar.calendar);
		help := 'Write a letter and then letters, digits and underscores, 40 at most.';
	ELSIF calendar.starts IS NOT NULL AND num_nonnulls(calendar.pattern, calendar.first_day, calendar.week_53) > 0 THEN
		problem := format('calendar "%s" has both starts and a pattern of weeks', calendar.calendar);
		help := 'Give starts for years of months, or pattern and first_day for years of weeks.';
	ELSIF calendar.starts IS NULL AND (calendar.pattern IS NULL OR calendar.first_day IS NULL) THEN
		problem := format('calendar "%s" has neither starts nor pattern and first_day', calendar.calendar);
		help := 'Write starts => ''04-01'' for years of months, or pattern => ''4-4-5'', first_day => ''2011-01-31'' for '
			'years of weeks.';
	ELSIF calendar.starts !~ '^(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$' THEN
		problem := format('starts "%s" is not a day on which each year can begin', calendar.starts);
		help := 'Write month and day, such as 04-01; the day is one that every month has, 01 to 28.';
	ELSIF calendar.pattern NOT IN ('4-4-5', '4-5-4', '5-4-4') THEN
		problem := format('unrecognized pattern "%s"', calendar.pattern);
		help := 'Use "4-4-5", "4-5-4" or "5-4-4".';
	ELSIF calendar.first_day NOT BETWEEN '0001-01-01' AND '9999-12-31' THEN
		problem := format('first_day %s is not in the years 1 to 9999', calendar.first_day);
		help := 'Write the first day of any year of the calendar.';
	ELSIF calendar.week_53 !~ '^(last|[1-9]|1[0-2])$' THEN
		problem := format('unrecognized week_53 "%s"', calendar.week_53);
		help := 'Use "last" or the number of the period that week 53 lengthens, "1" to "12".';
	END IF;
	IF problem IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023', problem, help);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_calendar(kpi.calendar) IS
'Raises an error for a calendar that makes no years.';

CREATE FUNCTION kpi_internal.guard_calendar()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NEW.calendar <> OLD.calendar THEN
		PERFORM kpi_internal.fail('23503', format('calendar "%s" has grains that are called by its key', OLD.calendar),
			format('Define another one, %s, and delete this one once nothing has its periods.', NEW.calendar));
	END IF;
	PERFORM kpi_internal.check_calendar(NEW);
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_calendar() IS
'Trigger: a calendar makes years and keeps its key, by which its grains and labels are called.';

CREATE TRIGGER guard_calendar
	BEFORE INSERT OR UPDATE ON kpi.calendar
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_calendar();
COMMENT ON TRIGGER guard_calendar ON kpi.calendar IS
'A calendar makes years and keeps its key, by which its grains and labels are called.';

CREATE FUNCTION kpi_internal.follow_calendar()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	UPDATE kpi.grain AS g
	SET rule = c.rule, name = c.name
	FROM kpi_internal.calendar_grains(NEW) AS c
	WHERE g.grain = c.grain AND (g.rule, g.name) IS DISTINCT FROM (c.rule, c.name);
	DELETE FROM kpi.grain AS g
	WHERE g.calendar = NEW.calendar AND g.grain NOT IN (SELECT c.grain FROM kpi_internal.calendar_grains(NEW) AS c);
	INSERT INTO kpi.grain (grain, calendar, rule, position, name)
	SELECT c.grain, NEW.calendar, c.rule, c.position, c.name
	FROM kpi_internal.calendar_grains(NEW) AS c
	WHERE NOT EXISTS (SELECT FROM kpi.grain AS g WHERE g.grain = c.grain);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.follow_calendar() IS
'Trigger: the grains of a calendar follow it.';

-- not on INSERT, which a restore does: kpi.define_calendar() updates what it has inserted
CREATE TRIGGER follow_calendar
	AFTER UPDATE ON kpi.calendar
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.follow_calendar();
COMMENT ON TRIGGER follow_calendar ON kpi.calendar IS
'The grains of a calendar follow it.';

-- what has periods of a grain has a column of that name, or one of windows
CREATE FUNCTION kpi_internal.grain_user(sought text)
	RETURNS text
	LANGUAGE plpgsql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	relation regclass;
	condition text;
	found boolean;
BEGIN
	FOR relation, condition IN
		SELECT c.oid, CASE a.attname WHEN 'grain' THEN 't.grain = $1' ELSE '$1 = ANY (t.windows)' END
		FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
		WHERE c.relnamespace = CAST('kpi' AS regnamespace) AND c.relkind = 'r' AND a.attname IN ('grain', 'windows')
			AND c.oid <> CAST('kpi.grain' AS regclass)
		ORDER BY c.relname
	LOOP
		EXECUTE format('SELECT EXISTS (SELECT FROM %s AS t WHERE %s)', relation, condition) INTO found USING sought;
		IF found THEN
			RETURN relation;
		END IF;
	END LOOP;
	RETURN (SELECT format('window "%s"', g.grain) FROM kpi.grain AS g WHERE g.window_of = sought LIMIT 1);
END
$$;
COMMENT ON FUNCTION kpi_internal.grain_user(text) IS
'The first table, or window, that has periods of a grain; NULL for none.';

CREATE FUNCTION kpi_internal.keep_grain()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	of_calendar kpi.calendar;
	used_in text;
BEGIN
	IF TG_OP <> 'INSERT' THEN
		used_in := kpi_internal.grain_user(OLD.grain);
		IF used_in IS NOT NULL AND (TG_OP = 'DELETE' OR (NEW.grain, NEW.rule, NEW.window_of) IS DISTINCT
			FROM (OLD.grain, OLD.rule, OLD.window_of)) THEN
			PERFORM kpi_internal.fail('23503',
				format('grain "%s" has periods in %s', OLD.grain, used_in),
				'Its periods stay as they are while anything has them; define a calendar or window of another name.');
		END IF;
		IF TG_OP = 'DELETE' THEN
			RETURN OLD;
		END IF;
	END IF;
	IF NEW.calendar IS NOT NULL THEN
		SELECT * INTO of_calendar FROM kpi.calendar AS c WHERE c.calendar = NEW.calendar;
		IF NOT EXISTS (SELECT FROM kpi_internal.calendar_grains(of_calendar) AS c WHERE c.grain = NEW.grain
			AND c.rule = NEW.rule) THEN
			PERFORM kpi_internal.fail('23514',
				format('calendar "%s" has no grain "%s" with the rule "%s"', NEW.calendar, NEW.grain, NEW.rule),
				'Use kpi.define_calendar(), which makes the grains of a calendar.');
		END IF;
	ELSIF NEW.window_of IS NULL THEN
		PERFORM kpi_internal.fail('23514',
			format('grain "%s" is neither of a calendar nor a window', NEW.grain),
			'Use kpi.define_calendar() or kpi.define_window().');
	ELSIF NOT EXISTS (SELECT FROM kpi.grain AS g WHERE g.grain = NEW.window_of AND g.window_of IS NULL) THEN
		PERFORM kpi_internal.fail('23503',
			format('window "%s" ends with periods of grain "%s", which does not exist or is a window', NEW.grain,
				NEW.window_of),
			'Use kpi.define_window() with a grain such as month or quarter.');
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi_internal.keep_grain() IS
'Trigger: a grain is what its calendar makes it, a window ends with periods of a grain. '
'Neither changes or goes while anything has periods of it.';

CREATE TRIGGER keep_grain
	BEFORE INSERT OR UPDATE OR DELETE ON kpi.grain
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.keep_grain();
COMMENT ON TRIGGER keep_grain ON kpi.grain IS
'A grain is what its calendar makes it, a window ends with periods of a grain. '
'Neither changes or goes while anything has periods of it.';

CREATE FUNCTION kpi.define_calendar(calendar text, starts text DEFAULT NULL, pattern text DEFAULT NULL,
	first_day date DEFAULT NULL,
									week_53 text DEFAULT NULL, label_by text DEFAULT NULL, name text DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	wanted kpi.calendar;
	old kpi.calendar;
BEGIN
	PERFORM kpi_internal.require_key('calendar', calendar);
	PERFORM kpi_internal.require_text('name', name);
	-- the statement after it sees what another session has defined
	LOCK TABLE kpi.calendar IN SHARE ROW EXCLUSIVE MODE;
	SELECT * INTO old FROM kpi.calendar AS c WHERE c.calendar = define_calendar.calendar;
	wanted := ROW (calendar, coalesce(starts, old.starts), coalesce(pattern, old.pattern),
		coalesce(first_day, old.first_day),
				   coalesce(week_53, old.week_53, CASE WHEN coalesce(pattern, old.pattern) IS NOT NULL THEN 'last' END),
				   coalesce(label_by, old.label_by, 'start'), coalesce(name, old.name, kpi_internal.default_name(calendar)));
	IF wanted *= old THEN
		RETURN calendar;
	END IF;
	PERFORM kpi_internal.check_calendar(wanted);
	IF old.calendar IS NULL THEN
		INSERT INTO kpi.calendar VALUES (wanted.*);
	END IF;
	UPDATE kpi.calendar AS c
	SET (starts, pattern, first_day, week_53, label_by, name) =
		ROW (wanted.starts, wanted.pattern, wanted.first_day, wanted.week_53, wanted.label_by, wanted.name)
	WHERE c.calendar = define_calendar.calendar;
	RETURN calendar;
END
$$;
COMMENT ON FUNCTION kpi.define_calendar(text, text, text, date, text, text, text) IS
'Adds or changes a calendar with its grains, and returns its key. '
'Years of months begin on starts (04-01); years of weeks have quarters of pattern (4-4-5, 4-5-4, 5-4-4) and begin on '
'the weekday of first_day nearest to its month and day; week_53 says which period the 53rd lengthens: last (the '
'default) or its number. label_by names a year by the one it starts (the default) or ends in. What is left out '
'stays. A grain that has periods anywhere cannot be changed.';

CREATE FUNCTION kpi_internal.window_rule(base kpi.grain, suffix text, last integer, within kpi.grain)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	problem text;
	help text;
BEGIN
	IF suffix !~ '^[[:alnum:]_]{1,20}$' THEN
		problem := format('suffix "%s" cannot end a label', suffix);
		help := 'Write letters, digits and underscores, 20 at most, such as r6.';
	ELSIF num_nonnulls(last, within.grain) <> 1 THEN
		problem := format('window "%s_%s" has %s', base.grain, suffix,
						  CASE WHEN last IS NULL THEN 'neither last nor within' ELSE 'both last and within' END);
		help := 'Write last => 6 for six periods, or within => ''year'' for those since it began.';
	ELSIF last NOT BETWEEN 2 AND 999 THEN
		problem := format('last %s is not between 2 and 999', last);
		help := 'It is how many periods the window has.';
	ELSIF num_nonnulls(base.window_of, within.window_of) > 0 THEN
		problem := format('grain "%s" is a window', CASE WHEN base.window_of IS NULL THEN within.grain ELSE base.grain END);
		help := 'A window is made of the periods of a grain such as month.';
	ELSIF NOT kpi_internal.tiles(base.grain, within.grain) THEN
		problem := format('periods of grain "%s" do not make those of "%s" exactly', base.grain, within.grain);
		help := 'A window to date runs from the beginning of a longer period.';
	END IF;
	IF problem IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023', problem, help);
	END IF;
	RETURN CASE WHEN last IS NULL THEN format('to date of %s in %s', base.rule, within.rule)
				ELSE format('last %s of %s', last, base.rule) END;
END
$$;
COMMENT ON FUNCTION kpi_internal.window_rule(kpi.grain, text, integer, kpi.grain) IS
'The rule of a window that ends with periods of the base. '
'The last so many of them, or those since the beginning of the period of within. A window that cannot be is an error.';

CREATE FUNCTION kpi.define_window(window_of text, suffix text, last float8 DEFAULT NULL, within text DEFAULT NULL,
								  name text DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	key CONSTANT text := window_of || '_' || suffix;
	periods CONSTANT integer := kpi_internal.whole('last', last);
	base kpi.grain;
	whole kpi.grain;
	wanted kpi.grain;
BEGIN
	PERFORM kpi_internal.require_grain(window_of);
	PERFORM kpi_internal.require_value('suffix', suffix);
	PERFORM kpi_internal.require_text('name', name);
	IF within IS NOT NULL THEN
		PERFORM kpi_internal.require_grain(within);
	END IF;
	SELECT * INTO base FROM kpi.grain AS g WHERE g.grain = define_window.window_of;
	SELECT * INTO whole FROM kpi.grain AS g WHERE g.grain = define_window.within;
	SELECT * INTO wanted FROM kpi.grain AS g WHERE g.grain = key AND g.window_of IS NOT NULL;
	IF num_nonnulls(last, within) > 0 OR wanted.grain IS NULL THEN
		wanted.rule := kpi_internal.window_rule(base, suffix, periods, whole);
		wanted.position := coalesce(periods * base.position, whole.position);
	END IF;
	INSERT INTO kpi.grain AS g (grain, rule, position, window_of, name)
	VALUES (key, wanted.rule, wanted.position, base.grain,
			coalesce(define_window.name, wanted.name, kpi_internal.default_name(key)))
	ON CONFLICT ON CONSTRAINT grain_pkey DO UPDATE
	SET rule = excluded.rule, position = excluded.position, name = excluded.name
	WHERE (g.rule, g.position, g.name) IS DISTINCT FROM (excluded.rule, excluded.position, excluded.name);
	RETURN key;
END
$$;
COMMENT ON FUNCTION kpi.define_window(text, text, float8, text, text) IS
'Adds or changes a window and returns its key, window_of_suffix; what is left out stays. '
'It has the last so many periods of the grain window_of, or all since the beginning of the period of the grain '
'within. Its labels are those of window_of with a space and the suffix: 2011-11 r6. A window that has values '
'anywhere cannot be changed.';
