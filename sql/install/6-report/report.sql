-- Report: a scorecard as lines of text that a person reads in a terminal.
--
-- What is drawn needs a database in UTF8; any other gets plain characters.
-- Status is told by a sign and a word, never by a colour.

CREATE FUNCTION kpi_internal.glyph(code integer, plain text)
	RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF getdatabaseencoding() = 'UTF8' THEN
		RETURN chr(code);
	END IF;
	RETURN plain;
END
$$;
COMMENT ON FUNCTION kpi_internal.glyph(integer, text) IS
'The character with this code point, or the plain one where the database is not in UTF8. NULL for NULL.';

CREATE FUNCTION kpi_internal.text_width(string text)
	RETURNS integer
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- East Asian wide and fullwidth characters and pictures; combining and invisible ones
	wide CONSTANT text := E'[\\u1100-\\u115F\\u2E80-\\u303E\\u3041-\\uA4CF\\uAC00-\\uD7A3\\uF900-\\uFAFF\\uFE30-\\uFE6F'
		'\\uFF00-\\uFF60\\uFFE0-\\uFFE6\\U0001F300-\\U0001F64F\\U0001F900-\\U0001F9FF\\U00020000-\\U0003FFFD]';
	narrow CONSTANT text := E'[\\u0300-\\u036F\\u200B-\\u200F\\uFE00-\\uFE0F]';
BEGIN
	IF getdatabaseencoding() <> 'UTF8' OR octet_length(string) = length(string) THEN
		RETURN length(string);
	END IF;
	RETURN length(string) + regexp_count(string, wide) - regexp_count(string, narrow);
END
$$;
COMMENT ON FUNCTION kpi_internal.text_width(text) IS
'Columns that a text takes in a terminal: East Asian wide characters take two, combining ones none. NULL for NULL.';

CREATE FUNCTION kpi_internal.pad_text(string text, width integer, side text DEFAULT 'left')
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	fitting text := coalesce(string, '');
	spare integer := width - kpi_internal.text_width(fitting);
	few integer := 0;
	many integer := length(fitting);
	middle integer;
BEGIN
	PERFORM kpi_internal.require_word('side', side, 'left', 'right');
	IF spare < 0 THEN
		-- the longest beginning that leaves a column, by halving
		WHILE few < many LOOP
			middle := (few + many + 1) / 2;
			IF kpi_internal.text_width(left(fitting, middle)) > width - 1 THEN
				many := middle - 1;
			ELSE
				few := middle;
			END IF;
		END LOOP;
		fitting := left(left(fitting, few) || kpi_internal.glyph(8230, '.'), width);
		spare := width - kpi_internal.text_width(fitting);
	END IF;
	RETURN CASE side WHEN 'left' THEN fitting || repeat(' ', spare) ELSE repeat(' ', spare) || fitting END;
END
$$;
COMMENT ON FUNCTION kpi_internal.pad_text(text, integer, text) IS
'A text brought to a width in terminal columns: filled with spaces, or cut and marked. side: left or right, where the text stands. NULL counts as empty. Error: another side.';

CREATE FUNCTION kpi_internal.lower_first(string text)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN lower(left(string, 1)) || substr(string, 2);
COMMENT ON FUNCTION kpi_internal.lower_first(text) IS
'A word as it stands inside a sentence: its first letter in lower case. NULL for NULL.';

-- not STRICT: a NULL unit is none
CREATE FUNCTION kpi.format_value(value numeric, unit_of_measure text DEFAULT '', decimals integer DEFAULT 2)
	RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	digits text;
