-- What an indicator may say: the defaults by kind, and what cannot be obeyed.

CREATE FUNCTION kpi_internal.default_combine(kind text)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE kind WHEN 'measured' THEN 'rows' WHEN 'derived' THEN 'formula' WHEN 'rated' THEN 'average' ELSE 'none' END;
COMMENT ON FUNCTION kpi_internal.default_combine(text) IS
'How values of a kind make those of longer periods, unless given.';

CREATE FUNCTION kpi_internal.default_combine_units(combine text)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN combine IN ('last', 'first') THEN 'sum'
		WHEN combine IN ('compound_loss', 'compound_growth', 'product') THEN 'ratio'
		ELSE combine END;
COMMENT ON FUNCTION kpi_internal.default_combine_units(text) IS
'How values of units make those of the unit above, unless given: by the rule over time.';

CREATE FUNCTION kpi_internal.columns_of_kind(kind text)
	RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE kind
		WHEN 'measured' THEN CAST('{source,time_column,unit_column,unit_columns,all_rows_to,numerator,denominator,filter,last_by,timeout}' AS text[])
		WHEN 'derived' THEN '{formula}'
		WHEN 'rated' THEN '{rating_method,rating_trim,rating_missing,rating_scale}'
		ELSE '{}' END;
COMMENT ON FUNCTION kpi_internal.columns_of_kind(text) IS
'The columns of kpi.indicator that only one kind knows.';

CREATE FUNCTION kpi_internal.told_kind(given jsonb)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN given ?| kpi_internal.columns_of_kind('measured') THEN 'measured'
		WHEN given ?| kpi_internal.columns_of_kind('derived') THEN 'derived'
		WHEN given ?| kpi_internal.columns_of_kind('rated') THEN 'rated' END;
COMMENT ON FUNCTION kpi_internal.told_kind(jsonb) IS
'The kind of indicator that what is given belongs to; NULL where it says nothing.';

CREATE FUNCTION kpi_internal.fill_indicator(wanted kpi.indicator)
	RETURNS kpi.indicator
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	wanted.combine := coalesce(wanted.combine, kpi_internal.default_combine(wanted.kind));
	wanted.combine_units := coalesce(wanted.combine_units, kpi_internal.default_combine_units(wanted.combine));
	IF wanted.kind = 'measured' AND wanted.combine IN ('last', 'first') THEN
		wanted.last_by := coalesce(wanted.last_by, 'day');
	END IF;
	IF wanted.kind = 'rated' THEN
		wanted.rating_method := coalesce(wanted.rating_method, 'mean');
		wanted.rating_missing := coalesce(wanted.rating_missing, 'renormalize');
	END IF;
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION kpi_internal.fill_indicator(kpi.indicator) IS
'A definition with the defaults that depend on its kind.';

CREATE FUNCTION kpi_internal.rules_of_kind(kind text)
	RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN array_remove(array_remove(array_remove(kpi_internal.word_list('combine'),
		CASE WHEN kind <> 'measured' THEN 'rows' END),
		CASE WHEN kind <> 'derived' THEN 'formula' END),
		CASE WHEN kind = 'rated' THEN 'ratio' END);
COMMENT ON FUNCTION kpi_internal.rules_of_kind(text) IS
'The words of combine that a kind of indicator can obey.';

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
			format('Write a grain such as "%s"; windows are made of its periods.', base));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_own_grain(text) IS
'Raises an error unless the grain exists and is not a window.';

-- what only another kind knows, and what this kind needs
CREATE FUNCTION kpi_internal.check_kind(wanted kpi.indicator)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	foreign_column text;
	its_kind text;
	needed text;
BEGIN
	SELECT k.kind, c.name INTO its_kind, foreign_column
	FROM unnest(kpi_internal.word_list('kind')) WITH ORDINALITY AS k (kind, place)
		CROSS JOIN LATERAL unnest(kpi_internal.columns_of_kind(k.kind)) WITH ORDINALITY AS c (name, place)
	WHERE k.kind <> wanted.kind AND to_jsonb(wanted) ->> c.name IS NOT NULL
	ORDER BY k.place, c.place
	LIMIT 1;
	IF foreign_column IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023',
			format('indicator "%s" is %s and cannot have a %s', wanted.indicator, wanted.kind, foreign_column),
			format('Only what is %s has one: leave it out, or say kind => ''%1$s''.', its_kind));
	END IF;
	needed := CASE WHEN wanted.kind = 'measured' AND wanted.source IS NULL THEN 'source'
				   WHEN wanted.kind = 'measured' AND wanted.numerator IS NULL THEN 'numerator'
				   WHEN wanted.kind = 'derived' AND wanted.formula IS NULL THEN 'formula' END;
	IF needed IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023', format('indicator "%s" has no %s', wanted.indicator, needed),
			CASE needed
				WHEN 'source' THEN 'What is measured needs source and numerator, and time_column unless it is a snapshot; leave them all out for values entered by hand.'
				WHEN 'numerator' THEN 'Give an aggregate expression over the source, such as sum(amount) or count(*).'
				ELSE 'Give a formula over other indicators, such as cost / new_customers.' END);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_kind(kpi.indicator) IS
