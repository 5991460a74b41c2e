-- Targets: worked cases of every rule, thousands of random targets against a
-- reckoning in plain SQL, partitions, and what is refused.
-- share: 5
BEGIN;
SELECT no_plan();
\ir lib.sql
SET client_min_messages = warning;

CREATE TEMP TABLE vector (id text PRIMARY KEY, given jsonb NOT NULL, ask jsonb NOT NULL, out jsonb NOT NULL, rule
	text);
INSERT INTO vector VALUES
	('E097', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"grain": "year", "period": "2011", "target": "1200"}, {"grain": "month",
		"period": "2011-01", "target": "200"}]}',
		'{"what": "target", "unit": "u", "period": "2011-01"}', '{"value": "200", "step": "1"}',
		'the row of the very grain comes first'),
	('E098', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"grain": "year", "period": "2011", "target": "1200"}, {"grain": "month",
		"period": "2011-01", "target": "200"}]}',
		'{"what": "target", "unit": "u", "period": "2011-02"}', '{"value": "100", "step": "3"}',
		'a month without a row gets its part of the year, which January''s own row does not move'),
	('E100', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"grain": "year", "period": "2011", "target": "1200"}, {"grain": "month",
		"period": "2011-01", "target": "200"}]}',
		'{"what": "target", "unit": "u", "period": "2011-Q1"}', '{"value": "300", "step": "3"}',
		'January alone does not tile the quarter, so the quarter is brought down from the year'),
	('E101', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"grain": "month", "period": "2011-01", "target": "30"}, {"grain": "month",
		"period": "2011-02", "target": "31"}, {"grain": "month", "period": "2011-03", "target": "32"},
		{"grain": "month", "period": "2011-04", "target": "33"}, {"grain": "month", "period": "2011-05",
		"target": "34"}, {"grain": "month", "period": "2011-06", "target": "35"}, {"grain": "month",
		"period": "2011-07", "target": "36"}, {"grain": "month", "period": "2011-08", "target": "37"},
		{"grain": "month", "period": "2011-09", "target": "38"}, {"grain": "month", "period": "2011-10",
		"target": "39"}, {"grain": "month", "period": "2011-11", "target": "40"}, {"grain": "month",
		"period": "2011-12", "target": "41"}]}',
		'{"what": "target", "unit": "u", "period": "2011"}', '{"value": "426", "step": "2"}',
		'months that tile the year are added'),
	('E103', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"grain": "quarter", "period": "2011-Q1", "target": "100"}, {"grain": "month",
		"period": "2011-04", "target": "30"}, {"grain": "month", "period": "2011-05", "target": "30"},
		{"grain": "month", "period": "2011-06", "target": "30"}, {"grain": "month", "period": "2011-07",
		"target": "30"}, {"grain": "month", "period": "2011-08", "target": "30"}, {"grain": "month",
		"period": "2011-09", "target": "30"}, {"grain": "month", "period": "2011-10", "target": "30"},
		{"grain": "month", "period": "2011-11", "target": "30"}, {"grain": "month", "period": "2011-12",
		"target": "30"}]}',
		'{"what": "target", "unit": "u", "period": "2011"}', '{"value": "370", "step": "2"}',
		'a part may come of still shorter rows: Q1 of its own, Q2 to Q4 of months'),
	('E104', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"grain": "year", "period": "2011", "target": "1200"}, {"grain": "quarter",
		"period": "2011-Q2", "target": "360"}]}',
		'{"what": "target", "unit": "u", "period": "2011-05"}', '{"value": "120", "step": "3"}',
		'the next longer grain that has a row, the quarter before the year'),
	('E106', '{"indicator": {"target_rule": "hold"}, "unit": "u", "targets": [{"grain": "month",
		"period": "2011-01", "target": "0.04"}, {"grain": "month", "period": "2011-02", "target": "0.05"},
		{"grain": "month", "period": "2011-03", "target": "0.05"}, {"grain": "month", "period": "2011-04",
		"target": "0.05"}, {"grain": "month", "period": "2011-05", "target": "0.05"}, {"grain": "month",
		"period": "2011-06", "target": "0.05"}, {"grain": "month", "period": "2011-07", "target": "0.05"},
		{"grain": "month", "period": "2011-08", "target": "0.05"}, {"grain": "month", "period": "2011-09",
		"target": "0.05"}, {"grain": "month", "period": "2011-10", "target": "0.05"}, {"grain": "month",
		"period": "2011-11", "target": "0.05"}, {"grain": "month", "period": "2011-12", "target": "0.05"}]}',
		'{"what": "target", "unit": "u", "period": "2011"}', '{"value": "897/18250", "step": "2"}',
		'held targets are averaged by days'),
	('E107', '{"indicator": {"target_rule": "hold"}, "unit": "u", "targets": [{"grain": "year", "period": "2011",
		"target": "0.05"}]}',
		'{"what": "target", "unit": "u", "period": "2011-07"}', '{"value": "0.05", "step": "3"}',
		'5 % is 5 % in every month'),
	('E109', '{"indicator": {"target_rule": "end"}, "unit": "u", "targets": [{"grain": "month",
		"period": "2011-01", "target": "100"}, {"grain": "month", "period": "2011-02", "target": "110"},
		{"grain": "month", "period": "2011-03", "target": "120"}]}',
		'{"what": "target", "unit": "u", "period": "2011-Q1"}', '{"value": "120", "step": "2"}',
		'the target of a stock is that of its last part'),
	('E110', '{"indicator": {"target_rule": "end"}, "unit": "u", "targets": [{"grain": "month",
		"period": "2011-03", "target": "120"}]}',
		'{"what": "target", "unit": "u", "period": "2011-Q1"}', '{"value": "120", "step": "2"}',
		'only the last part is needed'),
	('E112', '{"indicator": {"target_rule": "end"}, "unit": "u", "targets": [{"grain": "year", "period": "2011",
		"target": "3000"}]}',
		'{"what": "target", "unit": "u", "period": "2011-05"}', '{"value": "3000", "step": "3"}',
		'brought down, what is to stand at the end is the same number'),
	('E113', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"grain": "month", "period": "2011", "target": "100"}]}',
		'{"what": "target", "unit": "u", "period": "2011-Q1"}', '{"value": "300", "step": "2"}',
		'(month, 2011) is the number of each month'),
	('E115', '{"indicator": {"target_rule": "hold"}, "unit": "u", "targets": [{"grain": null,
		"period": ["2011-01-01", null], "target": "0.8"}]}',
		'{"what": "target", "unit": "u", "period": "2012-03"}', '{"value": "0.8", "step": "4"}',
		'a row without a grain holds for every period in its days'),
	('E116', '{"indicator": {"target_rule": "hold"}, "unit": "u", "targets": [{"grain": null,
		"period": ["2011-01-01", null], "target": "0.8"}, {"grain": "year", "period": "2012",
		"target": "0.9"}]}',
		'{"what": "target", "unit": "u", "period": "2012-03"}', '{"value": "0.9", "step": "3"}',
		'but a longer grain comes before it'),
	('E118', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"grain": null, "period": ["2011-11-05", "2011-12-01"], "target": "2600"}]}',
		'{"what": "target", "unit": "u", "period": "2011-11"}', '{"value": null}',
		'it does not cover the month, so the month has none'),
	('E119', '{"indicator": {"target_rule": "spread", "spread_by": "days"}, "unit": "u",
		"targets": [{"grain": "year", "period": "2011", "target": "3650"}, {"grain": "year",
		"period": "2012", "target": "7320"}]}',
		'{"what": "target", "unit": "u", "period": "2011-W52"}', '{"value": "80", "step": "3"}',
		'a week across the year adds six days of one and one of the other'),
	('E121', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"grain": "year", "period": "2011", "target": "1200"}]}',
		'{"what": "target", "unit": "u", "period": "2011-11 ytd"}', '{"value": "1100"}',
		'the target to date is that of its months'),
	('E122', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"grain": "year", "period": "2010", "target": "1200"}, {"grain": "year",
		"period": "2011", "target": "2400"}]}',
		'{"what": "target", "unit": "u", "period": "2011-03 r12"}', '{"value": "1500"}',
		'twelve months over two years'),
	('E124', '{"indicator": {"target_rule": "hold"}, "unit": "u", "targets": [{"grain": "month",
		"period": "2011-01", "target": "0.05"}, {"grain": "month", "period": "2011-02", "target": "0.06"}]}',
		'{"what": "target", "unit": "u", "period": "2011-02 ytd"}', '{"value": "323/5900"}',
		'held targets to date are averaged by days'),
	('E125', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"period": "2011", "target": "1200000"}]}',
		'{"what": "targets", "unit": "u", "periods": ["2011-01", "2011-Q2"]}',
		'{"values": {"2011-01": "100000", "2011-Q2": "300000"}}',
		'equal months'),
	('E126', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"period": "2011", "target": "2100000"}]}',
		'{"what": "targets", "unit": "u", "periods": ["2011-H1"]}', '{"values": {"2011-H1": "1050000"}}',
		'half of the year, not 181 of 365 days'),
	('E128', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"period": "2011-Q2", "target": "100"}]}',
		'{"what": "targets", "unit": "u", "periods": ["2011-04", "2011-05", "2011-06"]}',
		'{"values": {"2011-04": "33.33333333333333333333", "2011-05": "33.33333333333333333334", "2011-06": '
			'"33.33333333333333333333"}}',
		'a quarter in equal months, together exactly 100'),
	('E129', '{"indicator": {"target_rule": "spread", "spread_by": "days"}, "unit": "u",
		"targets": [{"period": "2012", "target": "100"}]}',
		'{"what": "targets", "unit": "u", "periods": ["2012-01", "2012-02"]}',
		'{"values": {"2012-01": "8.4699453551912568306", "2012-02": "7.92349726775956284153"}}',
		'by days: 31 and 29 of 366, each what is due rounded to 20 decimals'),
	('E131', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"period": "2011", "target": "1200"}]}',
		'{"what": "targets", "unit": "u", "periods": ["2011-W05"]}', '{"values": {"2011-W05": "24.65437788018433179724"}}',
		'a week over two months: one day of January, six of February'),
	('E132', '{"indicator": {"target_rule": "spread", "spread_by": "profile", "target_profile": {"shares": ["5",
		"5", "10", "10", "10", "10", "5", "5", "10", "10", "10", "10"]}}, "unit": "u",
		"targets": [{"period": "2011", "target": "1200"}]}',
		'{"what": "targets", "unit": "u", "periods": ["2011-01", "2011-Q1", "2011-Q2", "2011"]}',
		'{"values": {"2011-01": "60", "2011-Q1": "240", "2011-Q2": "360", "2011": "1200"}}',
		'a profile gives each month its share'),
	('E134', '{"indicator": {"target_rule": "spread", "spread_by": "profile", "target_profile": {"shares": ["1",
		"1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1"], "in_decimals_of_the_indicator": true},
		"decimals": 2}, "unit": "u", "targets": [{"period": "2011", "target": "100"}]}',
		'{"what": "targets", "unit": "u", "periods": ["2011-01", "2011-04", "2011-05", "2011-12", "2011-Q1"]}',
		'{"values": {"2011-01": "8.34", "2011-04": "8.34", "2011-05": "8.33", "2011-12": "8.33", "2011-Q1": "25.02"}}',
		'8.33 twelve times leaves 4 cents: equal remainders, so the earlier months'),
	('E135', '{"indicator": {"target_rule": "spread", "spread_by": "profile", "target_profile": {"shares": ["1",
		"1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1"], "in_decimals_of_the_indicator": true},
		"decimals": 0}, "unit": "u", "targets": [{"period": "2011", "target": "1000"}]}',
		'{"what": "targets", "unit": "u", "periods": ["2011-04", "2011-05", "2011"]}',
		'{"values": {"2011-04": "84", "2011-05": "83", "2011": "1000"}}',
		'83 twelve times leaves 4'),
	('E137', '{"indicator": {"target_rule": "spread", "spread_by": "profile", "target_profile": {"shares": ["1",
		"1", "1", "1", "1", "1", "1", "1", "1", "1", "1", "1"], "in_decimals_of_the_indicator": true},
		"decimals": 2}, "unit": "u", "targets": [{"period": "2011", "target": "-100"}]}',
		'{"what": "targets", "unit": "u", "periods": ["2011-04", "2011-05"]}',
		'{"values": {"2011-04": "-8.34", "2011-05": "-8.33"}}',
		'a negative target is rounded towards zero first, too'),
	('E138', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"period": "retail2011", "target": "5200"}]}',
		'{"what": "targets", "unit": "u", "periods": ["retail2011-P01", "retail2011-P03", "retail2011-Q1"]}',
		'{"values": {"retail2011-P01": "400", "retail2011-P03": "500", "retail2011-Q1": "1300"}}',
		'in week calendars each week is alike'),
	('E140', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"period": "fy2012", "target": "1200"}]}',
		'{"what": "targets", "unit": "u", "periods": ["2012-03", "fy2012-Q4"]}',
		'{"values": {"2012-03": "100", "fy2012-Q4": "300"}}',
		'a fiscal year in its twelve months'),
	('E141', '{"indicator": {"target_rule": "spread", "spread_by": "equal"}, "unit": "u",
		"targets": [{"period": "2011-02", "target": "280"}]}',
		'{"what": "targets", "unit": "u", "periods": ["2011-02-01", "2011-W06"]}',
		'{"values": {"2011-02-01": "10", "2011-W06": "70"}}',
		'days of a month are alike'),
	('E142', '{"indicator": {"target_rule": "hold", "inherit_target": true}, "units": {"company": null,
		"north": "company", "team": "north"}, "targets": [{"unit": "company", "grain": "year",
		"period": "2011", "target": "0.05"}]}',
		'{"what": "target", "unit": "team", "period": "2011-03"}', '{"value": "0.05", "step": "5"}',
		'a held target of the nearest unit above that has one'),
	('E143', '{"indicator": {"target_rule": "hold", "inherit_target": false}, "units": {"company": null,
		"north": "company", "team": "north"}, "targets": [{"unit": "company", "grain": "year",
		"period": "2011", "target": "0.05"}]}',
		'{"what": "target", "unit": "team", "period": "2011-03"}', '{"value": null, "reason": "no_target"}',
		'only where the indicator says so'),
	('E145', '{"indicator": {"target_rule": "hold", "inherit_target": true}, "units": {"company": null,
		"north": "company", "team": "north"}, "targets": [{"unit": "company", "grain": "month",
		"period": "2011-03", "target": "0.06"}, {"unit": "team", "grain": "year", "period": "2011",
		"target": "0.03"}]}',
		'{"what": "target", "unit": "team", "period": "2011-03"}', '{"value": "0.03", "step": "3"}',
		'the unit''s own row comes first, even of a longer grain'),
	('E146', '{"indicator": {"target_rule": "spread", "inherit_target": true}, "units": {"company": null,
		"north": "company", "team": "north"}, "targets": [{"unit": "company", "grain": "year",
		"period": "2011", "target": "1200"}]}',
		'{"what": "target", "unit": "team", "period": "2011-03"}', '{"value": null, "reason": "no_target"}',
		'sums are never inherited: they reach children by cascade'),
	('E148', '{"units": {"company": null, "n": "company", "s": "company", "e": "company"},
		"targets": [{"unit": "company", "grain": "year", "period": "2011", "target": "1200"}],
		"shares": {"n": "0.5", "s": "0.3", "e": "0.2"}}',
		'{"what": "cascade", "unit": "company", "period": "2011", "by": "share"}',
		'{"values": {"n": "600", "s": "360", "e": "240"}}',
		'parts by the shares given'),
	('E149', '{"units": {"company": null, "n": "company", "s": "company", "e": "company"},
		"indicator": {"target_rule": "spread"}, "targets": [{"unit": "company", "grain": "year",
		"period": "2011", "target": "1200"}, {"unit": "n", "grain": "year", "period": "2011",
		"target": "400"}, {"unit": "s", "grain": "year", "period": "2011", "target": "500"}, {"unit": "e",
		"grain": "year", "period": "2011", "target": "200"}]}',
		'{"what": "children add up", "unit": "company", "period": "2011"}', '{"children": "1100", "adds_up": false}',
		'v_target_check tells where the children of a spread target do not add up');

