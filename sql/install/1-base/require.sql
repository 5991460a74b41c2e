-- Checks of arguments and rows that raise an error with help.

CREATE FUNCTION kpi_internal.guard_checks()
	RETURNS trigger
	AS 'MODULE_PATHNAME', 'kpi_guard_checks'
	LANGUAGE C;
COMMENT ON FUNCTION kpi_internal.guard_checks() IS
'Trigger: raises the error for a row that a CHECK, NOT NULL or foreign key refuses. In the words of the comment on '
'the CHECK or column, and with the key that may be meant.';

-- to whoever may read what names the row; to others the foreign key tells
CREATE FUNCTION kpi_internal.guard_referenced()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	reference record;
	is_named boolean;
BEGIN
	FOR reference IN
		SELECT c.conrelid::regclass AS relation, a.attname AS column, k.attname AS key
		FROM pg_constraint AS c
			JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
			JOIN pg_attribute AS k ON k.attrelid = c.confrelid AND k.attnum = c.confkey[1]
		WHERE c.contype = 'f' AND c.confrelid = TG_RELID AND c.confdeltype = 'a' AND has_table_privilege(c.conrelid, 'SELECT')
		ORDER BY c.conrelid::regclass::text, c.conname
	LOOP
		EXECUTE format('SELECT EXISTS (SELECT FROM %s AS t WHERE t.%I = ($1).%I)', reference.relation, reference.column, reference.key)
			INTO is_named USING OLD;
		IF is_named THEN
			PERFORM kpi_internal.fail('23503',
				format('%s "%s" is in use', replace(TG_TABLE_NAME, '_', ' '), to_jsonb(OLD) ->> reference.key),
				'Change or delete these rows first.',
				format('The column %I of %s names it.', reference.column, reference.relation));
		END IF;
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_referenced() IS
'Trigger: raises the error for a row that is deleted while others refer to it.';

CREATE FUNCTION kpi_internal.guard_truncate()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.fail('23001', format('rows of kpi.%s are not truncated, not even by way of other tables', TG_TABLE_NAME),
		TG_ARGV[0]);
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_truncate() IS
'Trigger: refuses TRUNCATE of a table, with the hint that it is called with.';

CREATE FUNCTION kpi_internal.require_value(what text, value text)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value IS NULL THEN
		PERFORM kpi_internal.fail('22004', format('%s must not be null', what));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_value(text, text) IS
'Raises an error for a NULL where a value is needed.';

CREATE FUNCTION kpi_internal.require_text(what text, value text)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value = '' THEN
		PERFORM kpi_internal.fail('22023', format('%s is empty', what), 'Write at least one character, or leave it out.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_text(text, text) IS
'Raises an error for an empty text where something is to be read; NULL passes.';

CREATE FUNCTION kpi_internal.require_word(parameter text, word text, VARIADIC words text[])
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF word <> ALL (words) THEN
		PERFORM kpi_internal.fail('22023',
			format('unrecognized %s "%s"', parameter, word),
			format('Use "%s" or "%s".', array_to_string(words[:cardinality(words) - 1], '", "'),
						  words[cardinality(words)]));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_word(text, text, text[]) IS
'Raises an error for a parameter that is none of the words it takes; NULL passes.';

CREATE FUNCTION kpi_internal.require_number(parameter text, value numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value IN ('NaN', 'Infinity', '-Infinity') THEN
		PERFORM kpi_internal.fail('22023',
			format('%s %s is not a finite number', parameter, value),
			'Write a number, or leave it out where there is none.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_number(text, numeric) IS
'Raises an error for NaN and the infinities; NULL passes.';

CREATE FUNCTION kpi_internal.require_day(parameter text, day date)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF day NOT BETWEEN '0001-01-01' AND '9999-12-31' THEN
		PERFORM kpi_internal.fail('22023', format('"%s" %s is not a day of the years 1 to 9999', parameter, day),
			'Leave it out to change what holds now.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_day(text, date) IS
'Raises an error for a day from which on something is to hold that no period has; NULL passes.';

CREATE FUNCTION kpi_internal.require_coverage(min_coverage numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF min_coverage NOT BETWEEN 0 AND 1 THEN
		PERFORM kpi_internal.fail('22023',
			format('min_coverage %s is not between 0 and 1', min_coverage),
			'Coverage is a share of the weight: write 0.8 for 80 percent.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_coverage(numeric) IS
'Raises an error for a minimum coverage that is not a share from 0 to 1; NULL passes.';