'Raises an error for a definition that has what only another kind knows, or lacks what its kind needs.';

CREATE FUNCTION kpi_internal.check_combine(wanted kpi.indicator)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	rules CONSTANT text[] := kpi_internal.rules_of_kind(wanted.kind);
	problem text;
	help text;
BEGIN
	SELECT r.problem, r.help INTO problem, help
	FROM (VALUES
		(wanted.combine <> ALL (rules),
			format('combine "%s" does not go with kind "%s"', wanted.combine, wanted.kind),
			format('Use %s.', array_to_string(rules, ', '))),
		(wanted.combine_units <> ALL (array_remove(array_remove(rules, 'last'), 'first')),
			format('combine_units "%s" does not go with kind "%s"%s', wanted.combine_units, wanted.kind,
				   CASE WHEN wanted.combine_units IN ('last', 'first') THEN ': units have no order' ELSE '' END),
			format('Use %s.', array_to_string(array_remove(array_remove(rules, 'last'), 'first'), ', '))),
		(wanted.kind = 'measured' AND 'ratio' IN (wanted.combine, wanted.combine_units) AND wanted.denominator IS NULL,
			format('indicator "%s" is combined by ratio (%s) but has no denominator', wanted.indicator,
				   CASE WHEN wanted.combine = 'ratio' THEN 'combine' ELSE 'combine_units' END),
			'Give numerator and denominator apart, or another rule, such as combine_units => ''average''.'),
		(wanted.last_by IS NOT NULL AND wanted.combine NOT IN ('last', 'first'),
			format('last_by "%s" does not go with combine "%s"', wanted.last_by, wanted.combine),
			'It says which rows of a period make a stock: combine "last" or "first".'),
		(wanted.last_by = 'instant' AND wanted.time_column IS NULL,
			'last_by "instant" does not go with a source without a time_column',
			'Rows of a snapshot have no time: leave last_by out, or give the time_column.'),
		(wanted.empty = 'zero' AND wanted.denominator IS NOT NULL,
			'empty "zero" does not go with a denominator',
			'A ratio over no rows is undefined; leave empty out.'),
		(wanted.empty = 'zero' AND wanted.kind <> 'measured',
			format('empty "zero" does not go with kind "%s"', wanted.kind),
			CASE wanted.kind WHEN 'derived' THEN 'Write coalesce(..., 0) in the formula, or say it of what goes into it.'
				WHEN 'rated' THEN 'What a missing judgement does says rating_missing.' ELSE 'Enter 0 where there was nothing.' END),
		(wanted.empty = 'zero' AND wanted.inherit,
			'inherit does not go with empty "zero"',
			'A unit without a value has either 0 or the value of the unit above.')
	) AS r (applies, problem, help)
	WHERE r.applies
	LIMIT 1;
	IF problem IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023', problem, help);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_combine(kpi.indicator) IS
'Raises an error for a rule of combining, over time or over units, that the indicator cannot obey.';

CREATE FUNCTION kpi_internal.check_windows(wanted kpi.indicator)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	asked text;
	known kpi.grain;
	longest integer := 0;