-- How a case says it, and how SQL does: units get the case's id in front, a
-- case without units has one unit u, and a case its own indicator.
SELECT kpi.define_calendar('fy', starts => '04-01', label_by => 'end');
SELECT kpi.define_calendar('retail', pattern => '4-4-5', first_day => '2011-01-31');
SELECT kpi.define_unit('u');
CREATE FUNCTION pg_temp.unit_of(id text, given jsonb, unit text) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN CASE WHEN given ? 'units' THEN id || '_' || unit ELSE unit END;
CREATE FUNCTION pg_temp.number_of(value text) RETURNS numeric LANGUAGE sql IMMUTABLE
	RETURN CASE WHEN value LIKE '%/%' THEN split_part(value, '/', 1)::numeric(60, 30) / split_part(value, '/', 2)::numeric
		ELSE value::numeric END;
CREATE FUNCTION pg_temp.set_up(v vector) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	i CONSTANT jsonb := coalesce(v.given -> 'indicator', '{}');
	t jsonb;
BEGIN
	PERFORM kpi.define_unit(pg_temp.unit_of(v.id, v.given, key), parent => v.id || '_' || value)
	FROM jsonb_each_text(v.given -> 'units') ORDER BY CASE key WHEN 'company' THEN 1 WHEN 'team' THEN 3 ELSE 2 END;
	IF i ? 'target_profile' THEN
		PERFORM kpi.define_target_profile(v.id, shares => ARRAY(SELECT jsonb_array_elements_text(i -> 'target_profile' ->
		'shares')::numeric),
			in_decimals => (i -> 'target_profile' ->> 'in_decimals_of_the_indicator')::boolean);
	END IF;
	PERFORM kpi.define_indicator(v.id, target_rule => coalesce(i ->> 'target_rule', 'spread'), spread_by => i ->>
		'spread_by',
		target_profile => CASE WHEN i ? 'target_profile' THEN v.id END,
		inherit_target => (i ->> 'inherit_target')::boolean, decimals => coalesce((i ->> 'decimals')::integer, 2));
	FOR t IN SELECT jsonb_array_elements(v.given -> 'targets') LOOP
		PERFORM kpi.set_target(v.id, pg_temp.unit_of(v.id, v.given, coalesce(t ->> 'unit', v.given ->> 'unit')),
			period => CASE jsonb_typeof(t -> 'period') WHEN 'array' THEN format('[%s,%s)', t -> 'period' ->> 0, t -> 'period'
			->> 1)
				ELSE t ->> 'period' END,
			target => (t ->> 'target')::numeric, grain => t ->> 'grain');
	END LOOP;