BEGIN
	IF decimals < 0 OR decimals > 20 THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('decimals %s is not from 0 to 20', decimals),
			hint = 'Say how many digits follow the decimal point.';
	END IF;
	IF value IN ('NaN', 'Infinity', '-Infinity') THEN
		RETURN NULL;
	END IF;
	digits := CAST(round(CASE unit_of_measure WHEN '%' THEN value * 100 ELSE value END, decimals) AS text);
	-- from the right, so that the time it takes does not grow with the square of the digits
	RETURN reverse(regexp_replace(reverse(split_part(digits, '.', 1)), E'(\\d{3})(?=\\d)', E'\\1 ', 'g'))
		|| CASE WHEN decimals > 0 THEN '.' || split_part(digits, '.', 2) ELSE '' END
		|| CASE WHEN unit_of_measure <> '' THEN ' ' || unit_of_measure ELSE '' END;
END
$$;
COMMENT ON FUNCTION kpi.format_value(numeric, text, integer) IS
'A value as people read it: rounded half away from zero, thousands apart, with its unit; of unit % a fraction is shown in hundredths. NULL for a NULL value or number of decimals, NaN or infinity; a NULL unit is none. Error: decimals below 0 or above 20.';

CREATE FUNCTION kpi.bar_text(value numeric, width integer DEFAULT 20, target numeric DEFAULT 1)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	before integer := round((width - 1) / 1.2);
	eighths integer;
	bar text;
BEGIN
	IF width < 3 OR width > 1000 THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('width %s is not from 3 to 1000', width),
			hint = 'Say how many columns the bar takes, its mark included.';
	ELSIF target <= 0 OR target IN ('NaN', 'Infinity') THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('target %s of a bar is not positive', target),
			hint = 'Pass the attainment and leave the target at 1.';
	ELSIF value IS NULL OR value IN ('NaN', 'Infinity', '-Infinity') THEN
		RETURN repeat(' ', width);
	END IF;
	eighths := least(greatest(floor(value / target * before * 8), 0), (width - 1) * 8);
	bar := repeat(kpi_internal.glyph(9608, '#'), eighths / 8)
		|| CASE WHEN eighths % 8 > 0 THEN kpi_internal.glyph(9616 - eighths % 8, ' ') ELSE '' END;
	bar := rpad(bar, width - 1);
	RETURN left(bar, before) || kpi_internal.glyph(9474, '|') || substr(bar, before + 1);
END
$$;
COMMENT ON FUNCTION kpi.bar_text(numeric, integer, numeric) IS
'A bar of blocks in eighths of a column, rounded down, from 0 to about 120 % of the target, with a mark where the target is met. value: an attainment, or anything measured on the scale of target. Spaces for NULL, NaN or infinity. Errors: width outside 3 to 1000, a target that is not positive.';

CREATE FUNCTION kpi.spark_text(series numeric[])
	RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(string_agg(
		CASE WHEN s.v IS NULL THEN kpi_internal.glyph(183, '.')
			 WHEN s.high = s.low THEN kpi_internal.glyph(9604, '4')
			 ELSE kpi_internal.glyph(9601 + s.step, CAST(1 + s.step AS text)) END, '' ORDER BY s.i), '')
	FROM (SELECT f.i, f.v, f.low, f.high, CAST(floor((f.v - f.low) / nullif(f.high - f.low, 0) * 7 + 0.5) AS integer) AS step
		  FROM (SELECT u.i, g.v, min(g.v) OVER () AS low, max(g.v) OVER () AS high
				FROM unnest(series) WITH ORDINALITY u (v, i)
					CROSS JOIN LATERAL (SELECT CASE WHEN u.v > '-Infinity' AND u.v < 'Infinity' THEN u.v END AS v) g) f) s
$$;
COMMENT ON FUNCTION kpi.spark_text(numeric[]) IS
'A series as a row of blocks from its least to its greatest value, one column each, in the order of the array; a dot for NULL, NaN or infinity. NULL for NULL, empty for an empty array.';

