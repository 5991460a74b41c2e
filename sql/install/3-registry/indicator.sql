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
	unit_columns jsonb,
	all_rows_to text[],
	numerator text,
	denominator text,
	filter text,
	formula text,
	grain kpi.key NOT NULL DEFAULT 'month' REFERENCES kpi.grain ON UPDATE CASCADE,
	windows text[] NOT NULL DEFAULT '{}',
	window_min integer,
	combine kpi_internal.combine NOT NULL,
	combine_units kpi_internal.combine NOT NULL,
	last_by kpi_internal.last_by,
	empty kpi_internal.empty NOT NULL DEFAULT 'none',
	inherit boolean NOT NULL DEFAULT false,
	rating_method kpi_internal.rating_method,
	rating_trim numeric,
	rating_missing kpi_internal.rating_missing,
	rating_scale text,
	four_eyes boolean NOT NULL DEFAULT false,
	settle_after interval,
	due_after interval,
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
	set_by name NOT NULL DEFAULT CURRENT_USER,
	set_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	approved_by name,
	approved_at timestamptz
);
CREATE INDEX indicator_derived_idx ON kpi.indicator (indicator) WHERE kind OPERATOR(pg_catalog.=) 'derived';

COMMENT ON TABLE kpi.indicator IS
'The one definition of an indicator. What it means, where its values come from and how they are judged.';
COMMENT ON COLUMN kpi.indicator.indicator IS 'Key.';
COMMENT ON COLUMN kpi.indicator.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.indicator.description IS 'What it says and why it is watched.';
COMMENT ON COLUMN kpi.indicator.rule IS 'How it is computed, in words.';
COMMENT ON COLUMN kpi.indicator.unit_of_measure IS
'Unit of its values, such as GBP or days; % shows a fraction times 100; empty for a plain number.';
COMMENT ON COLUMN kpi.indicator.direction IS
'Which way is better: higher, lower, or target (the closer to the target the better).';
COMMENT ON COLUMN kpi.indicator.perspective IS 'The perspective it belongs to; NULL for none.';
COMMENT ON COLUMN kpi.indicator.kind IS
'Where its values come from: measured, derived, rated or entered. '
'That is rows of the source, a formula, judgements or typed numbers.';
COMMENT ON COLUMN kpi.indicator.source IS 'Table or view the values come from, quoted and with its schema.';
COMMENT ON COLUMN kpi.indicator.time_column IS
'Column of the source that says when: date, timestamp or timestamptz. '
'NULL for a snapshot, which counts for the periods it is collected in.';
COMMENT ON COLUMN kpi.indicator.unit_column IS
'Column of the source that names the unit of the organisation; NULL where rows name none.';
COMMENT ON COLUMN kpi.indicator.unit_columns IS
'Of each other dimension the expression over the source that names its unit. '
'It is like {"channel": "lower(channel)"}. NULL for none.';
COMMENT ON COLUMN kpi.indicator.all_rows_to IS
'Units, of dimensions without a column here, that get all rows. NULL for the only root of the organisation.';
COMMENT ON COLUMN kpi.indicator.numerator IS 'Aggregate expression over the source, such as sum(amount).';
COMMENT ON COLUMN kpi.indicator.denominator IS
'Aggregate expression the numerator is divided by; NULL where the numerator is the value.';
COMMENT ON COLUMN kpi.indicator.filter IS 'Condition on the rows of the source that count; NULL for all.';
COMMENT ON COLUMN kpi.indicator.formula IS
'Formula over other indicators, such as cost / new_customers; NULL unless derived.';
COMMENT ON COLUMN kpi.indicator.grain IS
'Own grain: the shortest period that is measured, entered or rated. A key of kpi.grain that is not a window.';
COMMENT ON COLUMN kpi.indicator.windows IS
'Windows it has values for, such as month_ytd and month_r12: keys of kpi.grain.';
COMMENT ON COLUMN kpi.indicator.window_min IS
'How many periods of a rolling window need a value; NULL for all of them.';
COMMENT ON COLUMN kpi.indicator.combine IS
'How values make those of longer periods. One of rows, formula, sum, min, max, last, first, average, ratio, '
'compound_loss, compound_growth, product or none.';
COMMENT ON COLUMN kpi.indicator.combine_units IS
'How values of units make those of the units above: the words of combine, but last and first.';
COMMENT ON COLUMN kpi.indicator.last_by IS
'Which rows of a period make a stock: those of the last day of a unit, or of the last instant. '
'NULL unless measured and combined by last or first.';
COMMENT ON COLUMN kpi.indicator.empty IS 'What a period without rows is worth: none, or zero of what is measured.';
COMMENT ON COLUMN kpi.indicator.inherit IS 'Whether a unit without a value has that of the nearest unit above.';
COMMENT ON COLUMN kpi.indicator.rating_method IS
'How judgements make a value: mean, median or trimmed. NULL unless rated.';
COMMENT ON COLUMN kpi.indicator.rating_trim IS
'Share of the judgements that trimmed leaves out at each end, from 0 to below 0.5. NULL for any other method.';
COMMENT ON COLUMN kpi.indicator.rating_missing IS
'What a missing judgement does: renormalize, zero or null. '
'The others count, it is 0, or there is no value. NULL unless rated.';
COMMENT ON COLUMN kpi.indicator.rating_scale IS
'Words that raters may give and what they are worth, such as excellent:100, good:80; NULL for numbers.';
COMMENT ON COLUMN kpi.indicator.four_eyes IS
'Whether somebody else than who wrote them approves its definition and its entries.';
COMMENT ON COLUMN kpi.indicator.settle_after IS
'How long after its end a period stays provisional; NULL for not at all.';
COMMENT ON COLUMN kpi.indicator.due_after IS 'How long after its end the value of a period is due; NULL for at once.';
COMMENT ON COLUMN kpi.indicator.attainment_method IS 'ratio, inverse or progress.';
COMMENT ON COLUMN kpi.indicator.zero_target IS
'Attainment by ratio of a target of 0: null (undefined) or met (1 or 0).';
COMMENT ON COLUMN kpi.indicator.scale IS
'Scale from attainment, actual or gap to points; NULL for 100 points per whole attainment.';
COMMENT ON COLUMN kpi.indicator.target_rule IS
'How a target of a period and those of its parts hang together: spread, hold, end or compound. '
'NULL for what combine suggests.';
COMMENT ON COLUMN kpi.indicator.spread_by IS
'How a target is shared out over its days: equal (each month the same), days or profile. '
'Only equal where nothing is (hold, end).';
COMMENT ON COLUMN kpi.indicator.target_profile IS
'The profile by which targets are shared out; NULL but for spread_by profile.';
COMMENT ON COLUMN kpi.indicator.inherit_target IS
'Whether a unit without a target has that of the nearest unit above. '
'Only where a target of a period is that of its parts (hold).';
COMMENT ON COLUMN kpi.indicator.target_peer IS
'The peer whose benchmark is the target where there is no other; NULL for none.';
COMMENT ON COLUMN kpi.indicator.decimals IS 'Decimals its values are shown with, 0 to 6.';
COMMENT ON COLUMN kpi.indicator.owner IS
'Role with whose rights the source is read. Written as its name, and the same role when that is changed.';
COMMENT ON COLUMN kpi.indicator.time_zone IS
'Zone whose days and months its rows fall into, where the time column has a time zone. A name of pg_timezone_names.';
COMMENT ON COLUMN kpi.indicator.timeout IS 'Longest time that measuring may take; NULL for any, and unless measured.';
COMMENT ON COLUMN kpi.indicator.responsible IS 'Who answers for it, in words.';
COMMENT ON COLUMN kpi.indicator.data_source IS 'Where the data comes from, in words.';
COMMENT ON COLUMN kpi.indicator.state IS 'draft (collected by name only), approved, or retired (not collected).';
COMMENT ON COLUMN kpi.indicator.version IS 'Counts the changes of the definition, from 1.';
COMMENT ON COLUMN kpi.indicator.set_by IS 'Who changed the definition last.';
COMMENT ON COLUMN kpi.indicator.set_at IS 'When it was changed last.';
COMMENT ON COLUMN kpi.indicator.approved_by IS
'Who approved the definition as it stands; NULL where nobody was asked to.';
COMMENT ON COLUMN kpi.indicator.approved_at IS 'When it was approved; NULL where nobody was asked to.';
--@ rule | indicator | timeout | It is the longest time of measuring, a millisecond to 30 days. Leave it out for any time.
--@ | indicator | zero_target_check | It is what a target of 0 means: null or met. Write one of these.
--@ | indicator | version_check | Versions are counted from 1. Leave it out.
--@ | indicator | decimals_check | Values are shown with 0 to 6 decimals. Write such a number.
--@ named | indicator
--@ checked | indicator
--@ referenced | indicator

