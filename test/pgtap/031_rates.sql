-- Every rate is its formula, in all its forms: of two figures, of the sums over
-- rows, of stored sums; numeric and float8. A new one adds a line here.
BEGIN;
\ir lib.sql
SELECT no_plan();

CREATE TEMP TABLE rate (name name PRIMARY KEY, formula text, figures text, scalar name);
INSERT INTO rate VALUES
	('arpu', 'a / b', 'revenue,users', 'ratio'),
	('awareness_rate', 'a / b', 'aware,respondents', 'ratio'),
	('budget_attainment', 'a / b', 'actual,budget', 'budget_attainment'),
	('budget_variance_rate', '(a - b) / b', 'actual,budget', 'roi'),
	('cac', 'a / b', 'spend,new_customers', 'cac'),
	('churn_rate', 'a / b', 'lost,opening', 'churn_rate'),
	('conversion_rate', 'a / b', 'conversions,visits', 'conversion_rate'),
	('expense_share', 'a / b', 'item,total', 'ratio'),
	('favourability_rate', 'a / b', 'favourable,aware', 'ratio'),
	('ltv_cac', 'a / b', 'ltv,cac', 'ltv_cac'),
	('market_share', 'a / b', 'own,market', 'market_share'),
	('new_business_share', 'a / b', 'new_revenue,revenue', 'ratio'),
	('penetration_rate', 'a / b', 'buyers,population', 'ratio'),
	('ratio', 'a / b', 'part,whole', 'ratio'),
	('renewal_rate', 'a / b', 'renewed,due', 'ratio'),
	('resource_efficiency', 'a / b', 'output,input', 'ratio'),
	('response_rate', 'a / b', 'responses,delivered', 'ratio'),
	('retention_rate', 'a / b', 'kept,opening', 'retention_rate'),
	('roas', 'a / b', 'revenue,spend', 'roas'),
	('roi', '(a - b) / b', 'gain,cost', 'roi'),
	('satisfaction_share', 'a / b', 'satisfied,respondents', 'ratio'),
	('timeliness_share', 'a / b', 'timely,due', 'ratio');
SELECT set_eq($$
	SELECT left(a.proname, -4)::name, f.num, array_to_string(a.proargnames, ',')
	FROM pg_proc AS a, (VALUES ('numeric'::regtype), ('float8')) AS f (num)
	WHERE a.pronamespace = 'kpi'::regnamespace AND a.prokind = 'a' AND a.proname LIKE '%\_agg'
		AND a.proname <> 'attainment_agg'
		AND a.proargtypes::regtype[] OPERATOR(pg_catalog.@>) ARRAY[f.num] AND a.pronargs = 2
$$, $$SELECT name, num, figures FROM rate, unnest('{numeric,float8}'::regtype[]) AS num$$,
	'every rate has a line here, and its figures these names');

-- figures of varied sign and size; a NULL now and then, a whole that is 0
CREATE TEMP TABLE figure AS
SELECT i, i % 7 AS g, CASE WHEN i % 11 > 0 THEN (i * 7919 % 2003 - 500) / 100.0 END AS a, CASE WHEN i % 13 > 0
	THEN i * 104729 % 997 / 8.0 END AS b
FROM generate_series(1, 500) AS i
UNION ALL VALUES (501, 8, 1.0, 0.0), (502, 9, 1.0, NULL), (503, 10, NULL, 1.0), (504, 11, NULL, NULL), (505, 12,
	'NaN', 1), (506, 12, 1, 'Infinity');

-- What differs from the formula, of one rate in one form and type.
CREATE FUNCTION pg_temp.differing(name name, scalar name, formula text, num text) RETURNS TABLE (form text,
	rows bigint) LANGUAGE plpgsql AS $$
DECLARE
	guarded text := format('CASE WHEN a - a = 0 AND b - b = 0 AND b <> 0 THEN %s END', formula);
