-- Indicators: the one definition of what is measured and how it is judged.

CREATE TABLE kpi.indicator (
	indicator kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	description text,
	rule text,
	unit_of_measure text NOT NULL DEFAULT '',
	direction text NOT NULL DEFAULT 'higher'
		CHECK (direction OPERATOR(pg_catalog.=) ANY (ARRAY['higher', 'lower', 'target'])),
	perspective kpi.key REFERENCES kpi.perspective ON UPDATE CASCADE,
	kind text NOT NULL DEFAULT 'measured'
		CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['measured', 'entered'])),
	source text,
	time_column text,
	unit_column text,
	numerator text,
	denominator text,
	filter text,
	grain text NOT NULL DEFAULT 'month'
		CHECK (grain OPERATOR(pg_catalog.=) ANY (ARRAY['month', 'quarter', 'year'])),
	time_rollup text NOT NULL DEFAULT 'sum'
		CHECK (time_rollup OPERATOR(pg_catalog.=) ANY (ARRAY['sum', 'avg', 'last', 'distinct', 'ratio'])),
	attainment_method text NOT NULL DEFAULT 'ratio'
		CHECK (attainment_method OPERATOR(pg_catalog.=) ANY (ARRAY['ratio', 'inverse', 'progress'])),
	zero_target text NOT NULL DEFAULT 'null'
		CHECK (zero_target OPERATOR(pg_catalog.=) ANY (ARRAY['null', 'met'])),
	scale kpi.scale,
	decimals integer NOT NULL DEFAULT 2 CHECK (decimals OPERATOR(pg_catalog.>=) 0 AND decimals OPERATOR(pg_catalog.<=) 6),
	owner name NOT NULL DEFAULT CURRENT_USER,
	responsible text,
	data_source text,
	state text NOT NULL DEFAULT 'approved'
		CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['draft', 'approved', 'retired'])),
	version integer NOT NULL DEFAULT 1 CHECK (version OPERATOR(pg_catalog.>=) 1),
	CONSTRAINT indicator_measured CHECK (kind OPERATOR(pg_catalog.<>) 'measured' OR
		(source IS NOT NULL AND time_column IS NOT NULL AND numerator IS NOT NULL)),
	CONSTRAINT indicator_ratio CHECK (time_rollup OPERATOR(pg_catalog.<>) 'ratio' OR
		kind OPERATOR(pg_catalog.<>) 'measured' OR denominator IS NOT NULL),
	CONSTRAINT indicator_inverse CHECK (attainment_method OPERATOR(pg_catalog.<>) 'inverse' OR
		direction OPERATOR(pg_catalog.=) 'lower')
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
COMMENT ON COLUMN kpi.indicator.grain IS 'Shortest period that is measured: month, quarter or year.';
COMMENT ON COLUMN kpi.indicator.time_rollup IS 'How periods make longer ones: sum, avg, last, distinct or ratio. Targets of sum are shared out by days, others are averaged by days.';
COMMENT ON COLUMN kpi.indicator.attainment_method IS 'ratio, inverse or progress.';
COMMENT ON COLUMN kpi.indicator.zero_target IS 'Attainment of a target of 0: null (undefined) or met (1 or 0).';
COMMENT ON COLUMN kpi.indicator.scale IS 'Scale from attainment to points; NULL for 100 points per whole attainment.';
COMMENT ON COLUMN kpi.indicator.decimals IS 'Decimals its values are shown with, 0 to 6.';
COMMENT ON COLUMN kpi.indicator.owner IS 'Role with whose rights the source is read.';
COMMENT ON COLUMN kpi.indicator.responsible IS 'Who answers for it, in words.';
COMMENT ON COLUMN kpi.indicator.data_source IS 'Where the data comes from, in words.';
COMMENT ON COLUMN kpi.indicator.state IS 'draft, approved or retired; a retired indicator is not collected.';
COMMENT ON COLUMN kpi.indicator.version IS 'Counts the changes of the definition, from 1.';
COMMENT ON CONSTRAINT indicator_measured ON kpi.indicator IS 'A measured indicator has a source, a time column and a numerator.';
COMMENT ON CONSTRAINT indicator_ratio ON kpi.indicator IS 'A measured indicator that rolls up as a ratio has a denominator.';
COMMENT ON CONSTRAINT indicator_inverse ON kpi.indicator IS 'target / actual makes sense only where lower is better.';

-- superusers may act as anybody, also as a role that is gone
CREATE FUNCTION kpi_internal.may_act_as(role name)
	RETURNS boolean
	LANGUAGE plpgsql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	privilege CONSTANT text := CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END;
BEGIN
	RETURN (SELECT me.rolsuper OR EXISTS
				(SELECT FROM pg_roles AS it WHERE it.rolname = role AND pg_has_role(me.oid, it.oid, privilege))
			FROM pg_roles AS me
			WHERE me.rolname = current_user);
