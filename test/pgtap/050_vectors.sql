-- Worked cases of the scoring rules, published ones among them: each is an
-- operation, its arguments and the result, and below is how SQL says it.
BEGIN;
SELECT no_plan();

CREATE TEMP TABLE vector (id text PRIMARY KEY, op text NOT NULL, arg jsonb NOT NULL, want jsonb NOT NULL);
INSERT INTO vector VALUES
	('A01', 'attain_ratio', '{"actual": 20, "target": 100, "direction": "higher", "zero_target": "null"}', '0.2'),
	('A03', 'attain_ratio', '{"actual": 0, "target": 100, "direction": "higher", "zero_target": "null"}', '0.0'),
	('A05', 'attain_ratio', '{"actual": -50, "target": -100, "direction": "higher", "zero_target": "null"}', '1.5'),
	('A07', 'attain_ratio', '{"actual": 3, "target": -2, "direction": "higher", "zero_target": "null"}', '3.5'),
	('A09', 'attain_ratio', '{"actual": 0, "target": -1, "direction": "higher", "zero_target": "null"}', '2.0'),
	('A11', 'attain_ratio', '{"actual": 0, "target": 10, "direction": "lower", "zero_target": "null"}', '2.0'),
	('A13', 'attain_ratio', '{"actual": 5, "target": 0, "direction": "higher", "zero_target": "null"}', 'null'),
	('A15', 'attain_ratio', '{"actual": 1, "target": 0, "direction": "lower", "zero_target": "met"}', '0.0'),
	('A17', 'attain_ratio', '{"actual": 100, "target": null, "direction": "higher", "zero_target": "null"}', 'null'),
	('A18', 'attain_inverse', '{"actual": 12, "target": 10}', '0.8333333333'),
	('B01', 'progress', '{"baseline": 0, "target": 100, "actual": 80}', '0.8'),
	('B03', 'progress', '{"baseline": 20, "target": 8, "actual": 25}', '-0.4166666667'),
	('B05', 'progress', '{"baseline": 10, "target": 10, "actual": 10}', '1.0'),
	('B07', 'scale', '{"min": 0, "max": 200, "actual": 50, "direction": "higher"}', '0.25'),
	('C01', 'goal_redflag', '{"goal": 700, "red_flag": 500, "scale": 10, "actual": 300}', '0.0'),
	('C03', 'goal_redflag', '{"goal": 700, "red_flag": 500, "scale": 10, "actual": 700}', '6.6666666667'),
	('C05', 'goal_redflag', '{"goal": 700, "red_flag": 500, "scale": 10, "actual": 600}', '5.0'),
	('C07', 'goal_redflag', '{"goal": 700, "red_flag": 500, "scale": 10, "actual": 1000}', '10.0'),
	('D01', 'efficacy_banded',
		'{"weight": 20, "standards": [[1, 0.2], [5, 0.4], [8, 0.6], [11, 0.8], [15, 1.0]], "actual": 12}', '17.0'),
	('D03', 'efficacy_banded',
		'{"weight": 20, "standards": [[1, 0.2], [5, 0.4], [8, 0.6], [11, 0.8], [15, 1.0]], "actual": 20}', '20.0'),
	('D05', 'efficacy_banded',
		'{"weight": 20, "standards": [[1, 0.2], [5, 0.4], [8, 0.6], [11, 0.8], [15, 1.0]], "actual": 6.5}', '10.0'),
	('D07', 'efficacy_banded',
		'{"weight": 20, "standards": [[1, 0.2], [5, 0.4], [8, 0.6], [11, 0.8], [15, 1.0]], "actual": 0.5}', '0.0'),
	('D08', 'efficacy_classic', '{"actual": 85, "disallowed": 60, "satisfactory": 100}', '85.0'),
	('E01', 'add_deduct', '{"actual": 97, "target": 100, "base": 20, "up": 1, "down": 2, "unit": 1,
		"mode": "linear", "cap": 24, "floor": 0}', '14.0'),
	('E03', 'add_deduct', '{"actual": 85, "target": 100, "base": 20, "up": 1, "down": 2, "unit": 1,
		"mode": "linear", "cap": 24, "floor": 0}', '0.0'),
	('E05', 'add_deduct', '{"actual": 97.5, "target": 100, "base": 20, "up": 1, "down": 2, "unit": 1,
		"mode": "started", "cap": 24, "floor": 0}', '14.0'),
	('E07', 'add_deduct', '{"actual": 4, "target": 2, "base": 10, "up": 0, "down": 1.5, "unit": 1, "mode": "linear",
		"cap": 10, "floor": 0, "direction": "lower"}', '7.0'),
	('F01', 'step_upper', '{"bands_upper_inclusive": [[2, 100], [4, 80], [7, 60]], "otherwise": 0, "actual": 2}',
		'100.0'),
	('F03', 'step_upper', '{"bands_upper_inclusive": [[2, 100], [4, 80], [7, 60]], "otherwise": 0, "actual": 7}',
		'60.0'),
	('F11', 'grade', '{"bands": [["A", 85], ["B", 70], ["C", 50], ["D", 40], ["E", null]], "score": 85}', '"A"'),
	('F13', 'grade', '{"bands": [["A", 85], ["B", 70], ["C", 50], ["D", 40], ["E", null]], "score": 70}', '"B"'),
	('F15', 'grade', '{"bands": [["A", 85], ["B", 70], ["C", 50], ["D", 40], ["E", null]], "score": 40}', '"D"'),
	('F17', 'grade', '{"bands": [["excellent", 90], ["good", 80], ["medium", 60], ["poor", null]], "score": 89.5}',
		'"good"'),
	('F21', 'status_pct', '{"pct": 70, "good": ">=100", "warning": "between", "critical": "<=70"}', '"critical"'),
	('F23', 'status_pct', '{"pct": 100, "good": ">=100", "warning": "between", "critical": "<=70"}', '"good"'),
	('F31', 'status_closer', '{"score": 70, "target": 70, "tol_pct": 5}', '"good"'),
	('F33', 'status_closer', '{"score": 73.6, "target": 70, "tol_pct": 5}', '"nogood"'),
	('F35', 'status_closer', '{"score": 77.1, "target": 70, "tol_pct": 5}', '"poor"'),
	('F37', 'status_closer', '{"score": 63, "target": 70, "tol_pct": 5}', '"nogood"'),
	('F41', 'gap', '{"direction": "higher", "actual": 90, "target": 100}', '-10.0'),
	('F43', 'gap', '{"direction": "lower", "actual": 8, "target": 10}', '2.0'),
	('G01', 'rollup_wavg', '{"children": [[80, 50], [null, 30], [60, 20]], "missing": "renormalize",
		"min_coverage": null}', '{"score": 74.2857142857, "coverage": 0.7}'),
	('G03', 'rollup_wavg', '{"children": [[80, 50], [null, 30], [60, 20]], "missing": "null", "min_coverage": null}',
		'{"score": null, "coverage": 0.7}'),
	('G05', 'rollup_wavg', '{"children": [[5, 1], [5, 1], [null, 1]], "missing": "renormalize",
		"min_coverage": null}', '{"score": 5.0, "coverage": 0.6666666667}'),
	('G07', 'rollup_wavg', '{"children": [[100, 12.5], [100, 12.5], [100, 12.5], [100, 12.5], [100, 12.5], [100,
		12.5], [100, 12.5], [100, 12.5]], "missing": "renormalize", "min_coverage": null}',
		'{"score": 100.0, "coverage": 1.0}'),
	('G09', 'rollup_wavg', '{"children": [[100, 33.33], [100, 33.33], [100, 33.34]], "missing": "renormalize",
		"min_coverage": null}', '{"score": 100.0, "coverage": 1.0}'),
	('G11', 'rollup_wavg', '{"children": [[null, 1], [null, 2]], "missing": "renormalize", "min_coverage": null}',
		'{"score": null, "coverage": 0.0}'),
	('G13', 'rollup_wavg', '{"children": [[75, 60], [50, 40]], "missing": "renormalize", "min_coverage": null}',
		'{"score": 65.0, "coverage": 1.0}'),
	('G21', 'scorecard_tree',
		'{"year": 2014, "tree": {"Financial:25": {"Enhance turnover:50": {"KPI0001:100": 64},
		"Investment:50": {"KPI0002:50": 75, "KPI0003:50": 71}},
		"Customer:25": {"Increase customer:100": {"KPI0004:100": 81}},
		"Internal:25": {"Upgrade organization:100": {"KPI0005:100": 90}},
		"Learning:25": {"Capacity building objectives:100": {"KPI0006:100": 97}}}}',
		'{"Investment": 73.0, "Financial": 68.5, "Customer": 81, "Internal": 90, "Learning": 97, "total": 84.125}'),
	('G23', 'scorecard_tree',
		'{"year": 2016, "tree": {"Financial:25": {"Enhance turnover:50": {"KPI0001:100": 57},
		"Investment:50": {"KPI0002:50": 65, "KPI0003:50": 55}},
		"Customer:25": {"Increase customer:100": {"KPI0004:100": 70}},
		"Internal:25": {"Upgrade organization:100": {"KPI0005:100": 75}},
		"Learning:25": {"Capacity building objectives:100": {"KPI0006:100": 86}}}}',
		'{"Investment": 60.0, "Financial": 58.5, "Customer": 70, "Internal": 75, "Learning": 86, "total": 72.375}'),
	('G25', 'scorecard_tree',
		'{"year": 2018, "tree": {"Financial:25": {"Enhance turnover:50": {"KPI0001:100": 70},
		"Investment:50": {"KPI0002:50": 69, "KPI0003:50": 65}},
		"Customer:25": {"Increase customer:100": {"KPI0004:100": 78}},
		"Internal:25": {"Upgrade organization:100": {"KPI0005:100": 84}},
		"Learning:25": {"Capacity building objectives:100": {"KPI0006:100": 89}}}}',
		'{"Investment": 67.0, "Financial": 68.5, "Customer": 78, "Internal": 84, "Learning": 89, "total": 79.875}'),
	('G26', 'rollup_worst', '{"children": [[82, 1], [91, 1], [null, 1], [40, 1]]}', '40.0'),
	('G27', 'rollup_majority', '{"children": ["green", "green", "red", "red"], "tie": "worst"}', '"red"'),
	('G29', 'rollup_priority',
		'{"priority": "yellow", "others": ["green", "green", "red"],
		"rule": "priority child decides unless green, else majority"}', '"yellow"'),
	('G30', 'rollup_count', '{"children": ["green", "green", "red", null]}', '{"green": 2, "red": 1, "no_data": 1}'),
	('G31', 'ratio_rollup', '{"rows": [[50, 100], [30, 20]], "kind": "sum_num/sum_den"}', '0.6666666667'),
	('G32', 'absolute_weight', '{"path": [[4, 10], [4, 10]]}', '0.16'),
	('G33', 'veto', '{"score": 92, "vetoes": [["safety", true]], "rule": "zero"}', '0.0'),
	('G35', 'veto', '{"score": 55, "vetoes": [["safety", true]], "rule": "cap", "cap": 60}', '55.0'),
	('G36', 'points_total', '{"items": [[1.05, 40], [0.9, 35], [1.3, 25]], "cap": 1.2, "bonus": 3, "bonus_cap": 5,
		"deduct": 2}', '104.5'),
	('G37', 'mix_quant_qual', '{"quant": 80, "qual": 90, "w": [0.7, 0.3]}', '83.0'),
	('G38', 'rank_points', '{"rank": 3, "points": [60, 57, 54, 51, 48]}', '54.0'),
	('G39', 'forced_distribution', '{"shares": [0.2, 0.7, 0.1], "n": 7}', '[1, 5, 1]'),
	('H01', 'pct_change', '{"current": 100, "base": 50}', '1.0'),
	('H03', 'pct_change', '{"current": -25, "base": -50}', '0.5'),
	('H05', 'pct_change', '{"current": 50, "base": -50}', '2.0'),
	('H07', 'pct_change', '{"current": 0, "base": 50}', '-1.0'),
	('H09', 'pct_change', '{"current": -75, "base": -50}', '-0.5'),
	('H11', 'pct_change', '{"current": 1000, "base": 500}', '1.0'),
	('H13', 'pct_change', '{"current": -1000, "base": -900}', '-0.1111111111'),
	('H15', 'pct_change', '{"current": 5, "base": 0}', 'null'),
	('H17', 'point_change', '{"current": 0.75, "base": 0.5}', '0.25'),
	('I01', 'target_for_period',
		'{"items": [["2017-05-01", "2017-05-10", 10], ["2017-05-11", "2017-05-20", 20], ["2017-05-21", "2017-05-25",
		30]], "frm": "2017-05-01", "to": "2017-05-10", "mode": "sum"}', '10.0'),
	('I03', 'target_for_period',
		'{"items": [["2017-05-01", "2017-05-10", 10], ["2017-05-11", "2017-05-20", 20], ["2017-05-21", "2017-05-25",
		30]], "frm": "2017-05-01", "to": "2017-05-20", "mode": "sum"}', '30.0'),
	('I05', 'target_for_period',
		'{"items": [["2017-05-01", "2017-05-10", 10], ["2017-05-11", "2017-05-20", 20], ["2017-05-21", "2017-05-25",
		30]], "frm": "2017-01-01", "to": "2017-05-31", "mode": "sum"}', '60.0'),
	('I07', 'target_for_period',
		'{"items": [["2017-05-01", "2017-05-10", 10], ["2017-05-11", "2017-05-20", 20], ["2017-05-21", "2017-05-25",
		30]], "frm": "2017-05-06", "to": "2017-05-15", "mode": "avg"}', '15.0'),
	('I09', 'target_for_period',
		'{"items": [["2024-01-01", "2024-12-31", 366]], "frm": "2024-01-01", "to": "2024-03-31", "mode": "sum"}',
		'91.0'),
	('I11', 'avg_distinct', '{"values": [10, 10, 20]}', '15.0'),
	('J01', 'rate', '{"num": 50000, "den": 1000000}', '0.05'),
	('J03', 'new_customers_from_seed', '{"total": 5000, "growth_as_share": 0.12}', '600.0'),
	('K01', 'iso_week', '{"date": "2024-12-30"}', '"2025-W01"'),
	('K02', 'fiscal_year', '{"date": "2021-07-01", "start_month": 7, "label": "end_year"}', '2022'),
	('K04', 'to_date_window', '{"as_of": "2022-08-20", "kind": "ytd", "start_month": 7}',
		'["2022-07-01", "2022-08-20"]'),
	('K05', 'same_period_last_year', '{"frm": "2024-02-01", "to": "2024-02-29"}', '["2023-02-01", "2023-02-28"]'),
	('K07', 'trailing_window', '{"as_of": "2024-03-31", "n": 3, "unit": "month"}', '["2024-01-01", "2024-03-31"]'),
	('L01', 'convert_sum', '{"rows": [[100, 1.25], [100, 1.29], [100, 1.28]], "policy": "closing"}', '384.0'),
	('L03', 'sum_mixed_currency', '{"rows": [[10, "USD"], [200, "MXN"]]}', '"error"'),
	('M01', 'piecewise', '{"points": [[60, 0], [80, 100], [90, 100], [110, 0]], "actual": 70}', '50.0'),
	('M03', 'piecewise', '{"points": [[60, 0], [80, 100], [90, 100], [110, 0]], "actual": 85}', '100.0'),
	('N01', 'attribution', '{"before": {"children": [[80, 50], [60, 50]]}, "after": {"children": [[90, 60], [60,
		40]]}}', '{"total_change": 8.0, "score_effect": 5.5, "weight_effect": 2.5}');