CREATE FUNCTION kpi_internal.status_text(status integer, word text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE status WHEN 1 THEN kpi_internal.glyph(9679, '+') WHEN 0 THEN kpi_internal.glyph(9650, '~')
					   WHEN -1 THEN kpi_internal.glyph(9632, '!') ELSE kpi_internal.glyph(9675, '?') END || ' ' || coalesce(word, '')
$$;
COMMENT ON FUNCTION kpi_internal.status_text(integer, text) IS
'A status (1, 0, -1, NULL for none) as a sign of its own shape and a word.';

CREATE FUNCTION kpi_internal.arrow_text(change numeric)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE sign(change) WHEN 1 THEN kpi_internal.glyph(8593, '^') WHEN -1 THEN kpi_internal.glyph(8595, 'v')
							 WHEN 0 THEN kpi_internal.glyph(8594, '=') ELSE ' ' END
$$;
COMMENT ON FUNCTION kpi_internal.arrow_text(numeric) IS
'An arrow up, down or level by the sign of a change; a space for NULL or NaN.';

-- The periods that a trend shows, the asked one last.
CREATE FUNCTION kpi_internal.report_trend(scorecard text, unit text, period text, periods integer)
	RETURNS TABLE (node text, series numeric[])
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH asked AS (
		SELECT p.grain, p.period_start AS first_day FROM kpi_internal.read_period(report_trend.period) p
	), past AS (
		SELECT n.n, kpi.period_label(a.grain, kpi_internal.period_step(a.grain, a.first_day, -n.n)) AS label
		FROM asked a CROSS JOIN generate_series(0, least(report_trend.periods, 100) - 1) n (n)
	), seen AS (
		SELECT p.n, e.node, CASE WHEN e.indicator IS NULL THEN e.score ELSE e.actual END AS value
		FROM past p CROSS JOIN LATERAL kpi.evaluate(report_trend.scorecard, report_trend.unit, p.label) e
	)
	SELECT s.node, array_agg(v.value ORDER BY p.n DESC)
	FROM (SELECT DISTINCT node FROM seen) s
		CROSS JOIN past p
		LEFT JOIN seen v ON v.node = s.node AND v.n = p.n
	GROUP BY s.node
$$;
COMMENT ON FUNCTION kpi_internal.report_trend(text, text, text, integer) IS
'Part of kpi.scorecard_text(): per node its actuals, or scores where it has no indicator, over the last periods, 100 at most.';

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
COMMENT ON TYPE kpi_internal.report_row IS 'A node of a scorecard as kpi.scorecard_text() draws it, in the reader''s words.';
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
COMMENT ON COLUMN kpi_internal.report_row.lost IS 'Absolute weight times the points short of 100; NULL for nodes with others below.';
COMMENT ON COLUMN kpi_internal.report_row.absolute_weight IS 'Share of the whole scorecard, a fraction.';
COMMENT ON COLUMN kpi_internal.report_row.coverage IS 'Share of the weight below that has a score.';
COMMENT ON COLUMN kpi_internal.report_row.missing IS 'Nodes below without a score.';
COMMENT ON COLUMN kpi_internal.report_row.trend IS 'The last periods as blocks.';
COMMENT ON COLUMN kpi_internal.report_row.status IS 'Sign and word of the status.';
COMMENT ON COLUMN kpi_internal.report_row.reason IS 'Why there is no score; NULL where there is one.';

CREATE FUNCTION kpi_internal.report_rows(scorecard text, unit text, period text)
	RETURNS SETOF kpi_internal.report_row
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH e AS MATERIALIZED (
		SELECT * FROM kpi.evaluate(report_rows.scorecard, report_rows.unit, report_rows.period)
	)
	SELECT e.place, e.depth, e.node,
		kpi_internal.node_name(w.words, report_rows.scorecard, e.node, e.name, e.indicator, i.name, e.perspective, p.name),
		kpi.format_value(e.actual, u.word, i.decimals), kpi.format_value(e.target, u.word, i.decimals),
		kpi.format_value(e.attainment, '%', 1), e.attainment, e.score, e.change, e.weight,
		CASE WHEN e.node NOT IN (SELECT c.parent FROM e c WHERE c.parent IS NOT NULL) THEN e.absolute_weight * greatest(100 - e.score, 0) END,
		e.absolute_weight, e.coverage, e.missing, kpi.spark_text(t.series),
		kpi_internal.status_text(e.status, coalesce(w.words ->> ('status/' || e.status_code), e.status_name)),
		coalesce(w.words ->> ('reason/' || e.reason), kpi_internal.default_name(e.reason))
	FROM e
		CROSS JOIN kpi_internal.translations() w (words)
		LEFT JOIN kpi.indicator i ON i.indicator = e.indicator
		LEFT JOIN kpi.perspective p ON p.perspective = e.perspective
		LEFT JOIN kpi_internal.report_trend(report_rows.scorecard, report_rows.unit, report_rows.period, 8) t ON t.node = e.node
		CROSS JOIN LATERAL (SELECT coalesce(w.words ->> ('unit_of_measure/' || i.unit_of_measure), i.unit_of_measure) AS word) u
$$;
COMMENT ON FUNCTION kpi_internal.report_rows(text, text, text) IS
'Part of kpi.scorecard_text(): the evaluated nodes in the reader''s words; lost is absolute weight times the points short of 100.';

CREATE FUNCTION kpi_internal.report_head(scorecard text, unit text, period text, result kpi_internal.report_row, width integer)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT kpi_internal.pad_text(h.told, greatest(kpi_internal.text_width(h.told) + 3, report_head.width - kpi_internal.text_width(h.outcome))) || h.outcome
	FROM (
		SELECT concat_ws(' ' || kpi_internal.glyph(183, '-') || ' ', (result).name,
				   kpi.term('unit', u.unit, u.name), report_head.period) AS told,
			   concat((result).status, '   ', kpi.term('heading', 'score', 'Score'), ' ', coalesce(kpi.format_value((result).score, '', 1), kpi_internal.glyph(8211, '-')),
				   ' ' || kpi_internal.arrow_text(round((result).change, 1)) || ' ' || to_char((result).change, 'FMSG9999990.0'), '   ',
				   kpi.term('heading', 'coverage', 'Coverage'), ' ', kpi.format_value(coalesce((result).coverage, 0), '%', 0)) AS outcome
		FROM kpi.unit u
		WHERE u.unit = report_head.unit) h
$$;
COMMENT ON FUNCTION kpi_internal.report_head(text, text, text, kpi_internal.report_row, integer) IS
'Part of kpi.scorecard_text(): its first line.';

CREATE FUNCTION kpi_internal.report_table(nodes kpi_internal.report_row[], width integer)
	RETURNS TABLE (place integer, line text)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH r AS (
		SELECT n.place, n.attained, n.attainment, n.reason,
			   ARRAY[repeat('  ', n.depth - 1) || n.name, coalesce(n.actual, CASE WHEN n.target IS NOT NULL THEN kpi_internal.glyph(8211, '-') END),
					 n.target, kpi.format_value(n.score, '', 1) || ' ' || kpi_internal.arrow_text(round(n.change, 1)),
					 round(n.weight, least(2, max(scale(trim_scale(n.weight))) OVER ()))::text, n.trend, n.status] AS cells
		FROM unnest(nodes) n
		WHERE n.depth > 0
		UNION ALL
		SELECT 0, kpi.term('heading', 'attainment', 'Attained'), NULL, NULL,
			   ARRAY['', kpi.term('heading', 'actual', 'Actual'), kpi.term('heading', 'target', 'Target'),
					 kpi.term('heading', 'score', 'Score') || '  ', kpi.term('heading', 'weight', 'Weight'),
					 kpi.term('heading', 'trend', 'Trend'), kpi.term('heading', 'status', 'Status')]
	), sized AS (
		SELECT array_agg(c.size ORDER BY c.i) AS sizes, sum(c.size) AS total,
			   (SELECT max(kpi_internal.text_width(r.attained)) FROM r) AS attained
		FROM (SELECT u.i, max(coalesce(kpi_internal.text_width(u.cell), 0)) AS size
			  FROM r, unnest(r.cells) WITH ORDINALITY u (cell, i)
			  GROUP BY u.i) c
	), barred AS (
		SELECT s.*, CAST(least(30, greatest(7, report_table.width - s.total - s.attained - 16)) AS integer) AS bar FROM sized s
	)
	SELECT r.place, rtrim(concat_ws('  ', kpi_internal.pad_text(r.cells[1], b.sizes[1]), kpi_internal.pad_text(r.cells[2], b.sizes[2], 'right'),
		kpi_internal.pad_text(r.cells[3], b.sizes[3], 'right'),
		CASE WHEN r.reason IS NOT NULL THEN kpi_internal.pad_text('  ' || kpi_internal.lower_first(r.reason), b.attained + 2 + b.bar)
			 ELSE kpi_internal.pad_text(r.attained, b.attained, 'right') || '  ' || kpi.bar_text(r.attainment, b.bar) END,
		kpi_internal.pad_text(r.cells[4], b.sizes[4], 'right'), kpi_internal.pad_text(r.cells[5], b.sizes[5], 'right'),
		kpi_internal.pad_text(r.cells[6], b.sizes[6]), r.cells[7]))
	FROM r CROSS JOIN barred b
$$;
COMMENT ON FUNCTION kpi_internal.report_table(kpi_internal.report_row[], integer) IS
'Part of kpi.scorecard_text(): the heading (place 0) and a line for each node.';

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
		|| string_agg(format('%s (-%s %s)', l.name, kpi.format_value(l.lost, '', 1), kpi.term('unit_of_measure', 'points', 'points')),
					  ', ' ORDER BY l.lost DESC, l.place)
	FROM (SELECT n.name, n.lost, n.place FROM unnest(nodes) n WHERE n.lost > 0 ORDER BY n.lost DESC, n.place LIMIT 3) l
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION kpi_internal.report_foot(kpi_internal.report_row[]) IS
'Part of kpi.scorecard_text(): what is missing and why, and the three that cost the most points.';

CREATE FUNCTION kpi.scorecard_text(scorecard text, unit text, period text, width integer DEFAULT 110)
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	nodes kpi_internal.report_row[];
BEGIN
	IF width IS NULL OR width < 60 OR width > 1000 THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('width %s is not from 60 to 1000', coalesce(CAST(width AS text), 'NULL')),
			hint = 'Say how many columns the terminal has; 110 suits most scorecards.';
	END IF;
	nodes := ARRAY(SELECT r FROM kpi_internal.report_rows(scorecard_text.scorecard, scorecard_text.unit, scorecard_text.period) r ORDER BY r.place);
	RETURN NEXT kpi_internal.report_head(scorecard_text.scorecard, scorecard_text.unit, scorecard_text.period, nodes[1], width);
	RETURN NEXT '';
	RETURN QUERY SELECT t.line FROM kpi_internal.report_table(nodes, width) t ORDER BY t.place;
	IF EXISTS (SELECT FROM kpi_internal.report_foot(nodes)) THEN
		RETURN NEXT '';
		RETURN QUERY SELECT f.line FROM kpi_internal.report_foot(nodes) f ORDER BY f.place;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi.scorecard_text(text, text, text, integer) IS
'A scorecard of a unit and period (2011-11, 2011-Q4, 2011) as lines to read in a terminal: score, change and coverage; for every node actual, target, attainment with a bar marked at 100 %, score, weight, the last 8 periods and status; then what is missing and why, and the three indicators that cost the most points. In the language of the setting kpi.language. width: columns to fill, at least 60; longer names make longer lines. Errors: unknown scorecard or unit, another period, another width.';
