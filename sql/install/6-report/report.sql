-- Report: a scorecard as lines of text that a person reads in a terminal.
--
-- What is drawn needs a database in UTF8 and a client that can show it; any other
-- gets plain characters.
-- Status is shown by a sign and a word, never by a colour.

CREATE FUNCTION kpi_internal.glyph(code integer, plain text)
	RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- SQL_ASCII takes what comes
	IF getdatabaseencoding() = 'UTF8' AND pg_client_encoding() IN ('UTF8', 'GB18030', 'SQL_ASCII') THEN
		RETURN chr(code);
	END IF;
	RETURN plain;
END
$$;
COMMENT ON FUNCTION kpi_internal.glyph(integer, text) IS
'The character with this code point, or the plain one. '
'That is where the encoding of the database or the client has none. NULL for NULL.';

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

CREATE FUNCTION kpi_internal.head_text(string text, width integer)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	few integer := 0;
	many integer := length(string);
	middle integer;
BEGIN
	WHILE few < many LOOP
		middle := (few + many + 1) / 2;
		IF kpi_internal.text_width(left(string, middle)) > width THEN
			many := middle - 1;
		ELSE
			few := middle;
		END IF;
	END LOOP;
	RETURN left(string, few);
END
$$;
COMMENT ON FUNCTION kpi_internal.head_text(text, integer) IS
'The longest beginning of a text that fits into so many terminal columns.';

CREATE FUNCTION kpi_internal.pad_text(string text, width integer, side text DEFAULT 'left')
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	fitting text := coalesce(string, '');
	spare integer := width - kpi_internal.text_width(fitting);
BEGIN
	PERFORM kpi_internal.require_word('side', side, 'left', 'right');
	IF spare < 0 THEN
		fitting := left(kpi_internal.head_text(fitting, width - 1) || kpi_internal.glyph(8230, '.'), width);
		spare := width - kpi_internal.text_width(fitting);
	END IF;
	RETURN CASE side WHEN 'left' THEN fitting || repeat(' ', spare) ELSE repeat(' ', spare) || fitting END;
END
$$;
COMMENT ON FUNCTION kpi_internal.pad_text(text, integer, text) IS
'A text brought to a width in terminal columns: filled with spaces, or cut and marked. '
'side: left or right, where the text stands. NULL counts as empty. Error: another side.';

CREATE FUNCTION kpi_internal.bar_text(value numeric, width float8 DEFAULT 20, target numeric DEFAULT 1)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	columns CONSTANT integer := kpi_internal.whole('width', width);
	before CONSTANT integer := round((columns - 1) / 1.2);
	eighths integer;
	bar text;
BEGIN
	IF columns < 3 OR columns > 1000 THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('width %s is not from 3 to 1000', columns),
			hint = 'Say how many columns the bar takes, its mark included.';
	ELSIF target <= 0 OR target IN ('NaN', 'Infinity') THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('target %s of a bar is not positive', target),
			hint = 'Pass the attainment and leave the target at 1.';
	ELSIF value IS NULL OR value IN ('NaN', 'Infinity', '-Infinity') THEN
		RETURN repeat(' ', columns);
	END IF;
	eighths := least(greatest(floor(value / target * before * 8), 0), (columns - 1) * 8);
	bar := repeat(kpi_internal.glyph(9608, '#'), eighths / 8)
		|| CASE WHEN eighths % 8 > 0 THEN kpi_internal.glyph(9616 - eighths % 8, ' ') ELSE '' END;
	bar := rpad(bar, columns - 1);
	RETURN left(bar, before) || kpi_internal.glyph(9474, '|') || substr(bar, before + 1);
END
$$;
COMMENT ON FUNCTION kpi_internal.bar_text(numeric, float8, numeric) IS
'A bar of blocks from 0 to about 120 % of the target, with a mark where the target is met. '
'It goes by eighths of a column, rounded down. value: an attainment, or anything measured on the scale of target. '
'Spaces for NULL, NaN or infinity. Errors: width outside 3 to 1000, a target that is not positive.';

