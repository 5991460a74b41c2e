-- A year of a real shop: what is collected, derived, typed, judged and evaluated, every figure,
-- against a recomputation in plain SQL that uses nothing of kpi.
-- share: 24
\set ON_ERROR_STOP on
\set file retail/online_retail.csv.gz
\ir data.sql

BEGIN;
\ir lib.sql
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
SET LOCAL work_mem = '64MB';

\if :present

SELECT plan(67);

\o /dev/null
\ir retail/load.sql
\ir retail/define.sql
\o

SELECT results_eq(
	$$SELECT count(*), count(DISTINCT country), count(*) FILTER (WHERE customer IS NULL),
			count(*) FILTER (WHERE invoice LIKE 'C%'), count(*) FILTER (WHERE country = 'Unspecified'),
			sum(quantity * price), max(sold_at)::date
		FROM recount.raw$$,
	$$VALUES (541909::bigint, 38::bigint, 135080::bigint, 9288::bigint, 446::bigint, 9747747.934, date '2011-12-09')$$,
	'the data is the data these tests know');

SELECT lives_ok(
	$$CALL kpi.collect('2010-12', '2011-12-09', commit_each => false)$$,
	'a year is collected inside a transaction');

\o /dev/null
\ir retail/targets.sql
\ir retail/recount.sql
\ir retail/score.sql
\ir retail/compare.sql
SELECT kpi.refresh_results();
\o

\ir retail/check.sql

\o /dev/null
\ir retail/kinds.sql
\o
\ir retail/kinds_check.sql

\else

SELECT plan(1);
SELECT skip_without(:'file', 1);

\endif

SELECT * FROM finish();
ROLLBACK;
