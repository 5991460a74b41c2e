-- All definitions as one document, for version control: kpi.export() and kpi.apply().

CREATE FUNCTION kpi_internal.definition_sections()
	RETURNS TABLE (place integer, section text, relation regclass, keys text[], left_out text[], scope text[], named_in text, condition text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT * FROM (VALUES
		(1, 'calendars', CAST('kpi.calendar' AS regclass), CAST('{calendar}' AS text[]), CAST('{}' AS text[]), CAST('{}' AS text[]), CAST(NULL AS text), 'true'),
		(2, 'windows', 'kpi.grain', '{grain}', '{calendar,shipped}', '{}', NULL, 't.window_of IS NOT NULL AND NOT t.shipped'),
		(3, 'dimensions', 'kpi.dimension', '{dimension}', '{shipped}', '{}', NULL, 'NOT t.shipped'),
		(4, 'units', 'kpi.unit', '{unit}', '{}', '{}', NULL, 'true'),
		(5, 'unit_parents', 'kpi.unit_parent', '{unit,valid}', '{}', '{unit}', 'units', 'true'),
		(6, 'perspectives', 'kpi.perspective', '{perspective}', '{shipped}', '{}', NULL, 'NOT t.shipped'),
		(7, 'band_sets', 'kpi.band_set', '{band_set}', '{shipped}', '{}', NULL, 'NOT t.shipped'),
		(8, 'bands', 'kpi.band', '{band_set,code}', '{shipped}', '{band_set}', 'band_sets', 'NOT t.shipped'),
		(9, 'target_profiles', 'kpi.target_profile', '{target_profile}', '{}', '{}', NULL, 'true'),
		(10, 'indicators', 'kpi.indicator', '{indicator}', '{version,set_by,set_at,approved_by,approved_at}', '{}', NULL, 'true'),
		(11, 'raters', 'kpi.rater', '{indicator,rater,unit,valid}', '{}', '{indicator,rater}', NULL, 'true'),
		(12, 'targets', 'kpi.target', '{indicator,unit,grain,period}', '{reason,set_by,set_at}', '{indicator,unit}', NULL, 'true'),
		(13, 'benchmarks', 'kpi.benchmark', '{indicator,peer,grain,period}', '{set_by,set_at}', '{indicator,peer}', NULL, 'true'),
		(14, 'scorecards', 'kpi.scorecard', '{scorecard}', '{}', '{}', NULL, 'true'),
		(15, 'nodes', 'kpi.scorecard_node', '{scorecard,node,valid}', '{}', '{scorecard}', 'scorecards', 'true'),
		(16, 'objectives', 'kpi.objective', '{objective}', '{}', '{}', NULL, 'true'),
		(17, 'success_factors', 'kpi.success_factor', '{success_factor}', '{}', '{}', NULL, 'true'),
		(18, 'objective_links', 'kpi.objective_link', '{cause,effect}', '{}', '{}', NULL, 'true'),
		(19, 'objective_indicators', 'kpi.objective_indicator', '{objective,indicator}', '{}', '{}', NULL, 'true'),
		(20, 'translations', 'kpi.translation', '{language,topic,code}', '{shipped}', '{}', NULL, 'NOT t.shipped'),
		(21, 'alert_rules', 'kpi.alert_rule', '{alert_rule}', '{set_by,set_at}', '{}', NULL, 'true')
	) AS s (place, section, relation, keys, left_out, scope, named_in, condition);
END;
COMMENT ON FUNCTION kpi_internal.definition_sections() IS
'The parts of a document of definitions, in the order in which they build on each other. '
'Of each: table, key, columns that are not part of it, what of the key has its rows replaced as a whole, the section '
'that names those too, and which rows belong to it.';

CREATE FUNCTION kpi_internal.require_section(section text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known CONSTANT text[] := ARRAY(SELECT s.section FROM kpi_internal.definition_sections() AS s ORDER BY s.place);
BEGIN
	PERFORM kpi_internal.require_value('section', section);
	IF section <> ALL (known) THEN
		PERFORM kpi_internal.fail_unknown('section', section, known, 'sections', NULL, ' in definitions');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_section(text) IS
'Raises an error unless definitions have a section of that name.';

CREATE FUNCTION kpi_internal.section_columns(section text)
	RETURNS text[]
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_agg(CAST(a.attname AS text) ORDER BY a.attnum)
	FROM kpi_internal.definition_sections() AS s JOIN pg_attribute AS a ON a.attrelid = s.relation
	WHERE s.section = section_columns.section AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (s.left_out)
$$;
COMMENT ON FUNCTION kpi_internal.section_columns(text) IS
'The columns that a section of a document of definitions has.';

CREATE FUNCTION kpi_internal.export_section(section text)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = ISO
	SET intervalstyle = postgres
AS $$
DECLARE
	part record;
	rows jsonb;
BEGIN
	PERFORM kpi_internal.require_section(section);
	SELECT * INTO part FROM kpi_internal.definition_sections() AS s WHERE s.section = export_section.section;
	EXECUTE format('SELECT coalesce(jsonb_agg(jsonb_strip_nulls(to_jsonb(t) - $1) ORDER BY %s), ''[]'') FROM %s AS t WHERE %s',
				   (SELECT string_agg(format('CAST(t.%I AS text) COLLATE "C" NULLS FIRST', k.name), ', ' ORDER BY k.place)
					FROM unnest(part.keys) WITH ORDINALITY AS k (name, place)), part.relation, part.condition)
	INTO rows USING part.left_out;
	RETURN rows;
END
$$;
COMMENT ON FUNCTION kpi_internal.export_section(text) IS
'The rows of a section as an array of column: value without what is NULL, in the order of their keys.';

CREATE FUNCTION kpi.export()
	RETURNS jsonb
	LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT jsonb_object_agg(s.section, kpi_internal.export_section(s.section)) FROM kpi_internal.definition_sections() AS s;
END;
COMMENT ON FUNCTION kpi.export() IS
'All definitions as one document for version control. '
'It has a section for each kind: calendars, windows, dimensions, units, unit_parents, perspectives, band_sets, '
'bands, target_profiles, indicators, raters, targets, benchmarks, scorecards, nodes, objectives, success_factors, '
'objective_links, objective_indicators, translations and alert_rules, each an array '
'of rows in the order of their keys, as column: value without what is NULL. What is shipped, measured, entered or '
'logged is not part of it, nor are versions and approvals. The same definitions give the same document; '
'jsonb_pretty() makes lines of it. It reads with the rights of the caller.';

CREATE FUNCTION kpi_internal.row_key(keys text[], given jsonb)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT string_agg(given ->> k.name, '/' ORDER BY k.place)
	FROM unnest(keys) WITH ORDINALITY AS k (name, place)
	WHERE k.name <> 'valid' OR given ->> 'valid' <> '(,)'
$$;
COMMENT ON FUNCTION kpi_internal.row_key(text[], jsonb) IS
'The key of a row of a document as one text. Its parts have slashes between, days stand only where it is not for '
'ever.';

-- as text, for which a join has no need of loops, though a part is NULL
CREATE FUNCTION kpi_internal.same_row(columns text[])
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET quote_all_identifiers = off
AS $$
	SELECT format('CAST(ROW (%s) AS text) = CAST(ROW (%s) AS text)', string_agg(format('w.%I', c), ', '), string_agg(format('t.%I', c), ', '))
	FROM unnest(columns) AS c
$$;
COMMENT ON FUNCTION kpi_internal.same_row(text[]) IS
'The condition that w and t have the same values in the columns, NULL included.';

CREATE FUNCTION kpi_internal.check_document(definitions jsonb)
	RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	part record;
	wrong record;
BEGIN
	IF definitions IS NULL OR jsonb_typeof(definitions) <> 'object' THEN
		PERFORM kpi_internal.fail('22023', 'definitions are not an object', 'Write what kpi.export() gives: {"indicators": [{"indicator": "revenue"}]}.');
	END IF;
	PERFORM kpi_internal.require_section(given) FROM jsonb_object_keys(definitions) AS given;
	FOR part IN
		SELECT s.*, definitions -> s.section AS rows, kpi_internal.section_columns(s.section) AS columns
		FROM kpi_internal.definition_sections() AS s WHERE definitions ? s.section ORDER BY s.place
	LOOP
		IF jsonb_typeof(part.rows) <> 'array' OR EXISTS (SELECT FROM jsonb_array_elements(part.rows) AS r WHERE jsonb_typeof(r) <> 'object') THEN
			PERFORM kpi_internal.fail('22023', format('section "%s" is not an array of objects', part.section), 'Write what kpi.export() gives.');
		END IF;
		PERFORM kpi_internal.fail_unknown('column', c, part.columns, 'columns', NULL, format(' in section "%s"', part.section))
		FROM jsonb_array_elements(part.rows) AS r, jsonb_object_keys(r) AS c
		WHERE c <> ALL (part.columns);
		SELECT k.name, r INTO wrong
		FROM jsonb_array_elements(part.rows) AS r, unnest(part.keys) AS k (name)
			JOIN pg_attribute AS a ON a.attrelid = part.relation AND a.attname = k.name AND a.attnotnull AND NOT a.atthasdef
		WHERE r ->> k.name IS NULL LIMIT 1;
		IF FOUND THEN
			PERFORM kpi_internal.fail('22004', format('a row of section "%s" has no %s', part.section, wrong.name),
									  format('Each row has its key, %s.', array_to_string(part.keys, ', ')), format('It is %s.', wrong.r));
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_document(jsonb) IS
'Raises an error for a document of definitions with an unknown section or column. '
'So it does for a row without its key.';

CREATE FUNCTION kpi_internal.column_defaults(relation regclass)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	result jsonb;
BEGIN
	EXECUTE format('SELECT jsonb_build_object(%s)',
		(SELECT string_agg(format('%L, %s', a.attname, pg_get_expr(d.adbin, d.adrelid)), ', ' ORDER BY a.attnum)
		 FROM pg_attrdef AS d JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
		 WHERE d.adrelid = relation AND a.attidentity = ''))
	INTO result;
	RETURN result;
END
$$;
COMMENT ON FUNCTION kpi_internal.column_defaults(regclass) IS
'The defaults of the columns of a table, as column: value.';

CREATE FUNCTION kpi_internal.wanted_rows(part_section text, given jsonb)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	SET datestyle = ISO
	SET intervalstyle = postgres
AS $$
DECLARE
	part record;
	defaults jsonb;
	rows jsonb;
	twice text;
BEGIN
	PERFORM kpi_internal.require_section(part_section);
	SELECT * INTO part FROM kpi_internal.definition_sections() AS s WHERE s.section = part_section;
	defaults := kpi_internal.column_defaults(part.relation);
	IF part_section = 'indicators' THEN
		PERFORM kpi_internal.check_indicator_words(r, NULL) FROM jsonb_array_elements(given) AS r;
		given := kpi_internal.wanted_states(given);
	END IF;
	EXECUTE format('SELECT coalesce(jsonb_agg(to_jsonb(w)), ''[]'') FROM jsonb_populate_recordset(CAST(NULL AS %s), $1) AS w', part.relation)
	INTO rows
	USING (SELECT coalesce(jsonb_agg(defaults || CASE part_section WHEN 'indicators' THEN kpi_internal.told_defaults(r) ELSE '{}' END
			|| jsonb_build_object('name', kpi_internal.default_name(r ->> part.keys[cardinality(part.keys) - CASE WHEN 'valid' = ANY (part.keys) THEN 1 ELSE 0 END]))
			|| r), '[]') FROM jsonb_array_elements(given) AS r);
	SELECT kpi_internal.row_key(part.keys, r) INTO twice
	FROM jsonb_array_elements(rows) AS r
	GROUP BY 1
	HAVING count(*) > 1 LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('22023', format('"%s" stands twice in section "%s"', twice, part_section), 'A key stands once in its section.');
	END IF;
	RETURN rows;
END
$$;
COMMENT ON FUNCTION kpi_internal.wanted_rows(text, jsonb) IS
'The rows of a section as the table would have them: with defaults in place of what is left out. '
'A key that stands twice is an error.';

-- a document approves nothing in anybody's name
CREATE FUNCTION kpi_internal.wanted_states(given jsonb)
	RETURNS jsonb
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_agg(
		CASE WHEN coalesce(r.definition ->> 'state', 'approved') = 'approved'
				AND (i.state = 'draft' OR i.indicator IS NULL AND CAST(r.definition ->> 'four_eyes' AS boolean))
			THEN r.definition || '{"state": "draft"}' ELSE r.definition END ORDER BY r.place), '[]')
	FROM jsonb_array_elements(given) WITH ORDINALITY AS r (definition, place)
		LEFT JOIN kpi.indicator AS i ON i.indicator = r.definition ->> 'indicator'
$$;
COMMENT ON FUNCTION kpi_internal.wanted_states(jsonb) IS
'Definitions of indicators in which a draft stays one, and a new one under four_eyes begins as one.';

CREATE FUNCTION kpi_internal.rows_to_remove(part_section text, prune boolean)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET quote_all_identifiers = off
AS $$
	SELECT format('%s AND %s AND %s', s.condition,
		CASE WHEN prune THEN 'true' WHEN s.scope = '{}' THEN 'false' ELSE
			format('(EXISTS (SELECT FROM wanted AS w WHERE %s) OR t.%I = ANY (ARRAY(SELECT n ->> %L FROM jsonb_array_elements($2) AS n)))',
				   kpi_internal.same_row(s.scope), s.scope[1], s.scope[1]) END,
		CASE WHEN s.section IN ('unit_parents', 'nodes')
			-- a tree whose rows differ is planted anew, for half of it would not stand
			THEN format('t.%1$I IN (SELECT coalesce(w.%1$I, o.%1$I) FROM wanted AS w FULL JOIN %2$s AS o USING (%3$s)
				WHERE w.valid IS NULL OR o.valid IS NULL)', s.scope[1], s.relation,
				(SELECT string_agg(format('%I', k), ', ') FROM unnest(s.keys) AS k))
			ELSE format('NOT EXISTS (SELECT FROM wanted AS w WHERE %s)', kpi_internal.same_row(s.keys)) END)
	FROM kpi_internal.definition_sections() AS s
	WHERE s.section = part_section
