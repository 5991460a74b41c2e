-- Pictures: rows, as arrays of one length, become SVG. The room they are drawn in is src/draw.
--
-- Every shape that stands for a value has it, exact, in data-v.  Texts are measured
-- from above, so that no label meets another; what is too long is cut, with the
-- whole in a title.  Status is shown by shape and colour.

CREATE FUNCTION kpi.sparkline(series float8[], target float8[] DEFAULT NULL, width float8 DEFAULT 110, height float8 DEFAULT 24,
							  title text DEFAULT NULL)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_sparkline' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.sparkline(float8[], float8[], float8, float8, text) IS
'A series as a line of the size of a word, as SVG, the last value as a dot. '
'NULL is a gap, a ring where it comes last. target: one for each value, or one for all, dashed. Errors: another number '
'of targets, width outside 20 to 2000, height outside 10 to 1000.';

CREATE FUNCTION kpi.bullet(attainment float8, limits float8[] DEFAULT '{0.7,0.9}', width float8 DEFAULT 150, height float8 DEFAULT 20,
						   title text DEFAULT NULL)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_bullet' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.bullet(float8, float8[], float8, float8, text) IS
'An attainment as a bar from 0 to 120 %, with a mark at the target, as SVG. '
'limits: the attainments at which fair and good begin; NULL or {} for one plain band. More than 120 % ends in an arrow, '
'less than 0 is a triangle, NULL a dashed box. Errors: more than two limits or such as do not rise, sizes as for '
'kpi.sparkline().';

-- Largest remainders: each part is rounded down, and those that lose most by it get
-- what is then left of the total.
CREATE FUNCTION kpi_internal.shown_parts(parts numeric[], total numeric, decimals integer)
	RETURNS numeric[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT array_agg(round((r.whole + CASE WHEN r.rank <= r.spare THEN 1 ELSE 0 END) / power(10.0, decimals), decimals) ORDER BY r.i)
		FROM (SELECT w.i, w.whole, round(total * power(10.0, decimals)) - sum(w.whole) OVER () AS spare,
					 row_number() OVER (ORDER BY w.part - w.whole DESC NULLS LAST, w.i) AS rank
			  FROM (SELECT p.i, p.part * power(10.0, decimals) AS part, floor(p.part * power(10.0, decimals)) AS whole
					FROM unnest(parts) WITH ORDINALITY AS p (part, i)) AS w) AS r);
END
$$;
COMMENT ON FUNCTION kpi_internal.shown_parts(numeric[], numeric, integer) IS
'Parts of a total, rounded so that what is shown adds up to the total as it is shown. '
'NULL stays NULL. NULL for no parts.';

CREATE FUNCTION kpi_internal.bridge_rows(names text[], effects float8[], "before" float8, before_name text, after_name text, missing float8)
	RETURNS TABLE (name text, start float8, stop float8, kind integer, shown numeric)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH effect AS (
		SELECT u.name, u.effect, u.i, row_number() OVER (ORDER BY abs(u.effect) DESC, u.i) AS size, count(*) OVER () AS effects
		FROM unnest(names, effects) WITH ORDINALITY AS u (name, effect, i)
		WHERE kpi_internal.usable(CAST(u.effect AS numeric)) <> 0
	), step (name, effect, kind, part, i) AS (
		SELECT e.name, e.effect, 1, 1, e.i FROM effect AS e WHERE e.size <= 7 OR e.effects <= 8
		UNION ALL
		SELECT kpi_internal.fill_text(kpi.term('report', 'others', '{count} others'), jsonb_build_object('count', count(*))), sum(e.effect), 1, 2, NULL
		FROM effect AS e WHERE e.size > 7 AND e.effects > 8 HAVING count(*) > 0
		UNION ALL
		SELECT kpi.term('cause', 'missing', 'Missing data'), bridge_rows.missing, 2, 3, NULL
		WHERE kpi_internal.usable(CAST(bridge_rows.missing AS numeric)) <> 0
	), placed AS (
		SELECT s.*, sum(s.effect) OVER run AS until, row_number() OVER run AS place
		FROM step AS s
		WINDOW run AS (ORDER BY s.part, s.effect, s.i ROWS UNBOUNDED PRECEDING)
	), summed AS (
		SELECT coalesce(sum(p.effect), 0) AS change,
			   kpi_internal.shown_parts(array_agg(CAST(p.effect AS numeric) ORDER BY p.place),
										round(CAST("before" + sum(p.effect) AS numeric), 1) - round(CAST("before" AS numeric), 1), 1) AS shown
		FROM placed AS p
	)
	SELECT before_name, "before", "before", 0, round(CAST("before" AS numeric), 1)
	UNION ALL
	(SELECT p.name, "before" + p.until - p.effect, "before" + p.until, p.kind, s.shown[p.place]
	 FROM placed AS p CROSS JOIN summed AS s ORDER BY p.place)
	UNION ALL
	SELECT after_name, "before" + s.change, "before" + s.change, 0, round(CAST("before" + s.change AS numeric), 1) FROM summed AS s;
