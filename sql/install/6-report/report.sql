-- Report: a scorecard as lines of text that a person reads in a terminal.

CREATE TYPE kpi_internal.report_row AS (
	place integer,
	depth integer,
	node text,
	name text,
	actual text,
	target text,
	attained text,
	attainment numeric,
	score numeric,
	change numeric,
	weight numeric,
	lost numeric,
	absolute_weight numeric,
	coverage numeric,
	missing text[],
	trend text,
	status text,
	reason text
);
COMMENT ON TYPE kpi_internal.report_row IS
'A node of a scorecard as kpi.scorecard_text() draws it, in the reader''s words.';
COMMENT ON COLUMN kpi_internal.report_row.place IS 'Place in the tree, as kpi.evaluate() gives it.';
COMMENT ON COLUMN kpi_internal.report_row.depth IS 'Levels below the scorecard, which has 0.';
COMMENT ON COLUMN kpi_internal.report_row.node IS 'Key of the node.';
COMMENT ON COLUMN kpi_internal.report_row.name IS 'Its name.';
COMMENT ON COLUMN kpi_internal.report_row.actual IS 'Actual with its unit; NULL when not measured.';
COMMENT ON COLUMN kpi_internal.report_row.target IS 'Target with its unit.';
COMMENT ON COLUMN kpi_internal.report_row.attained IS 'Attainment in percent.';
COMMENT ON COLUMN kpi_internal.report_row.attainment IS 'Attainment as a fraction.';
COMMENT ON COLUMN kpi_internal.report_row.score IS 'Points.';
COMMENT ON COLUMN kpi_internal.report_row.change IS 'Points gained since the period before.';
COMMENT ON COLUMN kpi_internal.report_row.weight IS 'Weight among the siblings.';
COMMENT ON COLUMN kpi_internal.report_row.lost IS
'Weight in force, with that of missing siblings shared out, times the points short of 100. '
'NULL for nodes with others below.';
COMMENT ON COLUMN kpi_internal.report_row.absolute_weight IS 'Share of the whole scorecard, a fraction.';
COMMENT ON COLUMN kpi_internal.report_row.coverage IS 'Share of the weight below that has a score.';
COMMENT ON COLUMN kpi_internal.report_row.missing IS 'Nodes below without a score.';
COMMENT ON COLUMN kpi_internal.report_row.trend IS 'The last periods as blocks.';
COMMENT ON COLUMN kpi_internal.report_row.status IS 'Sign and word of the status.';
COMMENT ON COLUMN kpi_internal.report_row.reason IS 'Why there is no score; NULL where there is one.';

CREATE FUNCTION kpi_internal.report_rows(scorecard text, unit text, grain text, period_start date)
	RETURNS SETOF kpi_internal.report_row
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH past AS (
		SELECT n.n, kpi_internal.period_step(report_rows.grain, report_rows.period_start, -n.n) AS period_start
		FROM generate_series(0, 7) AS n (n)
	), seen AS MATERIALIZED (
		SELECT x.*
		FROM kpi_internal.named(ARRAY(
			SELECT CAST(ROW(report_rows.scorecard, report_rows.unit, report_rows.grain, p.period_start, NULL) AS kpi_internal.cell)
			FROM past AS p WHERE p.period_start IS NOT NULL
				-- a text that is no key may be of any length, and is in each of the cells
				AND EXISTS (SELECT FROM kpi.unit AS u WHERE u.unit = report_rows.unit))) AS x
	), e AS MATERIALIZED (
		SELECT x.* FROM seen AS x WHERE x.period_start = report_rows.period_start
	), loss AS MATERIALIZED (
		SELECT l.*
		FROM (SELECT array_agg(CAST(ROW(e.node, e.parent_node, e.role, e.weight, e.score, e.carried) AS kpi_internal.weighed_node)),
					 max(e.period_end) FROM e) AS a (nodes, day)
			CROSS JOIN LATERAL kpi_internal.lost_points(report_rows.scorecard, a.day, a.nodes) AS l
	)
	SELECT e.place, e.depth, e.node, e.node_name,
		kpi.format_value(e.actual, e.unit_of_measure, i.decimals), coalesce(
			kpi.format_value(e.target_low, e.unit_of_measure, i.decimals) || format(' %s ', kpi_internal.glyph(8211, '-'))
				|| kpi.format_value(e.target_high, e.unit_of_measure, i.decimals),
			kpi.format_value(e.target, e.unit_of_measure, i.decimals)),
		kpi.format_value(e.attainment, '%', 1), e.attainment, e.score, e.score_change, e.weight,
		greatest(s.lost, 0),
		e.absolute_weight, e.coverage, e.missing_nodes,
		(SELECT kpi.sparkline_text(array_agg(CASE WHEN x.indicator IS NULL THEN x.score ELSE x.actual END ORDER BY p.n DESC))
		 FROM past p LEFT JOIN seen x ON x.period_start = p.period_start AND x.node = e.node),
		kpi_internal.status_text(nullif(e.rag_order, 0) - 2, e.rag_label), e.score_reason_label
	FROM e
		LEFT JOIN loss s ON s.node = e.node
		LEFT JOIN kpi.indicator i ON i.indicator = e.indicator
