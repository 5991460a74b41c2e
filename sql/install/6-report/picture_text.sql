-- The pictures as lines for a terminal: the same rows, figures and order.

CREATE FUNCTION kpi_internal.widest(texts text[])
	RETURNS integer
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(max(kpi_internal.text_width(t)), 0) FROM unnest(texts) AS t
$$;
COMMENT ON FUNCTION kpi_internal.widest(text[]) IS
'Terminal columns of the widest of some texts; 0 for none.';

CREATE FUNCTION kpi_internal.drawn_status_text(status float8, word text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN kpi_internal.status_text(CASE WHEN status IN (-1, 0, 1) THEN CAST(status AS integer) END, word);
COMMENT ON FUNCTION kpi_internal.drawn_status_text(float8, text) IS
'A status among the numbers of a picture as a sign and a word; any other number is none.';

CREATE FUNCTION kpi_internal.table_text(cells text[], columns integer, left_columns integer[] DEFAULT '{1}')
	RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH cell AS (
		SELECT (u.i - 1) / columns AS line, (u.i - 1) % columns AS place, u.cell,
			   max(kpi_internal.text_width(coalesce(u.cell, ''))) OVER (PARTITION BY (u.i - 1) % columns) AS width
		FROM unnest(cells) WITH ORDINALITY AS u (cell, i)
	)
	SELECT rtrim(string_agg(kpi_internal.pad_text(c.cell, c.width, CASE WHEN c.place + 1 = ANY (left_columns) THEN 'left' ELSE 'right' END), '  '
							ORDER BY c.place))
	FROM cell AS c
	GROUP BY c.line
	ORDER BY c.line
$$;
COMMENT ON FUNCTION kpi_internal.table_text(text[], integer, integer[]) IS
'Cells, row after row, as lines whose columns stand under each other. '
'left_columns: those of words; others are of numbers and stand right.';

CREATE FUNCTION kpi_internal.signed_bar_text(value float8, most float8, width integer)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN value < 0 THEN lpad(b.bar, width) || kpi_internal.glyph(9474, '|') || repeat(' ', width)
				ELSE repeat(' ', width) || kpi_internal.glyph(9474, '|') || rpad(b.bar, width) END
	FROM (SELECT repeat(kpi_internal.glyph(9608, '#'), CAST(least(coalesce(round(kpi_internal.usable(CAST(abs(value) / nullif(most, 0) * width AS numeric))), 0), width) AS integer)) AS bar) AS b
$$;
COMMENT ON FUNCTION kpi_internal.signed_bar_text(float8, float8, integer) IS
'A bar to the right of a line, to the left of it for a value below 0. width: terminal columns of each side.';

CREATE FUNCTION kpi.bridge_text(names text[], effects float8[], "before" float8, before_name text DEFAULT NULL,
								after_name text DEFAULT NULL, missing float8 DEFAULT NULL)
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_rows('names', cardinality(names), 'effects', cardinality(effects));
	RETURN QUERY
	WITH line AS (
		SELECT r.*, row_number() OVER () AS n, max(abs(r.stop - r.start)) OVER () AS most
		FROM kpi_internal.bridge_rows(names, effects, "before", before_name, after_name, missing) AS r
	)
	SELECT kpi_internal.table_text(array_agg(c.cell ORDER BY l.n, c.i), 3, '{1,2}')
	FROM line AS l
		CROSS JOIN LATERAL unnest(ARRAY[coalesce(l.name, ''),
			CASE l.kind WHEN 0 THEN '' ELSE kpi_internal.signed_bar_text(l.stop - l.start, l.most, 12) END,
			CASE l.kind WHEN 0 THEN kpi.format_value(l.shown, '', 1) ELSE kpi_internal.signed_text(l.shown, 1) END])
			WITH ORDINALITY AS c (cell, i);
END
$$;
COMMENT ON FUNCTION kpi.bridge_text(text[], float8[], float8, text, text, float8) IS
'How a total became another, as lines with bars to the left for losses and to the right for gains. '
'Rows, figures and errors are those of kpi.bridge().';

CREATE FUNCTION kpi.heat_map_text(rows text[], columns text[], "values" float8[], statuses float8[] DEFAULT NULL,
								  unit_of_measure text DEFAULT '', decimals float8 DEFAULT 0)
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_rows('rows', cardinality(rows), 'columns', cardinality(columns)),
		kpi_internal.require_rows('rows', cardinality(rows), 'values', cardinality("values"));
	IF statuses IS NOT NULL THEN
		PERFORM kpi_internal.require_rows('rows', cardinality(rows), 'statuses', cardinality(statuses));
	END IF;
	RETURN QUERY
	WITH given AS (
		SELECT u.*, min(u.i) OVER (PARTITION BY u.r) AS row_place, min(u.i) OVER (PARTITION BY u.c) AS column_place
		FROM unnest(rows, columns, "values", statuses) WITH ORDINALITY AS u (r, c, v, s, i)
	), row_name AS (
		SELECT DISTINCT g.row_place AS place, g.r AS name FROM given AS g
	), column_name AS (
		SELECT DISTINCT g.column_place AS place, g.c AS name FROM given AS g
	), cell AS (
		SELECT 0 AS line, 0 AS place, '' AS cell
		UNION ALL
		SELECT 0, c.place, coalesce(c.name, '') FROM column_name AS c
		UNION ALL
		SELECT r.place, 0, coalesce(r.name, '') FROM row_name AS r
		UNION ALL
		SELECT r.place, c.place,
			   (SELECT CASE WHEN statuses IS NULL THEN '' ELSE kpi_internal.drawn_status_text(g.s, '') END || kpi.format_value(g.v, unit_of_measure, decimals)
				FROM given AS g WHERE g.row_place = r.place AND g.column_place = c.place ORDER BY g.i DESC LIMIT 1)
		FROM row_name AS r CROSS JOIN column_name AS c
	)
	SELECT kpi_internal.table_text(array_agg(c.cell ORDER BY c.line, c.place), 1 + CAST((SELECT count(*) FROM column_name) AS integer))
	FROM cell AS c
	HAVING count(*) > 1;
END
$$;
COMMENT ON FUNCTION kpi.heat_map_text(text[], text[], float8[], float8[], text, float8) IS
'A table of numbers, each with the sign of its status, as lines. '
'Arguments and errors are those of kpi.heat_map(). No rows for no cells.';

CREATE FUNCTION kpi.funnel_chart_text(names text[], counts float8[])
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_rows('names', cardinality(names), 'counts', cardinality(counts));
	PERFORM kpi_internal.fail('22023', format('element %s of counts is %s', u.i, u.count), 'Pass how many reach each step: 0 or more.')
	FROM unnest(counts) WITH ORDINALITY AS u (count, i) WHERE u.count < 0;
	RETURN QUERY
	WITH step AS (
		SELECT u.name, u.count, u.i, max(u.count) OVER () AS most, lag(u.count) OVER (ORDER BY u.i) AS before
		FROM (SELECT n.name, CASE WHEN n.count < 'Infinity' THEN n.count END AS count, n.i
			  FROM unnest(names, counts) WITH ORDINALITY AS n (name, count, i)) AS u
	)
	SELECT kpi_internal.table_text(array_agg(c.cell ORDER BY s.i, c.i), 4, '{1,2}')
	FROM step AS s
		CROSS JOIN LATERAL unnest(ARRAY[coalesce(s.name, ''),
			repeat(kpi_internal.glyph(9608, '#'), CAST(coalesce(greatest(round(kpi_internal.usable(CAST(s.count / nullif(s.most, 0) * 30 AS numeric))),
				sign(kpi_internal.usable(CAST(s.count AS numeric)))), 0) AS integer)),
			coalesce(kpi.format_value(s.count, '', 0), kpi_internal.glyph(8211, '-')), kpi.format_value(s.count / nullif(s.before, 0), '%', 1)])
			WITH ORDINALITY AS c (cell, i);
END
$$;
COMMENT ON FUNCTION kpi.funnel_chart_text(text[], float8[]) IS
'How many are left from step to step, as lines: a bar, the count, and the share of the step before. '
'Errors: arrays of two lengths, a count below 0.';

CREATE FUNCTION kpi.fishbone_text(effect text, score float8, bones text[], causes text[], "values" float8[], statuses float8[] DEFAULT NULL,
								  caption text DEFAULT NULL, unit_of_measure text DEFAULT '', decimals float8 DEFAULT 1)
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_rows('bones', cardinality(bones), 'causes', cardinality(causes)),
		kpi_internal.require_rows('bones', cardinality(bones), 'values', cardinality("values"));
	RETURN QUERY
	WITH given AS (
		SELECT u.*, min(u.i) OVER (PARTITION BY u.bone) AS place
		FROM unnest(bones, causes, "values", statuses) WITH ORDINALITY AS u (bone, cause, value, status, i)
	), bone AS (
		SELECT g.place, g.bone AS name, coalesce(max(g.value) FILTER (WHERE g.cause IS NULL), sum(g.value) FILTER (WHERE g.cause IS NOT NULL)) AS value,
			   max(g.status) FILTER (WHERE g.cause IS NULL) AS status
		FROM given AS g GROUP BY g.place, g.bone
	), line AS (
		SELECT b.place, b.value AS of_bone, 0 AS depth, b.name, b.value, b.status, 0 AS i FROM bone AS b
		UNION ALL
		SELECT b.place, b.value, 1, g.cause, g.value, g.status, g.i FROM bone AS b JOIN given AS g ON g.place = b.place AND g.cause IS NOT NULL
	), sorted AS (
		SELECT l.*, row_number() OVER (ORDER BY l.of_bone DESC NULLS LAST, l.place, l.depth, l.value DESC NULLS LAST, l.i) AS n FROM line AS l
	)
	SELECT concat_ws('  ', effect, kpi.format_value(score, unit_of_measure, decimals), caption)
	UNION ALL
	SELECT t.*
	FROM (SELECT array_agg(c.cell ORDER BY s.n, c.i) AS cells
		  FROM sorted AS s
			CROSS JOIN LATERAL unnest(ARRAY[repeat('  ', s.depth + 1) || kpi_internal.drawn_status_text(s.status, s.name),
				coalesce(kpi.format_value(s.value, unit_of_measure, decimals), kpi_internal.glyph(8211, '-'))]) WITH ORDINALITY AS c (cell, i)) AS a
		CROSS JOIN LATERAL kpi_internal.table_text(a.cells, 2) AS t;
END
$$;
COMMENT ON FUNCTION kpi.fishbone_text(text, float8, text[], text[], float8[], float8[], text, text, float8) IS
'What an effect hangs on, as an indented tree: bones and causes, the greatest first. '
'Arguments and errors are those of kpi.fishbone().';

CREATE FUNCTION kpi.strategy_map_text(nodes text[], lanes text[], names text[], scores float8[], statuses float8[],
									  causes text[] DEFAULT NULL, effects text[] DEFAULT NULL)
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_rows('names', cardinality(names), 'nodes', cardinality(nodes)),
		kpi_internal.require_rows('names', cardinality(names), 'lanes', cardinality(lanes)),
		kpi_internal.require_rows('causes', cardinality(causes), 'effects', cardinality(effects));
	IF (SELECT count(DISTINCT n.node) < count(n.node) FROM unnest(nodes) AS n (node)) THEN
		PERFORM kpi_internal.fail('22023', 'nodes has the same key twice', 'Pass a key of its own for every objective.');
	END IF;
	RETURN QUERY
	WITH node AS (
		SELECT u.*, min(u.i) OVER (PARTITION BY u.lane) AS place FROM unnest(nodes, lanes, names, scores, statuses) WITH ORDINALITY AS u (node, lane, name, score, status, i)
	), line AS (
		SELECT DISTINCT n.place, 0 AS i, CAST(0 AS bigint) AS link, n.lane AS cell, '' AS figure FROM node AS n
		UNION ALL
		SELECT n.place, n.i, 0, '  ' || kpi_internal.drawn_status_text(n.status, n.name), coalesce(kpi.format_value(n.score, '', 1), kpi_internal.glyph(8211, '-')) FROM node AS n
		UNION ALL
		SELECT n.place, n.i, l.i, '      ' || kpi_internal.glyph(8594, '>') || ' ' || e.name, ''
		FROM unnest(causes, effects) WITH ORDINALITY AS l (cause, effect, i) JOIN node AS n ON n.node = l.cause JOIN node AS e ON e.node = l.effect
	)
	SELECT t.*
	FROM (SELECT array_agg(c.cell ORDER BY l.place, l.i, l.link, c.i) AS cells
		  FROM line AS l CROSS JOIN LATERAL unnest(ARRAY[l.cell, l.figure]) WITH ORDINALITY AS c (cell, i)) AS a
		CROSS JOIN LATERAL kpi_internal.table_text(a.cells, 2) AS t;
END
$$;
COMMENT ON FUNCTION kpi.strategy_map_text(text[], text[], text[], float8[], float8[], text[], text[]) IS
'Objectives by lane, with what each of them helps, as an indented tree. '
'Arguments and errors are those of kpi.strategy_map(), but a link of a key that is none is left out.';

CREATE FUNCTION kpi.xmr_chart_text(series kpi.series, baseline float8 DEFAULT NULL, target float8 DEFAULT NULL, lowest float8 DEFAULT NULL,
								   unit_of_measure text DEFAULT '', decimals float8 DEFAULT 1)
	RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH l AS (
		SELECT x.center, greatest(x.lower, CASE WHEN x.lower IS NOT NULL THEN lowest END) AS lower, x.upper, x.range_upper
		FROM kpi.xmr(series, baseline) AS x
	), point AS (
		SELECT x.*, abs(x.value - lag(x.value) OVER (ORDER BY x.period)) AS range FROM kpi_internal.xmr_points(series, baseline) AS x
	), line AS (
		SELECT NULL AS period, ARRAY[kpi.term('heading', 'period', 'Period'), kpi.term('heading', 'actual', 'Actual'),
			kpi.term('report', 'range', 'Range'), kpi.term('report', 'rule', 'Rule')] AS cells
		UNION ALL
		SELECT p.period, ARRAY[to_char(p.period, 'YYYY-MM-DD'), coalesce(kpi.format_value(p.value, unit_of_measure, decimals), kpi_internal.glyph(8211, '-')),
			kpi.format_value(p.range, unit_of_measure, decimals) || CASE WHEN p.range > l.range_upper THEN ' !' ELSE '' END, coalesce(CAST(p.rule AS text), '')]
		FROM point AS p CROSS JOIN l
	)
	SELECT concat_ws('  ', kpi.term('report', 'mean', 'Mean') || ' ' || kpi.format_value(l.center, unit_of_measure, decimals),
		kpi.term('report', 'lower', 'Lower') || ' ' || kpi.format_value(l.lower, unit_of_measure, decimals),
		kpi.term('report', 'upper', 'Upper') || ' ' || kpi.format_value(l.upper, unit_of_measure, decimals),
		kpi.term('heading', 'target', 'Target') || ' ' || kpi.format_value(target, unit_of_measure, decimals))
	FROM l WHERE l.center IS NOT NULL
	UNION ALL
	SELECT t.*
	FROM (SELECT array_agg(c.cell ORDER BY x.period NULLS FIRST, c.i) AS cells
		  FROM line AS x CROSS JOIN LATERAL unnest(x.cells) WITH ORDINALITY AS c (cell, i)
		  HAVING count(x.period) > 0) AS a
		CROSS JOIN LATERAL kpi_internal.table_text(a.cells, 4) AS t
$$;
COMMENT ON FUNCTION kpi.xmr_chart_text(kpi.series, float8, float8, float8, text, float8) IS
'A series with its limits as lines: values, moving ranges and the rule that is hit. '
'A range beyond its limit is marked with !. '
'Arguments and errors are those of kpi.xmr_chart().';

CREATE FUNCTION kpi.forecast_chart_text(series kpi.series, horizon float8 DEFAULT 3, model text DEFAULT 'auto', target float8[] DEFAULT NULL,
										unit_of_measure text DEFAULT '', decimals float8 DEFAULT 0)
	RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH point AS (
		SELECT f.*, row_number() OVER (ORDER BY f.period) AS n FROM kpi_internal.forecast_points(series, horizon, model) AS f
	), line AS (
		SELECT CAST(0 AS bigint) AS n, ARRAY[kpi.term('heading', 'period', 'Period'), kpi.term('heading', 'actual', 'Actual'), kpi.term('report', 'low', 'Low'),
			kpi.term('report', 'forecast', 'Forecast'), kpi.term('report', 'high', 'High'), kpi.term('heading', 'target', 'Target')] AS cells
		UNION ALL
		SELECT p.n, ARRAY[to_char(p.period, 'YYYY-MM-DD'), kpi.format_value(p.value, unit_of_measure, decimals),
			kpi.format_value(p.low, unit_of_measure, decimals), kpi.format_value(p.forecast, unit_of_measure, decimals),
			kpi.format_value(p.high, unit_of_measure, decimals),
			kpi.format_value(CASE cardinality(target) WHEN 1 THEN target[1] ELSE target[p.n] END, unit_of_measure, decimals)]
		FROM point AS p
	)
	SELECT t.*
	FROM (SELECT array_agg(c.cell ORDER BY x.n, c.i) AS cells
		  FROM line AS x CROSS JOIN LATERAL unnest(x.cells) WITH ORDINALITY AS c (cell, i)
		  HAVING max(x.n) > 0) AS a
		CROSS JOIN LATERAL kpi_internal.table_text(a.cells, 6) AS t
$$;
COMMENT ON FUNCTION kpi.forecast_chart_text(kpi.series, float8, text, float8[], text, float8) IS
'A series and its forecast as lines: what was, and what is likely to come. '
'With the interval of 95 % and the target. '
'Arguments and errors are those of kpi.forecast_chart().';
