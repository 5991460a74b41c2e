-- Defining the registry by calls: everything but the key has a sensible
-- default, the same call twice changes nothing, and what is wrong is refused
-- whole, with help.

CREATE FUNCTION kpi.nearest(word text, candidates text[])
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_nearest'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.nearest(text, text[]) IS
'The candidate most like the word: fewest inserted, deleted or replaced characters, at most 2 or a third of the word, upper and lower case alike. NULL for NULL and where none is near.';

-- Checks that raise an error with help

CREATE FUNCTION kpi.fail_unknown(what text, word text, known text[], known_as text, when_none text, place text DEFAULT '')
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	near CONSTANT text := kpi.nearest(word, known);
	count CONSTANT integer := coalesce(cardinality(known), 0);
BEGIN
	PERFORM kpi.fail('22023',
		format('%s "%s" does not exist%s', what, word, place),
		CASE
			WHEN near IS NOT NULL THEN format('Perhaps you mean "%s".', near)
			WHEN count = 0 THEN when_none
			WHEN count <= 10 THEN format('Known %s: %s.', known_as, array_to_string(known, ', '))
			ELSE format('Known %s: %s and %s more.', known_as, array_to_string(known[:10], ', '), count - 10)
		END);
END
$$;
COMMENT ON FUNCTION kpi.fail_unknown(text, text, text[], text, text, text) IS
'Raises the error for a word that is unknown (place says where), with the nearest known one, the first known ones (called known_as) or when_none as the hint.';

CREATE FUNCTION kpi.require_value(what text, value text)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value IS NULL THEN
		PERFORM kpi.fail('22004', format('%s must not be null', what));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_value(text, text) IS
'Raises an error for a NULL where a value is needed.';

CREATE FUNCTION kpi.require_key(what text, key text)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_value(what, key);
	PERFORM CAST(key AS kpi.key);
EXCEPTION
	WHEN check_violation THEN
		PERFORM kpi.fail('22023',
			format('%s "%s" cannot be a key', what, key),
			'A key has 1 to 63 characters, no slash and no line break, and does not begin with a space or a dot.');
END
$$;
COMMENT ON FUNCTION kpi.require_key(text, text) IS
'Raises an error for a text that cannot be a key, and for NULL.';

CREATE FUNCTION kpi.require_word(parameter text, word text, VARIADIC words text[])
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF word <> ALL (words) THEN
		PERFORM kpi.fail('22023',
			format('unrecognized %s "%s"', parameter, word),
			format('Use "%s" or "%s".', array_to_string(words[:cardinality(words) - 1], '", "'),
						  words[cardinality(words)]));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_word(text, text, text[]) IS
'Raises an error for a parameter that is none of the words it takes; NULL passes.';