END
$$;
COMMENT ON FUNCTION kpi_internal.bridge_rows(text[], float8[], float8, text, text, float8) IS
'Part of kpi.bridge(): its rows. '
'Total, effects from worst to best, the small ones together, missing data, total. kind: 0 total, 1 effect, 2 missing data. shown adds up.';

CREATE FUNCTION kpi_internal.draw_bridge(names text[], starts float8[], stops float8[], kinds float8[], shown float8[], width float8,
										 title text, finding text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_draw_bridge' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi_internal.draw_bridge(text[], float8[], float8[], float8[], float8[], float8, text, text) IS
'Part of kpi.bridge(): the rows of kpi_internal.bridge_rows() as SVG.';

CREATE FUNCTION kpi_internal.require_rows(name text, count integer, other_name text, other_count integer)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF coalesce(count, 0) <> coalesce(other_count, 0) THEN
		PERFORM kpi_internal.fail('2202E', format('%s has %s elements but %s has %s', name, coalesce(count, 0), other_name, coalesce(other_count, 0)),
			'Pass one element of each for every row, as array_agg() does.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_rows(text, integer, text, integer) IS
'Raises an error unless two arrays have one element for every row.';

CREATE FUNCTION kpi.bridge(names text[], effects float8[], "before" float8, before_name text DEFAULT NULL, after_name text DEFAULT NULL,
						   missing float8 DEFAULT NULL, width float8 DEFAULT 720, title text DEFAULT NULL, finding text DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_rows('names', cardinality(names), 'effects', cardinality(effects));
	RETURN (
		SELECT kpi_internal.draw_bridge(array_agg(r.name), array_agg(r.start), array_agg(r.stop), array_agg(r.kind), array_agg(r.shown),
										width, title, finding)
		FROM kpi_internal.bridge_rows(names, effects, "before", before_name, after_name, missing) AS r);
END
$$;
COMMENT ON FUNCTION kpi.bridge(text[], float8[], float8, text, text, float8, float8, text, text) IS
'How a total became another: effects as steps between both, as SVG. '
'before: the first total; the last one is that and all effects. Effects go from worst to best, at most 7 and the others '
'together; missing: what missing data makes of it, dashed. The figures shown add up. title and finding are for those '
'who do not see it. Errors: arrays of two lengths, width outside 200 to 2000.';

CREATE FUNCTION kpi.score_chart(periods date[], scores float8[], bands text[] DEFAULT NULL, limits float8[] DEFAULT NULL,
								statuses float8[] DEFAULT NULL, target float8 DEFAULT 100, width float8 DEFAULT 720,
								title text DEFAULT NULL, finding text DEFAULT NULL)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_score_chart' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.score_chart(date[], float8[], text[], float8[], float8[], float8, float8, text, text) IS
'Scores of some periods as a line over the bands of their status, as SVG. '
'bands: their names from the lowest up, limits: where each begins, NULL for the lowest, statuses: -1, 0 or 1. periods: '
'first days, in order. A NULL score is a gap. Errors: arrays of two lengths, a period that is NULL or infinite, width outside 200 to '
'2000.';

CREATE FUNCTION kpi.heat_map(rows text[], columns text[], "values" float8[], statuses float8[] DEFAULT NULL, limits float8[] DEFAULT NULL,
							 unit_of_measure text DEFAULT '', decimals float8 DEFAULT 0, width float8 DEFAULT 720,
							 title text DEFAULT NULL, finding text DEFAULT NULL)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_heat_map' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.heat_map(text[], text[], float8[], float8[], float8[], text, float8, float8, text, text) IS
'A table of numbers with shades, one cell for each element of the arrays, as SVG. '
'With statuses (1, 0, -1) each cell has the sign and shade of its own, and limits are where bands begin: a number that '
'rounding would bring across one has a decimal more. Without, darker is more. Rows and columns come in the order in '
'which they come first. Errors: arrays of two lengths, decimals outside 0 to 20, width outside 200 to 2000.';

CREATE FUNCTION kpi.funnel_chart(names text[], counts float8[], width float8 DEFAULT 720, title text DEFAULT NULL, finding text DEFAULT NULL)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_funnel_chart' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.funnel_chart(text[], float8[], float8, text, text) IS
'How many are left from step to step, and what share goes on, as SVG. '
'Errors: arrays of two lengths, a count below 0, width outside 200 to 2000.';

CREATE FUNCTION kpi_internal.draw_fishbone(effect text, score float8, caption text, bones text[], causes text[], "values" float8[],
										   statuses float8[], unit_of_measure text, decimals float8, width float8, title text,
										   finding text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_fishbone' LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION kpi_internal.draw_fishbone(text, float8, text, text[], text[], float8[], float8[], text, float8, float8, text, text) IS
'Part of kpi.fishbone(): the same with a status for every row.';

CREATE FUNCTION kpi.fishbone(effect text, score float8, bones text[], causes text[], "values" float8[], statuses float8[] DEFAULT NULL,
							 caption text DEFAULT NULL, unit_of_measure text DEFAULT '', decimals float8 DEFAULT 1,
							 width float8 DEFAULT 720, title text DEFAULT NULL, finding text DEFAULT NULL)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE COST 1000
	RETURN kpi_internal.draw_fishbone(effect, score, caption, bones, causes, "values",
		coalesce(statuses, array_fill(CAST(NULL AS float8), ARRAY[coalesce(cardinality(bones), 0)])), unit_of_measure, decimals,
		width, title, finding);

COMMENT ON FUNCTION kpi.fishbone(text, float8, text[], text[], float8[], float8[], text, text, float8, float8, text, text) IS
'What an effect hangs on: bones with their causes, as SVG. '
'One row is a cause of a bone, with its value, such as points lost, and its status (1, 0, -1); a NULL cause is the bone '
'itself, whose value is else the sum of its causes. score and caption stand in the head. A list where there is one '
'bone, more than 8 causes of one, or too little width. Errors: arrays of two lengths, decimals outside 0 to 20, width '
'outside 200 to 2000.';

CREATE FUNCTION kpi.strategy_map(nodes text[], lanes text[], names text[], scores float8[], statuses float8[],
								 causes text[] DEFAULT NULL, effects text[] DEFAULT NULL, width float8 DEFAULT 720,
								 title text DEFAULT NULL, finding text DEFAULT NULL)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_strategy_map' LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION kpi.strategy_map(text[], text[], text[], float8[], float8[], text[], text[], float8, text, text) IS
'Objectives in lanes, and which helps which, as SVG. '
'nodes: a key for each; links go from causes[i] to effects[i], keys of nodes. Lanes come in the order in which they '
'come first, so name the effects first. A list where there are more than 5 nodes in a lane or 40 links, or width is '
'below 560. Errors: arrays of two lengths, a key twice, a link of a key that is none, width outside 200 to 2000.';

CREATE FUNCTION kpi_internal.xmr_points(series kpi.series, baseline float8)
	RETURNS TABLE (period date, value float8, rule integer)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT c.period, c.value, (SELECT min(CAST(substring(s FROM '[0-9]+$') AS integer)) FROM unnest(c.signals) AS s)
	FROM kpi.control_chart(series, baseline => baseline) AS c
	ORDER BY c.period;
END
$$;
COMMENT ON FUNCTION kpi_internal.xmr_points(kpi.series, float8) IS
'Part of kpi.xmr_chart(): periods and values, with the first rule of Western Electric that is hit.';

CREATE FUNCTION kpi_internal.draw_xmr(periods date[], "values" float8[], rules float8[], limits float8[], baseline float8, target float8,
									  unit_of_measure text, decimals float8, width float8, title text, finding text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_draw_xmr' LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION kpi_internal.draw_xmr(date[], float8[], float8[], float8[], float8, float8, text, float8, float8, text, text) IS
'Part of kpi.xmr_chart(): values with limits (center, lower, upper, upper of ranges) as SVG.';

CREATE FUNCTION kpi.xmr_chart(series kpi.series, baseline float8 DEFAULT NULL, target float8 DEFAULT NULL, lowest float8 DEFAULT NULL,
							  unit_of_measure text DEFAULT '', decimals float8 DEFAULT 1, width float8 DEFAULT 720,
							  title text DEFAULT NULL, finding text DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT kpi_internal.draw_xmr(p.periods, p.values, p.rules, ARRAY[l.center, greatest(l.lower, CASE WHEN l.lower IS NOT NULL THEN lowest END), l.upper, l.range_upper],
									 xmr_chart.baseline, xmr_chart.target, unit_of_measure, decimals, width, title, finding)
		FROM (SELECT array_agg(x.period ORDER BY x.period), array_agg(x.value ORDER BY x.period), array_agg(x.rule ORDER BY x.period)
			  FROM kpi_internal.xmr_points(series, baseline) AS x) AS p (periods, "values", rules)
			CROSS JOIN (SELECT x.* FROM kpi.xmr(series, baseline) AS x) AS l);
END
$$;
COMMENT ON FUNCTION kpi.xmr_chart(kpi.series, float8, float8, float8, text, float8, float8, text, text) IS
'A series with its natural limits, and its moving ranges below, as SVG. '
'Limits are those of kpi.xmr(), of the first baseline periods, which are shaded; signals those of Western Electric, with '
'the number of the rule. lowest: what no value can be below, which holds the lower limit. Less than 6 values have no '
'limits. The periods of the series are dates. Errors: those of kpi.control_chart(), width outside 200 to 2000.';

CREATE FUNCTION kpi_internal.forecast_points(series kpi.series, horizon float8, model text)
	RETURNS TABLE (period date, value float8, forecast float8, low float8, high float8, inner_low float8, inner_high float8, note text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT p.period, p.value, NULL, NULL, NULL, NULL, NULL, NULL FROM kpi.points(series) AS p
	UNION ALL
	SELECT f.period, NULL, f.forecast, f.low, f.high, f.inner_low, f.inner_high, f.note FROM kpi.forecast(series, horizon, model) AS f
	-- how far apart periods are, one alone does not tell
	WHERE f.period IS NOT NULL
	ORDER BY 1;
END
$$;
COMMENT ON FUNCTION kpi_internal.forecast_points(kpi.series, float8, text) IS
'Part of kpi.forecast_chart(): the periods of a series, then those of its forecast.';

CREATE FUNCTION kpi_internal.draw_forecast(periods date[], "values" float8[], forecasts float8[], lows float8[], highs float8[],
										   inner_lows float8[], inner_highs float8[], targets float8[], unit_of_measure text,
										   decimals float8, width float8, title text, finding text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_draw_forecast' LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION kpi_internal.draw_forecast(date[], float8[], float8[], float8[], float8[], float8[], float8[], float8[], text,
	float8, float8, text, text) IS
'Part of kpi.forecast_chart(): values, forecasts and targets as SVG.';

CREATE FUNCTION kpi.forecast_chart(series kpi.series, horizon float8 DEFAULT 3, model text DEFAULT 'auto', target float8[] DEFAULT NULL,
								   unit_of_measure text DEFAULT '', decimals float8 DEFAULT 0, width float8 DEFAULT 720,
								   title text DEFAULT NULL, finding text DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT kpi_internal.draw_forecast(array_agg(p.period ORDER BY p.n), array_agg(p.value ORDER BY p.n), array_agg(p.forecast ORDER BY p.n),
			array_agg(p.low ORDER BY p.n), array_agg(p.high ORDER BY p.n), array_agg(p.inner_low ORDER BY p.n),
			array_agg(p.inner_high ORDER BY p.n), array_agg(CASE cardinality(target) WHEN 1 THEN target[1] ELSE target[p.n] END ORDER BY p.n),
			unit_of_measure, decimals, width, title, finding)
		FROM (SELECT f.*, row_number() OVER (ORDER BY f.period) AS n FROM kpi_internal.forecast_points(series, horizon, model) AS f) AS p);
END
$$;
COMMENT ON FUNCTION kpi.forecast_chart(kpi.series, float8, text, float8[], text, float8, float8, text, text) IS
'A series and its forecast with intervals of 80 and 95 %, as SVG. '
'target: one for each period, those to come included, or one for all; steps, dashed. The periods of the series are '
'dates. Errors: those of kpi.forecast(), width outside 200 to 2000.';
