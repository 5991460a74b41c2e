-- Indicators: the one definition of what is measured and how it is judged.

CREATE TABLE kpi.indicator (
	indicator kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	description text,
	rule text,
	unit_of_measure text NOT NULL DEFAULT '',
	direction kpi_internal.direction NOT NULL DEFAULT 'higher',
	perspective kpi.key REFERENCES kpi.perspective ON UPDATE CASCADE,
	kind kpi_internal.kind NOT NULL DEFAULT 'measured',
	source text,
	time_column text,
	unit_column text,
	numerator text,
	denominator text,
	filter text,
	grain kpi.key NOT NULL DEFAULT 'month' REFERENCES kpi.grain ON UPDATE CASCADE,
	time_rollup text NOT NULL DEFAULT 'sum'
		CHECK (time_rollup OPERATOR(pg_catalog.=) ANY (ARRAY['sum', 'avg', 'last', 'distinct', 'ratio'])),
	attainment_method kpi_internal.attainment_method NOT NULL DEFAULT 'ratio',
	zero_target text NOT NULL DEFAULT 'null'
		CHECK (zero_target OPERATOR(pg_catalog.=) ANY (ARRAY['null', 'met'])),
	scale kpi.scale,
	target_rule kpi_internal.target_rule,
	spread_by kpi_internal.spread_by NOT NULL DEFAULT 'equal',
	target_profile kpi.key REFERENCES kpi.target_profile ON UPDATE CASCADE,
	inherit_target boolean NOT NULL DEFAULT false,
	target_peer kpi.key,
	decimals integer NOT NULL DEFAULT 2 CHECK (decimals OPERATOR(pg_catalog.>=) 0 AND decimals OPERATOR(pg_catalog.<=) 6),
	owner kpi.owner NOT NULL DEFAULT CURRENT_USER,
	time_zone text NOT NULL DEFAULT kpi_internal.database_time_zone(),
	timeout interval CONSTRAINT indicator_timeout CHECK
		(timeout OPERATOR(pg_catalog.>=) '1 millisecond' AND timeout OPERATOR(pg_catalog.<=) '30 days'),
	responsible text,
	data_source text,
	state kpi_internal.state NOT NULL DEFAULT 'approved',
	version integer NOT NULL DEFAULT 1 CHECK (version OPERATOR(pg_catalog.>=) 1),
	CONSTRAINT indicator_measured CHECK (CASE CAST(kind AS text) WHEN 'measured'
		THEN source IS NOT NULL AND time_column IS NOT NULL AND numerator IS NOT NULL
		ELSE pg_catalog.num_nonnulls(source, time_column, unit_column, numerator, denominator, filter) OPERATOR(pg_catalog.=) 0 END),
	CONSTRAINT indicator_ratio CHECK (time_rollup OPERATOR(pg_catalog.<>) 'ratio' OR
		CAST(kind AS text) OPERATOR(pg_catalog.<>) 'measured' OR denominator IS NOT NULL),
	CONSTRAINT indicator_profile CHECK ((CAST(spread_by AS text) OPERATOR(pg_catalog.=) 'profile') OPERATOR(pg_catalog.=) (target_profile IS NOT NULL)),
	CONSTRAINT indicator_inverse CHECK (CAST(attainment_method AS text) OPERATOR(pg_catalog.<>) 'inverse' OR
		CAST(direction AS text) OPERATOR(pg_catalog.=) 'lower')
);