CREATE FUNCTION kpi.require_number(parameter text, value numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value IN ('NaN', 'Infinity', '-Infinity') THEN
		PERFORM kpi.fail('22023',
			format('%s %s is not a finite number', parameter, value),
			'Write a number, or leave it out where there is none.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_number(text, numeric) IS
'Raises an error for NaN and the infinities; NULL passes.';

CREATE FUNCTION kpi.require_coverage(min_coverage numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF min_coverage NOT BETWEEN 0 AND 1 THEN
		PERFORM kpi.fail('22023',
			format('min_coverage %s is not between 0 and 1', min_coverage),
			'Coverage is a share of the weight: write 0.8 for 80 percent.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_coverage(numeric) IS
'Raises an error for a minimum coverage that is no share from 0 to 1; NULL passes.';

CREATE FUNCTION kpi.require_indicator(indicator text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_value('indicator', indicator);
	IF NOT EXISTS (SELECT FROM kpi.indicator AS i WHERE i.indicator = require_indicator.indicator) THEN
		PERFORM kpi.fail_unknown('indicator', indicator,
								 (SELECT array_agg(CAST(i.indicator AS text) ORDER BY i.indicator COLLATE "C") FROM kpi.indicator AS i),
								 'indicators', 'No indicator is defined yet; use kpi.define_indicator().');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_indicator(text) IS
'Raises an error unless the indicator exists, with a hint at the one that may be meant.';

CREATE FUNCTION kpi.require_unit(unit text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_value('unit', unit);
	IF NOT EXISTS (SELECT FROM kpi.unit AS u WHERE u.unit = require_unit.unit) THEN
		PERFORM kpi.fail_unknown('unit', unit,
								 (SELECT array_agg(CAST(u.unit AS text) ORDER BY u.unit COLLATE "C") FROM kpi.unit AS u),
								 'units', 'No unit is defined yet; use kpi.define_unit().');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_unit(text) IS
'Raises an error unless the unit exists, with a hint at the one that may be meant.';

CREATE FUNCTION kpi.require_perspective(perspective text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_value('perspective', perspective);
	IF NOT EXISTS (SELECT FROM kpi.perspective AS p WHERE p.perspective = require_perspective.perspective) THEN
		PERFORM kpi.fail_unknown('perspective', perspective,
								 (SELECT array_agg(CAST(p.perspective AS text) ORDER BY p.perspective COLLATE "C") FROM kpi.perspective AS p),
								 'perspectives', 'No perspective is defined yet; use kpi.define_perspective().');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_perspective(text) IS
'Raises an error unless the perspective exists, with a hint at the one that may be meant.';

CREATE FUNCTION kpi.require_band_set(band_set text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_value('band_set', band_set);
	IF NOT EXISTS (SELECT FROM kpi.band_set AS b WHERE b.band_set = require_band_set.band_set) THEN
		PERFORM kpi.fail_unknown('band set', band_set,
								 (SELECT array_agg(CAST(b.band_set AS text) ORDER BY b.band_set COLLATE "C") FROM kpi.band_set AS b),
								 'band sets', 'No band set is defined yet; add it to kpi.band_set and kpi.band.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_band_set(text) IS
'Raises an error unless the band set exists, with a hint at the one that may be meant.';

CREATE FUNCTION kpi.require_scorecard(scorecard text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_value('scorecard', scorecard);
	IF NOT EXISTS (SELECT FROM kpi.scorecard AS s WHERE s.scorecard = require_scorecard.scorecard) THEN
		PERFORM kpi.fail_unknown('scorecard', scorecard,
								 (SELECT array_agg(CAST(s.scorecard AS text) ORDER BY s.scorecard COLLATE "C") FROM kpi.scorecard AS s),
								 'scorecards', 'No scorecard is defined yet; use kpi.define_scorecard().');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_scorecard(text) IS
'Raises an error unless the scorecard exists, with a hint at the one that may be meant.';

-- Perspectives and units

CREATE FUNCTION kpi.define_perspective(perspective text, name text DEFAULT NULL, "position" integer DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.perspective;
BEGIN
	PERFORM kpi.require_key('perspective', perspective);
	SELECT * INTO old FROM kpi.perspective AS p WHERE p.perspective = define_perspective.perspective;
	INSERT INTO kpi.perspective AS p (perspective, name, position)
	VALUES (define_perspective.perspective,
			coalesce(define_perspective.name, CASE WHEN old.shipped THEN old.name END,
					 kpi.default_name(define_perspective.perspective)),
			coalesce(define_perspective.position, old.position,
					 (SELECT max(o.position) + 10 FROM kpi.perspective AS o), 10))
	ON CONFLICT ON CONSTRAINT perspective_pkey DO UPDATE
	SET name = excluded.name, position = excluded.position
	WHERE (p.name, p.position) IS DISTINCT FROM (excluded.name, excluded.position);
	RETURN perspective;
END
$$;
COMMENT ON FUNCTION kpi.define_perspective(text, text, integer) IS
'Adds or changes a perspective and returns its key. The name is made of the key unless given; a new one comes last. A shipped perspective is not changed.';

CREATE FUNCTION kpi.define_unit(unit text, parent text DEFAULT NULL, name text DEFAULT NULL, "position" integer DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_key('unit', unit);
	IF parent <> unit THEN
		PERFORM kpi.require_unit(parent);
	END IF;
	INSERT INTO kpi.unit AS u (unit, parent, name, position)
	VALUES (define_unit.unit, define_unit.parent,
			coalesce(define_unit.name, kpi.default_name(define_unit.unit)),
			coalesce(define_unit.position,
					 (SELECT o.position FROM kpi.unit AS o WHERE o.unit = define_unit.unit),
					 (SELECT max(o.position) + 10 FROM kpi.unit AS o
					  WHERE o.parent IS NOT DISTINCT FROM define_unit.parent), 10))
	ON CONFLICT ON CONSTRAINT unit_pkey DO UPDATE
	SET parent = excluded.parent, name = excluded.name, position = excluded.position
	WHERE (u.parent, u.name, u.position) IS DISTINCT FROM (excluded.parent, excluded.name, excluded.position);
	RETURN unit;
END
$$;
COMMENT ON FUNCTION kpi.define_unit(text, text, text, integer) IS
'Adds or changes a unit and returns its key. Without a parent it is a root; the name is made of the key unless given; a new unit comes last among its siblings. An unknown parent or a cycle is an error.';

-- Indicators

-- no SET: names are looked up as the caller would
CREATE FUNCTION kpi.resolve_source(source text)
	RETURNS regclass
	LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
	RETURN pg_catalog.to_regclass(source);
EXCEPTION
	WHEN syntax_error OR invalid_name OR feature_not_supported OR name_too_long THEN
		RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.resolve_source(text) IS
'The table or view of that name on the search path of the caller; NULL where there is none.';

CREATE FUNCTION kpi.fail_source(source text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	word CONSTANT text := replace(source, '"', '');
	with_schema CONSTANT boolean := word LIKE '%.%';
	near text;
BEGIN
	WITH relation (plain, quoted) AS (
		SELECT CASE WHEN with_schema THEN n.nspname || '.' || c.relname ELSE c.relname END,
			   format('%I.%I', n.nspname, c.relname)
		FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
			AND n.nspname <> ALL ('{pg_catalog,information_schema,pg_toast,kpi}')
	)
	SELECT r.quoted INTO near
	FROM relation AS r
	WHERE r.plain = (SELECT kpi.nearest(word, array_agg(o.plain ORDER BY o.quoted COLLATE "C")) FROM relation AS o)
	ORDER BY r.quoted COLLATE "C"
	LIMIT 1;
	PERFORM kpi.fail('22023',
		format('source "%s" does not exist', source),
		CASE
			WHEN near IS NULL THEN 'Name a table or view, with its schema unless that is on the search path.'
			WHEN near LIKE '%"%' THEN format('Perhaps you mean %s.', near)
			ELSE format('Perhaps you mean "%s".', near)
		END);
END
$$;
COMMENT ON FUNCTION kpi.fail_source(text) IS
'Raises the error for a source that does not exist, with the nearest table or view as the hint.';

CREATE FUNCTION kpi.source_name(source text, relation regclass)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found pg_class;
BEGIN
	SELECT * INTO found FROM pg_class AS c WHERE c.oid = relation;
	IF found.oid IS NULL THEN
		PERFORM kpi.fail_source(source);
	ELSIF found.relkind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
		PERFORM kpi.fail('22023',
			format('source "%s" is neither a table nor a view', source),
			'Name a table, a view, a materialized view or a foreign table.');
	ELSIF found.relpersistence = 't' THEN
		PERFORM kpi.fail('22023',
			format('source "%s" is temporary', source),
			'An indicator outlives the session: name a permanent table or view.');
	END IF;
	RETURN format('%I.%I', (SELECT n.nspname FROM pg_namespace AS n WHERE n.oid = found.relnamespace), found.relname);
END
$$;
COMMENT ON FUNCTION kpi.source_name(text, regclass) IS
'The quoted name of a source with its schema. A relation that is missing, temporary or neither a table nor a view is an error.';

-- a lone sum or count adds up over periods; a quotient of sums does not
CREATE FUNCTION kpi.default_rollup(numerator text, denominator text)
	RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	outside text := numerator;
	inner_text text;
BEGIN
	IF denominator IS NOT NULL THEN
		RETURN 'ratio';
	ELSIF numerator ~* '\mcount\s*\(\s*distinct\M' THEN
		RETURN 'distinct';
	END IF;
	LOOP
		inner_text := outside;
		outside := regexp_replace(outside, '\([^()]*\)', '', 'g');
		EXIT WHEN outside = inner_text OR outside IS NULL;
	END LOOP;
	RETURN CASE WHEN numerator ~* '^\s*(sum|count)\s*\(' AND outside !~ '/' THEN 'sum' ELSE 'avg' END;
END
$$;
COMMENT ON FUNCTION kpi.default_rollup(text, text) IS
'How an indicator with these expressions rolls up over time: ratio with a denominator, else distinct for count(DISTINCT ...), sum for sums and counts that nothing divides, avg for all else.';

CREATE FUNCTION kpi.check_definition(wanted kpi.indicator)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	needed text;
	problem text;
	help text;
BEGIN
	PERFORM kpi.require_word('direction', wanted.direction, 'higher', 'lower', 'target');
	PERFORM kpi.require_word('kind', wanted.kind, 'measured', 'entered');
	PERFORM kpi.require_word('grain', wanted.grain, 'month', 'quarter', 'year');
	PERFORM kpi.require_word('time_rollup', wanted.time_rollup, 'sum', 'avg', 'last', 'distinct', 'ratio');
	PERFORM kpi.require_word('attainment_method', wanted.attainment_method, 'ratio', 'inverse', 'progress');
	PERFORM kpi.require_word('zero_target', wanted.zero_target, 'null', 'met');
	PERFORM kpi.require_word('state', wanted.state, 'draft', 'approved', 'retired');
	IF wanted.perspective IS NOT NULL THEN
		PERFORM kpi.require_perspective(wanted.perspective);
	END IF;

	needed := CASE WHEN wanted.source IS NULL THEN 'source'
				   WHEN wanted.time_column IS NULL THEN 'time_column'
				   WHEN wanted.numerator IS NULL THEN 'numerator' END;
	IF needed IS NOT NULL AND (wanted.kind = 'measured' OR num_nonnulls(wanted.source, wanted.time_column,
		wanted.unit_column, wanted.numerator, wanted.denominator, wanted.filter) > 0)
	THEN
		problem := format('indicator "%s" has no %s', wanted.indicator, needed);
		help := CASE needed
			WHEN 'source' THEN 'What is measured needs source, time_column and numerator; leave them all out for values entered by hand.'
			WHEN 'time_column' THEN format('Name the column that says when%s.', kpi.time_columns(wanted.source))
			ELSE 'Give an aggregate expression over the source, such as sum(amount) or count(*).' END;
	ELSIF wanted.time_rollup = 'ratio' AND wanted.kind = 'measured' AND wanted.denominator IS NULL THEN
		problem := format('indicator "%s" rolls up as a ratio but has no denominator', wanted.indicator);
		help := 'Give numerator and denominator apart, or another time_rollup.';
	ELSIF wanted.attainment_method = 'inverse' AND wanted.direction <> 'lower' THEN
		problem := format('attainment_method "inverse" does not go with direction "%s"', wanted.direction);
		help := 'It is target / actual, for indicators where lower is better.';
	ELSIF wanted.decimals NOT BETWEEN 0 AND 6 THEN
		problem := format('decimals %s is not between 0 and 6', wanted.decimals);
		help := 'It is the number of decimals that values are shown with.';
	END IF;
	IF problem IS NOT NULL THEN
		PERFORM kpi.fail('22023', problem, help);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.check_definition(kpi.indicator) IS
'Raises an error for a definition that makes no sense, before it is stored; the source itself is checked by kpi.check_source().';

CREATE FUNCTION kpi.time_columns(source text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(', such as ' || string_agg(format('"%s"', a.attname), ' or ' ORDER BY a.attnum), '')
	FROM pg_attribute AS a
	WHERE a.attrelid = to_regclass(source) AND a.attnum > 0 AND NOT a.attisdropped
		AND a.atttypid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype)
$$;
COMMENT ON FUNCTION kpi.time_columns(text) IS
'The columns of a source that can say when, as a phrase for hints; empty where there is none.';

CREATE FUNCTION kpi.put_indicator(wanted kpi.indicator, relation regclass)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.indicator;
	message text;
	detail text;
	hint text;
BEGIN
	-- the statement after it sees what another session has defined
	PERFORM pg_advisory_xact_lock(hashtextextended('kpi.define_indicator ' || wanted.indicator, 0));
	SELECT * INTO old FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator;
	IF wanted.source IS NOT NULL THEN
		wanted.source := kpi.source_name(wanted.source, relation);
	END IF;
	wanted.name := coalesce(wanted.name, kpi.default_name(wanted.indicator));
	wanted.unit_of_measure := coalesce(wanted.unit_of_measure, '');
	wanted.direction := coalesce(wanted.direction, 'higher');
	wanted.kind := coalesce(wanted.kind, CASE WHEN wanted.source IS NULL THEN 'entered' ELSE 'measured' END);
	wanted.grain := coalesce(wanted.grain, 'month');
	wanted.time_rollup := coalesce(wanted.time_rollup, kpi.default_rollup(wanted.numerator, wanted.denominator));
	wanted.attainment_method := coalesce(wanted.attainment_method, 'ratio');
	wanted.zero_target := coalesce(wanted.zero_target, 'null');
	wanted.decimals := coalesce(wanted.decimals,
								CASE WHEN wanted.denominator IS NULL AND wanted.numerator ~* '^\s*count\s*\(' THEN 0 ELSE 2 END);
	wanted.state := coalesce(wanted.state, 'approved');
	wanted.version := coalesce(old.version, 1);
	IF wanted.owner IS NULL THEN
		wanted.owner := coalesce(old.owner, current_user);
	ELSIF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = wanted.owner) THEN
		PERFORM kpi.fail_unknown('role', wanted.owner,
								 (SELECT array_agg(CAST(r.rolname AS text) ORDER BY r.rolname)
								  FROM pg_roles AS r WHERE r.rolname !~ '^pg_'),
								 'roles', 'Name a role of this server.');
	END IF;
	PERFORM kpi.check_definition(wanted);

	IF old.indicator IS NULL THEN
		INSERT INTO kpi.indicator VALUES (wanted.*);
	ELSIF wanted *<> old THEN
		UPDATE kpi.indicator AS i
		SET (name, description, rule, unit_of_measure, direction, perspective, kind, source, time_column, unit_column,
			 numerator, denominator, filter, grain, time_rollup, attainment_method, zero_target, scale, decimals,
			 owner, responsible, data_source, state) =
			ROW (wanted.name, wanted.description, wanted.rule, wanted.unit_of_measure, wanted.direction,
				 wanted.perspective, wanted.kind, wanted.source, wanted.time_column, wanted.unit_column,
				 wanted.numerator, wanted.denominator, wanted.filter, wanted.grain, wanted.time_rollup,
				 wanted.attainment_method, wanted.zero_target, wanted.scale, wanted.decimals,
				 wanted.owner, wanted.responsible, wanted.data_source, wanted.state)
		WHERE i.indicator = wanted.indicator;
	END IF;
	IF wanted.kind = 'measured' THEN
		PERFORM kpi.check_source(wanted.indicator);
	END IF;
	RETURN wanted.indicator;
EXCEPTION
	WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		PERFORM kpi.fail(SQLSTATE, message, nullif(hint, ''), nullif(detail, ''));
END
$$;
COMMENT ON FUNCTION kpi.put_indicator(kpi.indicator, regclass) IS
'Stores a definition for kpi.define_indicator(): fills in the defaults, checks it, and plans its source as the owner.';

-- no SET: the source is looked up as the caller would
CREATE FUNCTION kpi.define_indicator(indicator text, name text DEFAULT NULL, description text DEFAULT NULL,
									 rule text DEFAULT NULL, unit_of_measure text DEFAULT NULL,
									 direction text DEFAULT NULL, perspective text DEFAULT NULL,
									 kind text DEFAULT NULL, source text DEFAULT NULL,
									 time_column text DEFAULT NULL, unit_column text DEFAULT NULL,
									 numerator text DEFAULT NULL, denominator text DEFAULT NULL,
									 filter text DEFAULT NULL, grain text DEFAULT NULL,
									 time_rollup text DEFAULT NULL, attainment_method text DEFAULT NULL,
									 zero_target text DEFAULT NULL, scale kpi.scale DEFAULT NULL,
									 decimals integer DEFAULT NULL, owner text DEFAULT NULL,
									 responsible text DEFAULT NULL, data_source text DEFAULT NULL,
									 state text DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM kpi.require_key('indicator', indicator);
	IF perspective IS NOT NULL THEN
		PERFORM kpi.require_perspective(perspective);
	END IF;
	RETURN kpi.put_indicator(CAST(ROW(indicator, name, description, rule, unit_of_measure, direction, perspective,
									  kind, source, time_column, unit_column, numerator, denominator, filter, grain,
									  time_rollup, attainment_method, zero_target, scale, decimals, owner,
									  responsible, data_source, state, NULL) AS kpi.indicator),
							 kpi.resolve_source(source));
END
$$;
COMMENT ON FUNCTION kpi.define_indicator(text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, kpi.scale, integer, text, text, text, text) IS
'Adds or changes an indicator and returns its key. What is left out takes its default, but an existing indicator keeps its owner: name made of the key, direction higher, kind measured with a source and entered without, grain month, attainment_method ratio, zero_target null, decimals 2 (0 for counts), owner the current role, state approved, time_rollup by its expressions. The source is looked up on your search path and planned as the owner. Wrong words, columns and expressions are errors; only members of the owner may change it.';

-- Targets

CREATE FUNCTION kpi.read_period(period text)
	RETURNS daterange
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	days daterange;
	why text;
BEGIN
	PERFORM kpi.require_value('period', period);
	IF period !~ '^\s*([[(]|empty)' THEN
		RETURN kpi.period(period);
	END IF;
	BEGIN
		days := period;
		why := CASE
			WHEN isempty(days) THEN 'It is empty.'
			WHEN lower_inf(days) OR NOT isfinite(lower(days)) THEN 'It has no first day.'
			WHEN upper_inf(days) OR NOT isfinite(upper(days)) THEN 'It has no last day.' END;
	EXCEPTION
		WHEN data_exception THEN
			why := format('It is no date range: %s.', SQLERRM);
	END;
	IF why IS NOT NULL THEN
		PERFORM kpi.fail('22023',
			format('period "%s" is not understood', period),
			'Write a label such as 2011, 2011-Q4 or 2011-11, or a range of days such as [2011-11-05,2011-12-01).',
			why);
	END IF;
	RETURN days;
END
$$;
COMMENT ON FUNCTION kpi.read_period(text) IS
'The days of a period label or of a date range as text. NULL, an empty or an open range, and any other text are errors.';

CREATE FUNCTION kpi.share_by_days(value numeric, period daterange, days daterange, time_rollup text)
	RETURNS numeric
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	length CONSTANT integer := upper(period) - lower(period);
	before CONSTANT integer := lower(days) - lower(period);
	until CONSTANT integer := upper(days) - lower(period);
BEGIN
	IF time_rollup <> 'sum' THEN
		RETURN value;
	END IF;
	-- the quotients of kpi.target_for(), so that its shares and these add up
	RETURN trim_scale(CASE WHEN until = length THEN value ELSE round(value * until / length, 20) END
					  - round(value * before / length, 20));
END
$$;
COMMENT ON FUNCTION kpi.share_by_days(numeric, daterange, daterange, text) IS
'What days within a period get of its target: the value itself, or with time_rollup sum its part by days, so that the parts of a partition add up exactly. NULL for a NULL value.';

CREATE FUNCTION kpi.split_target(old kpi.target, days daterange)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	rollup CONSTANT text := (SELECT i.time_rollup FROM kpi.indicator AS i WHERE i.indicator = old.indicator);
	rest daterange;
BEGIN
	DELETE FROM kpi.target AS t
	WHERE t.indicator = old.indicator AND t.unit = old.unit AND t.period = old.period;
	FOREACH rest IN ARRAY ARRAY[daterange(lower(old.period), greatest(lower(days), lower(old.period))),
								daterange(least(upper(days), upper(old.period)), upper(old.period))]
	LOOP
		IF NOT isempty(rest) THEN
			INSERT INTO kpi.target (indicator, unit, period, target, baseline, stretch, basis, note)
			VALUES (old.indicator, old.unit, rest,
					kpi.share_by_days(old.target, old.period, rest, rollup),
					kpi.share_by_days(old.baseline, old.period, rest, rollup),
					kpi.share_by_days(old.stretch, old.period, rest, rollup), old.basis, old.note);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi.split_target(kpi.target, daterange) IS
'Takes days out of an existing target: what is left before and after them keeps its part by days (time_rollup sum) or the same target.';

CREATE FUNCTION kpi.set_target(indicator text, unit text, period text, target numeric, baseline numeric DEFAULT NULL,
							   stretch numeric DEFAULT NULL, basis text DEFAULT 'agreed', note text DEFAULT NULL,
							   replace boolean DEFAULT false)
	RETURNS daterange
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	days CONSTANT daterange := kpi.read_period(period);
	old kpi.target;
BEGIN
	PERFORM kpi.require_indicator(indicator);
	PERFORM kpi.require_unit(unit);
	PERFORM kpi.require_value('target', CAST(target AS text));
	PERFORM kpi.require_number('target', target);
	PERFORM kpi.require_number('baseline', baseline);
	PERFORM kpi.require_number('stretch', stretch);
	PERFORM kpi.require_value('basis', basis);
	PERFORM kpi.require_word('basis', basis, 'history', 'industry', 'capability', 'agreed');

	-- the statements after it see what another session has set
	PERFORM pg_advisory_xact_lock(hashtextextended('kpi.set_target ' || indicator || '/' || unit, 0));
	FOR old IN
		SELECT * FROM kpi.target AS t
		WHERE t.indicator = set_target.indicator AND t.unit = set_target.unit AND t.period && days AND t.period <> days
		ORDER BY t.period
	LOOP
		IF replace IS NOT TRUE THEN
			PERFORM kpi.fail('23P01',
				format('target of indicator "%s" for unit "%s" overlaps an existing one', indicator, unit),
				'End the existing target first, or pass replace => true to split it.',
				format('%s overlaps %s with target %s.', days, old.period, old.target));
		END IF;
		PERFORM kpi.split_target(old, days);
	END LOOP;

	INSERT INTO kpi.target AS t (indicator, unit, period, target, baseline, stretch, basis, note)
	VALUES (set_target.indicator, set_target.unit, days, set_target.target, set_target.baseline, set_target.stretch,
			set_target.basis, set_target.note)
	ON CONFLICT ON CONSTRAINT target_pkey DO UPDATE
	SET target = excluded.target, baseline = excluded.baseline, stretch = excluded.stretch,
		basis = excluded.basis, note = excluded.note
	WHERE (t.target, t.baseline, t.stretch, t.basis, t.note)
		IS DISTINCT FROM (excluded.target, excluded.baseline, excluded.stretch, excluded.basis, excluded.note);
	RETURN days;
END
$$;
COMMENT ON FUNCTION kpi.set_target(text, text, text, numeric, numeric, numeric, text, text, boolean) IS
'Sets what an indicator is to reach for a unit over a period (a label or a date range as text) and returns the days. The same period again changes its row. Overlapping another period is an error, unless replace splits the existing targets around the new one: a target of time_rollup sum by days, adding up exactly. basis: history, industry, capability, agreed. Unknown names, NaN and infinity are errors.';

-- Scorecards

CREATE FUNCTION kpi.check_rollup(method text, missing text, min_coverage numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_word('method', method, 'weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority', 'geometric',
							 'points', 'self');
	PERFORM kpi.require_word('missing', missing, 'renormalize', 'zero', 'null', 'carry', 'target');
	PERFORM kpi.require_coverage(min_coverage);
END
$$;
COMMENT ON FUNCTION kpi.check_rollup(text, text, numeric) IS
'Raises an error for a wrong rule by which a group gets its score; NULLs pass.';

CREATE FUNCTION kpi.check_role(role text, role_limit numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_word('role', role, 'part', 'priority', 'bonus', 'deduction', 'veto_zero', 'veto_cap', 'veto_grade',
							 'veto_coefficient');
	IF role = 'veto_cap' AND role_limit IS NULL THEN
		PERFORM kpi.fail('22023', 'role_limit of a veto_cap is null', 'Give the score that the veto leaves at most.');
	ELSIF role_limit IN ('NaN', 'Infinity', '-Infinity')
		OR role IN ('bonus', 'deduction') AND role_limit < 0
		OR role = 'veto_grade' AND (role_limit < 1 OR role_limit > 1000 OR role_limit <> trunc(role_limit))
		OR coalesce(role, 'part') NOT IN ('bonus', 'deduction', 'veto_cap', 'veto_grade') AND role_limit IS NOT NULL
	THEN
		PERFORM kpi.fail('22023',
			format('role_limit %s is no limit of a %s', role_limit, coalesce(role, 'part')),
			'A bonus or deduction takes its most points, a veto_cap a score, a veto_grade a number of grades from 1 to 1000.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.check_role(text, numeric) IS
'Raises an error for a role that is none, and for a limit that its role does not take; NULLs pass.';

CREATE FUNCTION kpi.check_roles(scorecard text)
	RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	wrong record;
BEGIN
	SELECT n.node, n.role, p.node AS parent, p.method INTO wrong
	FROM kpi.scorecard_node AS n
		CROSS JOIN LATERAL (
			SELECT a.node, coalesce(a.method, c.method) AS method
			FROM kpi.scorecard_node AS a JOIN kpi.scorecard AS c ON c.scorecard = a.scorecard
			WHERE a.scorecard = n.scorecard AND a.node = n.parent AND a.valid && n.valid
			UNION ALL
			SELECT c.scorecard, c.method FROM kpi.scorecard AS c WHERE c.scorecard = n.scorecard AND n.parent IS NULL) AS p
	WHERE n.scorecard = check_roles.scorecard
		AND (n.role IN ('bonus', 'deduction') AND p.method <> 'points' OR n.role LIKE 'veto%' AND p.method = 'self')
	ORDER BY CAST(n.node AS text) COLLATE "C", n.valid
	LIMIT 1;
	IF FOUND THEN
		PERFORM kpi.fail('22023',
			format('node "%s" is a %s of "%s", which has method "%s"', wrong.node, wrong.role, wrong.parent, wrong.method),
			CASE WHEN wrong.role LIKE 'veto%' THEN 'Give the parent a method by which its children count.'
				 ELSE 'Give the parent the method "points".' END);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.check_roles(text) IS
'Raises an error for a bonus or deduction of a scorecard below a method other than points, and for a veto below the method self.';

CREATE FUNCTION kpi.define_scorecard(scorecard text, name text DEFAULT NULL, grain text DEFAULT 'month',
									 method text DEFAULT 'weighted', missing text DEFAULT 'renormalize',
									 min_coverage numeric DEFAULT NULL, band_set text DEFAULT 'standard')
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.require_key('scorecard', scorecard);
	grain := coalesce(grain, 'month');
	method := coalesce(method, 'weighted');
	missing := coalesce(missing, 'renormalize');
	band_set := coalesce(band_set, 'standard');
	PERFORM kpi.require_word('grain', grain, 'month', 'quarter', 'year');
	PERFORM kpi.require_word('method', method, 'weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority', 'geometric',
							 'points');
	PERFORM kpi.check_rollup(method, missing, min_coverage);
	PERFORM kpi.require_band_set(band_set);
	PERFORM kpi.lock_tree('kpi.scorecard_node');
	INSERT INTO kpi.scorecard AS s (scorecard, name, grain, method, missing, min_coverage, band_set)
	VALUES (define_scorecard.scorecard,
			coalesce(define_scorecard.name, kpi.default_name(define_scorecard.scorecard)),
			define_scorecard.grain, define_scorecard.method, define_scorecard.missing,
			define_scorecard.min_coverage, define_scorecard.band_set)
	ON CONFLICT ON CONSTRAINT scorecard_pkey DO UPDATE
	SET name = excluded.name, grain = excluded.grain, method = excluded.method, missing = excluded.missing,
		min_coverage = excluded.min_coverage, band_set = excluded.band_set
	WHERE (s.name, s.grain, s.method, s.missing, s.min_coverage, s.band_set)
		IS DISTINCT FROM (excluded.name, excluded.grain, excluded.method, excluded.missing, excluded.min_coverage, excluded.band_set);
	PERFORM kpi.check_roles(scorecard);
	RETURN scorecard;
END
$$;
COMMENT ON FUNCTION kpi.define_scorecard(text, text, text, text, text, numeric, text) IS
'Adds or changes a scorecard and returns its key. grain: month, quarter, year. method: weighted, average, worst, best, sum, majority, priority, geometric, points. missing: renormalize, zero, null, carry, target. min_coverage: share of the weight, 0 to 1, NULL for any. bands: key of a scale. What is left out takes its default; wrong words and unknown bands are errors.';

CREATE FUNCTION kpi.check_node(wanted kpi.scorecard_node)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF wanted.weight < 0 OR wanted.weight IN ('NaN', 'Infinity') THEN
		PERFORM kpi.fail('22023',
			format('weight %s is not a finite number of at least 0', wanted.weight),
			'Weights may be on any scale; a NULL weight shows a row without counting it.');
	END IF;
	IF wanted.indicator IS NOT NULL AND EXISTS (SELECT FROM kpi.scorecard_node AS n
												WHERE n.scorecard = wanted.scorecard AND n.parent = wanted.node)
	THEN
		PERFORM kpi.fail('22023',
			format('node "%s" of scorecard "%s" has nodes below it', wanted.node, wanted.scorecard),
			'A node either shows an indicator or groups others: place the indicator below it.');
	END IF;
	PERFORM kpi.check_rollup(wanted.method, wanted.missing, wanted.min_coverage);
	PERFORM kpi.check_role(wanted.role, wanted.role_limit);
	IF wanted.max_age < 0 OR wanted.max_age > 1000 THEN
		PERFORM kpi.fail('22023',
			format('max_age %s is not between 0 and 1000', wanted.max_age),
			'It is the number of periods for which a score is carried; 0 carries none.');
	END IF;
	PERFORM kpi.require_number('floor', wanted.floor);
	PERFORM kpi.require_number('cap', wanted.cap);
	IF wanted.floor > wanted.cap THEN
		PERFORM kpi.fail('22023',
			format('floor %s is above cap %s', wanted.floor, wanted.cap),
			'Scores are kept from floor to cap.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.check_node(kpi.scorecard_node) IS
'Raises an error for a weight, rule or limit of a node that makes no sense.';

CREATE FUNCTION kpi.require_parent(child kpi.scorecard_node)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	valid datemultirange;
	shows text;
BEGIN
	SELECT range_agg(n.valid), min(n.indicator) FILTER (WHERE n.valid && child.valid) INTO valid, shows
	FROM kpi.scorecard_node AS n
	WHERE n.scorecard = child.scorecard AND n.node = child.parent;
	IF valid IS NULL AND child.parent <> child.node THEN
		PERFORM kpi.fail_unknown('node', child.parent,
								 (SELECT array_agg(k.node ORDER BY k.node COLLATE "C")
								  FROM (SELECT DISTINCT CAST(n.node AS text) FROM kpi.scorecard_node AS n
										WHERE n.scorecard = child.scorecard) AS k (node)),
								 'nodes', 'The scorecard has no node yet; set the weight of the parent first.',
								 format(' in scorecard "%s"', child.scorecard));
	ELSIF shows IS NOT NULL AND child.parent <> child.node THEN
		PERFORM kpi.fail('22023',
			format('parent "%s" of node "%s" shows indicator "%s"', child.parent, child.node, shows),
			'Nodes are placed below groups: give the group a key that is no indicator.');
	ELSIF NOT valid @> child.valid THEN
		PERFORM kpi.fail('22023',
			format('parent "%s" is not valid as long as node "%s"', child.parent, child.node),
			'Pass "from" with a day on which the parent is valid, or change kpi.scorecard_node.valid of one of them.',
			format('It is valid in %s, the node in %s.', valid, child.valid));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.require_parent(kpi.scorecard_node) IS
'Raises an error unless the parent of a node is a group of its scorecard on all days on which the node is valid.';

CREATE FUNCTION kpi.node_version(scorecard text, node text, day date)
	RETURNS kpi.scorecard_node
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	version kpi.scorecard_node;
	ended date;
BEGIN
	SELECT * INTO version FROM kpi.scorecard_node AS n
	WHERE n.scorecard = node_version.scorecard AND n.node = node_version.node
		AND CASE WHEN day IS NULL THEN upper_inf(n.valid) ELSE n.valid @> day END;
	IF NOT FOUND AND day IS NULL THEN
		SELECT max(upper(n.valid)) INTO ended FROM kpi.scorecard_node AS n
		WHERE n.scorecard = node_version.scorecard AND n.node = node_version.node;
		IF ended IS NOT NULL THEN
			PERFORM kpi.fail('22023',
				format('node "%s" of scorecard "%s" ended on %s', node, scorecard, ended),
				'Pass "from" with the day on which it begins again, or with one on which it was valid.');
		END IF;
	END IF;
	RETURN version;
END
$$;
COMMENT ON FUNCTION kpi.node_version(text, text, date) IS
'The version of a node that is valid on a day or, for a NULL day, the one without an end; NULLs for a node that has none. A node whose versions have all ended is an error.';

CREATE FUNCTION kpi.nearest_version(scorecard text, node text, day date)
	RETURNS kpi.scorecard_node
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT n
	FROM kpi.scorecard_node AS n
	WHERE n.scorecard = nearest_version.scorecard AND n.node = nearest_version.node
	ORDER BY lower(n.valid) > day DESC NULLS LAST, abs(coalesce(lower(n.valid), upper(n.valid)) - day)
	LIMIT 1
$$;
COMMENT ON FUNCTION kpi.nearest_version(text, text, date) IS
'The first version of a node that begins after a day, else the last one before it; NULL for a node that has none.';

CREATE FUNCTION kpi.new_node(wanted kpi.scorecard_node, "from" date)
	RETURNS kpi.scorecard_node
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF wanted.indicator IS NULL AND NOT EXISTS (SELECT FROM kpi.perspective AS p WHERE p.perspective = wanted.node) THEN
		wanted.indicator := (SELECT i.indicator FROM kpi.indicator AS i WHERE i.indicator = wanted.node);
	END IF;
	wanted.perspective := coalesce(wanted.perspective,
		(SELECT p.perspective FROM kpi.perspective AS p WHERE p.perspective = wanted.node),
		(SELECT i.perspective FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator),
		(SELECT n.perspective FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wanted.scorecard AND n.node = wanted.parent ORDER BY n.valid DESC LIMIT 1));
	wanted.name := coalesce(wanted.name,
		(SELECT i.name FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator),
		(SELECT p.name FROM kpi.perspective AS p WHERE p.perspective = wanted.node),
		kpi.default_name(wanted.node));
	wanted.position := coalesce(wanted.position,
		(SELECT max(n.position) + 10 FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wanted.scorecard AND n.parent IS NOT DISTINCT FROM wanted.parent), 10);
	wanted.valid := daterange("from",
		(SELECT min(lower(n.valid)) FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wanted.scorecard AND n.node = wanted.node AND lower(n.valid) > "from"));
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION kpi.new_node(kpi.scorecard_node, date) IS
'A new node with its defaults: indicator and perspective of its key, their name, the last position below its parent, valid from the day (NULL for always) to the next version.';

CREATE FUNCTION kpi.put_node(wanted kpi.scorecard_node, old kpi.scorecard_node, "from" date)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF wanted *= old THEN
		RETURN;
	ELSIF old.node IS NOT NULL AND "from" IS DISTINCT FROM lower(old.valid) AND "from" IS NOT NULL THEN
		UPDATE kpi.scorecard_node AS n SET valid = daterange(lower(old.valid), "from")
		WHERE n.scorecard = old.scorecard AND n.node = old.node AND n.valid = old.valid;
		wanted.valid := daterange("from", upper(old.valid));
		old := NULL;
	END IF;
	IF old.node IS NULL THEN
		INSERT INTO kpi.scorecard_node VALUES (wanted.*);
	ELSE
		UPDATE kpi.scorecard_node AS n
		SET (parent, indicator, unit, perspective, name, weight, role, role_limit, method, missing, max_age, min_coverage, scale, floor, cap, position) =
			ROW (wanted.parent, wanted.indicator, wanted.unit, wanted.perspective, wanted.name, wanted.weight, wanted.role,
				 wanted.role_limit, wanted.method, wanted.missing, wanted.max_age, wanted.min_coverage, wanted.scale, wanted.floor,
				 wanted.cap, wanted.position)
		WHERE n.scorecard = old.scorecard AND n.node = old.node AND n.valid = old.valid;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.put_node(kpi.scorecard_node, kpi.scorecard_node, date) IS
'Stores a node for kpi.set_weight(): in place of its old version, or from a day on beside it; nothing where they are alike.';

CREATE FUNCTION kpi.set_weight(scorecard text, node text, weight numeric DEFAULT NULL, parent text DEFAULT NULL,
							   indicator text DEFAULT NULL, name text DEFAULT NULL, method text DEFAULT NULL,
							   missing text DEFAULT NULL, min_coverage numeric DEFAULT NULL,
							   scale kpi.scale DEFAULT NULL, floor numeric DEFAULT NULL, cap numeric DEFAULT NULL,
							   unit text DEFAULT NULL, perspective text DEFAULT NULL, "position" integer DEFAULT NULL,
							   "from" date DEFAULT NULL, role text DEFAULT NULL, role_limit numeric DEFAULT NULL,
							   max_age integer DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.scorecard_node;
	template kpi.scorecard_node;
	wanted kpi.scorecard_node;
BEGIN
	PERFORM kpi.require_scorecard(scorecard);
	PERFORM kpi.require_key('node', node);
	IF node = scorecard THEN
		PERFORM kpi.fail('22023',
			format('node "%s" has the key of its scorecard', node),
			'That is its root; set it with kpi.define_scorecard().');
	ELSIF NOT isfinite("from") THEN
		PERFORM kpi.fail('22023',
			format('"from" %s is not a day', "from"),
			'Leave it out for a weight that holds always.');
	END IF;
	PERFORM kpi.require_indicator(indicator) WHERE indicator IS NOT NULL;
	PERFORM kpi.require_unit(unit) WHERE unit IS NOT NULL;
	PERFORM kpi.require_perspective(perspective) WHERE perspective IS NOT NULL;

	-- what is left out is kept as the last editor left it
	PERFORM kpi.lock_tree('kpi.scorecard_node');
	old := kpi.node_version(scorecard, node, "from");
	template := CASE WHEN old.node IS NULL THEN kpi.nearest_version(scorecard, node, "from") ELSE old END;
	wanted := template;
	wanted.scorecard := scorecard;
	wanted.node := node;
	wanted.weight := coalesce(weight, template.weight);
	wanted.parent := CASE WHEN parent = scorecard THEN NULL ELSE coalesce(parent, template.parent) END;
	wanted.indicator := coalesce(indicator, template.indicator);
	wanted.name := coalesce(set_weight.name, template.name);
	wanted.role := coalesce(role, template.role);
	wanted.role_limit := CASE WHEN wanted.role IS DISTINCT FROM template.role THEN role_limit ELSE coalesce(role_limit, template.role_limit) END;
	wanted.max_age := coalesce(max_age, template.max_age, 1);
	wanted.method := coalesce(method, template.method);
	wanted.missing := coalesce(missing, template.missing);
	wanted.min_coverage := coalesce(min_coverage, template.min_coverage);
	wanted.scale := coalesce(scale, template.scale);
	wanted.floor := coalesce(set_weight.floor, template.floor);
	wanted.cap := coalesce(cap, template.cap);
	wanted.unit := coalesce(unit, template.unit);
	wanted.perspective := coalesce(perspective, template.perspective);
	wanted.position := coalesce(set_weight.position, template.position);
	IF old.node IS NULL THEN
		wanted := kpi.new_node(wanted, "from");
	END IF;
	PERFORM kpi.check_node(wanted);
	PERFORM kpi.require_parent(wanted) WHERE wanted.parent IS NOT NULL;
	PERFORM kpi.put_node(wanted, old, "from");
	PERFORM kpi.check_roles(scorecard);
	RETURN node;
END
$$;
COMMENT ON FUNCTION kpi.set_weight(text, text, numeric, text, text, text, text, text, numeric, kpi.scale, numeric, numeric, text, text, integer, date, text, numeric, integer) IS
'Sets the weight of a node of a scorecard, adding the node where it is new, and returns its key. weight: at least 0 on any scale; a new node without one is shown and not counted. A new node takes indicator and perspective of its key, their name, and the last place below its parent; an existing one keeps what is left out. parent: a group of the scorecard, or the scorecard itself for the top. from: ends the version valid on that day and begins a new one; without it the version without an end is changed. role and role_limit: what the node is to its parent, as in kpi.scorecard_rollup(). max_age: periods for which its last score is carried where the parent says carry, 1 by default. Unknown names, grains, wrong weights and roles are errors.';
