-- What people judge: raters, judgements and what they make, and what is refused.
BEGIN;
SELECT no_plan();
\ir lib.sql
SET client_min_messages = warning;

SELECT kpi.define_unit('u');

-- Worked cases. A case is an indicator of its own, with its raters, of whom
-- those without a judgement have not judged.
CREATE TEMP TABLE vector (id text PRIMARY KEY, indicator jsonb NOT NULL, raters jsonb NOT NULL, value numeric,
	denominator numeric, rule text NOT NULL);
INSERT INTO vector VALUES
	('E192', '{"method": "mean", "missing": "renormalize"}',
		'[{"rater": "a", "weight": "1", "judgement": "80"}, {"rater": "b", "weight": "2", "judgement": "90"},
		{"rater": "c", "weight": "1", "judgement": "60"}]', 80, 4, 'weighted mean: 320 / 4'),
	('E193', '{"method": "trimmed", "missing": "renormalize", "share": "0.2"}',
		'[{"rater": "a", "weight": "1", "judgement": "10"}, {"rater": "b", "weight": "1", "judgement": "80"},
		{"rater": "c", "weight": "1", "judgement": "82"}, {"rater": "d", "weight": "1", "judgement": "84"},
		{"rater": "e", "weight": "1", "judgement": "100"}]', 82, 3, 'floor(0.2 x 5) = 1 judgement off each end'),
	('E195', '{"method": "trimmed", "missing": "renormalize", "share": "0.2"}',
		'[{"rater": "a", "weight": "3", "judgement": "10"}, {"rater": "b", "weight": "2", "judgement": "80"},
		{"rater": "c", "weight": "1", "judgement": "82"}, {"rater": "d", "weight": "1", "judgement": "84"},
		{"rater": "e", "weight": "1", "judgement": "100"}]', 81.5, 4,
		'judgements are counted off, the rest is weighted'),
	('E196', '{"method": "median", "missing": "renormalize"}',
		'[{"rater": "a", "weight": "1", "judgement": "80"}, {"rater": "b", "weight": "1", "judgement": "90"},
		{"rater": "c", "weight": "1", "judgement": "60"}]', 80, 3, 'the middle judgement'),
	('E198', '{"method": "median", "missing": "renormalize"}',
		'[{"rater": "a", "weight": "1", "judgement": "80"}, {"rater": "b", "weight": "1", "judgement": "90"}]', 85, 2,
		'at exactly half the mean of the two'),
	('E199', '{"method": "mean", "missing": "renormalize"}',
		'[{"rater": "a", "weight": "1", "judgement": "80"}, {"rater": "b", "weight": "1", "judgement": null}]', 80, 1,
		'a missing rater is left out by default'),
	('E201', '{"method": "mean", "missing": "null"}',
		'[{"rater": "a", "weight": "1", "judgement": "80"}, {"rater": "b", "weight": "1", "judgement": null}]', NULL,
		NULL, 'leaves none under null'),
	('E202', '{"method": "mean", "missing": "renormalize", "words": "excellent:100, good:80"}',
		'[{"rater": "a", "weight": "1", "judgement": "excellent"}, {"rater": "b", "weight": "3",
		"judgement": "good"}]',
		85, 4, 'a scale of words'),
	('mean zero', '{"method": "mean", "missing": "zero"}',
		'[{"rater": "a", "weight": "1", "judgement": "80"}, {"rater": "b", "weight": "3", "judgement": null}]', 20, 4,
		'a missing rater has judged 0'),
	('median zero', '{"method": "median", "missing": "zero"}',
		'[{"rater": "a", "weight": "1", "judgement": "80"}, {"rater": "b", "weight": "1", "judgement": null}]', 40, 2,
		'and 0 is among the judgements of the median'),
	('trimmed zero', '{"method": "trimmed", "missing": "zero", "share": "0.25"}',
		'[{"rater": "a", "weight": "1", "judgement": "80"}, {"rater": "b", "weight": "1", "judgement": "70"},
		{"rater": "c", "weight": "2", "judgement": "60"}, {"rater": "d", "weight": "5", "judgement": null}]',
		'63.333333333333333333', 3, 'and among those that are counted off'),
	('median weights', '{"method": "median", "missing": "renormalize"}',
		'[{"rater": "a", "weight": "0.1", "judgement": "10"}, {"rater": "b", "weight": "0.2", "judgement": "20"},
		{"rater": "c", "weight": "0.3", "judgement": "30"}]', 25, 0.6, 'half the weight is reached exactly'),
	('median heavy', '{"method": "median", "missing": "renormalize"}',
		'[{"rater": "a", "weight": "1", "judgement": "10"}, {"rater": "b", "weight": "5", "judgement": "20"},
		{"rater": "c", "weight": "3", "judgement": "30"}]', 20, 9, 'where half the weight is reached'),
	('median equals', '{"method": "median", "missing": "renormalize"}',
		'[{"rater": "a", "weight": "1", "judgement": "10"}, {"rater": "b", "weight": "1", "judgement": "20"},
		{"rater": "c", "weight": "1", "judgement": "20"}, {"rater": "d", "weight": "1", "judgement": "90"}]', 20, 4,
		'equal judgements are several'),
	('median weight 0', '{"method": "median", "missing": "renormalize"}',
		'[{"rater": "a", "weight": "1", "judgement": "80"}, {"rater": "b", "weight": "0", "judgement": "81"},
		{"rater": "c", "weight": "1", "judgement": "90"}]', 85, 2, 'a weight of 0 is no middle'),
	('weights 0', '{"method": "mean", "missing": "renormalize"}',
		'[{"rater": "a", "weight": "0", "judgement": "80"}, {"rater": "b", "weight": "0", "judgement": "90"}]', NULL,
		0,
		'weights of 0 leave none'),
	('median weights 0', '{"method": "median", "missing": "zero"}',
		'[{"rater": "a", "weight": "0", "judgement": "80"}, {"rater": "b", "weight": "0", "judgement": null}]', NULL,
		0,
		'of the median, too'),
	('trimmed to weight 0', '{"method": "trimmed", "missing": "renormalize", "share": "0.4"}',
		'[{"rater": "a", "weight": "1", "judgement": "10"}, {"rater": "b", "weight": "0", "judgement": "20"},
		{"rater": "c", "weight": "1", "judgement": "30"}]', NULL, 0, 'and what is left when the rest is counted off'),
	('trimmed few', '{"method": "trimmed", "missing": "renormalize", "share": "0.2"}',
		'[{"rater": "a", "weight": "1", "judgement": "10"}, {"rater": "b", "weight": "2", "judgement": "40"},
		{"rater": "c", "weight": "1", "judgement": "30"}, {"rater": "d", "weight": "1", "judgement": null}]', 30, 4,
		'floor(0.2 x 3) = 0: all count'),
	('trimmed equals', '{"method": "trimmed", "missing": "renormalize", "share": "0.25"}',
		'[{"rater": "a", "weight": "4", "judgement": "10"}, {"rater": "b", "weight": "2", "judgement": "10"},
		{"rater": "c", "weight": "1", "judgement": "40"}, {"rater": "d", "weight": "9", "judgement": "90"}]', 17.5, 4,
		'of equal judgements each is counted off alike: 3 of 6'),
	('all judged under null', '{"method": "median", "missing": "null"}',
		'[{"rater": "a", "weight": "1", "judgement": "80"}, {"rater": "b", "weight": "2", "judgement": "70"}]', 70, 3,
		'null asks for all, and has them'),
	('negative', '{"method": "mean", "missing": "renormalize"}',
		'[{"rater": "a", "weight": "0.5", "judgement": "-1.5"}, {"rater": "b", "weight": "0.25", "judgement": "3"}]',
		0,
		0.75, 'judgements may be below 0'),
	('words and numbers', '{"method": "mean", "missing": "renormalize", "words": "yes please:3, 9:1"}',
		'[{"rater": "a", "weight": "1", "judgement": "9"}]', 1, 1, 'a word may look like a number');