$$;
COMMENT ON FUNCTION kpi_internal.report_rows(text, text, text, date) IS
'Part of kpi.scorecard_text(): the evaluated nodes in the reader''s words. '
'lost: the weight in force times the points short of 100.';

CREATE FUNCTION kpi_internal.report_head(unit text, period text, result kpi_internal.report_row, width integer)
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	heading CONSTANT text := concat_ws(' ' || kpi_internal.glyph(183, '-') || ' ', result.name,
		(SELECT kpi.term('unit', u.unit, u.name) FROM kpi.unit AS u WHERE u.unit = report_head.unit), period);
	outcome CONSTANT text := concat(result.status, '   ', kpi.term('heading', 'score', 'Score'), ' ',
		coalesce(kpi.format_value(result.score, '', 1), kpi_internal.glyph(8211, '-')),
		' ' || kpi_internal.arrow_text(round(result.change, 1)) || ' ' || kpi_internal.signed_text(result.change, 1), '   ',
		kpi.term('heading', 'coverage', 'Coverage'), ' ', kpi.format_value(coalesce(result.coverage, 0), '%', 0));
BEGIN
	IF kpi_internal.text_width(heading) + 3 + kpi_internal.text_width(outcome) <= width THEN
		RETURN NEXT kpi_internal.pad_text(heading, width - kpi_internal.text_width(outcome)) || outcome;
	ELSE
		RETURN QUERY SELECT * FROM kpi_internal.wrap_text(heading, width);
		RETURN NEXT rtrim(kpi_internal.pad_text(outcome, width));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.report_head(text, text, kpi_internal.report_row, integer) IS
'Part of kpi.scorecard_text(): its first line, or two where one is too short.';

CREATE FUNCTION kpi_internal.report_cells(node kpi_internal.report_row, places integer, attained integer, bar integer)
	RETURNS text[]
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN ARRAY[repeat('  ', node.depth - 1) || node.name,
		coalesce(node.actual, CASE WHEN node.target IS NOT NULL THEN kpi_internal.glyph(8211, '-') END), node.target,
		CASE WHEN node.reason IS NOT NULL THEN CASE WHEN bar IS NOT NULL THEN '  ' ELSE '' END || kpi_internal.lower_first(node.reason)
			 ELSE kpi_internal.pad_text(node.attained, attained, 'right') || coalesce('  ' || kpi.bullet_text(node.attainment, bar), '') END,
		kpi.format_value(node.score, '', 1) || ' ' || kpi_internal.arrow_text(round(node.change, 1)),
		CAST(round(node.weight, places) AS text), node.trend, node.status];
END
$$;
COMMENT ON FUNCTION kpi_internal.report_cells(kpi_internal.report_row, integer, integer, integer) IS
'Part of kpi.scorecard_text(): a node as texts, one a column. '
'places: decimals of the weight, attained: columns of the attainment, bar: of the bar, NULL for none.';

-- Columns: 1 name, 2 actual, 3 target, 4 attained, with a bar where there is room,
-- 5 score, 6 weight, 7 trend, 8 status; the size of one that is left out is NULL.
CREATE FUNCTION kpi_internal.report_width(size integer[])
	RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CAST(sum(x + 2) - 2 AS integer) FROM unnest(size) AS x
$$;
COMMENT ON FUNCTION kpi_internal.report_width(integer[]) IS
'Part of kpi.scorecard_text(): how many terminal columns a line takes.';