CREATE FUNCTION kpi_internal.bar_text(value float8, width float8 DEFAULT 20, target float8 DEFAULT 1)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN kpi_internal.bar_text(kpi_internal.shortest(value), width, kpi_internal.shortest(target));
COMMENT ON FUNCTION kpi_internal.bar_text(float8, float8, float8) IS
'The same with float8, of which the shortest decimal number is taken.';

CREATE FUNCTION kpi_internal.spark_text(series anycompatiblearray)
	RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (
		SELECT coalesce(string_agg(
			CASE WHEN s.v IS NULL THEN kpi_internal.glyph(183, '.')
				 WHEN s.high = s.low THEN kpi_internal.glyph(9604, '4')
				 ELSE kpi_internal.glyph(9601 + s.step, CAST(1 + s.step AS text)) END, '' ORDER BY s.i), '')
		FROM (SELECT f.i, f.v, f.low, f.high, CAST(floor((f.v - f.low) / nullif(f.high - f.low, 0) * 7 + 0.5) AS integer) AS step
			  FROM (SELECT u.i, g.v, min(g.v) OVER () AS low, max(g.v) OVER () AS high
					FROM unnest(kpi_internal.numbers(series)) WITH ORDINALITY u (v, i)
						CROSS JOIN LATERAL (SELECT CASE WHEN u.v > '-Infinity' AND u.v < 'Infinity' THEN u.v END AS v) g) f) s);
END
$$;
COMMENT ON FUNCTION kpi_internal.spark_text(anycompatiblearray) IS
'A series as a row of blocks from its least to its greatest value, one column each. '
'It keeps the order of the array, with a dot for NULL, NaN or infinity. NULL for NULL, empty for an empty array.';

