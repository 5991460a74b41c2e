-- What a page of a report is made of: stored results, and pieces of HTML.
--
-- All that is not markup of ours goes through kpi_internal.html_text(), and numbers
-- through kpi_internal.html_figure().

CREATE FUNCTION kpi_internal.html_text(string text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html_text' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.html_text(text) IS
'A text as it stands in a page: no markup, whatever is in it, and no control characters. NULL for NULL.';

CREATE FUNCTION kpi_internal.html_figure(value numeric, unit_of_measure text DEFAULT '',
		decimals integer DEFAULT 1, signed boolean DEFAULT false)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html_figure' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.html_figure(numeric, text, integer, boolean) IS
'A number as it stands in a page, in the way of the reader''s language. A dash for NULL.';

CREATE FUNCTION kpi_internal.html_name(string text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN '<bdi>' || kpi_internal.html_text(string) || '</bdi>';
COMMENT ON FUNCTION kpi_internal.html_name(text) IS
'A name as it stands in a page, whatever direction it is written in. NULL for NULL.';

CREATE FUNCTION kpi_internal.html_word(code text, topic text DEFAULT 'report')
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN kpi_internal.html_text(kpi.term(topic, code, kpi_internal.default_name(code)));
COMMENT ON FUNCTION kpi_internal.html_word(text, text) IS
'A word of reports in the reader''s language, as it stands in a page.';

CREATE FUNCTION kpi_internal.html_say(code text, VARIADIC parts text[] DEFAULT '{}')
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html_say' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.html_say(text, text[]) IS
'A sentence of reports in the reader''s language. '
'parts: names and what stands for them, as markup. NULL for a NULL part.';

CREATE FUNCTION kpi_internal.html_mark(status integer, word text, shown boolean DEFAULT true)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html_mark' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.html_mark(integer, text, boolean) IS
'The sign of a status with its word, which is hidden from those who see unless shown.';

CREATE FUNCTION kpi_internal.html_comma()
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE WHEN kpi_internal.language() LIKE 'zh%' THEN '&#12289;' ELSE ', ' END;
COMMENT ON FUNCTION kpi_internal.html_comma() IS
'What stands between the names of a list, as the reader''s language writes it.';

CREATE FUNCTION kpi_internal.period_words("grain" text, period_start date)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT CASE "grain" WHEN 'month'
			THEN kpi_internal.fill_text(kpi.term('report', 'month_of_year', '{month} {year}'), jsonb_build_object(
				'month', (string_to_array(kpi.term('report', 'month_names',
					'January February March April May June July August September October November December'), ' '))
					[CAST(extract(month FROM period_start) AS integer)], 'year',
						CAST(extract(year FROM period_start) AS integer)))
			ELSE kpi.period_label("grain", period_start) END);
END
$$;
COMMENT ON FUNCTION kpi_internal.period_words(text, date) IS
'A period as people say it: October 2025 for a month, else its label.';

CREATE FUNCTION kpi_internal.period_count(count integer, "grain" text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN kpi_internal.html_say(CASE WHEN "grain" IN ('month', 'quarter', 'half', 'year') THEN 'count_' || "grain"
		ELSE 'count_period' END, 'count', CAST(count AS text));
COMMENT ON FUNCTION kpi_internal.period_count(integer, text) IS
'So many periods of a grain in words, such as 13 months.';

-- Piecewise: where a line between two points, or a step, reaches the score first.
CREATE FUNCTION kpi_internal.attainment_of_score(scale kpi.scale, score numeric)
	RETURNS float8
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		WITH point AS (
			SELECT CAST(p.m[1] AS numeric) AS x, CAST(p.m[2] AS numeric) AS y, p.i
			FROM regexp_matches(CAST(scale AS text), '(-?[0-9.]+):(-?[0-9.]+)', 'g') WITH ORDINALITY AS p (m, i)
		), stretch AS (
			SELECT a.i, a.x, a.y, b.x AS next_x, b.y AS next_y FROM point AS a LEFT JOIN point AS b ON b.i = a.i + 1
		)
		SELECT CASE WHEN scale IS NULL THEN CAST(score / 100 AS float8)
			WHEN kpi_internal.scale_of(scale) <> 'attainment' OR CAST(scale AS text) !~ '^(linear|step)[(]' THEN NULL
			ELSE (SELECT CAST(CASE WHEN s.y >= score THEN s.x
								   WHEN CAST(scale AS text) LIKE 'step%' THEN s.next_x
								   ELSE s.x + (score - s.y) / (s.next_y - s.y) * (s.next_x - s.x) END AS float8)
				  FROM stretch AS s WHERE s.y >= score OR s.next_y >= score ORDER BY s.i LIMIT 1) END);
END
$$;
COMMENT ON FUNCTION kpi_internal.attainment_of_score(kpi.scale, numeric) IS
'The least attainment that a scale gives a score for; without a scale, the score in hundredths. '
'NULL for a scale that is not linear or step, or of something else, and for a score that it never gives.';

CREATE TYPE kpi_internal.page_node AS (
	place integer,
	depth integer,
	node text,
	parent_node text,
	name text,
	indicator text,
	unit_of_measure text,
	decimals integer,
	direction text,
	actual numeric,
	target text,
	attainment numeric,
	score numeric,
	change numeric,
	last_year_score numeric,
	previous_actual numeric,
	previous_score numeric,
	weight numeric,
	coverage numeric,
	status integer,
	status_word text,
	reason text,
	is_leaf boolean,
	lost numeric,
	limits float8[],
	periods date[],
	actuals float8[],
	targets float8[],
	scores float8[],
	evaluated_at timestamptz,
	is_stale integer,
	is_final integer,
	is_provisional integer
);
COMMENT ON TYPE kpi_internal.page_node IS 'A node of a stored scorecard as kpi.report_html() shows it.';
--@ for column | says
--@ | place | Place in the tree.
--@ | depth | Levels below the scorecard, which has 0.
--@ | node | Key of the node.
--@ | parent_node | Key of the node above.
--@ | name | Its name in the reader''s language.
--@ | indicator | Indicator it shows.
--@ | unit_of_measure | Unit of measure in the reader''s language.
--@ | decimals | Digits after the point.
--@ | direction | Which way is better.
--@ | actual | Actual.
--@ | target | Target, or its two limits, as it stands in a page.
--@ | attainment | Attainment as a fraction.
--@ | score | Points.
--@ | change | Points gained since the period before.
--@ | last_year_score | Points a year ago.
--@ | previous_actual | Actual of the period before.
--@ | previous_score | Points of the period before.
--@ | weight | Share of the whole scorecard.
--@ | coverage | Share of the weight below that has a score.
--@ | status | 1, 0 or -1; NULL without a score.
--@ | status_word | Its name.
--@ | reason | Why there is no score, in words.
--@ | is_leaf | Whether nothing stands below it.
--@ | lost | What it costs: weight in force times points short of 100.
--@ | limits | Attainments at which fair and good begin.
--@ | periods | First days of the periods until this one, at most 36.
--@ | actuals | Actuals of these, NULL where there is none.
--@ | targets | Targets of these.
--@ | scores | Points of these.
--@ | evaluated_at | When it was evaluated.
--@ | is_stale | Whether something has changed since.
--@ | is_final | Whether it was made final.
--@ | is_provisional | Whether the period was not over.
COMMENT ON COLUMN kpi_internal.page_node.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi_internal.page_target(target numeric, low numeric, high numeric, unit_of_measure text,
		decimals integer)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE WHEN low IS NOT NULL AND high IS NOT NULL
				THEN kpi_internal.html_figure(low, '', decimals) || ' &#8211; ' || kpi_internal.html_figure(high,
					unit_of_measure, decimals)
				ELSE kpi_internal.html_figure(coalesce(target, low, high), unit_of_measure, decimals) END;
COMMENT ON FUNCTION kpi_internal.page_target(numeric, numeric, numeric, text, integer) IS
'A target, or the limits of a range, as it stands in a page.';

-- of periods before no more than the page draws: names and words take longest; scores as kept, rounded when they are written
CREATE FUNCTION kpi_internal.page_past(scorecard text, unit text, "grain" text, period_start date)
	RETURNS TABLE (node text, periods date[], actuals numeric[], targets numeric[], scores numeric[])
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH r AS MATERIALIZED (
		SELECT v.node, v.period_start, v.actual, v.target, x.score
		FROM kpi.v_scorecard AS v JOIN kpi.result AS x ON x.score_key = v.score_key
		WHERE v.scorecard = page_past.scorecard AND v.unit = page_past.unit AND v.period_grain = page_past."grain"
			AND v.period_start <= page_past.period_start
			AND v.period_start >= coalesce(kpi_internal.period_step(page_past."grain", page_past.period_start, -35),
				'-infinity')
	), period AS (
		SELECT kpi_internal.period_step(page_past."grain", page_past.period_start, -n.n) AS period_start
			FROM generate_series(0, 35) AS n (n)
	)
	SELECT CAST(e.node AS text), array_agg(p.period_start ORDER BY p.period_start),
		array_agg(v.actual ORDER BY p.period_start), array_agg(v.target ORDER BY p.period_start),
		array_agg(v.score ORDER BY p.period_start)
	FROM r AS e CROSS JOIN period AS p LEFT JOIN r AS v ON v.node = e.node AND v.period_start = p.period_start
	WHERE e.period_start = page_past.period_start AND p.period_start >= (SELECT min(f.period_start) FROM r AS f)
	GROUP BY e.node;
END
$$;
COMMENT ON FUNCTION kpi_internal.page_past(text, text, text, date) IS
'Part of kpi.report_html(): the past of each stored node. From the first period there is on, but at most 36.';

CREATE FUNCTION kpi_internal.page_nodes(scorecard text, unit text, "grain" text, period_start date)
	RETURNS SETOF kpi_internal.page_node
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH e AS MATERIALIZED (
		SELECT v.*, x.score AS points, x.previous_score AS previous_points, x.score_change AS points_gained
		FROM kpi.v_scorecard AS v JOIN kpi.result AS x ON x.score_key = v.score_key
		WHERE v.scorecard = page_nodes.scorecard AND v.unit = page_nodes.unit AND v.period_grain = page_nodes."grain"
			AND v.period_start = page_nodes.period_start
	), loss AS MATERIALIZED (
		SELECT l.*
		FROM (SELECT array_agg(CAST(ROW(e.node, e.parent_node, e.role, e.weight, e.points,
			e.carried) AS kpi_internal.weighed_node)), max(e.period_end)
			  FROM e) AS a (nodes, day)
			CROSS JOIN LATERAL kpi_internal.lost_points(page_nodes.scorecard, a.day, a.nodes) AS l
	), past AS MATERIALIZED (
		SELECT p.*
		FROM kpi_internal.page_past(page_nodes.scorecard, page_nodes.unit, page_nodes."grain",
			page_nodes.period_start) AS p
	), last_year AS MATERIALIZED (
		SELECT v.node, v.score
		FROM kpi.result AS v
		WHERE v.scorecard = page_nodes.scorecard AND v.unit = page_nodes.unit AND v.period_grain = page_nodes."grain"
			AND v.period_start = kpi.period_last_year(page_nodes."grain", page_nodes.period_start)
	), bound AS MATERIALIZED (
		SELECT min(b.lower_bound) FILTER (WHERE b.status = 0) AS fair,
			min(b.lower_bound) FILTER (WHERE b.status = 1) AS good
		FROM kpi.scorecard AS c JOIN kpi.band AS b ON b.band_set = c.band_set WHERE c.scorecard = page_nodes.scorecard
	)
	SELECT e.place, e.depth, CAST(e.node AS text), CAST(e.parent_node AS text), CAST(e.node_name AS text),
		CAST(e.indicator AS text),
		   CAST(coalesce(e.unit_of_measure, '') AS text), coalesce(i.decimals, 0), CAST(i.direction AS text),
			CAST(e.actual AS numeric),
		   CASE WHEN e.indicator IS NOT NULL
				THEN kpi_internal.page_target(e.target, e.target_low, e.target_high, coalesce(e.unit_of_measure, ''),
					i.decimals) END,
		   CAST(e.attainment AS numeric), CAST(e.points AS numeric), CAST(e.points_gained AS numeric),
		   CAST(y.score AS numeric), CAST(e.previous_actual AS numeric),
		   CAST(e.previous_points AS numeric), CAST(e.absolute_weight AS numeric), CAST(e.coverage AS numeric),
		   nullif(e.rag_order, 0) - 2, CAST(e.rag_label AS text), CAST(e.score_reason_label AS text), l.is_leaf,
			l.lost,
		   array_remove(ARRAY[kpi_internal.attainment_of_score(coalesce(n.scale, i.scale), b.fair),
							  kpi_internal.attainment_of_score(coalesce(n.scale, i.scale), b.good)], NULL),
		   p.periods, CAST(p.actuals AS float8[]), CAST(p.targets AS float8[]), CAST(p.scores AS float8[]),
			e.evaluated_at, e.is_stale,
		   e.is_final, e.is_provisional
	FROM e
		LEFT JOIN loss AS l ON l.node = e.node
		LEFT JOIN past AS p ON p.node = e.node
		LEFT JOIN last_year AS y ON y.node = e.node
		LEFT JOIN kpi.indicator AS i ON i.indicator = e.indicator
		LEFT JOIN kpi.scorecard_node AS n ON n.scorecard = e.scorecard AND n.node = e.node AND n.valid @> e.period_end
		CROSS JOIN bound AS b
	ORDER BY e.place;
END
$$;
COMMENT ON FUNCTION kpi_internal.page_nodes(text, text, text, date) IS
'Part of kpi.report_html(): the stored nodes of a scorecard, unit and period, with their past. No rows where nothing '
'is stored.';

--@ for type
--@ | float8
--@ | date
CREATE FUNCTION kpi_internal.last_of(list @type@[], n integer)
	RETURNS @type@[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN list[cardinality(list) - n + 1:];
COMMENT ON FUNCTION kpi_internal.last_of(@type@[], integer) IS
'The last n elements of an array, or all of a shorter one. NULL for NULL.';
--@ end

CREATE FUNCTION kpi_internal.html_section(id text, heading text, finding text, body text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN format(E'<section aria-labelledby="%s">\n<h2 id="%s">%s</h2>\n<p class="find">%s</p>\n%s\n</section>\n', id,
		id, heading, finding, body);
COMMENT ON FUNCTION kpi_internal.html_section(text, text, text, text) IS
'Part of kpi.report_html(): a section with its topic and its finding. NULL for a NULL.';

CREATE FUNCTION kpi_internal.html_picture(wide text, narrow text, note text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN format(E'<div class="pic"><figure><div class="w">%s</div><div class="n">%s</div></figure>\n<div '
		'class="note">%s</div></div>', wide, narrow, coalesce(note, ''));
COMMENT ON FUNCTION kpi_internal.html_picture(text, text, text) IS
'Part of kpi.report_html(): a picture, drawn for a wide and for a narrow page, with a note beside it.';

CREATE FUNCTION kpi_internal.html_table(class text, caption text, heads text[], rows text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format('<table class="%s"><caption>%s</caption><thead><tr>%s</tr></thead><tbody>%s</tbody></table>', class,
		caption,
		string_agg(format('<th scope="col">%s</th>', h.head), '' ORDER BY h.n), rows)
	FROM unnest(heads) WITH ORDINALITY AS h (head, n)
$$;
COMMENT ON FUNCTION kpi_internal.html_table(text, text, text[], text) IS
'Part of kpi.report_html(): a table of words with its heads.';

CREATE FUNCTION kpi_internal.html_row(cells text[])
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT '<tr>' || string_agg(format(CASE c.n WHEN 1 THEN '<th scope="row">%s</th>' ELSE '<td>%s</td>' END, c.cell),
		'' ORDER BY c.n) || '</tr>'
	FROM unnest(cells) WITH ORDINALITY AS c (cell, n)
$$;
COMMENT ON FUNCTION kpi_internal.html_row(text[]) IS
'Part of kpi.report_html(): a row of a table of words, whose first cell is its head.';

CREATE FUNCTION kpi_internal.html_sample(paths text)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN '<svg class="mk" width="30" height="12" fill="currentColor" aria-hidden="true">' || paths || '</svg>';
COMMENT ON FUNCTION kpi_internal.html_sample(text) IS
'Part of kpi.report_html(): what is drawn, as a legend shows it.';