$$;
COMMENT ON FUNCTION kpi_internal.rows_to_remove(text, boolean) IS
'The condition on the rows t of a section that its document no longer has. '
'It looks at the units, band sets, scorecards and targets that the document (wanted) names, with prune at all; $2 '
'are the rows of the section that names them, too.';

CREATE FUNCTION kpi_internal.remove_rows(part_section text, wanted jsonb, named jsonb, prune boolean)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	relation regclass;
BEGIN
	PERFORM kpi_internal.require_section(part_section);
	SELECT s.relation INTO relation FROM kpi_internal.definition_sections() AS s WHERE s.section = part_section;
	EXECUTE format('WITH wanted AS (SELECT * FROM jsonb_populate_recordset(CAST(NULL AS %1$s), $1))
		DELETE FROM %1$s AS t WHERE %2$s', relation, kpi_internal.rows_to_remove(part_section, prune))
	USING wanted, coalesce(named, '[]');
END
$$;
COMMENT ON FUNCTION kpi_internal.remove_rows(text, jsonb, jsonb, boolean) IS
'Deletes the rows of a section that kpi_internal.rows_to_remove() tells.';

CREATE FUNCTION kpi_internal.put_rows(part_section text, wanted jsonb, reason text)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	part record;
	columns CONSTANT text[] := kpi_internal.section_columns(part_section);
BEGIN
	PERFORM kpi_internal.require_section(part_section);
	SELECT * INTO part FROM kpi_internal.definition_sections() AS s WHERE s.section = part_section;
	EXECUTE format('UPDATE %1$s AS t SET (%2$s) = ROW (%3$s) %4$s FROM jsonb_populate_recordset(CAST(NULL AS %1$s), $1) AS w
		WHERE %5$s AND %6$s AND to_jsonb(t) - $3 <> to_jsonb(w) - $3', part.relation,
		(SELECT string_agg(format('%I', c), ', ') FROM unnest(columns) AS c WHERE c <> ALL (part.keys)),
		(SELECT string_agg(format('w.%I', c), ', ') FROM unnest(columns) AS c WHERE c <> ALL (part.keys)),
		CASE WHEN part.section = 'targets' THEN ', reason = coalesce($2, t.reason), set_at = CASE WHEN $2 IS NULL THEN t.set_at END' ELSE '' END,
		part.condition, kpi_internal.same_row(part.keys))
	USING wanted, reason, part.left_out;
	EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %3$s FROM jsonb_populate_recordset(CAST(NULL AS %1$s), $1) AS w
		WHERE NOT EXISTS (SELECT FROM %1$s AS t WHERE %4$s AND %5$s)', part.relation,
		(SELECT string_agg(format('%I', c), ', ') FROM unnest(columns) AS c),
		(SELECT string_agg(format('w.%I', c), ', ') FROM unnest(columns) AS c), part.condition, kpi_internal.same_row(part.keys))
	USING wanted;