COMMENT ON TABLE kpi.indicator IS
'The one definition of an indicator: what it means, where its values come from and how they are judged.';
COMMENT ON COLUMN kpi.indicator.indicator IS 'Key.';
COMMENT ON COLUMN kpi.indicator.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.indicator.description IS 'What it says and why it is watched.';
COMMENT ON COLUMN kpi.indicator.rule IS 'How it is computed, in words.';
COMMENT ON COLUMN kpi.indicator.unit_of_measure IS 'Unit of its values, such as GBP or days; % shows a fraction times 100; empty for a plain number.';
COMMENT ON COLUMN kpi.indicator.direction IS 'Which way is better: higher, lower, or target (the closer to the target the better).';
COMMENT ON COLUMN kpi.indicator.perspective IS 'The perspective it belongs to; NULL for none.';
COMMENT ON COLUMN kpi.indicator.kind IS 'measured: computed from the source; entered: values are written to kpi.measurement.';
COMMENT ON COLUMN kpi.indicator.source IS 'Table or view the values come from, quoted and with its schema.';
COMMENT ON COLUMN kpi.indicator.time_column IS 'Column of the source that says when: date, timestamp or timestamptz.';
COMMENT ON COLUMN kpi.indicator.unit_column IS 'Column of the source that names the unit; NULL where rows belong to no unit.';
COMMENT ON COLUMN kpi.indicator.numerator IS 'Aggregate expression over the source, such as sum(amount).';
COMMENT ON COLUMN kpi.indicator.denominator IS 'Aggregate expression the numerator is divided by; NULL where the numerator is the value.';
COMMENT ON COLUMN kpi.indicator.filter IS 'Condition on the rows of the source that count; NULL for all.';
COMMENT ON COLUMN kpi.indicator.grain IS 'Shortest period that is measured: a key of kpi.grain that is no window. Longer ones are measured where their periods are made of whole periods of it.';
COMMENT ON COLUMN kpi.indicator.time_rollup IS 'How periods make longer ones: sum, avg, last, distinct or ratio. Targets of sum are shared out by days, others are averaged by days.';
COMMENT ON COLUMN kpi.indicator.attainment_method IS 'ratio, inverse or progress.';
COMMENT ON COLUMN kpi.indicator.zero_target IS 'Attainment of a target of 0: null (undefined) or met (1 or 0).';
COMMENT ON COLUMN kpi.indicator.scale IS 'Scale from attainment, actual or gap to points; NULL for 100 points per whole attainment.';
COMMENT ON COLUMN kpi.indicator.target_rule IS 'How a target of a period and those of its parts hang together: spread, hold, end or compound; NULL for what time_rollup suggests.';
COMMENT ON COLUMN kpi.indicator.spread_by IS 'How a target is shared out over its days: equal (each month the same), days or profile.';
COMMENT ON COLUMN kpi.indicator.target_profile IS 'The profile by which targets are shared out; NULL but for spread_by profile.';
COMMENT ON COLUMN kpi.indicator.inherit_target IS 'Whether a unit without a target has that of the nearest unit above, where a target of a period is that of its parts (hold).';
COMMENT ON COLUMN kpi.indicator.target_peer IS 'The peer whose benchmark is the target where there is no other; NULL for none.';
COMMENT ON COLUMN kpi.indicator.decimals IS 'Decimals its values are shown with, 0 to 6.';
COMMENT ON COLUMN kpi.indicator.owner IS 'Role with whose rights the source is read; written as its name, and the same role when that is changed.';
COMMENT ON COLUMN kpi.indicator.time_zone IS 'Zone whose days and months its rows fall into, where the time column has a time zone; a name of pg_timezone_names.';
COMMENT ON COLUMN kpi.indicator.timeout IS 'Longest time that measuring may take; NULL for any.';
COMMENT ON COLUMN kpi.indicator.responsible IS 'Who answers for it, in words.';
COMMENT ON COLUMN kpi.indicator.data_source IS 'Where the data comes from, in words.';
COMMENT ON COLUMN kpi.indicator.state IS 'draft, approved or retired; a retired indicator is not collected.';
COMMENT ON COLUMN kpi.indicator.version IS 'Counts the changes of the definition, from 1.';
COMMENT ON CONSTRAINT indicator_timeout ON kpi.indicator IS 'From a millisecond to 30 days.';
COMMENT ON CONSTRAINT indicator_measured ON kpi.indicator IS 'A measured indicator has a source, a time column and a numerator; any other has none of what they are measured by.';
COMMENT ON CONSTRAINT indicator_ratio ON kpi.indicator IS 'A measured indicator that rolls up as a ratio has a denominator.';
COMMENT ON CONSTRAINT indicator_profile ON kpi.indicator IS 'A target is shared out by a profile where one is named, and nowhere else.';
COMMENT ON CONSTRAINT indicator_inverse ON kpi.indicator IS 'target / actual makes sense only where lower is better.';