CREATE FUNCTION pg_temp.judge(v vector) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kpi.define_indicator(v.id, kind => 'rated', rating_method => v.indicator ->> 'method',
		rating_missing => v.indicator ->> 'missing', rating_trim => (v.indicator ->> 'share')::float8,
		rating_scale => v.indicator ->> 'words');
	PERFORM kpi.set_rater(v.id, r ->> 'rater', (r ->> 'weight')::numeric) FROM jsonb_array_elements(v.raters) AS r;
	PERFORM kpi.rate(v.id, 'u', '2011-01', r ->> 'judgement', r ->> 'rater')
	FROM jsonb_array_elements(v.raters) AS r WHERE r ->> 'judgement' IS NOT NULL;
END $$;
CREATE FUNCTION pg_temp.rated(asked text, OUT value numeric, OUT denominator numeric, OUT raters integer,
		OUT raters_expected integer) LANGUAGE sql AS $$
	SELECT r.value, r.denominator, r.raters, r.raters_expected
	FROM kpi_internal.rated_values(asked, '[2011-01-01,2011-02-01)') AS r
	WHERE r.unit = 'u' AND r.grain = 'month' AND r.period_start = '2011-01-01'
$$;
SELECT pg_temp.judge(v) FROM vector AS v;
SELECT ok(alike(r.value, v.value, 1e-15) AND r.denominator IS NOT DISTINCT FROM v.denominator
		AND r.raters_expected = jsonb_array_length(v.raters),
	format('%s: %s (%s of weight %s, should be %s of %s)', v.id, v.rule, r.value, r.denominator, v.value,
		v.denominator))
