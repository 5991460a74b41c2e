-- What does not fit: a restore loads rows as they are, and plain SQL may be run without triggers.

CREATE FUNCTION kpi_internal.refusal_of(what text, keys text[], nodes text[] DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	message text;
	detail text;
BEGIN
	CASE what
		WHEN 'nodes' THEN
			PERFORM kpi_internal.check_versions(keys, nodes);
			PERFORM kpi_internal.check_parents(keys, nodes);
			PERFORM kpi_internal.check_cycles(keys, nodes);
			PERFORM kpi_internal.check_places(keys, nodes);
			PERFORM kpi_internal.check_cards(keys);
			PERFORM kpi_internal.check_shown(keys);
		WHEN 'formula' THEN
			PERFORM kpi_internal.check_cycle(keys[1]);
			PERFORM kpi_internal.check_inputs(i) FROM kpi.indicator AS i WHERE i.indicator = keys[1];
		WHEN 'source' THEN
			PERFORM kpi_internal.check_source(keys[1]);
	END CASE;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws('. ', message, nullif(detail, ''));
END
$$;
COMMENT ON FUNCTION kpi_internal.refusal_of(text, text[], text[]) IS
'Why nodes of scorecards, the formula or the source of an indicator would be refused now. '
'NULL where they would not. The first reason: what is wrong may be wrong to the next, too.';

CREATE FUNCTION kpi_internal.lost_references()
	RETURNS TABLE (relation text, key text, finding text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	c record;
BEGIN
	FOR c IN
		SELECT f.conrelid::regclass AS child, f.confrelid::regclass AS parent,
			   string_agg(format('c.%I', a.attname), ', ' ORDER BY k.n) AS columns,
			   string_agg(format('p.%I = c.%I', b.attname, a.attname), ' AND ' ORDER BY k.n) AS same,
			   string_agg(format('c.%I IS NOT NULL', a.attname), ' AND ' ORDER BY k.n) AS known
		FROM pg_constraint AS f
			CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (child, parent, n)
			JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.child
			JOIN pg_attribute AS b ON b.attrelid = f.confrelid AND b.attnum = k.parent
		WHERE f.contype = 'f' AND f.connamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace)
			AND has_table_privilege(f.conrelid, 'SELECT') AND has_table_privilege(f.confrelid, 'SELECT')
		GROUP BY f.oid, f.conrelid, f.confrelid
		ORDER BY f.conrelid::regclass::text, f.conname
	LOOP
		RETURN QUERY EXECUTE format('SELECT DISTINCT %L, concat_ws(''/'', %s), %L FROM %s AS c WHERE %s AND NOT EXISTS (SELECT FROM %s AS p WHERE %s)',
									c.child, c.columns, format('there is no such row in %s', c.parent), c.child, c.known, c.parent, c.same);
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.lost_references() IS
'Rows that refer to others that are not there.';

CREATE FUNCTION kpi_internal.broken_history()
	RETURNS TABLE (relation text, key text, finding text)
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	name text;
BEGIN
	FOR name IN
		SELECT regexp_replace(c.relname, '_history$', '') FROM pg_class AS c
		WHERE c.relnamespace = 'kpi_internal'::regnamespace AND c.relname ~ '_history$' AND c.relkind = 'r'
		ORDER BY c.relname
	LOOP
		RETURN QUERY EXECUTE format(
			'SELECT %L, CAST(x.row AS text), CASE WHEN x.kept THEN ''its history says that it is there'' ELSE ''its history does not say that it is so'' END
			 FROM (SELECT false AS kept, t AS row FROM (SELECT r.* FROM kpi.%2$I AS r WHERE NOT coalesce((to_jsonb(r) ->> ''shipped'')::boolean, false)
														EXCEPT SELECT (h.version).* FROM kpi_internal.%3$I AS h WHERE h.until = ''infinity'') AS t
				   UNION ALL
				   SELECT true, t FROM (SELECT (h.version).* FROM kpi_internal.%3$I AS h WHERE h.until = ''infinity'' EXCEPT SELECT r.* FROM kpi.%2$I AS r) AS t) AS x',
			'kpi.' || name, name, name || '_history');
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.broken_history() IS
'Rows that are not as their history has them.';

CREATE FUNCTION kpi_internal.misfits()
	RETURNS TABLE (relation text, key text, finding text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH RECURSIVE above (unit, parent, valid, units) AS (
		SELECT CAST(p.unit AS text), CAST(p.parent AS text), p.valid, ARRAY[CAST(p.unit AS text)] FROM kpi.unit_parent AS p
		UNION ALL
		SELECT a.unit, CAST(p.parent AS text), a.valid * p.valid, a.units || a.parent
		FROM above AS a JOIN kpi.unit_parent AS p ON p.unit = a.parent AND p.valid && a.valid
		WHERE a.parent <> ALL (a.units)
	), circle (units) AS (
		SELECT DISTINCT (SELECT string_agg(u, ', ' ORDER BY u COLLATE "C") FROM unnest(a.units) AS u) FROM above AS a WHERE a.parent = a.unit
	), dated (relation, grain, period_start, key) AS (
		SELECT 'kpi.measurement', CAST(m.grain AS text), m.period_start, concat_ws('/', m.indicator, m.unit, m.grain, m.period_start)
		FROM kpi.measurement AS m
		UNION ALL
		SELECT 'kpi.entry', e.grain, e.period_start, concat_ws('/', e.indicator, e.unit, e.grain, e.period_start) FROM kpi.entry AS e
		UNION ALL
		SELECT 'kpi.rating', r.grain, r.period_start, concat_ws('/', r.indicator, r.unit, r.grain, r.period_start, r.rater) FROM kpi.rating AS r
		UNION ALL
		SELECT 'kpi.finalization', f.period_grain, f.period_start, concat_ws('/', f.scorecard, f.unit, f.period_grain, f.period_start)
		FROM kpi.finalization AS f
	)
	SELECT 'kpi.unit_parent', split_part(c.units, ', ', 1), format('units are above each other: %s', c.units)
	FROM circle AS c
	UNION ALL
	SELECT 'kpi.unit_parent', concat_ws('/', p.unit, p.parent), 'there is no such row in kpi.unit'
	FROM kpi.unit_parent AS p
	WHERE NOT EXISTS (SELECT FROM kpi.unit AS u WHERE u.unit = p.unit) OR NOT EXISTS (SELECT FROM kpi.unit AS u WHERE u.unit = p.parent)
	UNION ALL
	SELECT 'kpi.unit_parent', concat_ws('/', p.unit, p.parent), format('a unit of dimension "%s" is below one of "%s"', u.dimension, a.dimension)
	FROM kpi.unit_parent AS p JOIN kpi.unit AS u ON u.unit = p.unit JOIN kpi.unit AS a ON a.unit = p.parent
	WHERE a.dimension <> u.dimension
	UNION ALL
	SELECT d.relation, d.key,
		   CASE WHEN g.grain IS NULL THEN 'there is no such grain' ELSE format('the period of a %s does not begin on that day', d.grain) END
	FROM dated AS d LEFT JOIN kpi.grain AS g ON g.grain = d.grain
	WHERE CASE WHEN g.grain IS NULL THEN true ELSE kpi.period_start(d.grain, d.period_start) IS DISTINCT FROM d.period_start END
	UNION ALL
	SELECT 'kpi.target', t.key, t.finding FROM kpi_internal.misfit_targets() AS t
	UNION ALL
	SELECT 'kpi.band_set', s.band_set, 'no band is open below'
	FROM kpi.band_set AS s
	WHERE NOT EXISTS (SELECT FROM kpi.band AS b WHERE b.band_set = s.band_set AND b.lower_bound IS NULL)
	UNION ALL
	SELECT 'kpi.scorecard_node', concat_ws('/', w.scorecard, w.node), format('weights sum to %s, not %s', trim_scale(w.weight_sum), trim_scale(w.expected))
	FROM kpi_internal.weight_sums() AS w JOIN kpi.scorecard AS k ON k.scorecard = w.scorecard
	WHERE k.weight_sum IS NOT NULL AND abs(w.weight_sum - w.expected) > w.tolerance
	UNION ALL
	SELECT 'kpi.finalization', CAST(f.finalization AS text), 'its rows are not there'
	FROM kpi.finalization AS f
	WHERE NOT EXISTS (SELECT FROM kpi_internal.final_node AS n WHERE n.finalization = f.finalization)
	UNION ALL
	SELECT DISTINCT 'kpi_internal.final_node', CAST(n.finalization AS text), 'nothing says that it is final'
	FROM kpi_internal.final_node AS n
	WHERE NOT EXISTS (SELECT FROM kpi.finalization AS f WHERE f.finalization = n.finalization)
	UNION ALL
	SELECT 'kpi.result', r.score_key, 'there is no such scorecard or unit'
	FROM kpi.result AS r
	WHERE r.depth = 0 AND r.is_final = 0
		AND (NOT EXISTS (SELECT FROM kpi.scorecard AS k WHERE k.scorecard = r.scorecard)
			 OR NOT EXISTS (SELECT FROM kpi.unit AS u WHERE u.unit = r.unit))
$$;
COMMENT ON FUNCTION kpi_internal.misfits() IS
'Rows that do not fit together. Units above each other, days that begin no period, targets and methods, bands, weights, final rows and results.';

-- what a row says is read where another row says so
CREATE FUNCTION kpi_internal.unread_words()
	RETURNS TABLE (relation text, key text, finding text)
	LANGUAGE sql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT DISTINCT 'kpi.scorecard_node', concat_ws('/', n.scorecard, n.node), x.finding
	FROM kpi.scorecard_node AS n
		JOIN kpi.scorecard AS k ON k.scorecard = n.scorecard
		LEFT JOIN kpi.scorecard_node AS a ON a.scorecard = n.scorecard AND a.node = n.parent AND a.valid && n.valid
		LEFT JOIN kpi.indicator AS i ON i.indicator = n.indicator
		CROSS JOIN LATERAL (VALUES
			(n.max_age <> 1 AND coalesce(a.missing, k.missing) <> 'carry',
			 format('max_age %s is not read: missing is "%s" above it, not "carry"', n.max_age, coalesce(a.missing, k.missing))),
			(n.carry AND kpi_internal.tiles(i.grain, k.grain),
			 format('carry is not read: the own grain "%s" of indicator "%s" is no longer than "%s" of the scorecard', i.grain, i.indicator, k.grain)),
			(n.weight IS NOT NULL AND coalesce(n.role, 'part') NOT IN ('part', 'priority'),
			 format('weight %s is not read: a %s has none', trim_scale(n.weight), n.role))) AS x (is_unread, finding)
	WHERE x.is_unread
	UNION ALL
	SELECT 'kpi.indicator', CAST(i.indicator AS text), x.finding
	FROM kpi.indicator AS i
		LEFT JOIN kpi.target_profile AS p ON p.target_profile = i.target_profile
		CROSS JOIN LATERAL (VALUES
			(p.in_decimals AND kpi_internal.target_rule(i) = 'compound',
			 format('in_decimals of target profile "%s" is not read: rates are compounded, not shared out in decimals', p.target_profile)),
			(i.inherit_target AND kpi_internal.target_rule(i) IS DISTINCT FROM 'hold',
			 format('inherit_target is not read: targets of the rule %s reach units below by cascade', coalesce(kpi_internal.target_rule(i), 'none'))),
			(i.target_peer IS NOT NULL AND NOT EXISTS (SELECT FROM kpi.benchmark AS b WHERE b.indicator = i.indicator AND b.peer = i.target_peer),
			 format('target_peer "%s" has no benchmark', i.target_peer))) AS x (is_unread, finding)
	WHERE x.is_unread
$$;
COMMENT ON FUNCTION kpi_internal.unread_words() IS
'What rows say and nothing reads, since another row says otherwise. '
'max_age and carry of a node, the weight of a bonus, deduction or veto, decimals of a profile, inherited targets, a peer without a '
'benchmark.';

CREATE FUNCTION kpi_internal.refused_definitions(indicator text)
	RETURNS TABLE (relation text, key text, finding text)
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT * FROM (
		SELECT 'kpi.scorecard_node', n.scorecard, kpi_internal.refusal_of('nodes', n.scorecards, n.nodes)
		FROM (SELECT CAST(k.scorecard AS text) AS scorecard, array_agg(CAST(k.scorecard AS text)) AS scorecards,
					 array_agg(CAST(k.node AS text) ORDER BY k.node, k.valid) AS nodes
			  FROM kpi.scorecard_node AS k GROUP BY k.scorecard) AS n
		WHERE indicator IS NULL
		UNION ALL
		SELECT 'kpi.indicator', CAST(i.indicator AS text),
			   kpi_internal.refusal_of(CASE i.kind WHEN 'derived' THEN 'formula' ELSE 'source' END, ARRAY[CAST(i.indicator AS text)])
		FROM kpi.indicator AS i
		WHERE (refused_definitions.indicator IS NULL OR i.indicator = refused_definitions.indicator)
			AND (i.kind = 'derived' OR i.kind = 'measured' AND i.source IS NOT NULL
				 AND (refused_definitions.indicator IS NOT NULL OR has_table_privilege('kpi.measurement', 'INSERT')))) AS f (relation, key, finding)
	WHERE f.finding IS NOT NULL
$$;
COMMENT ON FUNCTION kpi_internal.refused_definitions(text) IS
'Scorecards and indicators that would be refused if they were defined now, and why. Of one indicator, or of all.';

CREATE FUNCTION kpi.check_registry(indicator text DEFAULT NULL)
	RETURNS TABLE (relation text, key text, finding text)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT kpi_internal.reads_all() OR NOT has_table_privilege('kpi_internal.final_node', 'SELECT') THEN
		PERFORM kpi_internal.fail('42501', 'permission denied to check the registry', 'kpi.grant_editor() and kpi.grant_collector() grant it.');
	ELSIF indicator IS NOT NULL THEN
		PERFORM kpi_internal.require_indicator(indicator);
		RETURN QUERY SELECT * FROM kpi_internal.refused_definitions(indicator);
		RETURN;
	END IF;
	RETURN QUERY
	SELECT f.relation, f.key, f.finding
	FROM (SELECT * FROM kpi_internal.lost_references() UNION ALL SELECT * FROM kpi_internal.misfits()
		  UNION ALL SELECT * FROM kpi_internal.unread_words()
		  UNION ALL SELECT * FROM kpi_internal.broken_history() UNION ALL SELECT * FROM kpi_internal.refused_definitions(NULL)) AS f
	ORDER BY f.relation COLLATE "C", f.key COLLATE "C", f.finding COLLATE "C";
END
$$;
COMMENT ON FUNCTION kpi.check_registry(text) IS
'What does not fit in the registry, as after a restore: a row for each table, key and finding. '
'References that lead nowhere, units or scorecards or formulas in a circle, nodes without a parent on some days, days '
'that begin no period, targets without what a method reads, weights that do not sum to what they should, bands with a hole, history that is not that of '
'the rows, final rows that are not there, what is said and nothing reads, formulas and sources that cannot be planned any more. With an indicator '
'just its formula or source. No rows where all fits. Needs what kpi.grant_editor() or kpi.grant_collector() grants '
'(42501); an unknown indicator is an error (22023).';