-- what a row says of itself: by whom it was changed and approved, and which version that made
CREATE FUNCTION kpi_internal.changed_indicator(old kpi.indicator, new kpi.indicator)
	RETURNS kpi.indicator
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	same kpi.indicator := new;
	changed boolean;
	approves CONSTANT boolean := new.state = 'approved'
		AND (old.state <> 'approved' OR new.approved_by <> coalesce(old.approved_by, '') OR new.approved_at IS DISTINCT FROM old.approved_at);
BEGIN
	same.state := old.state;
	same.version := old.version;
	same.set_by := old.set_by;
	same.set_at := old.set_at;
	same.approved_by := old.approved_by;
	same.approved_at := old.approved_at;
	changed := same *<> old;
	IF approves AND new.four_eyes AND (changed OR old.set_by = current_user) THEN
		PERFORM kpi_internal.fail('42501',
			format('indicator "%s" was changed last by "%s", who cannot approve it', new.indicator, CASE WHEN changed THEN current_user ELSE old.set_by END),
			'Under four_eyes somebody else approves, with kpi.approve().');
	END IF;
	IF changed THEN
		new.version := old.version + 1;
		new.set_by := current_user;
		new.set_at := now();
		IF NOT approves AND new.state = 'approved' AND (old.approved_by IS NOT NULL OR new.four_eyes) THEN
			new.state := 'draft';
		END IF;
	ELSE
		new.set_by := old.set_by;
		new.set_at := old.set_at;
	END IF;
	new.approved_by := CASE WHEN approves THEN current_user WHEN NOT changed AND new.state <> 'draft' THEN old.approved_by END;
	new.approved_at := CASE WHEN approves THEN now() WHEN NOT changed AND new.state <> 'draft' THEN old.approved_at END;
	RETURN new;
