-- Derived indicators: worked cases of formulas under their numbers, then neighbours; random formulas
-- against plain SQL; what follows when values and definitions change.
-- share: 12
BEGIN;
SELECT no_plan();
\ir lib.sql
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';

SELECT kpi.define_unit('u'), kpi.define_unit('company'), kpi.define_unit('north', 'company'),
	kpi.define_unit('south', 'company'),
	kpi.define_unit('team', 'north');

CREATE FUNCTION pg_temp.row_of(key text, unit text, period text) RETURNS kpi.measurement LANGUAGE sql STABLE
	RETURN (SELECT CAST(ROW (m.*) AS kpi.measurement) FROM kpi.measurement AS m
			WHERE m.indicator = key AND m.unit = row_of.unit AND m.grain = kpi.period_grain(period)
				AND m.period_start = kpi.period_start(period));
CREATE FUNCTION pg_temp.value(key text, unit text, period text) RETURNS numeric LANGUAGE sql STABLE
	RETURN (pg_temp.row_of(key, unit, period)).value;
CREATE FUNCTION pg_temp.note(key text, unit text, period text) RETURNS text LANGUAGE sql STABLE
	RETURN (pg_temp.row_of(key, unit, period)).note;

-- The mapping of the cases: inputs are entered by month and summed; the formula is the indicator of the case's number.
SELECT kpi.define_indicator(key, kind => 'entered', combine => 'sum') FROM unnest('{revenue,cost,new}'::text[]) AS key;
SELECT kpi.enter(g.indicator, 'u', g.period, g.value)
FROM (VALUES ('revenue', '2010-01', 80), ('revenue', '2010-12', 90), ('revenue', '2011-01', 100),
	('revenue', '2011-02', 120),
			 ('revenue', '2011-03', 90), ('cost', '2011-01', 40), ('cost', '2011-02', 60), ('cost', '2011-03', 50),
			 ('new', '2011-01', 4), ('new', '2011-02', 0), ('new', '2011-03', 5)) AS g (indicator, period, value);

CREATE TEMP TABLE asked (key text, formula text, period text, value numeric, why text);
INSERT INTO asked VALUES
	('E166', 'cost / new', '2011-Q1', 50 / 3.0, 'the formula over the inputs of that very period, not a mean of months'),
	('E167', 'cost / new', '2011-02', NULL, 'a divisor of 0 gives none'),
	('E168', 'cost / new', '2011-01', 10, 'the quotient of the month'),
	('E168b', 'revenue / previous(revenue) - 1', '2011-02', 0.2, 'growth on the month before'),
	('E168c', 'revenue / previous(revenue) - 1', '2011-01', 1 / 9.0, 'the month before is in the year before'),
	('E169', 'revenue / previous(revenue) - 1', '2010-01', NULL, 'at the first period there is no previous'),
	('E169b', 'revenue / previous(revenue) - 1', '2010-12', NULL, 'the month before has no value'),
	('E170', 'revenue / last_year(revenue) - 1', '2011-01', 0.25, 'growth on the same month of last year'),
	('E171', 'revenue / last_year(revenue) - 1', '2011-02', NULL, 'last year has no February'),
	('E172', 'revenue - coalesce(last_year(revenue), 0)', '2011-03', 90, 'coalesce takes a missing input'),
	('E172b', 'revenue - coalesce(last_year(revenue), 0)', '2011-01', 20, 'and leaves one that is there'),
	('E172c', 'greatest(revenue, last_year(revenue))', '2011-03', 90, 'greatest takes it, too'),
	('E172d', 'CASE WHEN last_year(revenue) IS NULL THEN revenue ELSE 2 END', '2011-03', 90, 'and CASE'),
	('E173', 'revenue + last_year(revenue)', '2011-03', NULL, 'anything else passes it on'),
	('E174', '1 / 2 * new', '2011-01', 2, 'numbers are numeric'),
	('E174b', '7 % 4 + new / 8', '2011-03', 3.625, 'all of them'),
	('E175', 'ytd(revenue)', '2011-02', 220, 'year to date as a function'),
	('E175b', 'ytd(revenue)', '2011-Q1', 310, 'of a quarter to its end'),
	('E175c', 'ytd(revenue)', '2011', 310, 'of a year the year'),
	('E176', 'revenue / rolling(revenue, 3)', '2011-03', 9 / 31.0, 'the last three periods of that grain'),
	('E177', 'revenue / rolling(revenue, 3)', '2011-01', NULL, 'each of them needed'),
	('E177b', 'revenue / rolling(revenue, 3)', '2011-02', 120 / 310.0, 'over the end of a year'),
	('E177c', 'rolling(revenue, 2)', '2011-03', 210, 'in a window that it defines'),
	('E178', 'revenue / previous(revenue) - 1', '2011-Q1', 22 / 9.0, 'previous of a quarter is the quarter before'),
	('E178b', 'revenue / last_year(revenue)', '2011', 310 / 170.0, 'last year of a year'),
	('E179', 'ln(new)', '2011-02', NULL, 'what arithmetic has no answer for is none'),
	('E180', 'ln(new)', '2011-03', ln(5), 'there and nowhere else'),
	('E180b', 'sqrt(cost - 50)', '2011-01', NULL, 'a root of a negative number'),
	('E180c', 'sqrt(cost - 50)', '2011-02', sqrt(10::numeric), 'its neighbour'),
	('E180d', 'power(10, revenue) ^ 100000', '2011-01', NULL, 'overflow'),
	('E180e', 'round(revenue / 7, 2)', '2011-01', 14.29, 'a whole number where a function takes one'),
	('E180f', 'kpi.attainment(cost, revenue, ''lower'')', '2011-01', 1.6, 'functions of kpi with their words'),
	('E180g', 'width_bucket(revenue, 0, 200, 10) / width_bucket(cost, 0, 100, 4)', '2011-03', 5 / 3.0,
		'what functions give is numeric, too'),
	('E180h', 'CAST(revenue / 7 AS numeric(10, 1))', '2011-01', 14.3, 'a cast to a number'),
	('E180i', 'nullif(new, 0)', '2011-02', NULL, 'nullif');