CREATE FUNCTION kpi_internal.guard_indicator()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	same kpi.indicator := NEW;
BEGIN
	IF TG_OP <> 'INSERT' AND NOT kpi_internal.may_act_as(OLD.owner) THEN
		PERFORM kpi_internal.fail('42501',
			format('indicator "%s" belongs to "%s"', OLD.indicator, OLD.owner),
			format('Only members of role "%s" and superusers may change or delete it.', OLD.owner));
	END IF;
	IF TG_OP = 'DELETE' THEN
		RETURN OLD;
	END IF;
	IF NOT kpi_internal.may_act_as(NEW.owner) THEN
		PERFORM kpi_internal.fail('42501',
			format('permission denied to make "%s" the owner of indicator "%s"', NEW.owner, NEW.indicator),
			'The source is read with the rights of the owner: name yourself or a role that you are a member of.');
	END IF;
	IF TG_OP = 'INSERT' OR NEW.time_zone <> OLD.time_zone THEN
		NEW.time_zone := kpi_internal.require_time_zone(NEW.time_zone);
	END IF;
	IF TG_OP = 'UPDATE' THEN
		same.version := OLD.version;
		IF same *<> OLD THEN
			NEW.version := OLD.version + 1;
		END IF;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_indicator() IS
'Trigger: only members of the owner write an indicator, and a changed definition gets the next version.';

CREATE TRIGGER guard_indicator
	BEFORE INSERT OR UPDATE OR DELETE ON kpi.indicator
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_indicator();
COMMENT ON TRIGGER guard_indicator ON kpi.indicator IS
'Only members of the owner write an indicator, and a changed definition gets the next version.';

SELECT pg_catalog.pg_extension_config_dump('kpi.indicator', '');

