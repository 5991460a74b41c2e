-- What each function gives when the session has other settings. A view binds the
-- call to its arguments beforehand, and the value is shown under the settings of
-- before, so that only what our functions do themselves can differ. Rows may come in any order.

\ir undone.sql

CREATE TABLE harness.shown (oid oid PRIMARY KEY, name text, call text, value text);

-- What a call gives under a setting; the end of the block undoes both.
CREATE FUNCTION harness.value_under(which oid, setting text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	before text := current_setting(setting);
	said text;
BEGIN
	PERFORM set_config(setting, value, true);
	EXECUTE format('CREATE TEMP TABLE given AS SELECT * FROM harness.value_%s', which);
	PERFORM set_config(setting, before, true);
	EXECUTE 'SELECT string_agg((r)::text, E''\n'' ORDER BY (r)::text) FROM given' INTO said;
	RAISE SQLSTATE 'HR000';
EXCEPTION
	WHEN SQLSTATE 'HR000' THEN RETURN coalesce(said, 'NULL');
	WHEN OTHERS THEN RETURN SQLSTATE;
END $$;

CREATE PROCEDURE harness.bind_value(which oid) LANGUAGE plpgsql AS $$
DECLARE
	c harness.callable;
	query text;
	said text;
BEGIN
	CALL harness.find_base(which);
	SELECT * INTO c FROM harness.callable WHERE oid = which;
	IF NOT c.accepted THEN
		RETURN;
	END IF;
	query := regexp_replace(harness.call_text(c.oid, c.base), '^SELECT ', '');
	IF (harness.try(format('CREATE VIEW harness.value_%s AS SELECT %s AS r', c.oid, query))).state IS NOT NULL THEN
		RETURN;
	END IF;
	said := harness.value_under(which, 'application_name', 'x');
	-- one that counts, or tells the time or the session, gives another value each time
	IF said = harness.value_under(which, 'application_name', 'y') AND said !~ '^[0-9A-Z]{5}$' THEN
		INSERT INTO harness.shown VALUES (c.oid, c.name, query, said);
	END IF;
END $$;

CREATE PROCEDURE harness.judge_setting(setting text, other text) LANGUAGE sql AS $$
	INSERT INTO harness.verdict
	SELECT CASE WHEN u.said = s.value THEN 'ok' ELSE 'not ok' END, s.name,
		format('under %s = %s it gives %s instead of %s: %s', setting, other, left(u.said, 200), left(s.value, 200),
			left(s.call, 300))
	FROM harness.shown AS s CROSS JOIN LATERAL (SELECT harness.value_under(s.oid, setting, other) AS said) AS u
$$;
