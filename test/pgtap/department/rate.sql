-- Who judges, and how.

SELECT kpi.set_rater('collaboration', r.rater, weight => r.weight)
FROM (VALUES ('head', 2), ('sales', 1), ('service', 1)) r (rater, weight);
SELECT kpi.rate('collaboration', 'firm', r.period, r.judgement, rater => r.rater)
FROM (VALUES ('2011-H1', 'head', 80), ('2011-H1', 'sales', 70), ('2011-H1', 'service', 95), ('2011-H2', 'head', 85),
	('2011-H2', 'sales', 90)) r (period, rater, judgement);
SELECT kpi.set_rater('morale', 'person_' || p) FROM generate_series(1, 5) AS p;
SELECT kpi.rate('morale', 'firm', '2011-H2', r.judgement, rater => r.rater)
FROM (VALUES ('person_1', 60), ('person_2', 72), ('person_3', 90), ('person_4', 71), ('person_5', 80)) r (rater,
	judgement);
SELECT kpi.set_rater('customer_quality', r) FROM unnest('{sales,service,finance}'::text[]) AS r;
SELECT kpi.rate('customer_quality', 'firm', '2011-Q3', r.judgement, rater => r.rater)
FROM (VALUES ('sales', 'high'), ('service', 'middle'), ('finance', 'middle')) r (rater, judgement);