END
$$;
COMMENT ON FUNCTION kpi_internal.put_rows(text, jsonb, text) IS
'Changes and adds the rows of a section where they differ from its document. '
'A target that changes late gets the reason.';

CREATE FUNCTION kpi_internal.put_definitions(definitions jsonb, prune boolean, reason text)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	part record;
	wanted jsonb := CAST('{}' AS jsonb);
	place text;
	message text;
	detail text;
	hint text;
BEGIN
	FOR part IN SELECT * FROM kpi_internal.definition_sections() AS s WHERE definitions ? s.section ORDER BY s.place LOOP
		place := part.section;
		wanted := wanted || jsonb_build_object(part.section, kpi_internal.wanted_rows(part.section, definitions -> part.section));
	END LOOP;
	FOR part IN SELECT * FROM kpi_internal.definition_sections() AS s WHERE definitions ? s.section ORDER BY s.place DESC LOOP
		place := part.section;
		PERFORM kpi_internal.remove_rows(part.section, wanted -> part.section, definitions -> part.named_in, prune);
	END LOOP;
	FOR part IN SELECT * FROM kpi_internal.definition_sections() AS s WHERE definitions ? s.section ORDER BY s.place LOOP
		place := part.section;
		PERFORM kpi_internal.put_rows(part.section, wanted -> part.section, reason);
	END LOOP;
	place := 'bands';
	SET CONSTRAINTS kpi.guard_bottom IMMEDIATE;
	SET CONSTRAINTS kpi.guard_bottom DEFERRED;