SELECT kpi.define_indicator(a.key, formula => a.formula) FROM asked AS a;
SELECT ok(alike(pg_temp.value(a.key, 'u', a.period), a.value, 1e-15),
		  format('%s: %s in %s: %s (%s)', a.key, a.formula, a.period, a.why, pg_temp.value(a.key, 'u', a.period)))
FROM asked AS a;
SELECT ok(NOT EXISTS (SELECT FROM kpi.measurement AS m JOIN asked AS a ON a.key = m.indicator
	WHERE m.origin <> 'formula'),
		  'the origin of each is the formula');

-- What takes a missing input has a value from the first period of the input on, to where it is read last.
SELECT kpi.define_indicator('began', kind => 'entered', combine => 'sum');
SELECT kpi.enter('began', 'u', '2011-02', 3), kpi.enter('began', 'u', '2011-04', 5);
SELECT kpi.define_indicator(key, formula => formula)
FROM (VALUES ('or_seven', 'coalesce(previous(began), 7)'), ('or_eight', 'coalesce(parent(began), 8)'),
	('or_nine', 'coalesce(last_year(began), 9)'), ('no_other', 'previous(began)')) AS f (key, formula);
SELECT results_eq($$SELECT CAST(indicator AS text), period_start, value
		FROM kpi.measurement WHERE unit = 'u' AND grain = 'month'
		AND indicator IN ('or_seven', 'or_eight', 'or_nine', 'no_other') ORDER BY 1, 2$$,
	$$VALUES ('no_other', date '2011-03-01', 3.0), ('no_other', '2011-05-01', 5), ('or_eight', '2011-02-01', 8),
		('or_eight', '2011-04-01', 8), ('or_nine', '2011-02-01', 9), ('or_nine', '2011-04-01', 9),
		('or_nine', '2012-02-01', 3), ('or_nine', '2012-04-01', 5), ('or_seven', '2011-02-01', 7),
		('or_seven', '2011-03-01', 3), ('or_seven', '2011-04-01', 7), ('or_seven', '2011-05-01', 5)$$,
	'a constant stands for what is not there from the first period of the input on');
SELECT kpi.enter('began', 'u', '2011-01', 2);
SELECT is(pg_temp.value('or_seven', 'u', '2011-01'), 7.0, 'and from an earlier one when that is entered');

-- Why there is none
SELECT is(pg_temp.note('E167', 'u', '2011-02'), 'no answer', 'a note says that arithmetic has no answer');
SELECT is(pg_temp.note('E173', 'u', '2011-03'), 'missing: last_year(revenue)', 'and what is missing');
SELECT ok((pg_temp.row_of('E166', 'u', '2011-04')).indicator IS NULL, 'no row where no input has one');

-- Units
SELECT kpi.define_indicator('own', kind => 'entered', combine => 'sum', combine_units => 'sum'),
	kpi.define_indicator('share', formula => 'own / parent(own)'),
		kpi.define_indicator('of_root', formula => 'own / root(own)');