BEGIN
	IF wanted.windows <> '{}' AND wanted.combine = 'none' THEN
		PERFORM kpi_internal.fail('22023', format('window "%s" does not go with combine "none"', wanted.windows[1]),
			'Only the own grain has values under none: say how they are combined, such as combine => ''sum''.');
	END IF;
	FOREACH asked IN ARRAY wanted.windows LOOP
		PERFORM kpi_internal.require_grain(asked);
		SELECT * INTO known FROM kpi.grain AS g WHERE g.grain = asked;
		IF known.window_of IS NULL THEN
			PERFORM kpi_internal.fail('22023', format('grain "%s" in windows is not a window', asked),
				(SELECT format('Windows are %s.', string_agg(g.grain, ', ' ORDER BY g.position, g.grain COLLATE "C"))
				 FROM kpi.grain AS g WHERE g.window_of IS NOT NULL));
		ELSIF NOT kpi_internal.tiles(wanted.grain, known.window_of) THEN
			PERFORM kpi_internal.fail('22023',
				format('window "%s" ends with a %s, which is not made of whole periods of grain "%s"', asked, known.window_of, wanted.grain),
				'Ask for windows of the own grain or of a longer one, or give the indicator a shorter grain.');
		END IF;
		longest := greatest(longest, CAST(substring(known.rule FROM '^last ([0-9]+) of ') AS integer));
	END LOOP;
	IF wanted.window_min IS NOT NULL AND wanted.window_min NOT BETWEEN 1 AND longest THEN
		PERFORM kpi_internal.fail('22023',
			CASE longest WHEN 0 THEN format('window_min %s has no rolling window to go with', wanted.window_min)
				ELSE format('window_min %s is not between 1 and %s', wanted.window_min, longest) END,
			'It is the number of periods of a rolling window, such as month_r12, that need a value.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_windows(kpi.indicator) IS
'Raises an error for windows that are none or cannot be made of the own grain. '
'So it does for a window_min without a rolling window.';

CREATE FUNCTION kpi_internal.check_unit_columns(wanted kpi.indicator)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	of_dimension text;
	expression jsonb;
	asked text;
	its_dimension text;
BEGIN
	IF jsonb_typeof(wanted.unit_columns) <> 'object' THEN
		PERFORM kpi_internal.fail('22023', format('unit_columns %s is not an object', wanted.unit_columns),
			'Write the expression of each dimension: {"channel": "channel"}.');
	END IF;
	FOR of_dimension, expression IN SELECT e.key, e.value FROM jsonb_each(wanted.unit_columns) AS e LOOP
		PERFORM kpi_internal.require_dimension(of_dimension);
		IF of_dimension = 'organisation' THEN
			PERFORM kpi_internal.fail('22023', 'unit_columns names the dimension "organisation"', 'Its column is unit_column.');
		ELSIF jsonb_typeof(expression) <> 'string' OR expression ->> 0 = '' THEN
			PERFORM kpi_internal.fail('22023', format('unit_columns has %s for dimension "%s"', expression, of_dimension),
				format('Write an expression over the source: {"%s": "channel"}.', of_dimension));
		END IF;
	END LOOP;
	FOREACH asked IN ARRAY coalesce(wanted.all_rows_to, '{}') LOOP
		PERFORM kpi_internal.require_unit(asked);
		SELECT u.dimension INTO its_dimension FROM kpi.unit AS u WHERE u.unit = asked;
		IF wanted.unit_columns ? its_dimension OR its_dimension = 'organisation' AND wanted.unit_column IS NOT NULL THEN
			PERFORM kpi_internal.fail('22023',
				format('unit "%s" in all_rows_to is of dimension "%s", for which rows name their unit', asked, its_dimension),
				'All rows go only to units of dimensions without a column.');
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_unit_columns(kpi.indicator) IS
'Raises an error for columns of unknown dimensions, and for units that cannot get all rows.';

CREATE FUNCTION kpi_internal.rating_words(rating_scale text)
	RETURNS TABLE (word text, points numeric)
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE ROWS 5
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	help CONSTANT text := 'Write words and what they are worth, each word once: excellent:100, good:80.';
	part text;
	found text[];
	words text[] := CAST('{}' AS text[]);
BEGIN
	FOREACH part IN ARRAY string_to_array(rating_scale, ',') || CASE rating_scale WHEN '' THEN '{""}' ELSE '{}' END::text[] LOOP
		found := regexp_match(part, E'^\\s*(\\S.*?)\\s*:\\s*([-+]?(?:\\d{1,30}(?:\\.\\d{0,30})?|\\.\\d{1,30}))\\s*$');
		IF found IS NULL THEN
			PERFORM kpi_internal.fail('22023', format('"%s" in rating_scale is not a word with points', trim(part)), help);
		ELSIF found[1] = ANY (words) THEN
			PERFORM kpi_internal.fail('22023', format('word "%s" stands twice in rating_scale', found[1]), help);
		END IF;
		words := words || found[1];
		word := found[1];
		points := CAST(found[2] AS numeric);
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.rating_words(text) IS
'The words of a rating_scale and what they are worth, in their order. '
'NULL gives no rows; a text that is not such a list is an error.';

CREATE FUNCTION kpi_internal.check_rating(wanted kpi.indicator)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF wanted.rating_method = 'trimmed' AND wanted.rating_trim IS NULL THEN
		PERFORM kpi_internal.fail('22023', format('indicator "%s" is trimmed by no share', wanted.indicator),
			'Say rating_trim => 0.1, the share of the judgements that is left out at each end.');
	ELSIF wanted.rating_method <> 'trimmed' AND wanted.rating_trim IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023', format('rating_trim %s does not go with rating_method "%s"', wanted.rating_trim, wanted.rating_method),
			'Leave it out, or say rating_method => ''trimmed''.');
	ELSIF NOT (wanted.rating_trim >= 0 AND wanted.rating_trim < 0.5) THEN
		PERFORM kpi_internal.fail('22023', format('rating_trim %s is not from 0 to below 0.5', wanted.rating_trim),
			'It is the share of the judgements that is left out at each end.');
	END IF;
	PERFORM kpi_internal.rating_words(wanted.rating_scale);