END
$$;
COMMENT ON FUNCTION kpi_internal.changed_indicator(kpi.indicator, kpi.indicator) IS
'A changed definition with its next version, who changed it, and who approved it. '
'A change takes an approval back, and becoming approved is an approval by the current role, which under four_eyes is '
'another than the one that changed it last.';

CREATE FUNCTION kpi_internal.new_indicator(new kpi.indicator)
	RETURNS kpi.indicator
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF new.four_eyes AND new.state = 'approved' THEN
		PERFORM kpi_internal.fail('42501', format('new indicator "%s" cannot be approved by "%s", who makes it', new.indicator, current_user),
			'Under four_eyes it begins with state "draft", and somebody else approves it with kpi.approve().');
	END IF;
	new.set_by := current_user;
	new.set_at := now();
	new.approved_by := NULL;
	new.approved_at := NULL;
	RETURN new;
END
$$;
COMMENT ON FUNCTION kpi_internal.new_indicator(kpi.indicator) IS
'A new definition with who made it when. Under four_eyes one that is not a draft is an error.';

CREATE FUNCTION kpi_internal.guard_indicator()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
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
	NEW := kpi_internal.fill_indicator(NEW);
	PERFORM kpi_internal.check_definition(NEW);
	RETURN CASE TG_OP WHEN 'INSERT' THEN kpi_internal.new_indicator(NEW) ELSE kpi_internal.changed_indicator(OLD, NEW) END;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_indicator() IS
'Trigger: only members of the owner write an indicator. '
'What is left open by kind gets its default, the definition can be obeyed, and a changed one gets the next version '
'and loses its approval.';

CREATE TRIGGER guard_indicator
	BEFORE INSERT OR UPDATE OR DELETE ON kpi.indicator
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_indicator();
COMMENT ON TRIGGER guard_indicator ON kpi.indicator IS
'Only members of the owner write an indicator, and it can be obeyed. A changed one gets the next version.';

SELECT pg_catalog.pg_extension_config_dump('kpi.indicator', '');