-- results are given to ten decimals
CREATE FUNCTION pg_temp.agree(have jsonb, want jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	IF jsonb_typeof(have) <> jsonb_typeof(want) THEN
		RETURN false;
	END IF;
	RETURN CASE jsonb_typeof(want)
		WHEN 'number' THEN abs(have::text::numeric - want::text::numeric) <= 0.5e-10
		WHEN 'array' THEN jsonb_array_length(have) = jsonb_array_length(want)
			AND coalesce((SELECT bool_and(pg_temp.agree(have -> i, want -> i))
				FROM generate_series(0, jsonb_array_length(want) - 1) AS i), true)
		WHEN 'object' THEN (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(have) AS k)
			= (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(want) AS k)
			AND (SELECT bool_and(pg_temp.agree(have -> k, want -> k)) FROM jsonb_object_keys(want) AS k)
		ELSE have = want
	END;
END $$;
SELECT ok(pg_temp.agree('{"a": [1, null, "x"]}', '{"a": [1.00000000004, null, "x"]}')
	AND NOT pg_temp.agree('1', '1.0000000001')
	AND NOT pg_temp.agree('null', '0') AND NOT pg_temp.agree('[1]', '[1, 2]')
	AND NOT pg_temp.agree('{"a": 1}', '{"b": 1}'),
	'agreement tells results apart');

CREATE TEMP TABLE result (id text, form text, have jsonb);
CREATE FUNCTION pg_temp.put(id text, form text, have anyelement) RETURNS void LANGUAGE sql AS
$$ INSERT INTO result VALUES (id, form, coalesce(to_jsonb(have), 'null')) $$;
-- an argument as a number
CREATE FUNCTION pg_temp.num(arg jsonb, key text) RETURNS numeric
	LANGUAGE sql IMMUTABLE AS $$ SELECT (arg ->> key)::numeric $$;
-- [[x, y], ...] as rows
CREATE FUNCTION pg_temp.pairs(list jsonb) RETURNS TABLE (i integer, x text, y text) LANGUAGE sql IMMUTABLE AS
$$ SELECT n::integer, e ->> 0, e ->> 1 FROM jsonb_array_elements(list) WITH ORDINALITY AS p(e, n) $$;

-- attainment
SELECT pg_temp.put(id, 'numeric', kpi.attainment(a, t, arg ->> 'direction', arg ->> 'zero_target')),
	pg_temp.put(id, 'float8', kpi.attainment(a::float8, t::float8, arg ->> 'direction', arg ->> 'zero_target'))
FROM (SELECT *, pg_temp.num(arg, 'actual') AS a, pg_temp.num(arg, 'target') AS t FROM vector
	WHERE op = 'attain_ratio') AS v;
SELECT pg_temp.put(id, 'sums', kpi.attainment_agg(a / 2, t / 2, arg ->> 'direction', arg ->> 'zero_target')),
	pg_temp.put(id, 'sums, float8', kpi.attainment_agg(a::float8 / 2, t::float8 / 2, arg ->> 'direction',
		arg ->> 'zero_target'))
FROM (SELECT *, pg_temp.num(arg, 'actual') AS a, pg_temp.num(arg, 'target') AS t FROM vector
	WHERE op = 'attain_ratio') AS v, generate_series(1, 2)
GROUP BY id;
SELECT pg_temp.put(id, 'numeric', kpi.attainment_inverse(a, t)),
	pg_temp.put(id, 'float8', kpi.attainment_inverse(a::float8, t::float8))
FROM (SELECT *, pg_temp.num(arg, 'actual') AS a, pg_temp.num(arg, 'target') AS t FROM vector
	WHERE op = 'attain_inverse') AS v;
SELECT pg_temp.put(id, 'numeric', kpi.progress(a, t, b)),
	pg_temp.put(id, 'float8', kpi.progress(a::float8, t::float8, b::float8))
FROM (SELECT *, pg_temp.num(arg, 'actual') AS a, pg_temp.num(arg, 'target') AS t, pg_temp.num(arg, 'baseline') AS b
	FROM vector WHERE op = 'progress') AS v;
SELECT pg_temp.put(id, 'progress',
	CASE arg ->> 'direction' WHEN 'higher' THEN kpi.progress(a, high, low) ELSE kpi.progress(a, low, high) END)
FROM (SELECT *, pg_temp.num(arg, 'actual') AS a, pg_temp.num(arg, 'min') AS low, pg_temp.num(arg, 'max') AS high
	FROM vector WHERE op = 'scale') AS v;
SELECT pg_temp.put(id, 'change',
	CASE arg ->> 'direction' WHEN 'higher' THEN kpi.change(a, t) ELSE kpi.change(t, a) END)
FROM (SELECT *, pg_temp.num(arg, 'actual') AS a, pg_temp.num(arg, 'target') AS t FROM vector WHERE op = 'gap') AS v;

-- scales and points
SELECT pg_temp.put(id, 'scale',
	kpi.score(pg_temp.num(arg, 'actual'), format('linear(%s:0, %s:%s)', 2 * r - g, 2 * g - r, s)::kpi.scale)),
	pg_temp.put(id, 'progress', kpi.clamp((1 + kpi.progress(pg_temp.num(arg, 'actual'), g, r)) / 3 * s, 0, s))
FROM (SELECT *, pg_temp.num(arg, 'goal') AS g, pg_temp.num(arg, 'red_flag') AS r, pg_temp.num(arg, 'scale') AS s
	FROM vector WHERE op = 'goal_redflag') AS v;
SELECT pg_temp.put(id, 'scale', kpi.score(pg_temp.num(arg, 'actual'), c)),
	pg_temp.put(id, 'scale, float8', kpi.score(pg_temp.num(arg, 'actual')::float8, c))
FROM (SELECT *, (SELECT format('linear(%s)', string_agg(x || ':' || y, ', ' ORDER BY i))
	FROM pg_temp.pairs(arg -> 'points'))::kpi.scale AS c
	  FROM vector WHERE op = 'piecewise') AS v;
-- upper limits that are inclusive: lower is better, and a limit earns the better step
SELECT pg_temp.put(id, 'scale', kpi.score(pg_temp.num(arg, 'actual'), c)),
	pg_temp.put(id, 'scale, float8', kpi.score(pg_temp.num(arg, 'actual')::float8, c))
FROM (SELECT v.*, format('step(-1:%s, %s)', arg #>> '{bands_upper_inclusive,0,1}', s.steps)::kpi.scale AS c
	  FROM vector AS v, LATERAL (SELECT string_agg(x || ':' || next, ', ' ORDER BY i) AS steps
		FROM (SELECT i, x, lead(y, 1, v.arg ->> 'otherwise') OVER (ORDER BY i) AS next
			FROM pg_temp.pairs(v.arg -> 'bands_upper_inclusive')) AS p) AS s
	  WHERE op = 'step_upper') AS w;
SELECT pg_temp.put(id, 'numeric', kpi.efficacy(a, s, c, w)),
	pg_temp.put(id, 'float8', kpi.efficacy(a::float8, s::float8[], c::float8[], w::float8))
FROM (SELECT *, pg_temp.num(arg, 'actual') AS a, pg_temp.num(arg, 'weight') AS w,
		ARRAY(SELECT x::numeric FROM pg_temp.pairs(arg -> 'standards') ORDER BY i) AS s,
		ARRAY(SELECT y::numeric FROM pg_temp.pairs(arg -> 'standards') ORDER BY i) AS c
	  FROM vector WHERE op = 'efficacy_banded') AS v;
SELECT pg_temp.put(id, 'progress', 60 + 40 * kpi.progress(pg_temp.num(arg, 'actual'), high, low)),
	pg_temp.put(id, 'efficacy', kpi.efficacy(pg_temp.num(arg, 'actual'), ARRAY[low, high], '{0.6, 1}', 100))
FROM (SELECT *, pg_temp.num(arg, 'disallowed') AS low, pg_temp.num(arg, 'satisfactory') AS high FROM vector
	WHERE op = 'efficacy_classic') AS v;
SELECT pg_temp.put(id, 'numeric', kpi.add_deduct(pg_temp.num(arg, 'actual'), pg_temp.num(arg, 'target'),
	pg_temp.num(arg, 'base'),
			above, below, pg_temp.num(arg, 'unit'), arg ->> 'mode', pg_temp.num(arg, 'floor'),
			pg_temp.num(arg, 'cap'))),
	pg_temp.put(id, 'float8', kpi.add_deduct(pg_temp.num(arg, 'actual')::float8, pg_temp.num(arg, 'target')::float8,
		pg_temp.num(arg, 'base')::float8,
			above::float8, below::float8, pg_temp.num(arg, 'unit')::float8, arg ->> 'mode',
			pg_temp.num(arg, 'floor')::float8, pg_temp.num(arg, 'cap')::float8))
FROM (SELECT *, CASE WHEN lower THEN -down ELSE up END AS above, CASE WHEN lower THEN -up ELSE down END AS below
	  FROM (SELECT *, pg_temp.num(arg, 'up') AS up, pg_temp.num(arg, 'down') AS down,
		coalesce(arg ->> 'direction', 'higher') = 'lower' AS lower
			FROM vector WHERE op = 'add_deduct') AS v) AS w;
SELECT pg_temp.put(id, 'numeric', kpi.rank_points((arg ->> 'rank')::integer, p)),
	pg_temp.put(id, 'float8', kpi.rank_points((arg ->> 'rank')::integer, p::float8[]))
FROM (SELECT *, ARRAY(SELECT e::text::numeric FROM jsonb_array_elements(arg -> 'points') WITH ORDINALITY AS e(e, i)
	ORDER BY i) AS p
	  FROM vector WHERE op = 'rank_points') AS v;

-- status and grade
SELECT pg_temp.put(id, 'numeric', kpi.grade(pg_temp.num(arg, 'score'), b, c)),
	pg_temp.put(id, 'float8', kpi.grade(pg_temp.num(arg, 'score')::float8, b::float8[], c))
FROM (SELECT *, ARRAY(SELECT y::numeric FROM pg_temp.pairs(arg -> 'bands') ORDER BY i DESC) AS b,
		ARRAY(SELECT x FROM pg_temp.pairs(arg -> 'bands') ORDER BY i DESC) AS c
	  FROM vector WHERE op = 'grade') AS v;
INSERT INTO kpi.band_set (band_set, name) SELECT id, 'Grades' FROM vector WHERE op = 'grade';
INSERT INTO kpi.band (band_set, code, lower_bound, name, status, colour)
SELECT id, x, y::numeric, x, 0, 'grey' FROM vector, pg_temp.pairs(arg -> 'bands') WHERE op = 'grade';
SELECT pg_temp.put(id, 'bands of the registry', kpi.grade(pg_temp.num(arg, 'score'), id)) FROM vector
WHERE op = 'grade';
SELECT pg_temp.put(id, 'binary',
	CASE WHEN kpi.attainment_binary(p, ltrim(arg ->> 'critical', '<=')::numeric, 'lower') = 1 THEN 'critical'
			WHEN kpi.attainment_binary(p, ltrim(arg ->> 'good', '>=')::numeric) = 1 THEN 'good' ELSE 'warning' END)
FROM (SELECT *, pg_temp.num(arg, 'pct') AS p FROM vector WHERE op = 'status_pct') AS v;
SELECT pg_temp.put(id, 'closer',
	CASE WHEN distance <= tolerance THEN 'good' WHEN distance <= 2 * tolerance THEN 'nogood' ELSE 'poor' END)
FROM (SELECT *, 100 * (1 - kpi.attainment(pg_temp.num(arg, 'score'), pg_temp.num(arg, 'target'), 'target'))
	AS distance, pg_temp.num(arg, 'tol_pct') AS tolerance
	  FROM vector WHERE op = 'status_closer') AS v;
SELECT pg_temp.put(id, 'array', kpi.forced_distribution((arg ->> 'n')::integer, s))
FROM (SELECT *, ARRAY(SELECT e::text::numeric FROM jsonb_array_elements(arg -> 'shares') WITH ORDINALITY AS e(e, i)
	ORDER BY i) AS s
	  FROM vector WHERE op = 'forced_distribution') AS v;

-- rollup of one level, in the aggregate and in the tree
SELECT pg_temp.put(id, 'numeric', jsonb_build_object('score', score, 'coverage', coverage)),
	pg_temp.put(id, 'float8', jsonb_build_object('score', score8, 'coverage', coverage8)),
	pg_temp.put(id, 'tree', jsonb_build_object('score', (nodes[1]).score, 'coverage', (nodes[1]).coverage))
FROM (SELECT id, kpi.weighted_score(x::numeric, y::numeric, arg ->> 'missing',
	pg_temp.num(arg, 'min_coverage')) AS score,
		kpi.weighted_coverage(x::numeric, y::numeric) AS coverage,
		kpi.weighted_score(x::float8, y::float8, arg ->> 'missing',
			pg_temp.num(arg, 'min_coverage')::float8) AS score8,
		kpi.weighted_coverage(x::float8, y::float8) AS coverage8
	  FROM vector, pg_temp.pairs(arg -> 'children') WHERE op = 'rollup_wavg' GROUP BY id) AS flat
JOIN (SELECT id, kpi.scorecard_rollup(node, parent, weight, score, 'weighted', missing, least) AS nodes
	  FROM (SELECT id, i::text, 'total', y::numeric, x::numeric, NULL, NULL FROM vector,
		pg_temp.pairs(arg -> 'children') WHERE op = 'rollup_wavg'
			UNION ALL SELECT id, 'total', NULL, NULL, NULL, arg ->> 'missing', pg_temp.num(arg, 'min_coverage')
			FROM vector WHERE op = 'rollup_wavg') AS r(id, node, parent, weight, score, missing, least)
	  GROUP BY id) AS tree USING (id);
SELECT pg_temp.put(id, 'tree', (kpi.scorecard_rollup(node, parent, weight, score, method))[1].score)
FROM (SELECT id, i::text, 'total', y::numeric, x::numeric, NULL FROM vector, pg_temp.pairs(arg -> 'children')
	WHERE op = 'rollup_worst'
	  UNION ALL SELECT id, 'total', NULL, NULL, NULL, 'worst' FROM vector
	  WHERE op = 'rollup_worst') AS r(id, node, parent, weight, score, method)
GROUP BY id;
SELECT pg_temp.put(id, 'weighted score', kpi.weighted_score(s, w::text::numeric))
FROM vector, ROWS FROM (unnest(ARRAY[pg_temp.num(arg, 'quant'), pg_temp.num(arg, 'qual')]),
	jsonb_array_elements(arg -> 'w')) AS p(s, w)
WHERE op = 'mix_quant_qual' GROUP BY id;

-- rollup of trees; keys are "name:weight"
CREATE TEMP TABLE tree AS
WITH RECURSIVE walk AS (
	SELECT id, 'total'::text AS node, NULL::text AS parent, NULL::numeric AS weight, arg -> 'tree' AS below
	FROM vector WHERE op = 'scorecard_tree'
	UNION ALL
	SELECT w.id, split_part(e.key, ':', 1), w.node, split_part(e.key, ':', 2)::numeric, e.value
	FROM walk AS w, LATERAL jsonb_each(CASE jsonb_typeof(w.below) WHEN 'object' THEN w.below ELSE '{}' END) AS e)
SELECT id, node, parent, weight, CASE jsonb_typeof(below) WHEN 'number' THEN below::text::numeric END AS score
FROM walk;
SELECT pg_temp.put(id, 'numeric', jsonb_object_agg(n.node, n.score) FILTER (WHERE v.want ? n.node))
FROM (SELECT id, kpi.scorecard_rollup(node, parent, weight, score) AS nodes FROM tree GROUP BY id) AS r
JOIN vector AS v USING (id), unnest(r.nodes) AS n
GROUP BY id;
SELECT pg_temp.put(id, 'float8', jsonb_object_agg(n.node, n.score) FILTER (WHERE v.want ? n.node))
FROM (SELECT id, kpi.scorecard_rollup(node, parent, weight::float8, score::float8) AS nodes FROM tree
	GROUP BY id) AS r JOIN vector AS v USING (id), unnest(r.nodes) AS n
GROUP BY id;
-- a path of weights among all the weights at its level: the rest stands beside it
SELECT pg_temp.put(id, 'tree',
	min(n.absolute_weight) FILTER (WHERE n.node = 'n' || jsonb_array_length(v.arg -> 'path')))
FROM (SELECT id, kpi.scorecard_rollup(node, parent, weight, NULL::numeric) AS nodes
	  FROM (SELECT id, 'n0', NULL, NULL FROM vector WHERE op = 'absolute_weight'
			UNION ALL SELECT id, 'n' || i, 'n' || i - 1, x::numeric FROM vector, pg_temp.pairs(arg -> 'path')
			WHERE op = 'absolute_weight'
			UNION ALL SELECT id, 'rest' || i, 'n' || i - 1, y::numeric - x::numeric FROM vector,
				pg_temp.pairs(arg -> 'path') WHERE op = 'absolute_weight') AS r(id, node, parent, weight)
	  GROUP BY id) AS r JOIN vector AS v USING (id), unnest(r.nodes) AS n
GROUP BY id;

-- rollup of status words, as statuses -1, 0 and 1: most frequent, the priority child, counts
CREATE FUNCTION pg_temp.status(word text) RETURNS numeric
	LANGUAGE sql IMMUTABLE AS $$ SELECT array_position('{red, yellow, green}', word) - 2 $$;
CREATE FUNCTION pg_temp.word(status numeric) RETURNS text
	LANGUAGE sql IMMUTABLE AS $$ SELECT ('{red, yellow, green}'::text[])[status + 2] $$;
SELECT pg_temp.put(id, 'tree', pg_temp.word((kpi.scorecard_rollup(node, parent, 1, score, method))[1].score))
FROM (SELECT id, 'c' || i, 'total', pg_temp.status(c), NULL FROM vector, jsonb_array_elements_text(arg -> 'children')
	WITH ORDINALITY AS e(c, i) WHERE op = 'rollup_majority'
	  UNION ALL SELECT id, 'total', NULL, NULL, 'majority' FROM vector
	  WHERE op = 'rollup_majority') AS r(id, node, parent, score, method)
GROUP BY id;
SELECT pg_temp.put(id, 'tree',
	pg_temp.word((kpi.scorecard_rollup(node, parent, 1, score, method, NULL, NULL, role))[1].score))
FROM (SELECT id, 'c' || i, 'total', pg_temp.status(c), NULL, 'part' FROM vector,
	jsonb_array_elements_text(arg -> 'others') WITH ORDINALITY AS e(c, i) WHERE op = 'rollup_priority'
	  UNION ALL SELECT id, 'first', 'total', pg_temp.status(arg ->> 'priority'), NULL, 'priority' FROM vector
	  WHERE op = 'rollup_priority'
	  UNION ALL SELECT id, 'total', NULL, NULL, 'priority', NULL FROM vector
	  WHERE op = 'rollup_priority') AS r(id, node, parent, score, method, role)
GROUP BY id;
SELECT pg_temp.put(id, 'counts',
	(SELECT jsonb_object_agg(word, n) FROM (VALUES ('red', (c).bad), ('yellow', (c).middle), ('green', (c).good),
	('no_data', (c).no_data)) AS v(word, n) WHERE n > 0))
FROM (SELECT id, kpi.status_counts(pg_temp.status(e)::integer) AS c FROM vector,
	jsonb_array_elements_text(arg -> 'children') AS e WHERE op = 'rollup_count' GROUP BY id) AS r;

-- vetoes, and points with bonus and deduction
SELECT pg_temp.put(id, 'tree',
	(kpi.scorecard_rollup(node, parent, weight, score, NULL, NULL, NULL, role, role_limit))[1].score)
FROM (SELECT id, 'total', NULL, NULL::numeric, NULL::numeric, NULL, NULL::numeric FROM vector WHERE op = 'veto'
	  UNION ALL SELECT id, 'part', 'total', 1, pg_temp.num(arg, 'score'), 'part', NULL FROM vector WHERE op = 'veto'
	  UNION ALL SELECT id, x, 'total', NULL, CASE WHEN y::boolean THEN 0 ELSE 100 END, 'veto_' || (arg ->> 'rule'),
		pg_temp.num(arg, 'cap')
	  FROM vector, pg_temp.pairs(arg -> 'vetoes') WHERE op = 'veto') AS r(id, node, parent, weight, score,
		role, role_limit)
GROUP BY id;
SELECT pg_temp.put(id, 'clamp', CASE WHEN NOT (arg #>> '{vetoes,0,1}')::boolean THEN s
			WHEN arg ->> 'rule' = 'zero' THEN kpi.clamp(s, NULL, 0)
				ELSE kpi.clamp(s, NULL, pg_temp.num(arg, 'cap')) END)
FROM (SELECT *, pg_temp.num(arg, 'score') AS s FROM vector WHERE op = 'veto') AS v;
SELECT pg_temp.put(id, 'tree',
	(kpi.scorecard_rollup(node, parent, weight, score, method, NULL, NULL, role, role_limit))[1].score)
FROM (SELECT id, 'total', NULL, NULL::numeric, NULL::numeric, 'points', NULL, NULL::numeric FROM vector
	WHERE op = 'points_total'
	  UNION ALL SELECT id, 'item ' || i, 'total', y::numeric, kpi.clamp(x::numeric, NULL, pg_temp.num(arg, 'cap')),
		NULL, 'part', NULL
	  FROM vector, pg_temp.pairs(arg -> 'items') WHERE op = 'points_total'
	  UNION ALL SELECT id, 'bonus', 'total', NULL, pg_temp.num(arg, 'bonus'), NULL, 'bonus',
		pg_temp.num(arg, 'bonus_cap') FROM vector WHERE op = 'points_total'
	  UNION ALL SELECT id, 'deduction', 'total', NULL, pg_temp.num(arg, 'deduct'), NULL, 'deduction', NULL FROM vector
	  WHERE op = 'points_total')
	 AS r(id, node, parent, weight, score, method, role, role_limit)
GROUP BY id;
SELECT pg_temp.put(id, 'clamp', sum(kpi.clamp(x::numeric, NULL, pg_temp.num(arg, 'cap')) * y::numeric)
		+ kpi.clamp(pg_temp.num(arg, 'bonus'), NULL, pg_temp.num(arg, 'bonus_cap')) - pg_temp.num(arg, 'deduct'))
FROM vector, pg_temp.pairs(arg -> 'items') WHERE op = 'points_total' GROUP BY id, arg;

-- values
SELECT pg_temp.put(id, 'numeric', kpi.ratio_agg(x::numeric, y::numeric)),
	pg_temp.put(id, 'float8', kpi.ratio_agg(x::float8, y::float8))
FROM vector, pg_temp.pairs(arg -> 'rows') WHERE op = 'ratio_rollup' GROUP BY id;
SELECT pg_temp.put(id, 'numeric', kpi.ratio(pg_temp.num(arg, 'num'), pg_temp.num(arg, 'den'))),
	pg_temp.put(id, 'named', kpi.conversion_rate(pg_temp.num(arg, 'num')::float8, pg_temp.num(arg, 'den')::float8))
		FROM vector WHERE op = 'rate';
SELECT pg_temp.put(id, 'plain', avg(DISTINCT e::text::numeric)) FROM vector,
	jsonb_array_elements(arg -> 'values') AS e WHERE op = 'avg_distinct' GROUP BY id;
SELECT pg_temp.put(id, 'plain', pg_temp.num(arg, 'total') * pg_temp.num(arg, 'growth_as_share')) FROM vector
WHERE op = 'new_customers_from_seed';
SELECT is(kpi.ratio(want::text::numeric, pg_temp.num(arg, 'total')), pg_temp.num(arg, 'growth_as_share'),
	id || ': and back') FROM vector WHERE op = 'new_customers_from_seed';
-- the last rate holds for all rows; sums of two currencies are refused
SELECT pg_temp.put(id, 'plain', sum(x::numeric) * (array_agg(y::numeric ORDER BY i DESC))[1]) FROM vector,
	pg_temp.pairs(arg -> 'rows') WHERE op = 'convert_sum' GROUP BY id;
SELECT pg_temp.put(id, 'plain', CASE WHEN count(DISTINCT y) = 1 THEN sum(x::numeric)::text ELSE 'error' END)
FROM vector, pg_temp.pairs(arg -> 'rows')
WHERE op = 'sum_mixed_currency' GROUP BY id;

-- change
SELECT pg_temp.put(id, 'numeric', kpi.change_rate(c, b)),
	pg_temp.put(id, 'float8', kpi.change_rate(c::float8, b::float8))
FROM (SELECT *, pg_temp.num(arg, 'current') AS c, pg_temp.num(arg, 'base') AS b FROM vector
	WHERE op = 'pct_change') AS v;
SELECT pg_temp.put(id, 'numeric', kpi.change(c, b)), pg_temp.put(id, 'float8', kpi.change(c::float8, b::float8))
FROM (SELECT *, pg_temp.num(arg, 'current') AS c, pg_temp.num(arg, 'base') AS b FROM vector
	WHERE op = 'point_change') AS v;
-- the change of a weighted mean: of the scores at mean weight, of the weights at mean score
SELECT pg_temp.put(id, 'weighted score',
	jsonb_build_object('total_change', kpi.weighted_score(s1, w1) - kpi.weighted_score(s0, w0),
	'score_effect', sum((s1 - s0) * (h0 + h1) / 2), 'weight_effect', sum((s0 + s1) / 2 * (h1 - h0))))
FROM (SELECT id, b.x::numeric AS s0, b.y::numeric AS w0, a.x::numeric AS s1, a.y::numeric AS w1,
		b.y::numeric / sum(b.y::numeric) OVER (PARTITION BY id) AS h0, a.y::numeric / sum(a.y::numeric)
			OVER (PARTITION BY id) AS h1
	  FROM vector, pg_temp.pairs(arg #> '{before,children}') AS b
	  JOIN pg_temp.pairs(arg #> '{after,children}') AS a USING (i)
	  WHERE op = 'attribution') AS v
GROUP BY id;

-- targets for a period: in one, where targets cover it, and of the parts that they cover
INSERT INTO kpi.unit (unit, name) VALUES ('u', 'U');
INSERT INTO kpi.indicator (indicator, name, kind, combine) SELECT id, id, 'entered',
	CASE arg ->> 'mode' WHEN 'avg' THEN 'average' ELSE arg ->> 'mode' END FROM vector
WHERE op = 'target_for_period';
INSERT INTO kpi.target (indicator, unit, period, target)
SELECT id, 'u', daterange((e ->> 0)::date, (e ->> 1)::date, '[]'), (e ->> 2)::numeric FROM vector,
	jsonb_array_elements(arg -> 'items') AS e WHERE op = 'target_for_period';
SELECT pg_temp.put(id, 'whole', whole)
FROM (SELECT id, kpi.target_for(id, 'u', daterange((arg ->> 'frm')::date, (arg ->> 'to')::date, '[]')) AS whole
	FROM vector WHERE op = 'target_for_period') AS v WHERE whole IS NOT NULL;
SELECT pg_temp.put(id, 'parts',
	CASE arg ->> 'mode' WHEN 'sum' THEN sum(part) ELSE kpi.weighted_score(part, upper(days) - lower(days)) END)
FROM (SELECT v.id, v.arg, p.days, kpi.target_for(v.id, 'u', p.days) AS part
	  FROM vector AS v JOIN kpi.target AS t ON t.indicator = v.id,
		LATERAL (SELECT t.period * daterange((v.arg ->> 'frm')::date, (v.arg ->> 'to')::date, '[]') AS days) AS p
	  WHERE op = 'target_for_period' AND NOT isempty(p.days)) AS v
GROUP BY id, arg;

-- calendar
SELECT pg_temp.put(id, 'label', kpi.period_label('week', (arg ->> 'date')::date)),
	pg_temp.put(id, 'range', CASE WHEN kpi.period(want #>> '{}') @> (arg ->> 'date')::date THEN want #>> '{}' END)
		FROM vector WHERE op = 'iso_week';
-- a year that begins in month m ends m - 1 months later
SELECT pg_temp.put(id, 'moved',
	extract(year FROM (arg ->> 'date')::date
		+ make_interval(months => 13 - (arg ->> 'start_month')::integer))::integer)
FROM vector WHERE op = 'fiscal_year';
SELECT pg_temp.put(id, 'moved', jsonb_build_array((kpi.period_start('year', (d - months)::date) + months)::date, d))
FROM (SELECT *, (arg ->> 'as_of')::date AS d, make_interval(months => (arg ->> 'start_month')::integer - 1) AS months
	FROM vector WHERE op = 'to_date_window') AS v;
SELECT pg_temp.put(id, 'moved', jsonb_build_array(((arg ->> 'frm')::date - interval '1 year')::date,
	((arg ->> 'to')::date - interval '1 year')::date))
FROM vector WHERE op = 'same_period_last_year';
SELECT pg_temp.put(id, 'moved',
	jsonb_build_array(kpi_internal.period_step(unit, d, -n),
	kpi_internal.period_end(unit, d) - 1))
FROM (SELECT *, arg ->> 'unit' AS unit, (arg ->> 'as_of')::date AS d, (arg ->> 'n')::integer - 1 AS n FROM vector
	WHERE op = 'trailing_window') AS v;

-- every case has a result, and every result is the one wanted
SELECT is_empty('SELECT id, op FROM vector WHERE id NOT IN (SELECT id FROM result)', 'every case is computed');
SELECT cmp_ok((SELECT count(DISTINCT id) FROM result), '=', 90::bigint, 'all ninety');
SELECT ok(pg_temp.agree(have, want), format('%s %s, %s: %s is %s', id, op, form, have, want)) FROM result
JOIN vector USING (id) ORDER BY id, form;

SELECT * FROM finish();
ROLLBACK;