END $$;
SELECT pg_temp.set_up(v) FROM vector AS v ORDER BY id;

SELECT ok(CASE WHEN v.out ->> 'value' IS NULL THEN t.target IS NULL ELSE near(t.target, pg_temp.number_of(v.out ->>
	'value'), 1e-15) END
		AND (NOT v.out ? 'step' OR t.step = (v.out ->> 'step')::integer)
		AND (NOT v.out ? 'reason' OR t.reason = v.out ->> 'reason'),
	format('%s: %s, step %s, %s; wanted %s: %s', v.id, t.target, t.step, t.reason, v.out, v.rule))
FROM vector AS v, kpi_internal.read_period(v.ask ->> 'period') AS p,
	kpi_internal.target_for(v.id, pg_temp.unit_of(v.id, v.given, v.ask ->> 'unit'), p.grain, p.period_start) AS t
WHERE v.ask ->> 'what' = 'target';
SELECT is(kpi.target_for(v.id, 'u', w.key), w.value::numeric, format('%s: %s of %s', v.id, w.key, v.rule))
FROM vector AS v, jsonb_each_text(v.out -> 'values') AS w WHERE v.ask ->> 'what' = 'targets';
-- the same by a date with a grain, and all at once
SELECT is_empty($$
	SELECT v.id FROM vector AS v, kpi_internal.read_period(v.ask ->> 'period') AS p
	WHERE v.ask ->> 'what' = 'target' AND kpi.target_for(v.id, pg_temp.unit_of(v.id, v.given, v.ask ->> 'unit'),
		p.period_start, p.grain)
		IS DISTINCT FROM kpi.target_for(v.id, pg_temp.unit_of(v.id, v.given, v.ask ->> 'unit'), v.ask ->> 'period')
$$, 'a label, and a date with a grain, ask for the same');

-- Cascades: the children's rows, and what does not add up.

SELECT results_eq(format($$SELECT child, target FROM kpi.cascade_target(%L, %L, '2011', by => 'share', shares => %L)
	ORDER BY child$$,
		v.id, v.id || '_company', (SELECT jsonb_object_agg(v.id || '_' || key, value::numeric) FROM
		jsonb_each_text(v.given -> 'shares'))),
	format($$SELECT %L || '_' || key, value::numeric FROM jsonb_each_text(%L) ORDER BY 1$$, v.id, v.out -> 'values'),
	format('%s: %s', v.id, v.rule))