FROM vector AS v, pg_temp.rated(v.id) AS r ORDER BY v.id;
SELECT ok(alike(m.value, v.value, 1e-15) AND m.denominator IS NOT DISTINCT FROM v.denominator
	AND m.parts_expected = jsonb_array_length(v.raters)
		AND m.parts = (SELECT count(r ->> 'judgement') FROM jsonb_array_elements(v.raters) AS r),
	format('%s: so is the measurement', v.id))
FROM vector AS v LEFT JOIN kpi.measurement AS m ON m.indicator = v.id AND m.unit = 'u' AND m.grain = 'month'
	AND m.period_start = '2011-01-01' AND m.origin = 'rated'
ORDER BY v.id;
SELECT kpi.define_scorecard('card'), kpi.set_weight('card', 'E201', 1), kpi.set_weight('card', 'E199', 1);
SELECT results_eq($$ SELECT node, actual, score_reason FROM kpi.evaluate('card', 'u', '2011-01')
	WHERE node <> 'card' ORDER BY node $$,
	$$ VALUES ('E199', 80.0, 'no_target'), ('E201', NULL, 'no_actual') $$, 'a scorecard says why there is none');

-- Thousands of random ratings against a reckoning that takes one judgement after
-- the other, written out as often as its weight says.
CREATE TEMP TABLE random AS
SELECT n, 'random ' || n AS indicator, (ARRAY['mean', 'median', 'trimmed'])[1 + n % 3] AS method,
	(ARRAY['renormalize', 'zero', 'null'])[1 + (n / 3) % 3] AS missing,
	CASE WHEN n % 3 = 2 THEN floor(50 * uniform(n, 1)) / 100.0 END AS share, 1 + floor(8 * uniform(n,
		2))::int AS raters
FROM generate_series(1, 300) AS n WHERE :all_cases OR n % 6 = :seed % 6;
CREATE TEMP TABLE judged AS
SELECT r.n, r.indicator, 'p' || p AS unit, 'r' || k AS rater, floor(5 * uniform(r.n, 100 + k))::numeric AS weight,
	CASE WHEN uniform(r.n * 100 + p, k) < 0.8 THEN floor(1000 * uniform(r.n * 100 + p,
		50 + k))::numeric END AS judgement
FROM random AS r, generate_series(1, 5) AS p, generate_series(1, r.raters) AS k;
SELECT kpi.define_unit('p' || p) FROM generate_series(1, 5) AS p;
SELECT kpi.define_indicator(indicator, kind => 'rated', rating_method => method, rating_missing => missing,
	rating_trim => share::float8) FROM random;