CREATE FUNCTION kpi_internal.status_text(status integer, word text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE status WHEN 1 THEN kpi_internal.glyph(9679, '+') WHEN 0 THEN kpi_internal.glyph(9650, '~')
					   WHEN -1 THEN kpi_internal.glyph(9632, '!') ELSE kpi_internal.glyph(9675, '?') END || ' ' || coalesce(word, '');
COMMENT ON FUNCTION kpi_internal.status_text(integer, text) IS
'A status (1, 0, -1, NULL for none) as a sign of its own shape and a word.';

CREATE FUNCTION kpi_internal.arrow_text(change numeric)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE sign(change) WHEN 1 THEN kpi_internal.glyph(8593, '^') WHEN -1 THEN kpi_internal.glyph(8595, 'v')
							 WHEN 0 THEN kpi_internal.glyph(8594, '=') ELSE ' ' END;
COMMENT ON FUNCTION kpi_internal.arrow_text(numeric) IS
'An arrow up, down or level by the sign of a change; a space for NULL or NaN.';

CREATE FUNCTION kpi_internal.signed_text(x numeric, decimals integer)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN round(x, decimals) > 0 THEN '+' ELSE '' END || kpi.format_value(x, '', decimals);
COMMENT ON FUNCTION kpi_internal.signed_text(numeric, integer) IS
'A change as people read it, with its sign; what rounds to nothing has none. NULL for NULL, NaN or infinity.';

CREATE FUNCTION kpi_internal.wrap_text(string text, width integer)
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- the indent and one wide character, or a line would never end; and no line is so long that a text takes its square
	columns CONSTANT integer := least(greatest(width, 4), 1000);
	line text := '';
	word text;
	character text;
	used integer;
BEGIN
	FOREACH word IN ARRAY string_to_array(string, ' ') LOOP
		IF line <> '' AND kpi_internal.text_width(line || ' ' || word) > columns THEN
			RETURN NEXT line;
			line := '  ';
		ELSIF line <> '' THEN
			line := line || ' ';
		END IF;
		used := kpi_internal.text_width(line);
		IF used + kpi_internal.text_width(word) <= columns THEN
			line := line || word;
			CONTINUE;
		END IF;
		-- a word that is longer than a line, and text that knows no spaces
		FOREACH character IN ARRAY string_to_array(word, NULL) LOOP
			IF used + kpi_internal.text_width(character) > columns THEN
				RETURN NEXT line;
				line := '  ';
				used := 2;
			END IF;
			line := line || character;
			used := used + kpi_internal.text_width(character);
		END LOOP;
	END LOOP;
	RETURN NEXT line;
END
$$;
COMMENT ON FUNCTION kpi_internal.wrap_text(text, integer) IS
'A text as lines of at most width terminal columns, but no less than 4 and no more than 1000. '
'The second and later ones are indented by two; broken at spaces, and within a word only where it is longer than a '
'line.';

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

-- Under every policy but null the missing scores of a group leave their weight to
-- the others, or count as 0 or 100; so what is lost adds up to what the score is
-- short of 100, as long as groups take weighted averages and nothing is carried.
CREATE FUNCTION kpi_internal.report_rows(scorecard text, unit text, grain text, period_start date)
	RETURNS SETOF kpi_internal.report_row
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH RECURSIVE past AS (
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
		SELECT x.*, coalesce(n.method, c.method) AS method, coalesce(n.missing, c.missing) AS policy
		FROM seen x
			JOIN kpi.scorecard c ON c.scorecard = x.scorecard
			LEFT JOIN kpi.scorecard_node n ON n.scorecard = x.scorecard AND n.node = x.node AND n.valid @> x.period_end
		WHERE x.period_start = report_rows.period_start
	), counted AS (
		SELECT c.node, c.parent_node, c.score, p.policy,
			   CASE WHEN c.score IS NOT NULL OR p.policy IN ('zero', 'target') OR p.policy = 'carry' AND c.carried
					THEN CASE p.method WHEN 'average' THEN sign(c.weight) ELSE c.weight END END AS weight
		FROM e c JOIN e p ON p.node = c.parent_node
		WHERE coalesce(c.role, 'part') IN ('part', 'priority')
	), shared AS (
		SELECT c.*, c.weight / nullif(sum(c.weight) OVER (PARTITION BY c.parent_node), 0) AS part FROM counted c
	), share (node, share, policy) AS (
		SELECT e.node, 1.0, e.policy FROM e WHERE e.depth = 0
		UNION ALL
		SELECT c.node, s.share * c.part, c.policy FROM share s JOIN shared c ON c.parent_node = s.node
	)
	SELECT e.place, e.depth, e.node, e.node_name,
		kpi.format_value(e.actual, e.unit_of_measure, i.decimals), coalesce(
			kpi.format_value(e.target_low, e.unit_of_measure, i.decimals) || format(' %s ', kpi_internal.glyph(8211, '-'))
				|| kpi.format_value(e.target_high, e.unit_of_measure, i.decimals),
			kpi.format_value(e.target, e.unit_of_measure, i.decimals)),
		kpi.format_value(e.attainment, '%', 1), e.attainment, e.score, e.score_change, e.weight,
		CASE WHEN e.node NOT IN (SELECT c.parent_node FROM e c WHERE c.parent_node IS NOT NULL)
			 THEN s.share * greatest(100 - coalesce(e.score, CASE s.policy WHEN 'zero' THEN 0 END), 0) END,
		e.absolute_weight, e.coverage, e.missing_nodes,
		(SELECT kpi_internal.spark_text(array_agg(CASE WHEN x.indicator IS NULL THEN x.score ELSE x.actual END ORDER BY p.n DESC))
		 FROM past p LEFT JOIN seen x ON x.period_start = p.period_start AND x.node = e.node),
		kpi_internal.status_text(nullif(e.rag_order, 0) - 2, e.rag_label), e.score_reason_label
	FROM e
		LEFT JOIN share s ON s.node = e.node
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
			 ELSE kpi_internal.pad_text(node.attained, attained, 'right') || coalesce('  ' || kpi_internal.bar_text(node.attainment, bar), '') END,
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