END
$$;
COMMENT ON FUNCTION kpi_internal.may_act_as(name) IS
'Whether the current role may act as the given one: it is that role, a member of it or a superuser. False for a role that does not exist, NULL for NULL.';

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
			format('you may not make "%s" the owner of indicator "%s"', NEW.owner, NEW.indicator),
			'The source is read with the rights of the owner: name yourself or a role that you are a member of.');
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
	PERFORM kpi_internal.require_word('direction', wanted.direction, 'higher', 'lower', 'target');
	PERFORM kpi_internal.require_word('kind', wanted.kind, 'measured', 'entered');
	PERFORM kpi_internal.require_word('grain', wanted.grain, 'month', 'quarter', 'year');
	PERFORM kpi_internal.require_word('time_rollup', wanted.time_rollup, 'sum', 'avg', 'last', 'distinct', 'ratio');
	PERFORM kpi_internal.require_word('attainment_method', wanted.attainment_method, 'ratio', 'inverse', 'progress');
	PERFORM kpi_internal.require_word('zero_target', wanted.zero_target, 'null', 'met');
	PERFORM kpi_internal.require_word('state', wanted.state, 'draft', 'approved', 'retired');
	IF wanted.perspective IS NOT NULL THEN
		PERFORM kpi_internal.require_perspective(wanted.perspective);
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
			WHEN 'time_column' THEN format('Name the column that says when%s.', kpi_internal.time_columns(wanted.source))
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
		PERFORM kpi_internal.fail('22023', problem, help);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_definition(kpi.indicator) IS
'Raises an error for a definition that makes no sense, before it is stored; the source itself is checked by kpi.check_source().';

CREATE FUNCTION kpi_internal.put_indicator(wanted kpi.indicator, relation regclass)
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
	PERFORM kpi_internal.lock_key('kpi.indicator', wanted.indicator);
	SELECT * INTO old FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator;
	IF wanted.source IS NOT NULL THEN
		wanted.source := kpi_internal.source_name(wanted.source, relation);
	END IF;
	wanted.name := coalesce(wanted.name, kpi_internal.default_name(wanted.indicator));
	wanted.unit_of_measure := coalesce(wanted.unit_of_measure, '');
	wanted.direction := coalesce(wanted.direction, 'higher');
	wanted.kind := coalesce(wanted.kind, CASE WHEN wanted.source IS NULL THEN 'entered' ELSE 'measured' END);
	wanted.grain := coalesce(wanted.grain, 'month');
	wanted.time_rollup := coalesce(wanted.time_rollup, kpi_internal.default_rollup(wanted.numerator, wanted.denominator));
	wanted.attainment_method := coalesce(wanted.attainment_method, 'ratio');
	wanted.zero_target := coalesce(wanted.zero_target, 'null');
	wanted.decimals := coalesce(wanted.decimals,
								CASE WHEN wanted.denominator IS NULL AND wanted.numerator ~* E'^\\s*count\\s*\\(' THEN 0 ELSE 2 END);
	wanted.state := coalesce(wanted.state, 'approved');
	wanted.version := coalesce(old.version, 1);
	IF wanted.owner IS NULL THEN
		wanted.owner := coalesce(old.owner, current_user);
	ELSIF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = wanted.owner) THEN
		PERFORM kpi_internal.fail_unknown('role', wanted.owner,
								 (SELECT array_agg(CAST(r.rolname AS text) ORDER BY r.rolname)
								  FROM pg_roles AS r WHERE r.rolname !~ '^pg_'),
								 'roles', 'Name a role of this server.');
	END IF;
	PERFORM kpi_internal.check_definition(wanted);

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
		PERFORM kpi_internal.fail(SQLSTATE, message, nullif(hint, ''), nullif(detail, ''));
END
$$;
COMMENT ON FUNCTION kpi_internal.put_indicator(kpi.indicator, regclass) IS
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
	PERFORM kpi_internal.require_key('indicator', indicator);
	IF perspective IS NOT NULL THEN
		PERFORM kpi_internal.require_perspective(perspective);
	END IF;
	RETURN kpi_internal.put_indicator(CAST(ROW(indicator, name, description, rule, unit_of_measure, direction, perspective,
									  kind, source, time_column, unit_column, numerator, denominator, filter, grain,
									  time_rollup, attainment_method, zero_target, scale, decimals, owner,
									  responsible, data_source, state, NULL) AS kpi.indicator),
							 kpi_internal.resolve_source(source));
END
$$;
COMMENT ON FUNCTION kpi.define_indicator(text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, kpi.scale, integer, text, text, text, text) IS
'Adds or changes an indicator and returns its key. What is left out takes its default, but an existing indicator keeps its owner: name made of the key, direction higher, kind measured with a source and entered without, grain month, attainment_method ratio, zero_target null, decimals 2 (0 for counts), owner the current role, state approved, time_rollup by its expressions. The source is looked up on your search path and planned as the owner. Wrong words, columns and expressions are errors; only members of the owner may change it.';