CREATE FUNCTION kpi_internal.require_indicator(indicator text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_value('indicator', indicator);
	IF NOT EXISTS (SELECT FROM kpi.indicator AS i WHERE i.indicator = require_indicator.indicator) THEN
		PERFORM kpi_internal.fail_unknown('indicator', indicator,
								 (SELECT array_agg(CAST(i.indicator AS text) ORDER BY i.indicator COLLATE "C") FROM kpi.indicator AS i),
								 'indicators', 'No indicator is defined yet; use kpi.define_indicator().');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_indicator(text) IS
'Raises an error unless the indicator exists, with a hint at the one that may be meant.';

-- a lone sum or count adds up over periods; a quotient of sums does not
CREATE FUNCTION kpi_internal.default_rollup(numerator text, denominator text)
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
	ELSIF numerator ~* E'\\mcount\\s*\\(\\s*distinct\\M' THEN
		RETURN 'distinct';
	END IF;
	LOOP
		inner_text := outside;
		outside := regexp_replace(outside, E'\\([^()]*\\)', '', 'g');
		EXIT WHEN outside = inner_text OR outside IS NULL;
	END LOOP;
	RETURN CASE WHEN numerator ~* E'^\\s*(sum|count)\\s*\\(' AND outside !~ '/' THEN 'sum' ELSE 'avg' END;
END
$$;
COMMENT ON FUNCTION kpi_internal.default_rollup(text, text) IS
'How an indicator with these expressions rolls up over time: ratio with a denominator, else distinct for count(DISTINCT ...), sum for sums and counts that nothing divides, avg for all else.';

CREATE FUNCTION kpi_internal.require_own_grain(grain text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	base text;
BEGIN
	PERFORM kpi_internal.require_grain(grain);
	SELECT g.window_of INTO base FROM kpi.grain AS g WHERE g.grain = require_own_grain.grain;
	IF base IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023',
			format('grain "%s" is a window, whose periods overlap', grain),
			format('Measure by a grain such as "%s"; windows are made of its periods.', base));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_own_grain(text) IS
'Raises an error unless the grain exists and is no window.';

CREATE FUNCTION kpi_internal.check_definition(wanted kpi.indicator)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	needed text;
	problem text;
	help text;
BEGIN
	PERFORM kpi_internal.require_own_grain(wanted.grain);
	PERFORM kpi_internal.require_word('time_rollup', wanted.time_rollup, 'sum', 'avg', 'last', 'distinct', 'ratio');
	PERFORM kpi_internal.require_word('zero_target', wanted.zero_target, 'null', 'met');
	IF wanted.perspective IS NOT NULL THEN
		PERFORM kpi_internal.require_perspective(wanted.perspective);
	END IF;
	IF wanted.target_profile IS NOT NULL THEN
		PERFORM kpi_internal.require_target_profile(wanted.target_profile);
	END IF;

	needed := CASE WHEN wanted.source IS NULL THEN 'source'
				   WHEN wanted.time_column IS NULL THEN 'time_column'
				   WHEN wanted.numerator IS NULL THEN 'numerator' END;
	IF wanted.kind <> 'measured' AND kpi_internal.measured_by(wanted) <> '{}' THEN
		problem := format('indicator "%s" is %s and cannot have a %s', wanted.indicator, wanted.kind, (kpi_internal.measured_by(wanted))[1]);
		help := 'What has a source is measured: leave the kind out, or leave out what it would be measured by.';
	ELSIF needed IS NOT NULL AND wanted.kind = 'measured' THEN
		problem := format('indicator "%s" has no %s', wanted.indicator, needed);
		help := CASE needed
			WHEN 'source' THEN 'What is measured needs source, time_column and numerator; leave them all out for values entered by hand.'
			WHEN 'time_column' THEN format('Name the column that says when%s.', kpi_internal.time_columns(wanted.source))
			ELSE 'Give an aggregate expression over the source, such as sum(amount) or count(*).' END;
	ELSIF wanted.time_rollup = 'ratio' AND wanted.kind = 'measured' AND wanted.denominator IS NULL THEN
		problem := format('indicator "%s" rolls up as a ratio but has no denominator', wanted.indicator);
		help := 'Give numerator and denominator apart, or another time_rollup.';
	ELSIF wanted.attainment_method = 'inverse' AND wanted.direction <> 'lower' THEN
		problem := format('attainment_method "inverse" does not go with direction "%s"', wanted.direction);
		help := 'It is target / actual, for indicators where lower is better.';
	ELSIF wanted.timeout NOT BETWEEN interval '1 millisecond' AND interval '30 days' THEN
		problem := format('timeout %s is not between 1 millisecond and 30 days', wanted.timeout);
		help := 'It is the longest time that measuring may take; leave it out for any time.';
	ELSIF wanted.spread_by = 'profile' AND wanted.target_profile IS NULL THEN
		problem := format('indicator "%s" has no target_profile to spread by', wanted.indicator);
		help := 'Name one that kpi.define_target_profile() has made.';
	ELSIF wanted.spread_by <> 'profile' AND wanted.target_profile IS NOT NULL THEN
		problem := format('target_profile "%s" does not go with spread_by "%s"', wanted.target_profile, wanted.spread_by);
		help := 'Leave spread_by out, or write "profile".';
	ELSIF wanted.decimals NOT BETWEEN 0 AND 6 THEN
		problem := format('decimals %s is not between 0 and 6', wanted.decimals);
		help := 'It is the number of decimals that values are shown with.';
	END IF;
	IF problem IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023', problem, help);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_definition(kpi.indicator) IS
'Raises an error for a definition that makes no sense, before it is stored; the source itself is checked by kpi.check_source().';

CREATE FUNCTION kpi_internal.measured_by(definition kpi.indicator)
	RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT ARRAY(SELECT c.name
				 FROM (VALUES (1, 'source', (definition).source), (2, 'time_column', (definition).time_column),
							  (3, 'unit_column', (definition).unit_column), (4, 'numerator', (definition).numerator),
							  (5, 'denominator', (definition).denominator), (6, 'filter', (definition).filter)) AS c (place, name, value)
				 WHERE c.value IS NOT NULL ORDER BY c.place)
$$;
COMMENT ON FUNCTION kpi_internal.measured_by(kpi.indicator) IS
'The columns of a definition that say how it is measured and are not NULL.';

CREATE FUNCTION kpi_internal.check_indicator_words(given jsonb, reset text[])
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_word(list, given ->> list, VARIADIC kpi_internal.word_list(list))
	FROM unnest('{direction,kind,attainment_method,target_rule,spread_by,state}'::text[]) AS list;
	PERFORM kpi_internal.fail_unknown('column', wrong, known, 'columns', NULL, ' in kpi.indicator')
	FROM (SELECT array_agg(a.attname::text ORDER BY a.attnum) AS known FROM pg_attribute AS a
		  WHERE a.attrelid = 'kpi.indicator'::regclass AND a.attnum > 0 AND NOT a.attisdropped
			  AND a.attname NOT IN ('indicator', 'version')) AS c
		CROSS JOIN LATERAL (SELECT r FROM unnest(reset) AS r WHERE r <> ALL (c.known) LIMIT 1) AS w (wrong);
END
$$;
COMMENT ON FUNCTION kpi_internal.check_indicator_words(jsonb, text[]) IS
'Raises an error for a word of a definition that is not in its list, and for a column to be reset that is not there.';

-- What is given, over what stands already, over the defaults.
CREATE FUNCTION kpi_internal.merge_indicator(old kpi.indicator, given jsonb, reset text[])
	RETURNS kpi.indicator
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	kept jsonb := CASE WHEN old.indicator IS NULL THEN '{}' ELSE to_jsonb(old) - coalesce(reset, '{}') END;
	wanted kpi.indicator;
BEGIN
	IF given ->> 'kind' <> old.kind THEN
		-- what only the former kind knows goes with it
		kept := kept - kpi_internal.measured_by(old) - 'time_rollup';
	ELSIF given ? 'source' AND old.kind <> 'measured' THEN
		kept := kept - 'kind'::text - 'time_rollup'::text;
	END IF;
	IF given ?| '{numerator,denominator}' AND old.time_rollup = kpi_internal.default_rollup(old.numerator, old.denominator) THEN
		-- it was read off the expressions, and is again
		kept := kept - 'time_rollup';
	END IF;
	-- a profile and the way to spread that uses it come and go together
	IF given ? 'target_profile' AND NOT given ? 'spread_by' OR 'target_profile' = ANY (reset) THEN
		kept := kept - 'spread_by';
	ELSIF given ->> 'spread_by' <> 'profile' OR 'spread_by' = ANY (reset) THEN
		kept := kept - 'target_profile';
	END IF;
	wanted := jsonb_populate_record(NULL::kpi.indicator, kept || given);
	wanted.name := coalesce(wanted.name, kpi_internal.default_name(wanted.indicator));
	wanted.unit_of_measure := coalesce(wanted.unit_of_measure, '');
	wanted.direction := coalesce(wanted.direction, 'higher');
	wanted.kind := coalesce(wanted.kind, CASE WHEN kpi_internal.measured_by(wanted) = '{}' THEN 'entered' ELSE 'measured' END);
	wanted.grain := coalesce(wanted.grain, 'month');
	wanted.time_rollup := coalesce(wanted.time_rollup, kpi_internal.default_rollup(wanted.numerator, wanted.denominator));
	wanted.attainment_method := coalesce(wanted.attainment_method, 'ratio');
	wanted.zero_target := coalesce(wanted.zero_target, 'null');
	wanted.spread_by := coalesce(wanted.spread_by, CASE WHEN wanted.target_profile IS NULL THEN 'equal' ELSE 'profile' END);
	wanted.inherit_target := coalesce(wanted.inherit_target, false);
	wanted.decimals := coalesce(wanted.decimals,
								CASE WHEN wanted.denominator IS NULL AND wanted.numerator ~* E'^\\s*count\\s*\\(' THEN 0 ELSE 2 END);
	wanted.owner := coalesce(CAST(wanted.owner AS name), current_user);
	wanted.time_zone := coalesce(kpi_internal.require_time_zone(wanted.time_zone), kpi_internal.database_time_zone());
	wanted.state := coalesce(wanted.state, 'approved');
	wanted.version := coalesce(old.version, 1);
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION kpi_internal.merge_indicator(kpi.indicator, jsonb, text[]) IS
'The definition that an indicator gets: what is given, else what it had unless that is to be reset, else the default.';

CREATE FUNCTION kpi_internal.put_indicator(given jsonb, relation regclass, reset text[])
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.indicator;
	wanted kpi.indicator;
	columns CONSTANT text := (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute AS a
							  WHERE a.attrelid = 'kpi.indicator'::regclass AND a.attnum > 0 AND NOT a.attisdropped);
	message text;
	detail text;
	hint text;
BEGIN
	-- the statement after it sees what another session has defined
	PERFORM kpi_internal.lock_key('kpi.indicator', given ->> 'indicator');
	SELECT * INTO old FROM kpi.indicator AS i WHERE i.indicator = given ->> 'indicator';
	IF given ? 'source' THEN
		given := jsonb_set(given, '{source}', to_jsonb(kpi_internal.source_name(given ->> 'source', relation)));
	END IF;
	IF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = coalesce(given ->> 'owner', current_user)) THEN
		PERFORM kpi_internal.fail_unknown('role', given ->> 'owner',
								 (SELECT array_agg(CAST(r.rolname AS text) ORDER BY r.rolname)
								  FROM pg_roles AS r WHERE r.rolname !~ '^pg_'),
								 'roles', 'Name a role of this server.');
	END IF;
	PERFORM kpi_internal.check_indicator_words(given, reset);
	wanted := kpi_internal.merge_indicator(old, given, reset);
	PERFORM kpi_internal.check_definition(wanted);

	IF old.indicator IS NULL THEN
		INSERT INTO kpi.indicator VALUES (wanted.*);
	ELSIF wanted *<> old THEN
		EXECUTE format('UPDATE kpi.indicator SET (%1$s) = (SELECT %1$s FROM (SELECT ($1).*) AS w) WHERE indicator = $2', columns)
			USING wanted, wanted.indicator;
	END IF;
	IF wanted.kind = 'measured' THEN
		PERFORM kpi.check_source(wanted.indicator);
	END IF;
	RETURN wanted.indicator;