CREATE FUNCTION kpi_internal.follow_all_rows()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	named text;
BEGIN
	IF TG_OP = 'UPDATE' THEN
		UPDATE kpi.indicator AS i SET all_rows_to = array_replace(i.all_rows_to, OLD.unit, NEW.unit)
		WHERE i.all_rows_to @> ARRAY[CAST(OLD.unit AS text)];
		RETURN NULL;
	END IF;
	SELECT i.indicator INTO named FROM kpi.indicator AS i
	WHERE i.all_rows_to @> ARRAY[CAST(OLD.unit AS text)] ORDER BY i.indicator COLLATE "C" LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('23503', format('unit "%s" is named in all_rows_to of indicator "%s"', OLD.unit, named),
			format('Name other units first: kpi.define_indicator(%L, all_rows_to => ''{...}''), or end the days of the unit.', named));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.follow_all_rows() IS
'Trigger: a unit that gets all rows of an indicator is not deleted. One that is renamed gets them still.';

CREATE TRIGGER follow_all_rows
	AFTER DELETE ON kpi.unit
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.follow_all_rows();
COMMENT ON TRIGGER follow_all_rows ON kpi.unit IS
'A unit that gets all rows of an indicator is not deleted.';

CREATE TRIGGER follow_all_rows_renamed
	AFTER UPDATE OF unit ON kpi.unit
	FOR EACH ROW WHEN (NEW.unit OPERATOR(pg_catalog.<>) OLD.unit) EXECUTE FUNCTION kpi_internal.follow_all_rows();
COMMENT ON TRIGGER follow_all_rows_renamed ON kpi.unit IS
'A unit that is renamed gets all rows still.';

CREATE TABLE kpi.indicator_version (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	version integer NOT NULL,
	definition jsonb NOT NULL,
	state kpi_internal.state NOT NULL,
	set_by name NOT NULL,
	set_at timestamptz NOT NULL,
	approved_by name,
	approved_at timestamptz,
	PRIMARY KEY (indicator, version)
);
COMMENT ON TABLE kpi.indicator_version IS
'Each version of the definition of an indicator. What it said, by whom and from when, and who approved it.';
COMMENT ON COLUMN kpi.indicator_version.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.indicator_version.version IS 'Number of the version.';
COMMENT ON COLUMN kpi.indicator_version.definition IS
'The columns of kpi.indicator that were not NULL, as column: value.';
COMMENT ON COLUMN kpi.indicator_version.state IS 'How far it had come at last: draft, approved or retired.';
COMMENT ON COLUMN kpi.indicator_version.set_by IS 'Who made this version.';
COMMENT ON COLUMN kpi.indicator_version.set_at IS 'When it was made; it stood until the next one was.';
COMMENT ON COLUMN kpi.indicator_version.approved_by IS 'Who approved it; NULL where nobody did.';
COMMENT ON COLUMN kpi.indicator_version.approved_at IS 'When it was approved; NULL where nobody did.';

SELECT pg_catalog.pg_extension_config_dump('kpi.indicator_version', '');

CREATE FUNCTION kpi_internal.definition_of(indicator kpi.indicator)
	RETURNS jsonb
	LANGUAGE sql STABLE
	RETURN jsonb_strip_nulls(to_jsonb(indicator)
		- CAST('{indicator,state,version,set_by,set_at,approved_by,approved_at}' AS text[]));
COMMENT ON FUNCTION kpi_internal.definition_of(kpi.indicator) IS
'What a definition says, as column: value. It is without its key, state and versions and without what is NULL.';

CREATE FUNCTION kpi_internal.keep_version()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	INSERT INTO kpi.indicator_version AS v (indicator, version, definition, state, set_by, set_at, approved_by, approved_at)
	VALUES (NEW.indicator, NEW.version, kpi_internal.definition_of(NEW), NEW.state, NEW.set_by, NEW.set_at, NEW.approved_by, NEW.approved_at)
	ON CONFLICT (indicator, version) DO UPDATE
	SET definition = excluded.definition, state = excluded.state, set_by = excluded.set_by, set_at = excluded.set_at,
		approved_by = excluded.approved_by, approved_at = excluded.approved_at
	WHERE v.* IS DISTINCT FROM excluded.*;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.keep_version() IS