CREATE FUNCTION kpi_internal.report_fit(size integer[], barred integer, least_attained integer, width integer)
	RETURNS integer[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	wanted CONSTANT integer[] := size[:3] || barred || size[5:];
	least_name CONSTANT integer := 12;
	fit integer[] := wanted;
	i integer;
BEGIN
	FOREACH i IN ARRAY ARRAY[7, 6, 4, 3] LOOP
		EXIT WHEN kpi_internal.report_width(fit) <= width;
		fit[i] := CASE i WHEN 4 THEN least_attained END;
	END LOOP;
	IF kpi_internal.report_width(fit) - width > greatest(fit[1] - least_name, 0) THEN
		fit[2] := NULL;
	END IF;
	fit[1] := least(fit[1], greatest(fit[1] + width - kpi_internal.report_width(fit), least_name));
	-- what had to go for something larger may have room again
	FOREACH i IN ARRAY ARRAY[3, 4, 6, 7] LOOP
		IF kpi_internal.report_width(fit[:i - 1] || wanted[i] || fit[i + 1:]) <= width THEN
			fit[i] := wanted[i];
		END IF;
	END LOOP;
	fit[4] := greatest(fit[4], least(fit[4] + width - kpi_internal.report_width(fit), CASE fit[4] WHEN barred THEN barred + 23 ELSE size[4] END));
	RETURN fit;
END
$$;
COMMENT ON FUNCTION kpi_internal.report_fit(integer[], integer, integer, integer) IS
'Part of kpi.scorecard_text(): sizes of columns that fit into the width. '
'First trend, weight, bar, target and at last the actual are left out, and names are cut; what is spare goes to the '
'bar, or to the reasons. barred: size of the attainment with a bar of 7, least_attained: without one.';

CREATE FUNCTION kpi_internal.report_line(cells text[], size integer[], width integer)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (
		SELECT CASE WHEN kpi_internal.text_width(l.line) > width THEN kpi_internal.pad_text(l.line, width) ELSE l.line END
		FROM (SELECT rtrim(string_agg(kpi_internal.pad_text(c.cell, c.size, CASE WHEN c.i IN (2, 3, 5, 6) THEN 'right' ELSE 'left' END), '  ' ORDER BY c.i)) AS line
			  FROM unnest(cells, size) WITH ORDINALITY AS c (cell, size, i)
			  WHERE c.size IS NOT NULL) AS l);
END
$$;
COMMENT ON FUNCTION kpi_internal.report_line(text[], integer[], integer) IS
'Part of kpi.scorecard_text(): a line of the table.';

CREATE FUNCTION kpi_internal.report_table(nodes kpi_internal.report_row[], width integer)
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	heading CONSTANT text[] := ARRAY['', kpi.term('heading', 'actual', 'Actual'), kpi.term('heading', 'target', 'Target'),
		kpi.term('heading', 'attainment', 'Attained'), kpi.term('heading', 'score', 'Score') || '  ',
		kpi.term('heading', 'weight', 'Weight'), kpi.term('heading', 'trend', 'Trend'), kpi.term('heading', 'status', 'Status')];
	places CONSTANT integer := (SELECT least(2, max(scale(trim_scale(n.weight)))) FROM unnest(nodes) AS n);
	attained CONSTANT integer := (SELECT greatest(max(kpi_internal.text_width(n.attained)), kpi_internal.text_width(heading[4])) FROM unnest(nodes) AS n);
	size integer[];
	bar integer;
	node kpi_internal.report_row;
BEGIN
	size := (
		SELECT array_agg(s.size ORDER BY s.i)
		FROM (SELECT c.i, max(coalesce(kpi_internal.text_width(c.cell), 0)) AS size
			  FROM (SELECT heading UNION ALL SELECT kpi_internal.report_cells(n, places, 0, NULL) FROM unnest(nodes) AS n WHERE n.depth > 0) AS l (cells)
				CROSS JOIN unnest(l.cells) WITH ORDINALITY AS c (cell, i)
			  GROUP BY c.i) AS s);
	size := kpi_internal.report_fit(size, attained + 9, attained, width);
	bar := CASE WHEN size[4] >= attained + 9 THEN size[4] - attained - 2 END;
	RETURN NEXT kpi_internal.report_line(heading, size, width);
	FOREACH node IN ARRAY nodes LOOP
		IF node.depth > 0 THEN
			RETURN NEXT kpi_internal.report_line(kpi_internal.report_cells(node, places, attained, bar), size, width);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION kpi_internal.report_table(kpi_internal.report_row[], integer) IS
'Part of kpi.scorecard_text(): the headings and a line for each node. In the columns that the width has room for.';

CREATE FUNCTION kpi_internal.report_foot(nodes kpi_internal.report_row[])
	RETURNS TABLE (place integer, line text)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 1, kpi.term('heading', 'missing', 'Missing') || ': ' || string_agg(m.names || m.more || ': ' || kpi_internal.lower_first(m.reason), '; ' ORDER BY m.lack DESC)
	FROM (SELECT g.reason, sum(g.absolute_weight) AS lack, CASE WHEN count(*) > 4 THEN format(' (+%s)', count(*) - 4) ELSE '' END AS more,
			  string_agg(format('%s (%s %s)', g.name, kpi_internal.lower_first(kpi.term('heading', 'weight', 'Weight')),
								kpi.format_value(g.absolute_weight, '%', 1)), ', ' ORDER BY g.n) FILTER (WHERE g.n <= 4) AS names
		  FROM (SELECT n.*, row_number() OVER (PARTITION BY n.reason ORDER BY n.absolute_weight DESC, n.place) AS n
				FROM unnest(nodes) n
				WHERE n.node IN (SELECT unnest(root.missing) FROM unnest(nodes) root WHERE root.depth = 0)) g
		  GROUP BY g.reason) m
	HAVING count(*) > 0
	UNION ALL
	SELECT 2, kpi.term('heading', 'worst', 'Worst') || ': '
		|| string_agg(format('%s (%s %s)', l.name, kpi_internal.signed_text(- l.lost, 1), kpi.term('unit_of_measure', 'points', 'points')),
					  ', ' ORDER BY l.lost DESC, l.place)
	FROM (SELECT n.name, n.lost, n.place FROM unnest(nodes) n WHERE round(n.lost, 1) > 0 ORDER BY n.lost DESC, n.place LIMIT 3) l
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION kpi_internal.report_foot(kpi_internal.report_row[]) IS
'Part of kpi.scorecard_text(): what is missing and why, and the three that cost the most points.';

CREATE FUNCTION kpi.scorecard_text(scorecard text, unit text, period text, width float8 DEFAULT 110)
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	columns CONSTANT integer := kpi_internal.whole('width', width);
	p record;
	nodes kpi_internal.report_row[];
BEGIN
	IF columns IS NULL OR columns < 60 OR columns > 1000 THEN
		PERFORM kpi_internal.fail('22023', format('width %s is not from 60 to 1000', coalesce(CAST(columns AS text), 'NULL')),
			'Say how many columns the terminal has; 110 suits most scorecards.');
	END IF;
	SELECT * INTO p FROM kpi_internal.read_period(period);
	PERFORM kpi_internal.read_card(scorecard, unit, p.grain, period);
	PERFORM kpi_internal.require_reader(unit, p.grain, p.period_start);
	nodes := ARRAY(SELECT r FROM kpi_internal.report_rows(scorecard, unit, p.grain, p.period_start) r ORDER BY r.place);
	RETURN QUERY SELECT * FROM kpi_internal.report_head(unit, period, nodes[1], columns);
	RETURN NEXT '';
	RETURN QUERY SELECT * FROM kpi_internal.report_table(nodes, columns);
	RETURN QUERY SELECT '' WHERE EXISTS (SELECT FROM kpi_internal.report_foot(nodes));
	RETURN QUERY SELECT w FROM kpi_internal.report_foot(nodes) f, kpi_internal.wrap_text(f.line, columns) w;
END
$$;
COMMENT ON FUNCTION kpi.scorecard_text(text, text, text, float8) IS
'A scorecard of a unit and period (2011-11, 2011-Q4, 2011) as lines to read in a terminal. '
'First score, change and coverage; for every node actual, target, attainment with a bar marked at 100 %, score, '
'weight, the last 8 periods and status; then what is missing and why, and the three indicators that cost the most '
'points. In the language of the setting kpi.language. width: columns to fill, 60 to 1000; where they are few, '
'columns are left out and names are cut. Errors: those of kpi.evaluate(), another width.';

-- a driver that gives no types sends the width as text, where a grain may stand, too
CREATE FUNCTION kpi.scorecard_text(scorecard text, unit text, period text, width text)
	RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT t.*
	FROM kpi_internal.read_untyped(period, width) AS p
		CROSS JOIN LATERAL kpi.scorecard_text(scorecard, unit, p.period_start, p.grain, coalesce(CAST(kpi_internal.number(p.rest) AS float8), 110)) AS t
$$;
COMMENT ON FUNCTION kpi.scorecard_text(text, text, text, text) IS
'The same with a width of no type, or with a grain after a day of no type.';

CREATE FUNCTION kpi.scorecard_text(scorecard text, unit text, day date, grain text, width float8 DEFAULT 110)
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	p record;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(day, grain);
	RETURN QUERY SELECT * FROM kpi.scorecard_text(scorecard, unit, kpi.period_label(p.grain, p.period_start), width);
END
$$;
COMMENT ON FUNCTION kpi.scorecard_text(text, text, date, text, float8) IS
'The same for the period of a grain that contains the day.';