FROM vector AS v WHERE v.ask ->> 'what' = 'cascade';
SELECT results_eq(format($$SELECT target, parts_target, parts_missing FROM kpi.v_target_check
		WHERE indicator = %L AND unit = %L AND period_label = '2011' AND made_of = 'units'$$, v.id, v.id || '_company'),
	format('SELECT 1200::numeric, %s::numeric, 0', v.out ->> 'children'), format('%s: %s', v.id, v.rule))
FROM vector AS v WHERE v.ask ->> 'what' = 'children add up';
SELECT is_empty($$SELECT * FROM kpi.v_target_check WHERE indicator = 'E148'$$, 'a cascade adds up');
SELECT results_eq($$SELECT period_label::text, made_of::text, target, parts_target, target_difference FROM
	kpi.v_target_check
	WHERE indicator = 'E103'$$, $$SELECT NULL::text, NULL::text, 1.0, 1.0, 1.0 WHERE false$$,
		'parts that make what has no row are not compared');
SELECT kpi.set_target('E103', 'u', '2011', 371);
SELECT results_eq($$SELECT period_label::text, made_of::text, target, parts_target, target_difference FROM
	kpi.v_target_check
	WHERE indicator = 'E103'$$, $$VALUES ('2011', 'periods', 371.0, 370.0, -1.0)$$, 'a row and its parts differ');
SELECT kpi.define_unit('limits'), kpi.define_unit('limits_' || u, 'limits') FROM unnest('{a,b}'::text[]) AS u;
SELECT kpi.define_indicator('limits', combine => 'sum', attainment_method => 'range');
SELECT kpi.set_target('limits', unit, period, outer_low => least, low => low, high => high, outer_high => most)
FROM (VALUES ('limits', '2031', 40, 100, 200, 300), ('limits_a', '2031', 20, 50, 90, 100),
	('limits_b', '2031', 20, 50, 100, 200), ('limits_a', '2031-H1', 12, 25, 45, 50),
	('limits_a', '2031-H2', 12, 25, 45, 50))
	AS v (unit, period, least, low, high, most);
SELECT results_eq($$SELECT unit::text, made_of::text, target_amount::text, target, parts_target, parts_missing
	FROM kpi.v_target_check WHERE indicator = 'limits' AND period_label = '2031' ORDER BY 1, 3$$,
	$$VALUES ('limits', 'units', 'high', 200.0, 190.0, 0), ('limits_a', 'periods', 'outer_low', 20.0, 24.0, 0)$$,
	'limits add up as targets do');

SELECT kpi.define_unit('co'), kpi.define_unit('a', parent => 'co'), kpi.define_unit('b', parent => 'co'),
	kpi.define_unit('c', parent => 'co');
SELECT kpi.define_indicator('cash', target_rule => 'spread', attainment_method => 'progress', decimals => 2),
	kpi.define_indicator('rate', target_rule => 'hold');
SELECT kpi.set_target('cash', 'co', '2011', 1000.01, baseline => 100, stretch => -100.005), kpi.set_target('rate',
	'co', '2011', 0.05);
SELECT results_eq($$SELECT child, target FROM kpi.cascade_target('cash', 'co', '2011')$$,
	$$VALUES ('a', 333.34), ('b', 333.34), ('c', 333.33)$$, 'equal parts in decimals of the indicator');
SELECT results_eq($$SELECT unit::text, baseline, stretch FROM kpi.target WHERE indicator = 'cash' AND unit <> 'co'
	ORDER BY 1$$,
	$$VALUES ('a', 33.34, -33.34), ('b', 33.33, -33.335), ('c', 33.33, -33.33)$$, 'every amount alike');
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('cash', 'a', 'year', '2010-01-01', 1), ('cash', 'b', 'year', '2010-01-01', 0), ('cash', 'c', 'year',
		'2010-01-01', 3);
SELECT results_eq($$SELECT child, target FROM kpi.cascade_target('cash', 'co', date '2011-07-01', 'year', by =>
	'history',
	reason => 'by history')$$, $$VALUES ('a', 250.00), ('b', 0.00), ('c', 750.01)$$, 'by the year before');
SELECT results_eq($$SELECT child, target FROM kpi.cascade_target('rate', 'co', '2011')$$,
	$$VALUES ('a', 0.05), ('b', 0.05), ('c', 0.05)$$, 'a rate is the same everywhere');
-- along a formula: its own answer for the targets of each unit
SELECT kpi.define_indicator(key, kind => 'entered', combine => 'sum', combine_units => 'sum', target_rule => 'spread')
FROM unnest('{f_cost,f_won}'::text[]) AS key;
SELECT kpi.define_indicator('f_cac', formula => 'f_cost / f_won', target_rule => 'hold'),
	kpi.define_indicator('f_growth', formula => 'f_cost / last_year(f_cost) - 1', target_rule => 'hold', decimals => 4),
	kpi.define_indicator('f_share', formula => 'f_cost / root(f_cost)', target_rule => 'hold'),
	kpi.define_indicator('f_above', formula => 'f_cost / parent(f_cost)', target_rule => 'hold'),
	kpi.define_indicator('f_date', formula => 'ytd(f_cost)', target_rule => 'end'),
	kpi.define_indicator('f_roll', formula => 'rolling(f_cost, 3) / 3', target_rule => 'hold');
SELECT kpi.set_target('f_cost', 'co', '2011', 1200), kpi.set_target('f_cost', 'a', '2011', 600),
	kpi.set_target('f_cost', 'b', '2011', 300), kpi.set_target('f_cost', 'c', '2011', 240);
SELECT throws_ok($$SELECT kpi.cascade_target('f_cac', 'co', '2011', 'formula')$$, '22023',
	'indicator "f_won" has no target for unit "a" in 2011, which "f_cac" is made of', 'each input needs a target');
SELECT kpi.set_target('f_won', unit, '2011', won) FROM (VALUES ('a', 6), ('b', 2), ('c', 7)) AS w (unit, won);
SELECT results_eq($$SELECT child, round(target, 10) FROM kpi.cascade_target('f_cac', 'co', '2011', by => 'formula')$$,
	$$VALUES ('a', 100.0000000000), ('b', 150.0000000000), ('c', 34.2857142857)$$,
		'a quotient of targets, without one above');
SELECT results_eq($$SELECT unit::text, grain::text, kpi.target_for(indicator, unit, '2011-03') FROM kpi.target
	WHERE indicator = 'f_cac' AND unit IN ('a', 'b') ORDER BY 1$$, $$VALUES ('a', 'year', 100.0), ('b', 'year', 150.0)$$,
	'in rows that follow the rule of the formula');
SELECT is_empty($$SELECT * FROM kpi.v_target_check WHERE indicator = 'f_cac'$$, 'that agree with its inputs');
SELECT kpi.set_target('f_cac', 'b', '2011', 149, reason => 'agreed'),
	kpi.set_target('f_cac', 'c', '2011', 34.29, reason => 'shown');