END
$$;
COMMENT ON FUNCTION kpi_internal.check_rating(kpi.indicator) IS
'Raises an error for rules of rating that make no sense.';

CREATE FUNCTION kpi_internal.check_definition(wanted kpi.indicator)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	rule CONSTANT text := kpi_internal.target_rule(wanted);
	problem text;
	help text;
BEGIN
	PERFORM kpi_internal.require_own_grain(wanted.grain);
	IF wanted.perspective IS NOT NULL THEN
		PERFORM kpi_internal.require_perspective(wanted.perspective);
	END IF;
	IF wanted.target_profile IS NOT NULL THEN
		PERFORM kpi_internal.require_target_profile(wanted.target_profile);
	END IF;
	PERFORM kpi_internal.check_kind(wanted);
	PERFORM kpi_internal.check_combine(wanted);
	PERFORM kpi_internal.check_windows(wanted);
	PERFORM kpi_internal.check_unit_columns(wanted);
	PERFORM kpi_internal.check_rating(wanted);
	SELECT r.problem, r.help INTO problem, help
	FROM (VALUES
		(wanted.attainment_method = 'inverse' AND wanted.direction <> 'lower',
			format('attainment_method "inverse" does not go with direction "%s"', wanted.direction),
			'It is target / actual, for indicators where lower is better.'),
		(wanted.attainment_method = 'range' AND wanted.direction <> 'target',
			format('attainment_method "range" does not go with direction "%s"', wanted.direction),
			'What should stay within limits is best at neither end: say direction => ''target''.'),
		(wanted.attainment_method = 'span' AND wanted.direction = 'target',
			'attainment_method "span" does not go with direction "target"',
			'A span has a worst and a best end: say direction => ''higher'' or ''lower''; or attainment_method => ''range''.'),
		(wanted.attainment_method IN ('span', 'range') AND wanted.target_peer IS NOT NULL,
			format('target_peer "%s" does not go with attainment_method "%s"', wanted.target_peer, wanted.attainment_method),
			'A benchmark is one number and has no limits.'),
		(wanted.timeout NOT BETWEEN interval '1 millisecond' AND interval '30 days',
			format('timeout %s is not between 1 millisecond and 30 days', wanted.timeout),
			'It is the longest time that measuring may take; leave it out for any time.'),
		(wanted.settle_after < interval '0', format('settle_after %s is negative', wanted.settle_after),
			'It is how long after its end a period stays provisional, such as 5 days.'),
		(wanted.settle_after IS NOT NULL AND wanted.kind = 'derived', 'settle_after does not go with kind "derived"',
			'What is derived is provisional while anything in its formula is: say it of what goes into it.'),
		(wanted.due_after < interval '0', format('due_after %s is negative', wanted.due_after),
			'It is how long after its end the value of a period is due, such as 10 days.'),
		(wanted.spread_by = 'profile' AND wanted.target_profile IS NULL,
			format('indicator "%s" has no target_profile to spread by', wanted.indicator),
			'Name one that kpi.define_target_profile() has made.'),
		(wanted.spread_by <> 'profile' AND wanted.target_profile IS NOT NULL,
			format('target_profile "%s" does not go with spread_by "%s"', wanted.target_profile, wanted.spread_by),
			'Leave spread_by out, or write "profile".'),
		(wanted.zero_target <> 'null' AND wanted.attainment_method <> 'ratio',
			format('zero_target "%s" does not go with attainment_method "%s"', wanted.zero_target, wanted.attainment_method),
			'Only a ratio is divided by the target: leave zero_target out.'),
		(wanted.spread_by <> 'equal' AND rule NOT IN ('spread', 'compound'),
			format('spread_by "%s" does not go with targets of the rule %s', wanted.spread_by, rule),
			'Nothing of them is shared out: leave spread_by out, or say target_rule => ''spread'' or ''compound''.'),
		(wanted.spread_by <> 'equal' AND rule IS NULL,
			format('spread_by "%s" needs a target_rule where combine is "%s"', wanted.spread_by, wanted.combine),
			'Say target_rule => ''spread'' or ''compound'', or leave spread_by out.'),
		(wanted.decimals NOT BETWEEN 0 AND 6, format('decimals %s is not between 0 and 6', wanted.decimals),
			'It is the number of decimals that values are shown with.')
	) AS r (applies, problem, help)
	WHERE r.applies
	LIMIT 1;
	IF problem IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023', problem, help);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_definition(kpi.indicator) IS
'Raises an error for a definition that cannot be obeyed, before it is stored. '
'The source itself is checked by kpi_internal.check_source().';