SELECT kpi.enter('own', 'team', '2011-01', 10), kpi.enter('own', 'south', '2011-01', 90);
SELECT is(pg_temp.value('share', 'north', '2011-01'), 0.1, 'E181: parent(x) is the value of the unit above');
SELECT is(pg_temp.value('share', 'company', '2011-01'), NULL, 'E182: the root has no parent');
SELECT is(pg_temp.value('share', 'team', '2011-01'), 1.0, 'E183: of a team it is that of its region');
SELECT is(pg_temp.value('of_root', 'team', '2011-01'), 0.1, 'root(x) is the value of the whole');
SELECT is(pg_temp.value('of_root', 'company', '2011-01'), 1.0, 'of the root its own');
SELECT is(pg_temp.value('share', 'north', '2011-Q1'), 0.1, 'and so in the quarter');

-- The tree of the last day of the period
SELECT kpi.define_unit('team', 'south', "from" => '2011-02-15');
SELECT kpi.enter('own', 'team', '2011-02', 5), kpi.enter('own', 'south', '2011-02', 15),
	kpi.enter('own', 'north', '2011-02', 1);
SELECT ok(alike(pg_temp.value('share', 'team', '2011-02'), 1 / 3.0, 1e-15),
	'a unit that moved has the parent of the last day');
SELECT is(pg_temp.value('share', 'team', '2011-01'), 1.0, 'and keeps the former one before');
SELECT kpi.define_unit('team', 'north', "from" => '2011-02-15');

-- Inherited
SELECT kpi.define_indicator('market', kind => 'entered', combine => 'sum', combine_units => 'sum', inherit => true),
	kpi.define_indicator('market2', kind => 'entered', combine => 'sum', combine_units => 'sum'),
	kpi.define_indicator('E185', formula => 'own / market'), kpi.define_indicator('E186', formula => 'own / market2');
SELECT kpi.enter('market', 'north', '2011-01', 100), kpi.enter('market2', 'north', '2011-01', 100);
SELECT is(pg_temp.value('E185', 'team', '2011-01'), 0.1, 'E185: the region''s market stands for its team');
SELECT is(pg_temp.value('E186', 'team', '2011-01'), NULL, 'E186: otherwise the team has no share');

-- Other rules over time and over units
SELECT kpi.define_indicator('best', formula => 'own * 2', combine => 'max', combine_units => 'sum'),
	kpi.define_indicator('costs', kind => 'entered', combine => 'sum', combine_units => 'sum'),
	kpi.define_indicator('ratio', formula => 'own / costs', combine => 'ratio', combine_units => 'ratio');
SELECT kpi.enter('costs', 'team', '2011-01', 0), kpi.enter('costs', 'south', '2011-01', 30),
	kpi.enter('costs', 'team', '2011-02', 10);
SELECT is(pg_temp.value('best', 'company', '2011-Q1'), 200.0, 'combined from the lowest units and the own grain: '
	'the best month');
SELECT is(pg_temp.value('ratio', 'team', '2011-01'), NULL, 'a quotient by 0 has no value');
SELECT is(pg_temp.value('ratio', 'team', '2011-Q1'), 1.5, 'and counts with its sides: 15 / 10');
SELECT is(pg_temp.value('ratio', 'company', '2011-01'), 100 / 30.0, 'over units, too');

-- A chain of five, defined before and after there are values
SELECT kpi.define_indicator('c1', formula => 'revenue * 2'), kpi.define_indicator('c2', formula => 'c1 + 1'),
	kpi.define_indicator('c3', formula => 'c2 / previous(c2)'), kpi.define_indicator('c4', formula => 'round(c3, 3)'),
	kpi.define_indicator('c5', formula => 'c4 * 100');
SELECT is(pg_temp.value('c5', 'u', '2011-03'), 75.1, 'a chain: 181 / 241');
SELECT kpi.enter('revenue', 'u', '2011-02', 60);
SELECT is(pg_temp.value('c5', 'u', '2011-03'), 149.6, 'follows a changed value in the period after');
SELECT kpi.define_indicator('c1', formula => 'revenue * 4');
SELECT is(pg_temp.value('c5', 'u', '2011-03'), 149.8, 'follows a changed formula: 361 / 241');
SELECT kpi.enter('revenue', 'u', '2011-02', 120);