SELECT results_eq($$SELECT unit::text, period_label::text, made_of::text, target, parts_target, target_difference
	FROM kpi.v_target_check WHERE indicator = 'f_cac'$$, $$VALUES ('b', '2011', 'inputs', 149.0, 150.0, 1.0)$$,
	'what differs from its inputs in the decimals of the indicator is found');
SELECT results_eq($$SELECT child, target FROM kpi.cascade_target('f_share', 'co', '2011', 'formula')$$,
	$$VALUES ('a', 0.5), ('b', 0.25), ('c', 0.2)$$, 'a share is that of the target of the root');
SELECT results_eq($$SELECT child, target FROM kpi.cascade_target('f_above', 'co', '2011', 'formula')$$,
	$$VALUES ('a', 0.5), ('b', 0.25), ('c', 0.2)$$, 'or of the unit above');
SELECT results_eq($$SELECT child, target FROM kpi.cascade_target('f_date', 'co', '2011-03', 'formula')$$,
	$$VALUES ('a', 150.0), ('b', 75), ('c', 60)$$, 'what is due to date');
SELECT results_eq($$SELECT child, target FROM kpi.cascade_target('f_roll', 'co', date '2011-03-31', 'month',
	by => 'formula')$$,
	$$VALUES ('a', 50.0), ('b', 25), ('c', 20)$$, 'the mean of three months, by a date with a grain');
SELECT throws_ok($$SELECT kpi.cascade_target('f_growth', 'co', '2011', 'formula')$$, '22023',
	'indicator "f_cost" has no target for unit "a" in 2011, which "f_growth" is made of', 'growth needs the year before');
INSERT INTO kpi.measurement (indicator, unit, grain, period_start, value)
	VALUES ('f_cost', 'a', 'year', '2010-01-01', 500), ('f_cost', 'b', 'year', '2010-01-01', 300),
		('f_cost', 'c', 'year', '2010-01-01', 0);
SELECT throws_ok($$SELECT kpi.cascade_target('f_growth', 'co', '2011', 'formula')$$, '22023',
	'formula "f_cost / last_year(f_cost) - 1" of indicator "f_growth" has no answer for the targets of unit "c" in 2011',
	'and an answer');
UPDATE kpi.measurement SET value = 480 WHERE indicator = 'f_cost' AND unit = 'c';
SELECT results_eq($$SELECT child, round(target, 4) FROM kpi.cascade_target('f_growth', 'co', '2011', 'formula')$$,
	$$VALUES ('a', 0.2000), ('b', 0.0000), ('c', -0.5000)$$, 'growth is on what was measured the year before');
SELECT throws_ok($$SELECT kpi.cascade_target('cash', 'co', '2011', 'formula')$$, '22023',
	'indicator "cash" has no formula',
	'what has no formula');
SELECT throws_ok($$SELECT kpi.cascade_target('cash', 'co', '2011', 'equal', '{"a": 1}')$$, '22023',
	'shares do not go with by => ''equal''', 'shares that would be ignored');
SELECT is(kpi_internal.formula_value('f_cost / f_won', inputs), wanted, format('%s gives %s', inputs, wanted))
FROM (VALUES ('{6,3}'::numeric[], 2.0), ('{6,0}', NULL), ('{6}', NULL), ('{}', NULL), ('{6,NULL}', NULL),
	('{6,3,9}', 2),
	('{NaN,3}', NULL)) AS v (inputs, wanted);
SELECT is(kpi_internal.share_out(total, ARRAY[1, 2, 4, 0], d), parts, format('%s shared out to %s decimals', total, d))
FROM (VALUES (100.0, 0, '{14,29,57,0}'::numeric[]), (-100, 0, '{-14,-29,-57,0}'), (0.005, 2, '{0,0,0.005,0}'), (0,
	2, '{0,0,0,0}'))
	AS v (total, d, parts);
SELECT is(kpi_internal.share_out(total, ARRAY[1, 2], 0), NULL, format('%s cannot be shared out', total))
FROM unnest('{NaN,Infinity,-Infinity}'::numeric[]) AS total;
SELECT is(kpi_internal.target_within('cash', amount, whole, days), NULL, format('%s of %s has no part for %s', amount,
	whole, days))
FROM (VALUES (1.0, daterange 'empty', daterange '[2025-01-01,2025-04-01)'), (1, '[2025-01-01,2026-01-01)', 'empty'),
	(1, '[2025-01-01,2026-01-01)', '[2025-12-01,2026-02-01)'), (1, '(,)', '[2025-01-01,2025-04-01)'),
	(1, '[-infinity,infinity)', '[2025-01-01,2025-04-01)'), ('NaN', '[2025-01-01,2026-01-01)',
	'[2025-01-01,2025-04-01)')) AS v (amount, whole, days);
SELECT is(kpi_internal.share_out(49999, array_fill(1::numeric, ARRAY[50000]), 0),
	array_append(array_fill(1::numeric, ARRAY[49999]), 0), 'as many parts as may be, the rest to the earlier ones');

-- Benchmarks: beside a target, and in its place.

SELECT kpi.define_indicator('bench', target_rule => 'hold', target_peer => 'industry');
SELECT kpi.set_benchmark('bench', 'industry', '2011', 0.04, source => 'survey'), kpi.set_benchmark('bench', 'best',
	'2011', 0.02);
SELECT kpi.set_benchmark('bench', 'industry', date '2012-05-01', 'month', 0.03);
SELECT results_eq($$SELECT target, step FROM unnest('{2011-03,2011,2012-05,2012-06,2010-12,2011-12 r3}'::text[]) AS
	label,
		kpi_internal.read_period(label) AS p, kpi_internal.target_for('bench', 'u', p.grain, p.period_start)$$,
	$$VALUES (0.04, 6), (0.04, 6), (0.03, 6), (NULL, NULL), (NULL, NULL), (0.04, 6)$$,
		'the benchmark of the peer, by the rule');
SELECT kpi.set_target('bench', 'u', '2011-03', 0.01);
SELECT results_eq($$SELECT target, step FROM kpi_internal.target_for('bench', 'u', 'month', '2011-03-01')$$,
	$$VALUES (0.01, 1)$$,
	'a target goes before it');
SELECT is(kpi.set_benchmark('bench', 'industry', '2011', 0.05), daterange('2011-01-01', '2012-01-01'),
	'the same period again');
SELECT results_eq($$SELECT value, source FROM kpi.benchmark WHERE peer = 'industry' AND grain = 'year'$$, $$VALUES
	(0.05, 'survey')$$,
	'changes the value and keeps the source');
SELECT throws_ok($$SELECT kpi.set_benchmark('bench', 'industry', '[2010-01-01,2012-01-01)', 1, grain => 'year')$$,
	'23P01', NULL,
	'benchmarks of a peer and grain do not overlap');
SELECT throws_ok($$SELECT kpi.set_benchmark('bench', 'industry', '2013', 'NaN')$$, '22023',
	'value NaN is not a finite number', 'no number');

-- Why there is none.