'Trigger: each version of a definition is kept.';

CREATE TRIGGER keep_version
	AFTER INSERT OR UPDATE ON kpi.indicator
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.keep_version();
COMMENT ON TRIGGER keep_version ON kpi.indicator IS
'Each version of a definition is kept.';

--@ known | indicator | indicator | use kpi.define_indicator()

CREATE FUNCTION kpi_internal.check_indicator_words(given jsonb, reset text[])
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_word('combine_units', given ->> 'combine_units', VARIADIC kpi_internal.word_list('combine'));
	PERFORM kpi_internal.require_word('zero_target', given ->> 'zero_target', 'null', 'met');
	PERFORM kpi_internal.require_word(list, given ->> list, VARIADIC kpi_internal.word_list(list))
	FROM unnest('{direction,kind,combine,last_by,empty,rating_method,rating_missing,attainment_method,target_rule,spread_by,state}'::text[]) AS list;
	PERFORM kpi_internal.fail_unknown('column', wrong, known, 'columns', NULL, ' in kpi.indicator')
	FROM (SELECT array_agg(a.attname::text ORDER BY a.attnum) AS known FROM pg_attribute AS a
		  WHERE a.attrelid = 'kpi.indicator'::regclass AND a.attnum > 0 AND NOT a.attisdropped
			  AND a.attname NOT IN ('indicator', 'version', 'set_by', 'set_at', 'approved_by', 'approved_at')) AS c
		CROSS JOIN LATERAL (SELECT r FROM unnest(reset) AS r WHERE r <> ALL (c.known) LIMIT 1) AS w (wrong);
END
$$;
COMMENT ON FUNCTION kpi_internal.check_indicator_words(jsonb, text[]) IS
'Raises an error for a word of a definition that is not in its list. '
'So it does for a column to be reset that is not there.';

-- What goes back to its default since something else is given that it was said for.
CREATE FUNCTION kpi_internal.superseded(old kpi.indicator, given jsonb, reset text[])
	RETURNS text[]
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(array_agg(s.name), '{}')
	FROM (
		SELECT unnest(kpi_internal.columns_of_kind((old).kind) || '{kind,combine,combine_units,empty}'::text[])
		WHERE given ->> 'kind' <> (old).kind OR (old).kind = 'entered' AND kpi_internal.told_kind(given) IS NOT NULL OR 'kind' = ANY (reset)
		UNION ALL
		SELECT 'settle_after' WHERE coalesce(given ->> 'kind', kpi_internal.told_kind(given)) = 'derived'
		UNION ALL
		-- what the former rule suggested
		SELECT 'combine_units' WHERE (given ? 'combine' OR 'combine' = ANY (reset)) AND (old).combine_units = kpi_internal.default_combine_units((old).combine)
		UNION ALL
		SELECT 'last_by' WHERE given ->> 'combine' NOT IN ('last', 'first') OR 'combine' = ANY (reset)
		UNION ALL
		SELECT 'rating_trim' WHERE given ->> 'rating_method' <> 'trimmed' OR 'rating_method' = ANY (reset)
		UNION ALL
		SELECT 'zero_target' WHERE given ->> 'attainment_method' <> 'ratio'
		UNION ALL
		SELECT unnest('{spread_by,target_profile}'::text[]) WHERE given ->> 'target_rule' NOT IN ('spread', 'compound')
		UNION ALL
		-- a profile and the way to spread that uses it come and go together
		SELECT 'spread_by' WHERE given ? 'target_profile' AND NOT given ? 'spread_by' OR 'target_profile' = ANY (reset)
		UNION ALL
		SELECT 'target_profile' WHERE given ->> 'spread_by' <> 'profile' OR 'spread_by' = ANY (reset) AND NOT given ? 'target_profile'
	) AS s (name)
$$;
COMMENT ON FUNCTION kpi_internal.superseded(kpi.indicator, jsonb, text[]) IS
'The columns of an indicator that do not stay as they are, though left out. '
'What only its former kind knows, and what was said, or suggested, for something that is given anew or reset.';

