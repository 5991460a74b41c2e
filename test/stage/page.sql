-- Pages for the stage "page": of the demo, and of scorecards that are hard to draw.
SET client_min_messages = warning;
SELECT kpi.load_demo();
CALL kpi.collect('2024-01', '2025-12');

-- names that are markup, very long, wide, from right to left; figures of every size; 40 nodes; one; nothing
DO $$
DECLARE
	names CONSTANT text[] := ARRAY['<b>bold</b> & "quoted" ''name''', repeat('Wm', 40),
		U&'\0645\0628\064A\0639\0627\062A \0627\0644\0634\0631\0643\0629',
		repeat(U&'\5BA2\6237\6D41\5931\7387', 12), 'Plain', rpad('a', 63, '_x')];
	amounts CONSTANT numeric[] := ARRAY[12, 0, -40, 123456789012345, 0.0001, 900];
	key text;
BEGIN
	PERFORM kpi.define_unit(rpad('u', 63, '_y'), name => repeat('Unit "of" <names> ', 8)), kpi.define_unit('below', name
		=> names[3], parent => rpad('u', 63, '_y')),
		kpi.define_unit('beside', name => names[2], parent => rpad('u', 63, '_y'));
	PERFORM kpi.define_scorecard('hard', name => names[1]), kpi.define_scorecard('single', name => names[2]),
		kpi.define_scorecard('empty', name => names[3]);
	FOR i IN 1..5 LOOP
		PERFORM kpi.define_node('hard', 'group' || i, name => names[i], weight => i);
	END LOOP;
	FOR i IN 1..40 LOOP
		key := rpad('k' || i, CASE i % 5 WHEN 0 THEN 63 ELSE 4 END, '_z');
		PERFORM kpi.define_indicator(key, name => names[1 + i % 6] || ' ' || i, kind => 'entered', combine => 'sum', decimals
			=> i % 4,
			unit_of_measure => (ARRAY['%', 'EUR', '', U&'\5143',
				'parts/week & worker of the department'])[1 + i % 5], direction => (ARRAY['higher', 'lower',
				'target'])[1 + i % 3]);
		PERFORM kpi.set_weight('hard', key, parent => 'group' || 1 + i % 5, weight => i);
		PERFORM kpi.set_target(key, rpad('u', 63, '_y'), '2025', 1000 + i);
		FOR m IN 1..12 LOOP
			PERFORM kpi.enter(key, u, format('2025-%s', to_char(m, 'FM00')), amounts[1 + (i + m) % 6] * (1 + m % 3))
			FROM unnest(ARRAY[rpad('u', 63, '_y'), 'below', 'beside']) AS u WHERE (i + m) % 9 > 0;
		END LOOP;
	END LOOP;
	PERFORM kpi.define_indicator('only', kind => 'entered', combine => 'sum'), kpi.set_weight('single', 'only', weight =>
		1);
	PERFORM kpi.set_target('only', 'below', '2025', 100), kpi.enter('only', 'below', '2025-03', 900);
	-- what is done about it, what is feared and what is said, in the same names
	FOR i IN 1..6 LOOP
		PERFORM kpi.define_action('a' || i, rpad('u', 63, '_y'), name => names[i], indicator => rpad('k' || i * 5, 63, '_z'),
			responsible => names[1 + i % 6], begins => '2025-01-01', due => CAST(format('%s-01-31', 2025 + i * 10) AS date),
			expected => amounts[i], state => (ARRAY['plan', 'do', 'check'])[1 + i % 3]);
		PERFORM kpi.define_risk('r' || i, rpad('u', 63, '_y'), rpad('k' || i * 5, 63, '_z'), amounts[i], name => names[i],
			action => CASE WHEN i < 4 THEN 'a' || i END);
		PERFORM kpi.add_remark(rpad('u', 63, '_y'), '2025-09', names[i], scorecard => 'hard');
		PERFORM kpi.define_objective('o' || i, name => names[i],
			perspective => (ARRAY['financial', 'customer', 'process'])[1 + i % 3]),
			kpi.link_indicator(rpad('k' || i * 5, 63, '_z'), 'o' || i);
	END LOOP;
	INSERT INTO kpi.objective_link (cause, effect) VALUES ('o1', 'o2'), ('o3', 'o4'), ('o1', 'o6'), ('o5', 'o3');
	-- and of the demo, for which there are people
	PERFORM kpi.define_action('call', 'acme', name => 'Call back every customer who complained',
		indicator => 'acme_churn',
			responsible => 'Customer service', begins => '2025-10-01', due => '2025-11-30', expected => -0.005, state => 'do'),
		kpi.define_risk('flight', 'acme', 'acme_churn', 0.025, name => 'Customers leave', action => 'call'),
		kpi.add_remark('acme', '2025-10', 'Two large ones left.', scorecard => 'acme_marketing', indicator => 'acme_churn');
