-- A table whose partitions lie on three servers, the same rows here, and
-- indicators of each kind of state over both.
CREATE TABLE harness.far_sale (day date, at timestamptz, region text, customer integer, buyer uuid, amount numeric,
	weight float8)
	PARTITION BY RANGE (day);
DO $$
BEGIN
	FOR year IN 2010 .. 2012 LOOP
		EXECUTE format('CREATE SERVER part%s FOREIGN DATA WRAPPER postgres_fdw
			OPTIONS (host %L, port %L, dbname %L, async_capable ''true'', use_remote_estimate ''true'')', year,
			current_setting('unix_socket_directories'), current_setting('port'), 'part' || year);
		EXECUTE format('CREATE USER MAPPING FOR CURRENT_USER SERVER part%s OPTIONS (user %L)', year, current_user);
		EXECUTE format('CREATE FOREIGN TABLE harness.far_%s PARTITION OF harness.far_sale
			FOR VALUES FROM (%L) TO (%L) SERVER part%1$s OPTIONS (schema_name ''public'', table_name ''sale'')', year,
			year || '-01-01', year + 1 || '-01-01');
	END LOOP;
END $$;
CREATE TABLE harness.near_sale AS SELECT * FROM harness.far_sale;
SELECT kpi.define_unit('far_company') \g /dev/null
SELECT kpi.define_unit(r, 'far_company') FROM unnest('{r0,r1,r2}'::text[]) AS r \g /dev/null
SELECT kpi.define_indicator(place || '_' || n, source => 'harness.' || place || '_sale', time_column => t,
	unit_column => 'region',
	numerator => e, denominator => d, combine => c, time_zone => 'Asia/Shanghai')
FROM (VALUES ('far'), ('near')) AS p (place),
	(VALUES (1, 'day', 'sum(amount)', 'count(*)', 'rows'), (2, 'at', 'avg(amount)', NULL, 'rows'),
		(3, 'day', 'count(DISTINCT customer)', NULL, 'rows'), (4, 'at', 'count(DISTINCT buyer)', NULL, 'rows'),
		(5, 'day', 'percentile_disc(0.5) WITHIN GROUP (ORDER BY amount)', NULL, 'rows'),
		(6, 'day', 'max(amount) - min(customer)', NULL, 'rows'), (7, 'at', 'sum(amount)', NULL, 'last'),
		(8, 'day', 'kpi.ratio_agg(amount, customer)', NULL, 'rows'), (9, 'day', 'sum(weight)', NULL, 'rows'),
		(10, 'day', 'kpi.repeat_rate(customer)', NULL, 'rows'), (11, 'at', 'kpi.nps(customer % 11)', NULL, 'rows'),
		(12, 'day', 'kpi.median_survival(kpi.survival(weight, customer % 2 = 0))', NULL, 'rows'),
		(13, 'at', 'kpi.new_keys(kpi.first_seen(buyer, at), timestamptz ''2010-07-01'', ''2012-03-01'')', NULL, 'rows'),
		(14, 'day', 'kpi.hhi(amount)', NULL, 'rows'), (15, 'day', 'kpi.gini(weight)', NULL, 'rows'),
		(16, 'at', 'kpi.window_funnel(''3 days'', at, customer % 5)', NULL, 'rows'),
		(17, 'day', 'kpi.customer_churn(customer % 2 = 0, weight > 20)', NULL, 'rows'))
	AS i (n, t, e, d, c) \g /dev/null
SET client_min_messages = warning;
CALL kpi.collect('2010', '2012');
RESET client_min_messages;

CREATE VIEW harness.server_verdict AS
SELECT CASE WHEN i.measured > 100 AND i.differ = 0 THEN 'ok' ELSE 'not ok' END, i.numerator,
	   format('%s measurements, of which %s are others than those of the same rows here', i.measured, i.differ)
FROM (SELECT i.numerator, count(f.value) AS measured,
			 count(*) FILTER (WHERE (f.value, f.numerator, f.row_count) IS DISTINCT
			   FROM (n.value, n.numerator, n.row_count)) AS differ
	  FROM kpi.indicator AS i
		  LEFT JOIN (SELECT * FROM kpi.measurement AS m WHERE m.indicator LIKE 'far\_%') AS f ON f.indicator = i.indicator
		  FULL JOIN (SELECT * FROM kpi.measurement AS m WHERE m.indicator LIKE 'near\_%') AS n
			  ON 'far' || substr(n.indicator, 5) = f.indicator AND n.unit = f.unit AND n.grain = f.grain
			    AND n.period_start = f.period_start
	  WHERE i.indicator LIKE 'far\_%' OR i.indicator IS NULL
	  GROUP BY i.numerator) AS i
UNION ALL
SELECT CASE WHEN count(*) = 0 THEN 'ok' ELSE 'not ok' END, 'all of them collected', string_agg(s.error, '; ')
FROM kpi.run_step AS s WHERE s.state = 'failed';
