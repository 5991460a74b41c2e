-- What is compared over each table of facts.  The limits hold for two million
-- wide rows; elsewhere the figures are only shown.
--
-- psql variables: facts, limited

SET search_path = :facts;

CALL bench.compare('numeric attainment over rows',
	'SELECT kpi.attainment_agg(actual, target) FROM facts',
	'SELECT sum(actual) / nullif(sum(target), 0) FROM facts',
	0.66, 0.55, limited => :limited);
CALL bench.compare('floor: the scan alone',
	'SELECT count(target) FROM facts',
	'SELECT sum(actual) / nullif(sum(target), 0) FROM facts');
CALL bench.compare('numeric attainment over rows, 1000 groups',
	'SELECT count(k) FROM (SELECT kpi.attainment_agg(actual, target) AS k FROM facts GROUP BY unit) AS s',
	'SELECT count(k) FROM (SELECT sum(actual) / nullif(sum(target), 0) AS k FROM facts GROUP BY unit) AS s',
	0.80, 0.72, limited => :limited);
CALL bench.compare('floor: the scan alone, 1000 groups',
	'SELECT count(k) FROM (SELECT count(target) AS k FROM facts GROUP BY unit) AS s',
	'SELECT count(k) FROM (SELECT sum(actual) / nullif(sum(target), 0) AS k FROM facts GROUP BY unit) AS s');
CALL bench.compare('numeric weighted score',
	'SELECT kpi.weighted_score(actual, target) FROM facts',
	'SELECT sum(actual * target) / nullif(sum(target), 0) FROM facts');
CALL bench.compare('float8 weighted score',
	'SELECT kpi.weighted_score(score, weight) FROM facts',
	'SELECT sum(score * weight) / nullif(sum(weight), 0) FROM facts',
	0.95, 0.90, limited => :limited);
CALL bench.compare('float8 attainment over rows',
	'SELECT kpi.attainment_agg(score, weight) FROM facts',
	'SELECT sum(score) / nullif(sum(weight), 0) FROM facts');
CALL bench.compare('float8 weighted score, 200,000 groups',
	'SELECT count(k) FROM (SELECT kpi.weighted_score(score, weight) AS k FROM facts GROUP BY day, unit) AS s',
	'SELECT count(k) FROM (SELECT sum(score * weight) / nullif(sum(weight), 0) AS k FROM facts GROUP BY day, unit) AS s',
	1.05, 1.00, limited => :limited);
SET jit = on;
CALL bench.compare('float8 weighted score, JIT',
	'SELECT kpi.weighted_score(score, weight) FROM facts',
	'SELECT sum(score * weight) / nullif(sum(weight), 0) FROM facts',
	1.05, 1.00, limited => :limited);
RESET jit;
CALL bench.compare('scan: float8 weighted score',
	'SELECT kpi.weighted_score(score, weight) FROM facts',
	'SELECT count(weight) FROM facts',
	1.12, 1.08, limited => :limited);
CALL bench.compare('scan: float8 attainment over rows',
	'SELECT kpi.attainment_agg(score, weight) FROM facts',
	'SELECT count(weight) FROM facts',
	1.14, 1.08, limited => :limited);
CALL bench.compare('scan: numeric attainment over rows',
	'SELECT kpi.attainment_agg(actual, target) FROM facts',
	'SELECT count(target) FROM facts',
	1.30, 1.22, limited => :limited);
CALL bench.compare('scan: numeric weighted score',
	'SELECT kpi.weighted_score(actual, target) FROM facts',
	'SELECT count(target) FROM facts',
	1.30, 1.22, limited => :limited);
CALL bench.compare('numeric attainment of a row',
	'SELECT count(kpi.attainment(actual, target)) FROM facts',
	'SELECT count((actual / nullif(target, 0))::float8) FROM facts',
	0.32, 0.25, limited => :limited);
CALL bench.compare('floor: a call with the same arguments',
	'SELECT count(kpi.attainment(score, weight)) FROM facts',
	'SELECT count((actual / nullif(target, 0))::float8) FROM facts');