EXCEPTION
	WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
		PERFORM kpi_internal.fail(SQLSTATE, message, nullif(hint, ''),
								  concat_ws(' ', nullif(detail, ''), format('In section "%s" of the definitions.', place)));
END
$$;
COMMENT ON FUNCTION kpi_internal.put_definitions(jsonb, boolean, text) IS
'Makes the registry say what a document says; an error names the section.';

CREATE FUNCTION kpi_internal.definition_diff(old jsonb, new jsonb)
	RETURNS TABLE (section text, key text, change text, before jsonb, after jsonb)
	LANGUAGE sql STABLE ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH line AS (
		SELECT s.place, s.section, kpi_internal.row_key(s.keys, r) AS key, r AS value, v.is_new
		FROM kpi_internal.definition_sections() AS s
			CROSS JOIN (VALUES (false, old), (true, new)) AS v (is_new, document)
			CROSS JOIN LATERAL jsonb_array_elements(v.document -> s.section) AS r
	)
	SELECT section, key, CASE WHEN o.value IS NULL THEN 'added' WHEN n.value IS NULL THEN 'removed' ELSE 'changed' END,
		   CASE WHEN n.value IS NULL THEN o.value
				WHEN o.value IS NOT NULL THEN (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(o.value) AS e WHERE e.value IS DISTINCT FROM n.value -> e.key) END,
		   CASE WHEN o.value IS NULL THEN n.value
				WHEN n.value IS NOT NULL THEN (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(n.value) AS e WHERE e.value IS DISTINCT FROM o.value -> e.key) END
	FROM (SELECT * FROM line WHERE NOT is_new) AS o FULL JOIN (SELECT * FROM line WHERE is_new) AS n USING (place, section, key)
	WHERE o.value IS DISTINCT FROM n.value
	ORDER BY place, key COLLATE "C"