END
$$;
SELECT kpi.refresh_results();
CREATE TABLE page (name text PRIMARY KEY, html text);
SET kpi.language = 'en';
INSERT INTO page VALUES ('en', kpi.report_html('acme_marketing', 'acme', '2025-10')),
	('quarter', kpi.report_html('acme_marketing', 'eastland', '2025-Q3')),
	('many', kpi.report_html('acme_marketing', '{acme,eastland}'::text[], '2025-10')),
	('hard', kpi.report_html('hard', rpad('u', 63, '_y'), '2025-09')),
	('single', kpi.report_html('single', 'below', '2025-03')),
	('empty', kpi.report_html('empty', 'below', '2025-03'));
SET kpi.language = 'zh';
INSERT INTO page VALUES ('zh', kpi.report_html('acme_marketing', 'acme', '2025-10')),
	('hard_zh', kpi.report_html('hard', rpad('u', 63, '_y'), '2025-09'));
RESET kpi.language;
-- what only a map of objectives, a funnel and cohorts show
INSERT INTO page
SELECT 'pictures', '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>pictures</title>' || p.style ||
	'<body>'
	|| string_agg(format('<div class="%s">%s</div>', CASE WHEN v.w > 340 THEN 'w' ELSE 'n' END, v.svg), E'\n') ||
		'</body></html>'
FROM (SELECT substring(html FROM '<style>.*?</style>') AS style FROM page WHERE name = 'en') AS p,
	LATERAL (
		SELECT w, kpi.strategy_map('{s,g,w,k,r,c,t,i,o,p}',
			'{Financial,Financial,Customer,Customer,Customer,Process,Process,Process,Learning,Learning}',
			ARRAY['Spend where it pays', repeat('Long name of an objective ', 4), 'Win customers', 'Keep customers',
				'Be recommended', 'Cheaper new customers', 'Turn visits into orders',
				'Settle complaints in time', repeat(U&'\6D3B\52A8\6309\65F6\5B8C\6210\7387', 5), 'Train people'],
					'{87.9,101,86,70,NULL,79,91,76,100,67}', '{0,1,0,0,NULL,0,1,0,1,-1}',
			'{w,k,o,p,p,c,c,i,i,t,p}', '{g,g,c,i,t,w,s,k,r,w,g}', w) AS svg FROM unnest('{720,340}'::float8[]) AS w
		UNION ALL
		SELECT w, kpi.funnel_chart(ARRAY['Visits', repeat('Leads of any kind ', 9), 'Orders', 'New', 'None'],
			'{19712,1638,561,59,0}', w) FROM unnest('{720,340}'::float8[]) AS w
		UNION ALL
		SELECT w, kpi.heat_map(array_agg('2024-Q' || u ORDER BY u, m), array_agg('+' || m ORDER BY u, m), array_agg(1 - u * m
			* 0.01 ORDER BY u, m), unit_of_measure => '%', width => w)
		FROM generate_series(1, 5) AS u, generate_series(0, 8) AS m, unnest('{720,340}'::float8[]) AS w WHERE u + m < 9 GROUP
			BY w
		UNION ALL
		SELECT w, kpi.fishbone('Effect', 70, array_agg(repeat('Bone ', 1 + b) || b ORDER BY b, c), array_agg(repeat('Cause ',
			c) || c ORDER BY b, c),
			array_agg(CAST(b * c AS float8) ORDER BY b, c), array_agg(CAST(c % 3 - 1 AS float8) ORDER BY b, c),
				'so many points lost', width => w)
		FROM generate_series(1, 4) AS b, generate_series(1, 8) AS c, unnest('{720,340}'::float8[]) AS w GROUP BY w) AS v (w,
			svg)
GROUP BY p.style;
