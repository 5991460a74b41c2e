-- An indicator that two people judge, one of them has.
INSERT INTO harness.beside_demo VALUES ('rating', $$
	SELECT kpi.define_indicator('judged', kind => 'rated', rating_scale => 'good:80, bad:20');
	SELECT kpi.set_rater('judged', 'ann'), kpi.set_rater('judged', 'bob');
	SELECT kpi.rate('judged', 'acme', '2025-07', 'good', rater => 'ann')$$);
INSERT INTO harness.argument_rule
SELECT '^(rate|set_rater|raters_of|rated_values|put_judgement|require_rate[dr]|(put|withdraw)_rating)$',
	argument, type::regtype, expression
FROM (VALUES ('indicator', 'text', '''judged''::text'), ('rater', 'text', '''ann''::text'),
	('period_start', 'date', '''2025-07-01''::date'), ('day', 'date', '''2025-07-01''::date'),
	('judgement', 'text', '''good''::text'), ('judgement', 'numeric', '80::numeric'),
	('word', 'text', 'NULL::text')) AS v(argument, type, expression);
INSERT INTO harness.argument_rule VALUES
	('^put_rater$', 'wanted', 'kpi.rater', $$(SELECT jsonb_populate_record(r, '{"rater": "eve"}')
		FROM kpi.rater AS r WHERE r.rater = 'ann')$$);
INSERT INTO harness.known_call VALUES
	($$SELECT kpi.rate('acme_teamwork', 'acme', '2025-10', 'good', 'finance')$$);