SELECT kpi.define_indicator('open', target_rule => 'hold');
SELECT kpi.set_target('open', 'u', '[2012-03-01,)', 5), kpi.set_target('open', 'u', '2011-05', 4);
SELECT results_eq($$SELECT target, step, reason
	FROM unnest('{2011-05,2011-06,2011-Q2,2011-05 ytd,2012-03,2012-Q1,9999-12,2012-12 r3}'::text[])
		AS label, kpi_internal.read_period(label) AS p, kpi_internal.target_for('open', 'u', p.grain, p.period_start)$$,
	$$VALUES (4.0, 1, NULL), (NULL, NULL, 'no_target'), (NULL, NULL, 'partial_target'), (NULL, NULL, 'partial_target'),
		(5, 4, NULL),
		(NULL, NULL, 'partial_target'), (5, 4, NULL), (5, 4, NULL)$$, 'reasons');
SELECT results_eq($$SELECT n, target, reason FROM kpi_internal.targets_for('{open,open,NULL,nothing}', '{u,u,u,u}',
	'{month,month,month,month}',
	'{2011-05-01,2011-06-01,2011-05-01,2011-05-01}')$$, $$VALUES (1, 4.0, NULL), (2, NULL, 'no_target'), (3, NULL,
		NULL), (4, NULL, 'no_target')$$,
	'many at once');
SELECT throws_ok($$SELECT kpi_internal.targets_for('{a,b}', '{u}', '{month}', '{2011-01-01}')$$, '2202E', NULL,
	'arrays that do not belong together');
SELECT throws_ok($$SELECT kpi_internal.target_for('open', 'u', 'mnth', '2011-01-01')$$, '22023',
	'grain "mnth" does not exist', 'no grain');
-- what a row is changed to within a statement's transaction is seen at once
DO $$
DECLARE
	seen numeric[];
BEGIN
	FOR i IN 1 .. 3 LOOP
		PERFORM kpi.set_target('open', 'u', '2011-05', i, reason => 'try ' || i);
		seen := seen || kpi.target_for('open', 'u', '2011-05');
	END LOOP;
	IF seen <> '{1,2,3}' THEN
		RAISE EXCEPTION 'seen %', seen;
	END IF;
END $$;

-- Late changes: who, when, why.

SELECT throws_ok($$SELECT kpi.set_target('open', 'u', '2011-05', 7)$$, '23514',
	'target of indicator "open" for unit "u" changes after its period [2011-05-01,2011-06-01) has begun', 'no reason');
SELECT lives_ok($$SELECT kpi.set_target('open', 'u', '9998', 7)$$, 'a period to come');
SELECT lives_ok($$SELECT kpi.set_target('open', 'u', '9998', 8)$$, 'changes without a reason');
SELECT lives_ok($$SELECT kpi.set_target('open', 'u', '2011-05', 7, reason => 'try 3')$$,
	'the same reason may be given twice');
SELECT throws_ok($$UPDATE kpi.target SET target = 9 WHERE indicator = 'open' AND grain = 'month'$$, '23514', NULL,
	'plain SQL is held to it, whatever reason an earlier change had');
SELECT lives_ok($$UPDATE kpi.target SET target = 9, reason = 'plain' WHERE indicator = 'open' AND grain = 'month'$$,
	'and may give one');
SELECT results_eq($$SELECT reason, set_by = current_user, set_at = now() FROM kpi.target WHERE indicator = 'open'
	AND grain = 'month'$$,
	$$VALUES ('plain', true, true)$$, 'who, when and why');

-- Rules that have to be told, and limits.

SELECT kpi.define_indicator('loss', target_rule => 'compound', direction => 'lower'),
	kpi.define_indicator('growth', target_rule => 'compound', direction => 'higher');
SELECT kpi.set_target('loss', 'u', '2011', 0.05), kpi.set_target('growth', 'u', '2011', 0.2);
SELECT ok(abs(kpi.target_for('loss', 'u', '2011-03') - (1 - 0.95 ^ (1 / 12.0::numeric(60, 40)))) < 1e-16,
	'a month of a loss of 5 % a year');
SELECT ok(abs(1 - (SELECT exp(sum(ln(1 - kpi.target_for('loss', 'u', '2011-' || to_char(m, 'FM00'))))) FROM
	generate_series(1, 12) AS m)
	- 0.05) < 1e-15, 'its months compound to the year');
SELECT ok(abs((SELECT exp(sum(ln(1 + kpi.target_for('growth', 'u', '2011-Q' || q)))) FROM generate_series(1, 4) AS
	q) - 1.2) < 1e-15,
	'quarters of a growth compound to the year');
SELECT throws_ok($$SELECT kpi.set_target('loss', 'u', '2012', 1.5)$$, '22023',
	'target 1.5 of indicator "loss" loses more than there is', 'no more than all is lost');
SELECT throws_ok($$SELECT kpi.set_target('growth', 'u', '2012', -2)$$, '22023',
	'target -2 of indicator "growth" loses more than there is', 'nor shrinks');

-- Thousands of random targets against a reckoning in plain SQL, which reads
-- the rows by the day: what is due by a day, and which rows make a period.

-- periods of five years, by the calendar of SQL
CREATE TEMP TABLE span (grain text, start date, next date, months integer, PRIMARY KEY (grain, start));
INSERT INTO span SELECT 'day', d::date, d::date + 1, NULL FROM generate_series(timestamp '2010-01-01', '2014-12-31',
	'1 day') AS d;
INSERT INTO span SELECT 'week', d::date, d::date + 7, NULL FROM generate_series(timestamp '2009-12-28',
	'2014-12-29', '7 days') AS d;
INSERT INTO span
SELECT g.grain, d::date, (d + make_interval(months => g.months))::date, g.months
FROM (VALUES ('month', 1, date '2010-01-01'), ('quarter', 3, '2010-01-01'), ('half', 6, '2010-01-01'), ('year', 12,
	'2010-01-01'),
		('fy_quarter', 3, '2009-10-01'), ('fy_year', 12, '2009-04-01')) AS g (grain, months, first),
	generate_series(g.first::timestamp, '2014-12-31', make_interval(months => g.months)) AS d;
-- retail years of 52 weeks, 2013 of 53; periods of 4, 4 and 5 weeks
INSERT INTO span
SELECT 'retail_period', y.start + 7 * p.before, y.start + 7 * (p.before + p.weeks + CASE WHEN y.weeks = 53 AND p.n =
	12 THEN 1 ELSE 0 END), NULL
FROM (VALUES (date '2010-02-01', 52), ('2011-01-31', 52), ('2012-01-30', 52), ('2013-01-28', 53), ('2014-02-03',
	52)) AS y (start, weeks),
	(SELECT n, (ARRAY[4, 4, 5])[(n - 1) % 3 + 1] AS weeks, (n - 1) / 3 * 13 + (n - 1) % 3 * 4 AS before FROM
		generate_series(1, 12) AS n) AS p;
INSERT INTO span SELECT 'retail_year', min(start), max(next), NULL
FROM (SELECT *, (row_number() OVER (ORDER BY start) - 1) / 12 AS y FROM span WHERE grain = 'retail_period') AS s
	GROUP BY y;
SELECT is_empty($$SELECT * FROM span WHERE kpi_internal.period_days(grain, start) <> daterange(start, next)$$,
	'the same periods');