SELECT kpi.set_rater(indicator, rater, weight) FROM (SELECT DISTINCT indicator, rater, weight FROM judged) AS j;
INSERT INTO kpi.rating (indicator, unit, grain, period_start, rater, judgement)
SELECT indicator, unit, 'month', '2011-01-01', rater, judgement FROM judged WHERE judgement IS NOT NULL;
CREATE FUNCTION pg_temp.reckoned(r random, asked_unit text, OUT value numeric, OUT denominator numeric)
	LANGUAGE plpgsql AS $$
DECLARE
	j numeric[];
	w numeric[];
	n int;
	cut int;
	each numeric[];
BEGIN
	SELECT array_agg(x.judgement ORDER BY x.judgement), array_agg(x.weight ORDER BY x.judgement) INTO j, w
	FROM (SELECT coalesce(d.judgement, CASE r.missing WHEN 'zero' THEN 0 END) AS judgement, d.weight
		  FROM judged AS d WHERE d.n = r.n AND d.unit = asked_unit) AS x WHERE x.judgement IS NOT NULL;
	IF r.missing = 'null' AND EXISTS (SELECT FROM judged AS d WHERE d.n = r.n AND d.unit = asked_unit
		AND d.judgement IS NULL) THEN
		RETURN;
	END IF;
	n := cardinality(j);
	cut := CASE r.method WHEN 'trimmed' THEN floor(r.share * n) ELSE 0 END;
	j := j[1 + cut:n - cut];
	w := w[1 + cut:n - cut];
	denominator := (SELECT sum(x) FROM unnest(w) AS x);
	IF r.method = 'median' THEN
		SELECT array_agg(x ORDER BY x) INTO each FROM unnest(j, w) AS u (x, times), generate_series(1, times::int);
		n := cardinality(each);
		value := CASE WHEN n > 0 THEN (each[(n + 1) / 2] + each[n / 2 + 1]) / 2 END;
	ELSE
		value := (SELECT sum(x * y) FROM unnest(j, w) AS u (x, y)) / nullif(denominator, 0);
	END IF;
END $$;
CREATE TEMP TABLE compared AS
SELECT r.indicator, j.unit, v.value, v.denominator, e.value AS expected, e.denominator AS expected_denominator,
	v.raters,
	j.raters AS judged, v.raters_expected, j.expected AS named
FROM random AS r
	JOIN (SELECT n, unit, count(judgement) AS raters, count(*) AS expected,
				 count(judgement) = count(DISTINCT judgement) AND count(*) - count(judgement) < 2 AS distinct_ones
		  FROM judged GROUP BY n, unit HAVING count(judgement) > 0) AS j USING (n)
	LEFT JOIN LATERAL (SELECT * FROM kpi_internal.rated_values(r.indicator, '[2011-01-31,2011-02-01)') AS v
					   WHERE v.unit = j.unit) AS v ON true
	CROSS JOIN LATERAL pg_temp.reckoned(r, j.unit) AS e
-- of equal judgements at the cut the reckoning takes any
WHERE j.distinct_ones OR r.method <> 'trimmed';
SELECT cmp_ok(count(value), '>', CASE WHEN :all_cases THEN 800 ELSE 130 END::bigint,
	'many random ratings have a value')
FROM compared;
SELECT is_empty($$
	SELECT * FROM compared WHERE NOT alike(value, expected, 1e-15) OR denominator IS DISTINCT FROM expected_denominator
		OR raters <> judged OR raters_expected <> named
$$, 'and all of them the right one');

-- Raters: for all units or one, by days

SELECT kpi.define_unit('v'), kpi.define_indicator('skill', kind => 'rated', combine => 'average',
	rating_missing => 'null');