CREATE FUNCTION kpi_internal.told_defaults(given jsonb)
	RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN jsonb_build_object(
		'direction', CASE given ->> 'attainment_method' WHEN 'range' THEN 'target' ELSE 'higher' END,
		'spread_by', CASE WHEN given ->> 'target_profile' IS NULL THEN 'equal' ELSE 'profile' END,
		'decimals', CASE WHEN given ->> 'denominator' IS NULL AND given ->> 'numerator' ~* E'^\\s*count\\s*\\(' THEN 0 ELSE 2 END);
COMMENT ON FUNCTION kpi_internal.told_defaults(jsonb) IS
'The defaults of an indicator that hang on what else its definition says, as column: value.';

-- What is given, over what stands already, over the defaults.
CREATE FUNCTION kpi_internal.merge_indicator(old kpi.indicator, given jsonb, reset text[])
	RETURNS kpi.indicator
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	kept CONSTANT jsonb := CASE WHEN old.indicator IS NULL THEN '{}'
		ELSE to_jsonb(old) - coalesce(reset, '{}') - kpi_internal.superseded(old, given, reset) END;
	wanted kpi.indicator;
	defaults jsonb;
BEGIN
	wanted := jsonb_populate_record(NULL::kpi.indicator, kept || given);
	defaults := kpi_internal.told_defaults(to_jsonb(wanted));
	wanted.name := coalesce(wanted.name, kpi_internal.default_name(wanted.indicator));
	wanted.unit_of_measure := coalesce(wanted.unit_of_measure, '');
	wanted.kind := coalesce(wanted.kind, kpi_internal.told_kind(given), 'entered');
	IF wanted.kind = 'derived' AND NOT given ? 'grain' THEN
		wanted.grain := kpi_internal.formula_grain(wanted.indicator, wanted.formula);
	END IF;
	wanted.grain := coalesce(wanted.grain, 'month');
	wanted.windows := coalesce(wanted.windows, '{}');
	wanted.empty := coalesce(wanted.empty, 'none');
	wanted.inherit := coalesce(wanted.inherit, false);
	wanted.four_eyes := coalesce(wanted.four_eyes, false);
	wanted.attainment_method := coalesce(wanted.attainment_method, 'ratio');
	wanted.direction := coalesce(wanted.direction, defaults ->> 'direction');
	wanted.zero_target := coalesce(wanted.zero_target, 'null');
	wanted.spread_by := coalesce(wanted.spread_by, defaults ->> 'spread_by');
	wanted.inherit_target := coalesce(wanted.inherit_target, false);
	wanted.decimals := coalesce(wanted.decimals, CAST(defaults ->> 'decimals' AS integer));
	wanted.owner := coalesce(CAST(wanted.owner AS name), current_user);
	wanted.time_zone := coalesce(kpi_internal.require_time_zone(wanted.time_zone), kpi_internal.database_time_zone());
	wanted.state := coalesce(wanted.state, CASE WHEN wanted.four_eyes THEN 'draft' ELSE 'approved' END);
	wanted.set_by := coalesce(wanted.set_by, current_user);
	wanted.set_at := coalesce(wanted.set_at, now());
	wanted.version := coalesce(old.version, 1);
	RETURN kpi_internal.fill_indicator(wanted);
END
$$;
COMMENT ON FUNCTION kpi_internal.merge_indicator(kpi.indicator, jsonb, text[]) IS
'The definition that an indicator gets. What is given, else what it had unless that is to be reset, else the default.';

CREATE FUNCTION kpi_internal.tell_snapshot(definition kpi.indicator)
	RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	first_column text;
	columns text;
BEGIN
	SELECT min(a.attname) FILTER (WHERE a.place = 1), string_agg(quote_ident(a.attname), ', ' ORDER BY a.place)
	INTO first_column, columns
	FROM (SELECT x.attname, row_number() OVER (ORDER BY x.attnum) AS place
		  FROM pg_attribute AS x JOIN pg_type AS t ON t.oid = x.atttypid
		  WHERE x.attrelid = to_regclass(definition.source) AND x.attnum > 0 AND NOT x.attisdropped
			AND coalesce(nullif(t.typbasetype, 0), t.oid)
				= ANY (CAST('{date,timestamp,timestamptz}' AS regtype[]))) AS a;
	IF columns IS NOT NULL THEN
		RAISE NOTICE USING
			MESSAGE = format('kpi: indicator "%s" has no time_column: all rows of %s count for the periods that run when it is collected',
							 definition.indicator, definition.source),
			DETAIL = format('Columns with a time: %s.', columns),
			HINT = format('If rows have a time of their own, say time_column => %L.', first_column);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.tell_snapshot(kpi.indicator) IS
