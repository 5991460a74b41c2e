-- The catalogue of templates, and an indicator of one's own of one of them.

CREATE FUNCTION kpi_internal.input_says(input text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce((SELECT kpi.term('template_input', i.input, i.says) FROM kpi_internal.template_inputs() AS i WHERE i.input = input_says.input),
					(SELECT kpi.term('template', t.template, t.name) FROM kpi_internal.templates() AS t WHERE t.template = input_says.input));
END;
COMMENT ON FUNCTION kpi_internal.input_says(text) IS
'What an input of templates is, in the reader''s language. NULL where none has it.';

CREATE FUNCTION kpi.catalogue()
	RETURNS TABLE (number text, template text, name text, perspective text, kind text, direction text, unit_of_measure text, "grain" text,
				   combine text, combine_units text, target_rule text, scale text, formula text, inputs jsonb, rule text, question text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 90
BEGIN ATOMIC
	SELECT t.number, t.template, kpi.term('template', t.template, t.name), t.perspective, k.kind,
		   coalesce(t.definition ->> 'direction', 'higher'),
		   kpi.term('unit_of_measure', t.definition ->> 'unit_of_measure', coalesce(t.definition ->> 'unit_of_measure', '')),
		   coalesce(t.definition ->> 'grain', 'month'), c.combine,
		   coalesce(t.definition ->> 'combine_units', kpi_internal.default_combine_units(c.combine)),
		   t.definition ->> 'target_rule', t.definition ->> 'scale',
		   coalesce(t.definition ->> 'formula', concat_ws(' / ', t.definition ->> 'numerator', t.definition ->> 'denominator')
												|| coalesce(' WHERE ' || (t.definition ->> 'filter'), '')),
		   (SELECT coalesce(jsonb_object_agg(i, kpi_internal.input_says(i)), '{}') FROM unnest(kpi_internal.inputs_of(t.definition)) AS i),
		   kpi.term('template_rule', t.template, t.rule), kpi.term('template_question', t.template, t.question)
	FROM kpi_internal.templates() AS t
		CROSS JOIN LATERAL (SELECT coalesce(t.definition ->> 'kind', kpi_internal.told_kind(t.definition)) AS kind) AS k
		CROSS JOIN LATERAL (SELECT coalesce(t.definition ->> 'combine', kpi_internal.default_combine(k.kind)) AS combine) AS c;
END;
COMMENT ON FUNCTION kpi.catalogue() IS
'The indicators of marketing and customer departments as templates, in the reader''s language. '
'number is that in the list of the sources, formula has inputs in braces, inputs says what each of them is, rule is '
'the formula in words, scale and target_rule are suggestions, question is what to ask first. kpi.adopt() makes an '
'indicator of one.';

CREATE FUNCTION kpi_internal.require_template(template text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_value('template', template);
	IF NOT EXISTS (SELECT FROM kpi_internal.templates() AS t WHERE t.template = require_template.template) THEN
		PERFORM kpi_internal.fail_unknown('template', template, (SELECT array_agg(t.template) FROM kpi_internal.templates() AS t), 'templates', NULL,
										  ' in kpi.catalogue()');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_template(text) IS
'Raises an error unless the template exists, with a hint at the one that may be meant.';

CREATE FUNCTION kpi_internal.input_text(given text, is_formula boolean)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN is_formula AND EXISTS (SELECT FROM kpi.indicator AS i WHERE i.indicator = given) THEN quote_ident(given)
				WHEN given ~ E'^\\w+$' THEN given
				ELSE '(' || given || ')' END
$$;
COMMENT ON FUNCTION kpi_internal.input_text(text, boolean) IS
'What is given for an input as it stands in an expression or a formula. There the key of an indicator is one.';

-- What is left out is the column or the indicator of that name, if there is one.
CREATE FUNCTION kpi_internal.fill_inputs(definition jsonb, inputs jsonb, relation regclass)
	RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_object_agg(i, coalesce(
		kpi_internal.input_text(inputs ->> i, definition ? 'formula'),
		(SELECT quote_ident(a.attname) FROM pg_attribute AS a
		 WHERE NOT definition ? 'formula' AND a.attrelid = relation AND a.attname = i AND a.attnum > 0 AND NOT a.attisdropped),
		(SELECT quote_ident(k.indicator) FROM kpi.indicator AS k WHERE definition ? 'formula' AND k.indicator = i))), '{}')
	FROM unnest(kpi_internal.inputs_of(definition)) AS i
$$;
COMMENT ON FUNCTION kpi_internal.fill_inputs(jsonb, jsonb, regclass) IS
'What stands for each input of a template. What is given, else the column of the source or the indicator of that '
'name, else null.';

CREATE FUNCTION kpi_internal.check_inputs(template text, definition jsonb, inputs jsonb, filled jsonb)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	unknown CONSTANT text := (SELECT k FROM jsonb_object_keys(coalesce(inputs, '{}')) AS k WHERE NOT filled ? k ORDER BY k LIMIT 1);
	lacking text[];
BEGIN
	IF unknown IS NOT NULL THEN
		PERFORM kpi_internal.fail_unknown('input', unknown, kpi_internal.inputs_of(definition), 'inputs', 'It has none.',
										  format(' in template "%s"', template));
	END IF;
	lacking := ARRAY(SELECT i FROM unnest(kpi_internal.inputs_of(definition)) AS i WHERE filled ->> i IS NULL);
	IF lacking <> '{}' THEN
		PERFORM kpi_internal.fail('22004', format('template "%s" needs "%s"', template, array_to_string(lacking, '", "')),
			format(CASE WHEN definition ? 'formula' THEN 'Adopt or define it, or name another indicator or a number: inputs => ''{"%s": "..."}''.'
						ELSE 'Name a column or an expression of the source: inputs => ''{"%s": "..."}''.' END, lacking[1]),
			(SELECT string_agg(format('"%s" is %s.', i, kpi_internal.input_says(i)), ' ' ORDER BY n) FROM unnest(lacking) WITH ORDINALITY AS l (i, n)));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_inputs(text, jsonb, jsonb, jsonb) IS
'Raises an error for inputs that a template does not have. So it does for those that it lacks, with what they are.';

CREATE FUNCTION kpi_internal.check_adoption(template text, definition jsonb, given jsonb, relation regclass)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF definition ->> 'unit_of_measure' = 'money' AND NOT given ? 'unit_of_measure' THEN
		PERFORM kpi_internal.fail('22004', format('template "%s" needs a unit of measure', template),
			'It is an amount of money: name the currency, such as unit_of_measure => ''EUR''.');
	ELSIF NOT definition ? 'numerator' THEN
		RETURN;
	ELSIF NOT given ? 'source' THEN
		PERFORM kpi_internal.fail('22004', format('template "%s" needs a source', template),
			'Name the table or view that has its rows: source => ''shop.sale''.');
	END IF;
	PERFORM kpi_internal.source_name(given ->> 'source', relation);
	IF NOT given ? 'time_column' AND definition ->> 'combine' IS DISTINCT FROM 'last' THEN
		PERFORM kpi_internal.fail('22004', format('template "%s" needs a time column', template),
			format('Name the column of %s that says when: time_column => ''...''.', given ->> 'source'));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_adoption(text, jsonb, jsonb, regclass) IS
'Raises an error for what a template needs beside its inputs and is not given. '
'That is a currency, a source and its time column; only a stock may do without that.';

CREATE FUNCTION kpi_internal.adopt_names(template text, indicator text)
	RETURNS void
	LANGUAGE sql
BEGIN ATOMIC
	INSERT INTO kpi.translation (language, topic, code, name)
	SELECT DISTINCT ON (t.language) t.language, 'indicator', adopt_names.indicator, t.name
	FROM kpi.translation AS t
	WHERE t.topic = 'template' AND t.code = adopt_names.template
		AND NOT EXISTS (SELECT FROM kpi.translation AS o WHERE o.language = t.language AND o.topic = 'indicator' AND o.code = adopt_names.indicator)
	ORDER BY t.language, t.shipped;
END;
COMMENT ON FUNCTION kpi_internal.adopt_names(text, text) IS
'The names of a template in other languages become those of an indicator that has none there.';

CREATE FUNCTION kpi_internal.adopt_template(template text, given jsonb, inputs jsonb, relation regclass)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	chosen record;
	filled jsonb;
	definition jsonb;
BEGIN
	PERFORM kpi_internal.require_template(template);
	IF jsonb_typeof(inputs) <> 'object' THEN
		PERFORM kpi_internal.fail('22023', format('inputs %s is not an object', inputs),
			'Write what stands for each input: ''{"lost": "NOT stayed"}''.');
	END IF;
	PERFORM kpi_internal.require_key('indicator', given ->> 'indicator');
	SELECT * INTO chosen FROM kpi_internal.templates() AS t WHERE t.template = adopt_template.template;
	PERFORM kpi_internal.check_adoption(template, chosen.definition, given, relation);
	filled := kpi_internal.fill_inputs(chosen.definition, inputs, relation);
	PERFORM kpi_internal.check_inputs(template, chosen.definition, inputs, filled);
	definition := chosen.definition || (
		SELECT coalesce(jsonb_object_agg(e.key, kpi_internal.fill_text(e.value, filled)), '{}') FROM jsonb_each_text(chosen.definition) AS e
		WHERE e.key IN ('numerator', 'denominator', 'filter', 'formula'));
	definition := jsonb_build_object('name', chosen.name, 'perspective', chosen.perspective, 'rule', kpi.term('template_rule', template, chosen.rule))
		|| definition || given;
	IF chosen.definition ? 'filter' AND given ? 'filter' THEN
		definition := jsonb_set(definition, '{filter}', to_jsonb(format('(%s) AND (%s)', kpi_internal.fill_text(chosen.definition ->> 'filter', filled),
																			given ->> 'filter')));
	END IF;
	PERFORM kpi_internal.put_indicator(definition, relation, NULL);
	IF NOT given ? 'name' THEN
		PERFORM kpi_internal.adopt_names(template, given ->> 'indicator');
	END IF;
	RETURN given ->> 'indicator';
END
$$;
COMMENT ON FUNCTION kpi_internal.adopt_template(text, jsonb, jsonb, regclass) IS
'Defines an indicator by a template and what is given beside it, for kpi.adopt(). '
'What is given, as column: value, goes before what the template says; filters hold together.';

-- no SET: the source is looked up as the caller would
CREATE FUNCTION kpi.adopt(template text, indicator text DEFAULT NULL, source text DEFAULT NULL, time_column text DEFAULT NULL,
						  unit_column text DEFAULT NULL, inputs jsonb DEFAULT NULL, unit_columns jsonb DEFAULT NULL, filter text DEFAULT NULL,
						  "grain" text DEFAULT NULL, unit_of_measure text DEFAULT NULL, name text DEFAULT NULL, windows text[] DEFAULT NULL,
						  responsible text DEFAULT NULL, data_source text DEFAULT NULL, owner text DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
AS $$
BEGIN
	PERFORM kpi_internal.require_text('name', name);
	RETURN kpi_internal.adopt_template(template, pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
		'indicator', COALESCE(indicator, template), 'source', source, 'time_column', time_column, 'unit_column', unit_column,
		'unit_columns', unit_columns, 'filter', filter, 'grain', "grain", 'unit_of_measure', unit_of_measure, 'name', name, 'windows', windows,
		'responsible', responsible, 'data_source', data_source, 'owner', owner)), inputs, kpi_internal.resolve_source(source));
END
$$;
COMMENT ON FUNCTION kpi.adopt(text, text, text, text, text, jsonb, jsonb, text, text, text, text, text[], text, text, text) IS
'Defines an indicator by a template of kpi.catalogue(), and returns its key. '
'That is the key of the template unless given. inputs says what stands for the names in braces: columns or expressions of the source, in formulas indicators '
'or numbers; left out, the column or indicator of that name. What the template says may be changed with '
'kpi.define_indicator() afterwards; adopting again gives it back. Its name comes in every language, its rule in that '
'of the setting kpi.language. Errors: an unknown template or input, and what is missing, with what it is.';