-- Windows of a formula
SELECT kpi.define_indicator('cac', formula => 'cost / new', windows => '{month_ytd,month_r3}');
SELECT is(pg_temp.value('cac', 'u', '2011-02 ytd'), 25.0, 'to date it is the formula over inputs to date');
SELECT is(pg_temp.value('cac', 'u', '2011-03 r3'), 50 / 3.0, 'and over rolling months');
SELECT is(pg_temp.value('cost', 'u', '2011-02 ytd'), 100.0, 'which the inputs have for it');

-- What is provisional
SELECT ok(NOT (pg_temp.row_of('cac', 'u', '2011-03')).provisional, 'what is over is not provisional');
UPDATE kpi.indicator SET settle_after = '1000 years' WHERE indicator = 'cost';
SELECT ok((pg_temp.row_of('cac', 'u', '2011-03')).provisional, 'E156: what is made of a provisional value is');
UPDATE kpi.indicator SET settle_after = NULL WHERE indicator = 'cost';

-- Names
SELECT kpi.define_indicator('on-time "share"', formula => 'new / cost');
SELECT kpi.define_indicator('late', formula => '1 - "on-time ""share"""');
SELECT is(pg_temp.value('late', 'u', '2011-01'), 0.9, 'keys that are not plain words are quoted');
UPDATE kpi.indicator SET indicator = 'On time' WHERE indicator = 'on-time "share"';
SELECT is(formula, '1 - "On time"', 'a formula follows a renamed indicator') FROM kpi.indicator
	WHERE indicator = 'late';
SELECT is(pg_temp.value('late', 'u', '2011-01'), 0.9, 'and keeps its value');

-- Own grain
SELECT kpi.define_indicator('yearly', kind => 'entered', combine => 'sum', grain => 'quarter'),
	kpi.define_indicator('mixed', formula => 'revenue / yearly'), kpi.define_indicator('mixed2', formula => 'mixed + 1');
SELECT is(grain::text, 'quarter', 'the own grain is the longest of the inputs''') FROM kpi.indicator
	WHERE indicator = 'mixed2';
UPDATE kpi.indicator SET grain = 'half' WHERE indicator = 'yearly';
SELECT is(array_agg(grain::text), '{half,half}', 'formulas follow the grain of an input')
FROM kpi.indicator WHERE indicator IN ('mixed', 'mixed2');
SELECT kpi.enter('yearly', 'u', '2011-H1', 31);
SELECT is(pg_temp.value('mixed2', 'u', '2011-H1'), 11.0, 'by half-year');

-- Random formulas: three inputs of twelve months, some missing, some 0, against plain SQL over them.
SELECT setseed(0.42);
SELECT kpi.define_unit('r');
SELECT kpi.define_indicator(key, kind => 'entered', combine => 'sum') FROM unnest('{x,y,z}'::text[]) AS key;
SELECT kpi.enter(i, 'r', format('2012-%s', to_char(m, 'FM00')), (hashint8extended(m, ascii(i)) % 7)::numeric / 2)
FROM unnest('{x,y,z}'::text[]) AS i, generate_series(1, 12) AS m
WHERE hashint8extended(m, 100 + ascii(i)) % 5 <> 0;
CREATE TEMP TABLE plain AS
SELECT p::date AS period_start, max(m.value) FILTER (WHERE m.indicator = 'x') AS x,
	max(m.value) FILTER (WHERE m.indicator = 'y') AS y, max(m.value) FILTER (WHERE m.indicator = 'z') AS z
FROM generate_series('2012-01-01', '2012-12-01', interval '1 month') AS p
	LEFT JOIN kpi.measurement AS m ON m.unit = 'r' AND m.grain = 'month' AND m.period_start = p::date