'Sends a NOTICE where an indicator is a snapshot over a source that has columns with a time.';

-- what does not fit can only be set anew once the method is another
CREATE FUNCTION kpi_internal.tell_misfit_targets(indicator text)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	misfit record;
BEGIN
	SELECT count(*) AS targets, min(m.key COLLATE "C") AS example, min(m.finding COLLATE "C") AS finding INTO misfit
	FROM kpi_internal.misfit_targets() AS m WHERE m.indicator = tell_misfit_targets.indicator;
	IF misfit.targets > 0 THEN
		RAISE NOTICE USING
			MESSAGE = format('kpi: %s of the targets of indicator "%s" do not go with its attainment_method', misfit.targets, indicator),
			DETAIL = format('%s: %s.', misfit.example, misfit.finding),
			HINT = 'Set them again with kpi.set_target(); kpi.check_registry() lists them.';
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.tell_misfit_targets(text) IS
'Sends a NOTICE where targets of an indicator do not go with its attainment method.';

CREATE FUNCTION kpi_internal.put_indicator(given jsonb, relation regclass, reset text[])
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
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
	IF old.indicator IS NULL THEN
		INSERT INTO kpi.indicator VALUES (wanted.*);
	ELSIF wanted *<> old THEN
		IF given ->> 'state' = old.state AND old.state = 'approved' AND (old.approved_by IS NOT NULL OR wanted.four_eyes) THEN
			-- said with a change, it approves that
			wanted.approved_by := current_user;
			wanted.approved_at := clock_timestamp();
		END IF;
		EXECUTE format('UPDATE kpi.indicator SET (%1$s) = (SELECT %1$s FROM (SELECT ($1).*) AS w) WHERE indicator = $2', columns)
			USING wanted, wanted.indicator;
	END IF;
	IF wanted.attainment_method <> old.attainment_method THEN
		PERFORM kpi_internal.tell_misfit_targets(wanted.indicator);
	END IF;
	-- the source of what is retired may be gone
	IF wanted.kind = 'measured' AND wanted.state <> 'retired' THEN
		PERFORM kpi_internal.check_source(wanted.indicator);
		IF wanted.time_column IS NULL AND (wanted.source, wanted.time_column) IS DISTINCT FROM (old.source, old.time_column) THEN
			PERFORM kpi_internal.tell_snapshot(wanted);
		END IF;
	END IF;
	RETURN wanted.indicator;
EXCEPTION
	WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		PERFORM kpi_internal.fail(SQLSTATE, message, nullif(hint, ''), nullif(detail, ''));
END
$$;
COMMENT ON FUNCTION kpi_internal.put_indicator(jsonb, regclass, text[]) IS
'Stores a definition given as column: value, for kpi.define_indicator(). '
'Keeps what is left out unless it is to be reset, fills in the defaults, checks it, and plans its source as the '
'owner.';