CREATE FUNCTION pg_temp.raters(unit text, period text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(a.rater || ' ' || a.weight, ', ' ORDER BY a.rater)
	FROM kpi_internal.read_period(period) AS p
		CROSS JOIN LATERAL kpi_internal.raters_of('skill', unit, p.grain, p.period_start) AS a
	WHERE (a.rater, unit, p.grain, p.period_start) NOT IN (SELECT r.rater, r.unit, r.grain, r.period_start
		FROM kpi.rating AS r WHERE r.indicator = 'skill')
$$;
SELECT is(kpi.set_rater('skill', 'ann'), 'ann', 'a rater has weight 1 unless given');
SELECT kpi.set_rater('skill', 'bob', 2), kpi.set_rater('skill', 'bob', 5, unit => 'v');
SELECT is(pg_temp.raters('u', '2011-01'), 'ann 1, bob 2', 'raters of every unit');
SELECT is(pg_temp.raters('v', '2011-01'), 'ann 1, bob 5', 'and of one, whose own weight comes first');
SELECT kpi.set_rater('skill', 'ann', 3, valid => '[2011-07-01,)');
SELECT results_eq($$ SELECT weight, valid FROM kpi.rater WHERE indicator = 'skill' AND rater = 'ann' ORDER BY valid $$,
	$$ VALUES (1::numeric, daterange '(,2011-07-01)'), (3, '[2011-07-01,)') $$,
	'a weight from a day on leaves the days before it as they were');
SELECT is(pg_temp.raters('u', '2011-06'), 'ann 1, bob 2', 'June is of before');
SELECT is(pg_temp.raters('u', '2011-Q3'), 'ann 3, bob 2', 'the third quarter is rated by the raters of its last day');
SELECT kpi.set_rater('skill', 'ann', valid => '[2011-07-01,2012-01-01)'), kpi.set_rater('skill',
	'ann', valid => '[2011-07-01,2012-01-01)');
SELECT is(pg_temp.raters('u', '2012-01'), 'bob 2', 'the days of a rater may end, and the weight stays');
SELECT kpi.set_rater('skill', 'ann', 4);
SELECT results_eq($$ SELECT weight, valid FROM kpi.rater WHERE indicator = 'skill' AND rater = 'ann' ORDER BY valid $$,
	$$ VALUES (1::numeric, daterange '(,2011-07-01)'), (4, '[2011-07-01,2012-01-01)') $$,
	'without days the latest ones change');
SELECT throws_ok($$ SELECT kpi.set_rater('skill', 'ann', 9, valid => '[2011-01-01,2012-01-01)') $$, '23P01',
	'rater "ann" of indicator "skill" has another weight in days of [2011-01-01,2012-01-01)', 'days do not overlap');

-- Judging

SELECT is(kpi.rate('skill', 'u', '2011-08', 70, rater => 'ann'), 70::numeric, 'a rater judges');
SELECT is(pg_temp.raters('u', '2011-08'), 'bob 2', 'another one has still to');
SELECT is(kpi.rate('skill', 'u', date '2011-08-15', 'month', 0.1::float8, 'bob'), 0.1,
	'for the month of a day, by a double');
SELECT is(pg_temp.raters('u', '2011-08'), NULL, 'then all have');
SELECT is(kpi.rate('skill', 'u', '2011-08', '12345678901234567890.5', 'bob'), 12345678901234567890.5,
	'digits are kept');
SELECT is(kpi.rate('skill', 'u', '2011-08', 60, 'bob'), 60::numeric, 'a later judgement');
SELECT results_eq($$ SELECT judgement, rated_by = current_user FROM kpi.rating WHERE indicator = 'skill'
	AND rater = 'bob' $$,
	$$ VALUES (60::numeric, true) $$, 'replaces the former one');
SELECT ok(alike(r.value, 400 / 6::numeric, 1e-15) AND r.denominator = 6, 'the value is of the weights of its last day')
FROM kpi_internal.rated_values('skill', '[2011-08-31,2011-09-01)') AS r;
SELECT is_empty($$ SELECT FROM kpi_internal.rated_values('skill', '[2011-09-01,2011-10-01)') $$,
	'of other days there is none');
SELECT lives_ok($$ SELECT kpi.withdraw('skill', 'u', '2011-08', 'bob') $$, 'a judgement is withdrawn');
SELECT results_eq($$ SELECT value, denominator, raters, raters_expected FROM kpi_internal.rated_values('skill',
	'[2011-01-01,2012-01-01)') $$,
	$$ VALUES (NULL::numeric, NULL::numeric, 1, 2) $$, 'and missing');
SELECT throws_ok($$ SELECT kpi.withdraw('skill', 'u', date '2011-08-02', 'month', 'bob') $$, 'P0002',
	'rater "bob" has not judged unit "u" in 2011-08 for indicator "skill"', 'it cannot be withdrawn twice');
SELECT kpi.set_rater('skill', current_user::text);
SELECT is(kpi.rate('skill', 'u', '2011-08', 50), 50::numeric, 'who judges is you unless given');
SELECT is(count(*), 1::bigint, 'by name') FROM kpi.rating WHERE rater = current_user;
SELECT kpi.define_indicator('manners', kind => 'rated', rating_scale => 'very good:100, good : 80.5'),
	kpi.set_rater('manners', 'ann');
SELECT is(kpi.rate('manners', 'u', '2011-08', 'very good', 'ann'),
	100::numeric, 'a word is worth what the scale says');
SELECT is(kpi.rate('manners', 'v', '2011-08', 90, 'ann'), 90::numeric, 'a number is worth itself');
SELECT results_eq($$ SELECT unit::text, judgement, word FROM kpi.rating WHERE indicator = 'manners' ORDER BY 1 $$,
	$$ VALUES ('u', NULL::numeric, 'very good'), ('v', 90, NULL) $$, 'words are kept as words');
SELECT kpi.define_indicator('manners', rating_scale => 'very good:110');
SELECT is(value, 110::numeric, 'and worth what the scale says now')
FROM kpi_internal.rated_values('manners', '[2011-01-01,2012-01-01)') WHERE unit = 'u';

-- What is refused

SELECT throws_ok(statement, code, message, what)
FROM (VALUES
	($$ SELECT kpi.define_indicator('manners', rating_scale => 'good:80') $$, '22023',
		'judgement "very good" does not exist in the rating_scale of indicator "manners"',
		'a scale that loses a word which was judged'),
	($$ SELECT kpi.define_indicator('manners', kind => 'entered') $$, '23514',
		'indicator "manners" has judgements and cannot be entered', 'another kind for what was judged'),
	($$ SELECT kpi.rate('manners', 'u', '2011-08', 'very god', 'ann') $$, '22023',
		'judgement "very god" does not exist in the rating_scale of indicator "manners"',
		'a word that is not in the scale'),
	($$ SELECT kpi.rate('skill', 'u', '2011-08', 'good', 'ann') $$, '22023',
		'judgement "good" does not exist in the rating_scale of indicator "skill"', 'a word without a scale'),
	($$ SELECT kpi.rate('skill', 'u', '2011-08', NULL::numeric, 'ann') $$, '22004', 'judgement must not be null',
		'no judgement'),
	($$ SELECT kpi.rate('skill', 'u', '2011-08', 'NaN'::float8, 'ann') $$, '22023',
		'judgement NaN is not a finite number', 'NaN'),
	($$ SELECT kpi.rate('skill', 'u', '2011-08', 'infinity'::numeric, 'ann') $$, '22023',
		'judgement Infinity is not a finite number', 'infinity'),
	($$ SELECT kpi.rate('skill', 'u', '2011-08', 'nan', 'ann') $$, '22023', 'judgement NaN is not a finite number',
		'NaN as text'),
	($$ SELECT kpi.rate('skill', 'u', '2011-08', 1e100, 'ann') $$, '22003', NULL, 'a judgement too large'),
	($$ SELECT kpi.rate('skill', 'u', '2011-08', '8o', 'ann') $$, '22P02', NULL,
		'what begins as a number and is none'),
	($$ SELECT kpi.rate('skill', 'u', '2011-08', 80, 'anne') $$, '22023',
		'rater "anne" does not exist for indicator "skill", unit "u" and 2011-08', 'an unknown rater'),
	($$ SELECT kpi.rate('skill', 'u', '2012-08', 80, 'ann') $$, '22023',
		'rater "ann" does not exist for indicator "skill", unit "u" and 2012-08', 'a rater whose days have ended'),
	($$ SELECT kpi.rate('skill', 'u', '2011-08', 80, NULL) $$, '22004', 'rater must not be null', 'no rater'),
	($$ SELECT kpi.rate('skill', 'w', '2011-08', 80, 'ann') $$, '22023', 'unit "w" does not exist', 'an unknown unit'),
	($$ SELECT kpi.rate('skil', 'u', '2011-08', 80, 'ann') $$, '22023', 'indicator "skil" does not exist',
		'an unknown indicator'),
	($$ SELECT kpi.rate('skill', 'u', '2011-W08', 80, 'ann') $$, '22023',
		'grain "week" is not made of whole periods of grain "month", the own one of indicator "skill"',
		'a grain it has no values of'),
	($$ SELECT kpi.set_rater('skill', 'ann', -1) $$, '22023', 'weight -1 of rater "ann" is negative',
		'a negative weight'),
	($$ SELECT kpi.set_rater('skill', 'ann', 'NaN'::float8) $$, '22023', 'weight NaN is not a finite number',
		'no weight'),
	($$ SELECT kpi.set_rater('skill', 'ann', valid => 'empty') $$, '22023', 'rater "ann" would rate on no day',
		'no days'),
	($$ SELECT kpi.set_rater('skill', 'ann', unit => 'w') $$, '22023', 'unit "w" does not exist',
		'an unknown unit of a rater'),
	($$ SELECT kpi.set_rater('skill', '', 1) $$, '22023', 'rater "" cannot be a key', 'a rater without a name'),
	($$ SELECT kpi.set_rater('plain', 'ann') $$, '22023', 'indicator "plain" is entered, not rated',
		'raters of what is not rated'),
	($$ SELECT kpi.rate('plain', 'u', '2011-08', 80, 'ann') $$, '22023', 'indicator "plain" is entered, not rated',
		'judgements of what is not rated'),
	($$ SELECT kpi.set_rater('skill', 'ann', valid => '[2011-07-01,2011-08-01)') $$, '23503',
		'rater "ann" of indicator "skill" has judged unit "u" in 2011-08', 'days without those that were judged'),
	($$ DELETE FROM kpi.rater WHERE indicator = 'skill' AND rater = 'ann' $$, '23503',
		'rater "ann" of indicator "skill" has judged unit "u" in 2011-08', 'deleting who has judged'),
	($$ UPDATE kpi.rating SET unit = 'v' WHERE indicator = 'skill' $$, '23514', NULL, 'moving a judgement'),
	($$ DELETE FROM kpi.unit WHERE unit = 'u' $$, '23503', 'unit "u" has judgements', 'deleting what was judged'),
	($$ DELETE FROM kpi.indicator WHERE indicator = 'skill' $$, '23503', 'indicator "skill" has judgements',
		'deleting by what was judged')) AS r (statement, code, message, what),
	(SELECT kpi.define_indicator('plain')) AS d;
SELECT lives_ok($$ DELETE FROM kpi.rater WHERE indicator = 'skill' AND unit = 'v' $$,
	'a weight may go where another one holds');
UPDATE kpi.unit SET unit = 'x' WHERE unit = 'u';
UPDATE kpi.indicator SET indicator = 'craft' WHERE indicator = 'skill';
SELECT is(count(*), 2::bigint, 'keys that are renamed are renamed in judgements') FROM kpi.rating
	WHERE indicator = 'craft' AND unit = 'x';

-- Who judges writes judgements and nothing else

CREATE ROLE rating_ann;
GRANT SELECT ON kpi.indicator, kpi.unit, kpi.grain, kpi.rater TO rating_ann;
GRANT SELECT, INSERT, UPDATE ON kpi.rating TO rating_ann;
INSERT INTO kpi.access (role, may) VALUES ('rating_ann', 'enter');
SELECT kpi.set_rater('craft', 'rating_ann');
SET ROLE rating_ann;
SELECT is(kpi.rate('craft', 'x', '2011-08', 50), 50::numeric, 'a role judges in its own name');
SELECT throws_ok(statement, '42501', NULL, what)
FROM (VALUES ($$ SELECT kpi.set_rater('craft', 'rating_ann', 9) $$, 'gives itself no weight'),
	($$ SELECT kpi.withdraw('craft', 'x', '2011-08', 'ann') $$, 'withdraws nothing without the right'),
	($$ UPDATE kpi.measurement SET value = 0 $$, 'overwrites no measurement')) AS r (statement, what);
RESET ROLE;
SELECT is(rated_by, 'rating_ann', 'and the server says who wrote it') FROM kpi.rating WHERE rater = 'rating_ann';

SELECT * FROM finish();
ROLLBACK;