GROUP BY p;
CREATE FUNCTION pg_temp.some_formula(n integer, depth integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	pick CONSTANT integer := abs(hashint8extended(n, depth)) % 12;
	a CONSTANT text := CASE WHEN depth > 0 AND pick > 2 THEN pg_temp.some_formula(3 * n + 1, depth - 1) END;
	b CONSTANT text := CASE WHEN depth > 0 AND pick > 2 THEN pg_temp.some_formula(3 * n + 2, depth - 1) END;
BEGIN
	RETURN CASE WHEN a IS NULL THEN (ARRAY['x', 'y', 'z', '2.0', '0.5'])[1 + abs(hashint8extended(n, 7)) % 5]
		WHEN pick IN (3, 4) THEN format('(%s + %s)', a, b)
		WHEN pick IN (5, 6) THEN format('(%s - %s)', a, b)
		WHEN pick = 7 THEN format('%s * %s', '(' || a || ')', '(' || b || ')')
		WHEN pick = 8 THEN format('coalesce(%s, %s)', a, b)
		WHEN pick = 9 THEN format('greatest(%s, least(%s, 3.0))', a, b)
		WHEN pick = 10 THEN format('CASE WHEN %s > %s THEN %s ELSE - %s END', a, b, b, '(' || a || ')')
		ELSE format('round(abs(%s), 1) / nullif(%s, 0.0)', a, b) END;
END $$;
CREATE FUNCTION pg_temp.differing(n integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	formula CONSTANT text := 'z + 0.0 * y - ' || pg_temp.some_formula(n, 4);
	wrong text;
BEGIN
	PERFORM kpi.define_indicator('random', formula => formula);
	EXECUTE format('SELECT string_agg(format(''%%s: %%s, not %%s'', p.period_start, m.value, %s), ''; '')
		FROM plain AS p LEFT JOIN kpi.measurement AS m ON m.indicator = ''random'' AND m.unit = ''r'' AND m.grain = ''month''
			AND m.period_start = p.period_start
		WHERE m.value IS DISTINCT FROM (%1$s)', formula) INTO wrong;
	RETURN formula || ': ' || wrong;
END $$;
SELECT is(string_agg(pg_temp.differing(n), E'\n'), NULL, 'twenty random formulas give what plain SQL gives')
FROM generate_series(1, 20) AS n;

SELECT throws_ok($$SELECT kpi.define_indicator('c1', formula => 'c5 / 2')$$, '22023',
	'formulas have a cycle: c1 -> c5 -> c4 -> c3 -> c2 -> c1', 'E184: a cycle is refused, with its path');
SELECT throws_ok($$SELECT kpi.define_indicator('c6', formula => 'revenu / 2')$$, '22023',
	'indicator "revenu" does not exist in formula "revenu / 2" of indicator "c6"', 'an unknown name is refused');
SELECT throws_like($$SELECT kpi.define_indicator('c6', formula => 'sum(revenue)')$$,
	'%an aggregate function, sum() at character 1',
	'so is an aggregate');
-- What a formula reads cannot go
SELECT throws_ok($$DELETE FROM kpi.indicator WHERE indicator = 'c3'$$, '23503', 'indicator "c3" is read by formulas',
	'an input in use is not deleted');

-- What is missing is found, by unit and period: not before a first value, but where there never is one.
SELECT kpi.define_unit('f1'), kpi.define_unit('f2'), kpi.define_unit('f3');
SELECT kpi.define_indicator(key, kind => 'entered', combine => 'sum', decimals => 0)
FROM unnest('{fi_cost,fi_won}'::text[]) AS key;
SELECT kpi.define_indicator('fi_cac', formula => 'fi_cost / fi_won', name => 'Cost of a customer'),
	kpi.define_indicator('fi_growth', formula => 'fi_cost / previous(fi_cost) - 1');
SELECT kpi.enter('fi_cost', u, '2011-' || lpad(m::text, 2, '0'), 10 * m)
FROM unnest('{f1,f2,f3}'::text[]) AS u, generate_series(1, 4) AS m WHERE (u, m) <> ('f2', 3);
SELECT kpi.enter('fi_won', u, '2011-' || lpad(m::text, 2, '0'), m - 4)
FROM unnest('{f1,f2}'::text[]) AS u, generate_series(1, 4) AS m WHERE (u, m) <> ('f1', 2);
SELECT results_eq($$SELECT indicator::text, unit::text, period_label::text, finding_text FROM kpi.v_data_quality
	WHERE finding = 'missing_input' AND indicator LIKE 'fi_%' ORDER BY 1, 2, 3$$,
	$$VALUES ('fi_cac', 'f1', '2011-02', 'Cost of a customer for F1 has no value in 2011-02, as its formula lacks '
		'fi_won.'),
		('fi_cac', 'f2', '2011-03', 'Cost of a customer for F2 has no value in 2011-03, as its formula lacks fi_cost.'),
		('fi_cac', 'f3', '2011-04', 'Cost of a customer for F3 has no value in 2011-04, as its formula lacks fi_won.'),
		('fi_growth', 'f2', '2011-04',
			'Fi growth for F2 has no value in 2011-04, as its formula lacks previous(fi_cost).')$$,
	'a missing input is found');
SELECT is_empty($$SELECT FROM kpi.v_data_quality WHERE finding = 'missing_input' AND unit = 'f1'
	AND period_label = '2011-04'$$,
	'a divisor of 0 is not');

SELECT finish();
ROLLBACK;