-- no SET: the source is looked up as the caller would
CREATE FUNCTION kpi.define_indicator(indicator text, name text DEFAULT NULL, description text DEFAULT NULL,
									 rule text DEFAULT NULL, unit_of_measure text DEFAULT NULL,
									 direction text DEFAULT NULL, perspective text DEFAULT NULL,
									 kind text DEFAULT NULL, source text DEFAULT NULL,
									 time_column text DEFAULT NULL, unit_column text DEFAULT NULL,
									 numerator text DEFAULT NULL, denominator text DEFAULT NULL,
									 filter text DEFAULT NULL, grain text DEFAULT NULL,
									 combine text DEFAULT NULL, attainment_method text DEFAULT NULL,
									 zero_target text DEFAULT NULL, scale kpi.scale DEFAULT NULL,
									 target_rule text DEFAULT NULL, spread_by text DEFAULT NULL,
									 target_profile text DEFAULT NULL, inherit_target boolean DEFAULT NULL,
									 target_peer text DEFAULT NULL, decimals float8 DEFAULT NULL, owner text DEFAULT NULL,
									 responsible text DEFAULT NULL, data_source text DEFAULT NULL,
									 state text DEFAULT NULL, time_zone text DEFAULT NULL,
									 timeout interval DEFAULT NULL, reset text[] DEFAULT NULL,
									 formula text DEFAULT NULL, combine_units text DEFAULT NULL,
									 last_by text DEFAULT NULL, empty text DEFAULT NULL, inherit boolean DEFAULT NULL,
									 windows text[] DEFAULT NULL, window_min float8 DEFAULT NULL,
									 unit_columns jsonb DEFAULT NULL, all_rows_to text[] DEFAULT NULL,
									 rating_method text DEFAULT NULL, rating_trim float8 DEFAULT NULL,
									 rating_missing text DEFAULT NULL, rating_scale text DEFAULT NULL,
									 four_eyes boolean DEFAULT NULL, settle_after interval DEFAULT NULL,
									 due_after interval DEFAULT NULL)
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
			'source', source, 'time_column', time_column, 'unit_column', unit_column, 'unit_columns', unit_columns,
			'all_rows_to', all_rows_to, 'numerator', numerator, 'denominator', denominator, 'filter', filter,
			'formula', formula, 'grain', grain, 'windows', windows, 'window_min', kpi_internal.whole('window_min', window_min), 'combine', combine,
			'combine_units', combine_units, 'last_by', last_by, 'empty', empty, 'inherit', inherit,
			'rating_method', rating_method, 'rating_trim', kpi_internal.shortest(rating_trim),
			'rating_missing', rating_missing, 'rating_scale', rating_scale, 'four_eyes', four_eyes,
			'settle_after', settle_after, 'due_after', due_after)
		OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
			'attainment_method', attainment_method, 'zero_target', zero_target, 'scale', scale,
			'target_rule', target_rule, 'spread_by', spread_by, 'target_profile', target_profile,
			'inherit_target', inherit_target, 'target_peer', target_peer, 'decimals', kpi_internal.whole('decimals', decimals),
			'owner', owner, 'time_zone', time_zone, 'timeout', timeout, 'responsible', responsible,
			'data_source', data_source, 'state', state)),
		kpi_internal.resolve_source(source), reset);
END
$$;
COMMENT ON FUNCTION kpi.define_indicator(text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, kpi.scale, text, text, text, boolean, text, float8, text, text, text, text, text, interval, text[], text, text, text, text, boolean, text[], float8, jsonb, text[], text, float8, text, text, boolean, interval, interval) IS
'Adds or changes an indicator and returns its key; what is left out stays. '
'A new one has: name made of the key, direction higher (target for range), kind measured with a source, derived with a formula, rated '
'with a rating_method or rating_scale, else entered; combine rows, formula, average or none by kind, combine_units '
'by combine, grain month, no windows, empty none, attainment_method ratio, zero_target null, decimals 2 (0 for '
'counts), owner the current role, time_zone that of the database, no timeout, spread_by equal, state approved. reset '
'names columns that get their default again. The source is looked up on your search path and planned as the owner. '
'Wrong words, columns and expressions, and what cannot be obeyed, are errors; only members of the owner may change '
'it.';

CREATE FUNCTION kpi.approve(indicator text)
	RETURNS integer
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	approved kpi.indicator;
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	SELECT * INTO approved FROM kpi.indicator AS i WHERE i.indicator = approve.indicator FOR NO KEY UPDATE;
	IF approved.state = 'retired' THEN
		PERFORM kpi_internal.fail('22023', format('indicator "%s" is retired', indicator),
			format('Bring it back first: kpi.define_indicator(%L, state => ''draft'').', indicator));
	END IF;
	IF approved.state <> 'approved' OR approved.approved_by IS NULL THEN
		UPDATE kpi.indicator AS i SET state = 'approved', approved_by = current_user WHERE i.indicator = approve.indicator;
	END IF;
	RETURN approved.version;
END
$$;
COMMENT ON FUNCTION kpi.approve(text) IS
'Approves the definition of an indicator as it stands, and returns its version. '
'It does so in the name of the current role. A draft becomes approved; any change after it takes the approval back '
'and makes a draft again. Approving what is approved changes nothing. Errors: an unknown or retired indicator, '
'another owner, and under four_eyes the role that changed it last.';