EXCEPTION
	WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		PERFORM kpi_internal.fail(SQLSTATE, message, nullif(hint, ''), nullif(detail, ''));
END
$$;
COMMENT ON FUNCTION kpi_internal.put_indicator(jsonb, regclass, text[]) IS
'Stores a definition given as column: value, for kpi.define_indicator(): keeps what is left out unless it is to be reset, fills in the defaults, checks it, and plans its source as the owner.';

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
									 target_rule text DEFAULT NULL, spread_by text DEFAULT NULL,
									 target_profile text DEFAULT NULL, inherit_target boolean DEFAULT NULL,
									 target_peer text DEFAULT NULL, decimals integer DEFAULT NULL, owner text DEFAULT NULL,
									 responsible text DEFAULT NULL, data_source text DEFAULT NULL,
									 state text DEFAULT NULL, time_zone text DEFAULT NULL,
									 timeout interval DEFAULT NULL, reset text[] DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM kpi_internal.require_key('indicator', indicator);
	PERFORM kpi_internal.require_text('name', name);
	IF perspective IS NOT NULL THEN
		PERFORM kpi_internal.require_perspective(perspective);
	END IF;
	RETURN kpi_internal.put_indicator(
		pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
			'indicator', indicator, 'name', name, 'description', description, 'rule', rule,
			'unit_of_measure', unit_of_measure, 'direction', direction, 'perspective', perspective, 'kind', kind,
			'source', source, 'time_column', time_column, 'unit_column', unit_column, 'numerator', numerator,
			'denominator', denominator, 'filter', filter, 'grain', grain, 'time_rollup', time_rollup,
			'attainment_method', attainment_method, 'zero_target', zero_target, 'scale', scale,
			'target_rule', target_rule, 'spread_by', spread_by, 'target_profile', target_profile,
			'inherit_target', inherit_target, 'target_peer', target_peer, 'decimals', decimals,
			'owner', owner, 'time_zone', time_zone, 'timeout', timeout, 'responsible', responsible, 'data_source', data_source, 'state', state)),
		kpi_internal.resolve_source(source), reset);
END
$$;
COMMENT ON FUNCTION kpi.define_indicator(text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, kpi.scale, text, text, text, boolean, text, integer, text, text, text, text, text, interval, text[]) IS
'Adds or changes an indicator and returns its key; what is left out stays. A new one has: name made of the key, direction higher, kind measured with a source and entered without, grain month, attainment_method ratio, zero_target null, decimals 2 (0 for counts), owner the current role, time_zone that of the database, no timeout, spread_by equal, state approved, time_rollup by its expressions. reset names columns that get their default again. The source is looked up on your search path and planned as the owner. Wrong words, columns and expressions are errors; only members of the owner may change it.';