-- whose periods make whose, and how long they are
CREATE TEMP TABLE made AS
SELECT f.grain AS finer, c.grain AS coarser FROM (SELECT DISTINCT grain FROM span) AS f, (SELECT DISTINCT grain FROM
	span) AS c
WHERE f.grain <> c.grain AND NOT EXISTS (SELECT FROM span AS s WHERE s.grain = c.grain AND start BETWEEN
	'2010-03-01' AND '2014-03-01'
	AND NOT EXISTS (SELECT FROM span AS m WHERE m.grain = f.grain AND m.start = s.start));
CREATE TEMP TABLE long AS
SELECT grain, (ARRAY[1, 7, 30, 30, 91, 91, 182, 365, 365,
	365])[array_position('{day,week,month,retail_period,quarter,fy_quarter,half,year,fy_year,retail_year}', grain)] AS
		days
FROM (SELECT DISTINCT grain FROM span) AS g;

-- indicators of every rule and way to spread, with rows of several grains
SELECT setseed(0.42);
SELECT kpi.define_target_profile('season', shares => '{5,5,10,10,10,10,5,5,10,10,10.5,9.5}');
SELECT throws_ok($$SELECT kpi.define_target_profile('season', name => '')$$, '22023', 'name is empty',
	'an empty name');
CREATE TEMP TABLE ruled AS
SELECT format('r%s', n) AS indicator, rule, spread_by FROM (VALUES ('spread', 'equal'), ('spread', 'days'),
	('spread', 'profile'), ('hold', 'equal'),
	('end', 'equal'), ('compound', 'equal'), ('compound', 'days')) AS v (rule, spread_by), generate_series(1, 6) AS k,
	LATERAL (SELECT rule || '_' || spread_by || '_' || k AS n) AS x;
DO $$
BEGIN
	PERFORM kpi.define_indicator(indicator, grain => 'day', target_rule => rule, spread_by => spread_by,
		direction => 'lower', target_profile => CASE spread_by WHEN 'profile' THEN 'season' END) FROM ruled;
END $$;
INSERT INTO kpi.target (indicator, unit, grain, period, target)
SELECT r.indicator, 'u', s.grain, daterange(s.start, s.next),
	CASE r.rule WHEN 'compound' THEN round(random()::numeric / 2, 4) ELSE round((random() * 2e5 - 1e5)::numeric,
		(random() * 4)::integer) END
FROM ruled AS r CROSS JOIN span AS s
WHERE s.start >= '2010-06-01' AND s.next <= '2014-01-01'
	AND hashtext(r.indicator || s.grain) % 3 = 0 AND random() < 0.93
	AND (s.grain <> 'day' OR s.start < '2011-03-01');
INSERT INTO kpi.target (indicator, unit, period, target)
SELECT r.indicator, 'u', daterange(date '2010-06-10' + 200 * n, date '2010-06-10' + 200 * (n + 1)),
	round(random()::numeric, 3)
FROM ruled AS r, generate_series(0, 6) AS n WHERE hashtext(r.indicator) % 3 = 0 AND random() < 0.9;
CREATE TEMP TABLE held AS SELECT indicator::text, grain::text, lower(period) AS from_day, upper(period) AS to_day,
	target FROM kpi.target WHERE unit = 'u'
	AND indicator IN (SELECT indicator FROM ruled);
CREATE INDEX ON held (indicator, grain, from_day);
SELECT cmp_ok((SELECT count(*) FROM held), '>', 3000::bigint, 'thousands of targets');

-- what is due by a day within a period, as a share to 60 digits
CREATE FUNCTION pg_temp.share(grain text, months integer, start date, next date, day date, spread_by text) RETURNS
	numeric LANGUAGE sql STABLE AS $$
	SELECT CASE
		WHEN day = next THEN 1
		WHEN grain IS NULL OR spread_by = 'days' OR spread_by = 'equal' AND months IS NULL
			THEN (day - start)::numeric(70, 60) / (next - start)
		WHEN spread_by = 'equal' THEN coalesce(sum(c.part) FILTER (WHERE c.d < day), 0) / months
		ELSE coalesce(sum(c.part * c.season) FILTER (WHERE c.d < day), 0) / sum(c.part * c.season) END
	FROM (SELECT d::date, extract(day FROM date_trunc('month', d) + interval '1 month - 1 day')::numeric AS length,
			1::numeric(70, 60) / extract(day FROM date_trunc('month', d) + interval '1 month - 1 day')::numeric AS part,
			('{5,5,10,10,10,10,5,5,10,10,10.5,9.5}'::numeric[])[extract(month FROM d)] AS season
		FROM generate_series(start::timestamp, next - 1, '1 day') AS d) AS c
$$;
-- days of one period with a number: the number that they have
CREATE FUNCTION pg_temp.part_of(target numeric, rule text, before numeric, until numeric) RETURNS numeric LANGUAGE
	sql IMMUTABLE
	RETURN CASE rule
		WHEN 'spread' THEN CASE until WHEN 1 THEN target ELSE round(target * until, 20) END - round(target * before, 20)
		WHEN 'compound' THEN CASE WHEN until - before = 1 THEN target ELSE 1 - (1 - target) ^ (until - before) END
		ELSE target END;
CREATE FUNCTION pg_temp.whole_of(rule text, parts numeric[], days integer[]) RETURNS numeric LANGUAGE sql IMMUTABLE
	AS $$
	SELECT CASE rule WHEN 'spread' THEN sum(p) WHEN 'hold' THEN sum(p * d)::numeric(70, 40) / sum(d) WHEN 'end' THEN
		parts[cardinality(parts)]
		WHEN 'compound' THEN 1 - exp(sum(CASE rule WHEN 'compound' THEN ln((1 - p)::numeric(70, 40)) END)) END
	FROM unnest(parts, days) AS u (p, d)
$$;
-- steps 1 and 2
CREATE FUNCTION pg_temp.from_rows(i text, rule text, g text, start date, next date, OUT target numeric, OUT step
	integer) LANGUAGE plpgsql STABLE AS $$
DECLARE
	f text;
	part record;
	own record;
	parts numeric[];
	days integer[];
BEGIN
	SELECT h.target, 1 INTO target, step FROM held AS h WHERE h.indicator = i AND h.grain = g AND from_day <= start AND
		to_day > start;
	IF FOUND THEN
		RETURN;
	END IF;
	FOR f IN SELECT l.grain FROM made AS m JOIN long AS l ON l.grain = m.finer WHERE m.coarser = g
		AND EXISTS (SELECT FROM held AS h WHERE h.indicator = i AND h.grain = l.grain) ORDER BY l.days DESC, l.grain DESC
	LOOP
		parts := '{}';
		days := '{}';
		FOR part IN SELECT s.start, s.next FROM span AS s WHERE s.grain = f AND s.start >= from_rows.start AND s.start <
		from_rows.next
			AND (rule <> 'end' OR s.next = from_rows.next) ORDER BY s.start
		LOOP
			-- the same days of another calendar have only their own row
			IF (part.start, part.next) = (from_rows.start, from_rows.next) THEN
				SELECT h.target AS target INTO own FROM held AS h WHERE h.indicator = i AND h.grain = f AND from_day <=
				part.start AND to_day > part.start;
			ELSE
				own := pg_temp.from_rows(i, rule, f, part.start, part.next);
			END IF;
			parts := parts || own.target;
			days := days || (part.next - part.start);
			EXIT WHEN own.target IS NULL;
		END LOOP;
		IF array_position(parts, NULL) IS NULL THEN
			target := pg_temp.whole_of(rule, parts, days);
			step := 2;
			RETURN;
		END IF;
	END LOOP;
