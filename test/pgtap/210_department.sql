-- The market support and the customer development department of a made-up company: every template of the
-- catalogue adopted, from rows to scores, each figure against plain SQL that uses nothing of kpi.
-- share: 15
\set ON_ERROR_STOP on

BEGIN;
\ir lib.sql
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;

SELECT no_plan();

SELECT alike(kpi.load_department('market_support'), '%79 indicators, of which it shows 13.', 'a department');
SELECT alike(kpi.load_department('customer_development'), '%79 indicators, of which it shows 15.',
	'and the other one');
SELECT throws_ok($$SELECT kpi.load_department('market_support')$$, '42710',
	'department "market_support" is loaded already', 'which is loaded once');
SELECT throws_ok($$SELECT kpi.load_department('market')$$, '22023', 'unrecognized department "market"',
	'or not at all');
SELECT is(kpi.define_indicator('firm_sales_to_date', perspective => 'financial', formula => 'ytd(firm_sales)'),
	'firm_sales_to_date', 'an indicator beside them');

SELECT is_empty(
	$$SELECT indicator, sqlstate, error FROM kpi.run_step WHERE state <> 'collected'$$,
	'every step succeeded');

\o /dev/null
\ir department/recount.sql
\ir department/score.sql
\o

-- One test an indicator; a failure shows the first of the figures that differ.
SELECT is_empty(
	format(
		'SELECT coalesce(m.unit, a.unit) AS unit, coalesce(m.grain, a.grain) AS grain, coalesce(m.period_start, a.first) AS '
			'first,
			m.value, a.value AS wanted
		FROM (SELECT * FROM recount.stored WHERE indicator = %1$L AND value IS NOT NULL) m
			FULL JOIN (SELECT * FROM recount.actual WHERE indicator = %1$L AND value IS NOT NULL) a
				ON (a.unit, a.grain, a.first) = (m.unit, m.grain, m.period_start)
		WHERE NOT alike(m.value, a.value, 1e-15, 1)
		ORDER BY 1, 2, 3 LIMIT 8', i.name),
	format('%s: %s figures compared', i.name,
		(SELECT count(*) FROM recount.actual a WHERE a.indicator = i.name AND a.value IS NOT NULL)))
FROM (SELECT CAST(substr(indicator, 6) AS text) FROM kpi.indicator) i (name) ORDER BY i.name;

SELECT cmp_ok((SELECT count(*) FROM recount.actual WHERE value IS NOT NULL), '>', 9000::bigint,
	'thousands of figures were compared');
SELECT is_empty(
	$$SELECT CAST(substr(indicator, 6) AS text) FROM kpi.indicator
		EXCEPT SELECT indicator FROM recount.actual WHERE value IS NOT NULL$$,
	'no indicator is without a figure');

SELECT is_empty(
	$$SELECT e.*, s.score AS wanted
		FROM recount.scored s
			FULL JOIN (
				SELECT c.scorecard, u.unit, r.node, r.score
				FROM (VALUES ('market_support'), ('customer_development')) c (scorecard)
					CROSS JOIN (VALUES ('firm', 'firm'), ('firm_north', 'north')) u (key, unit)
					CROSS JOIN LATERAL kpi.evaluate(c.scorecard, u.key, '2011-Q3') r) e
				ON (e.scorecard, e.unit, e.node) = (s.scorecard, s.unit, s.node)
		WHERE NOT alike(e.score, s.score, 1e-15, 1)$$,
	'scores of both departments, for the firm and a region');
SELECT cmp_ok((SELECT count(*) FROM recount.scored WHERE score IS NOT NULL), '>=', 50::bigint,
	'fifty scores and more');

SELECT is((SELECT count(*) FROM kpi.measurement WHERE provisional), 0::bigint,
	'nothing is provisional: all of it is over');

CREATE TABLE recount.before AS SELECT * FROM kpi.measurement;
CALL kpi.collect('2010-01', '2011-12', commit_each => false);
SELECT set_eq('SELECT * FROM kpi.measurement', 'SELECT * FROM recount.before', 'collected again, all is as it was');

SELECT * FROM finish();
ROLLBACK;