$$;
COMMENT ON FUNCTION kpi_internal.definition_diff(jsonb, jsonb) IS
'What differs between two documents of definitions. '
'It lists rows added and removed, and of those changed the columns that differ.';

CREATE FUNCTION kpi.apply(definitions jsonb, dry_run boolean DEFAULT false, prune boolean DEFAULT false, reason text DEFAULT NULL)
	RETURNS TABLE (section text, key text, change text, before jsonb, after jsonb)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old jsonb;
	new jsonb;
BEGIN
	PERFORM kpi_internal.check_document(definitions);
	PERFORM kpi_internal.lock_tree('kpi.indicator');
	old := kpi.export();
	BEGIN
		PERFORM kpi_internal.put_definitions(definitions, coalesce(prune, false), reason);
		new := kpi.export();
		PERFORM kpi_internal.check_source(d.key)
		FROM kpi_internal.definition_diff(old, new) AS d JOIN kpi.indicator AS i ON i.indicator = d.key
		WHERE d.section = 'indicators' AND i.kind = 'measured' AND i.state <> 'retired';
		IF dry_run IS NOT FALSE THEN
			RAISE SQLSTATE 'KPIDR';
		END IF;
	EXCEPTION
		WHEN SQLSTATE 'KPIDR' THEN
			NULL;
	END;
	RETURN QUERY SELECT d.section, d.key, d.change, d.before, d.after FROM kpi_internal.definition_diff(old, new) AS d;
END
$$;
COMMENT ON FUNCTION kpi.apply(jsonb, boolean, boolean, text) IS
'Makes the definitions those of a document and returns what that changed. '
'The document is what kpi.export() gives, or a part of it: a section that is left out stays, a column that is left '
'out has its default. A row is added or changed; rows of a unit''s tree, a band set, a scorecard, and the targets of '
'an indicator and unit, are those of the document and no others, and with prune so is every section that is given. '
'dry_run does all of it, tells what would change, and takes it back. reason is that of targets that change after '
'their period began. Errors, after which nothing has changed: unknown sections and columns, a key that is missing or '
'stands twice, and whatever the rules of the tables refuse. Nothing is approved by it: a draft stays one.';