END $$;
CREATE FUNCTION pg_temp.reckoned(i text, rule text, spread_by text, g text, start date, next date, OUT target
	numeric, OUT step integer)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	l text;
	parts numeric[];
	days integer[];
BEGIN
	SELECT r.target, r.step INTO target, step FROM pg_temp.from_rows(i, rule, g, start, next) AS r;
	IF step IS NOT NULL THEN
		RETURN;
	END IF;
	FOR l IN SELECT o.grain FROM long AS o JOIN long AS mine ON mine.grain = g AND o.days >= mine.days
		WHERE o.grain <> g AND (o.grain, g) NOT IN (SELECT finer, coarser FROM made) ORDER BY o.days, o.grain
	LOOP
		SELECT array_agg(CASE WHEN h.target IS NOT NULL THEN pg_temp.part_of(h.target, rule,
					pg_temp.share(l, s.months, s.start, s.next, greatest(s.start, reckoned.start), spread_by),
					pg_temp.share(l, s.months, s.start, s.next, least(s.next, reckoned.next), spread_by)) END ORDER BY s.start),
			array_agg(least(s.next, reckoned.next) - greatest(s.start, reckoned.start) ORDER BY s.start)
		INTO parts, days
		FROM span AS s LEFT JOIN held AS h ON h.indicator = i AND h.grain = l AND h.from_day <= s.start AND h.to_day >
		s.start
		WHERE s.grain = l AND s.start < reckoned.next AND s.next > reckoned.start;
		IF array_position(parts, NULL) IS NULL THEN
			target := pg_temp.whole_of(rule, parts, days);
			step := 3;
			RETURN;
		END IF;
	END LOOP;
	SELECT array_agg(pg_temp.part_of(h.target, rule,
			pg_temp.share(NULL, NULL, from_day, to_day, greatest(from_day, reckoned.start), spread_by),
			pg_temp.share(NULL, NULL, from_day, to_day, least(to_day, reckoned.next), spread_by)) ORDER BY from_day),
		array_agg(least(to_day, reckoned.next) - greatest(from_day, reckoned.start) ORDER BY from_day)
	INTO parts, days
	FROM held AS h WHERE h.indicator = i AND h.grain IS NULL AND from_day < reckoned.next AND to_day > reckoned.start;
	IF (SELECT sum(d) FROM unnest(days) AS d) = next - start THEN
		target := pg_temp.whole_of(rule, parts, days);
		step := 4;
	END IF;
END $$;
CREATE TEMP TABLE compared AS
SELECT r.*, s.grain, s.start, s.next, t.target, t.step, t.reason, w.target AS wanted, w.step AS wanted_step
FROM ruled AS r CROSS JOIN LATERAL (
		SELECT s.* FROM (SELECT s.*, row_number() OVER (PARTITION BY grain ORDER BY hashtext(r.indicator || start)) AS n
		FROM span AS s
			WHERE s.start >= '2010-03-01' AND s.next <= '2014-02-01') AS s
		WHERE n <= CASE s.grain WHEN 'day' THEN 2 ELSE 5 END) AS s,
	kpi_internal.target_for(r.indicator, 'u', s.grain, s.start) AS t,
	pg_temp.reckoned(r.indicator, r.rule, r.spread_by, s.grain, s.start, s.next) AS w;
SELECT cmp_ok((SELECT count(*) FROM compared WHERE step = n), '>', 40::bigint, format('step %s is tried', n)) FROM
	generate_series(1, 4) AS n;
SELECT is_empty($$SELECT indicator, grain, start, step, wanted_step, target, wanted FROM compared
	WHERE step IS DISTINCT FROM wanted_step OR CASE rule WHEN 'spread' THEN target IS DISTINCT FROM wanted WHEN 'end'
		THEN target IS DISTINCT FROM wanted
		WHEN 'hold' THEN target IS DISTINCT FROM round(wanted, 20) ELSE NOT alike(target, wanted, 1e-14, 1e-3) END LIMIT
		10$$,
	'every target is what plain SQL makes of the rows');

-- every partition adds up exactly, whatever the grain and the way to spread
CREATE TEMP TABLE partition AS
SELECT r.indicator, y.start, y.next, y.grain, y.target, p.grain AS part, p.first, p.until
FROM ruled AS r CROSS JOIN LATERAL (SELECT s.*, t.target FROM span AS s, kpi_internal.target_for(r.indicator, 'u',
	s.grain, s.start) AS t
		WHERE s.grain IN ('year', 'fy_year', 'retail_year', 'quarter') AND t.step IN (1, 3, 4)) AS y,
	LATERAL (SELECT 'random' AS grain, d AS first, lead(d, 1, y.next) OVER (ORDER BY d) AS until
		FROM (SELECT y.start UNION SELECT y.start + (random() * (y.next - y.start - 2))::integer + 1 FROM
		generate_series(1, 20)) AS c (d)) AS p
WHERE r.rule = 'spread' AND NOT EXISTS (SELECT FROM held AS h WHERE h.indicator = r.indicator AND h.grain <>
	'retail_year' AND h.grain <> 'year'
	AND h.grain <> 'fy_year');
SELECT cmp_ok((SELECT count(*) FROM partition), '>', 200::bigint, 'hundreds of parts');
SELECT is_empty($$SELECT indicator, grain, start, target FROM partition GROUP BY indicator, grain, start, target
	HAVING sum(kpi.target_for(indicator, 'u', daterange(first, until))) IS DISTINCT FROM target$$,
		'partitions add up exactly');
SELECT is_empty($$
	SELECT r.indicator, g.grain, y.start, t.target
	FROM ruled AS r, (SELECT * FROM span WHERE grain IN ('year', 'fy_year', 'quarter')) AS y,
		kpi_internal.target_for(r.indicator, 'u', y.grain, y.start) AS t, (VALUES ('month'), ('day'), ('quarter')) AS g
		(grain)
	WHERE r.rule = 'spread' AND t.step = 1 AND (g.grain, y.grain) IN (SELECT finer, coarser FROM made)
		AND NOT EXISTS (SELECT FROM held AS h WHERE h.indicator = r.indicator AND h.grain IS DISTINCT FROM y.grain)
		AND t.target <> (SELECT sum(p.target) FROM span AS s, kpi_internal.target_for(r.indicator, 'u', s.grain, s.start)
		AS p
			WHERE s.grain = g.grain AND s.start >= y.start AND s.start < y.next)
$$, 'so do the periods of a grain');

SELECT * FROM finish();
ROLLBACK;