BEGIN
	RETURN QUERY EXECUTE format('SELECT %L, count(*) FILTER (WHERE kpi.%I(a, b) IS DISTINCT FROM (%s)::%s)
		FROM (SELECT a::%4$s, b::%4$s FROM figure) AS f',
		'of two figures', scalar, guarded, num);
	-- the sums of floats are compensated: their digits are those of exact ones
	RETURN QUERY EXECUTE format('
		SELECT form, count(*) FILTER (WHERE CASE %L WHEN ''numeric'' THEN got IS DISTINCT FROM wanted
			ELSE NOT alike(got, wanted, 1e-15) END)
		FROM (SELECT g, %s AS wanted FROM (SELECT g, sum(a) AS a, sum(b) AS b FROM figure GROUP BY g) AS f) AS w
		JOIN (SELECT g, kpi.%I_agg(a::%s, b::%4$s) AS whole FROM figure GROUP BY g) AS x USING (g)
		JOIN (SELECT g, kpi.%5$I(kpi.rollup(s)) AS stored FROM (SELECT g, kpi.ratio_sums(a::%4$s, b::%4$s) AS s
			FROM figure GROUP BY g, i %% 3) AS p GROUP BY g) AS y USING (g),
			LATERAL (VALUES (''over rows'', whole::numeric), (''of stored sums'', stored::numeric)) AS z (form, got)
		GROUP BY form', num, guarded, name, num, scalar);
END $$;
SELECT is(d.rows, 0::bigint, format('%s %s of %s', r.name, d.form, num))
FROM rate AS r, unnest('{numeric,float8}'::text[]) AS num, pg_temp.differing(r.name, r.scalar,
	r.formula, num) AS d ORDER BY r.name, num, d.form;

-- more than two figures, published examples
SELECT is(kpi.cac_payback(5000.0, 500, 0.8), 12.5,
	'a customer who costs 5,000 and earns 400 a month pays back in 12.5 months');
SELECT is(kpi.ltv_cac(500.0, 0.8, 0.02, 5000), 4.0, 'LTV 20,000 to CAC 5,000 is 4');
SELECT is(kpi.share_change(30.0, 120, 20, 100), 0.05, 'from 20 % to 25 % are 5 points');
SELECT is(kpi.word_of_mouth_index(60.0, 15, 100), 0.45, 'net share of positive mentions');

-- exact, with one division; float8 agrees
CREATE TEMP TABLE four AS
SELECT x.*, i FROM generate_series(1, 300::bigint) AS i, LATERAL (SELECT (i * 7919 % 1009) / 10.0 AS a,
	(i * 104729 % 499) / 8.0 AS b, (i * 1299709 % 251 - 20) / 100.0 AS c, (i * 15485863 % 743) / 16.0 AS d) AS x;
SELECT is_empty($$
	SELECT i, f.* FROM four, LATERAL (VALUES
		('cac_payback', kpi.cac_payback(a, b, c), CASE WHEN b * c > 0 THEN a / (b * c) END, kpi.cac_payback(a::float8,
			b, c)),
		('ltv_cac', kpi.ltv_cac(a, b, c, d), a * b / nullif(c * d, 0), kpi.ltv_cac(a::float8, b, c, d)),
		('share_change', kpi.share_change(a, b, c, d), (a * d - c * b) / nullif(b * d, 0), kpi.share_change(a::float8,
			b, c, d)),
		('word_of_mouth_index', kpi.word_of_mouth_index(a, b, d), (a - b) / nullif(d, 0),
			kpi.word_of_mouth_index(a::float8, b, d))) AS f (name, got, wanted, got_float8)
	WHERE got::text IS DISTINCT FROM wanted::text OR NOT alike(got_float8, wanted::float8, 1e-13, 1)
$$, 'rates of more figures are their formulas');
SELECT is_empty($$
	SELECT i % 5 FROM four GROUP BY i % 5
	HAVING kpi.ratio_agg(a - b, d)::text IS DISTINCT FROM kpi.word_of_mouth_index(sum(a), sum(b), sum(d))::text
$$, 'over rows the net share is a ratio of sums');

-- what is undefined is NULL
SELECT is(got, NULL, what) FROM (VALUES
	(kpi.cac_payback(100, 0, 0.5), 'nothing earned'), (kpi.cac_payback(100, 10, -0.5), 'a loss with each customer'),
	(kpi.cac_payback(100.0, 10, -0.5)::float8, 'exact, too'), (kpi.ltv_cac(10, 0.5, 0, 100), 'nobody ever leaves'),
	(kpi.ltv_cac(10.0, 0.5, 0.1, 0)::float8, 'customers for nothing'),
	(kpi.share_change(1, 2, 1, 0), 'no market then'),
	(kpi.share_change(1.0, 0, 1, 2)::float8, 'no market now'), (kpi.word_of_mouth_index(1, 0, 0), 'nobody spoke'),
	(kpi.word_of_mouth_index('NaN'::float8, 0, 1), 'NaN'), (kpi.ltv_cac(1, 'Infinity'::float8, 1, 1), 'infinity'),
	(kpi.share_change('NaN'::numeric, 1, 1, 1)::float8, 'NaN of numeric'), (kpi.ltv_cac(1e308::float8, 1, 1e-300, 1),
		'beyond float8')) AS v (got, what);
SELECT is(kpi.cac_payback(1e300::float8, 1e200, 1e200), 1e-100::float8,
	'a product beyond float8 on the way is no obstacle');

SELECT * FROM finish();
ROLLBACK;
