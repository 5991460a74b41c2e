-- Trees and dimensions of a few elements.
INSERT INTO harness.argument_rule VALUES
	('^change_tree$', 'nodes', 'text[]', '''{a, b, c}''::text[]'),
	('^change_tree$', 'parents', 'text[]', '''{NULL, a, a}''::text[]'),
	('^change_tree$', 'before', 'float8[]', '''{NULL, 1, 2}''::float8[]'),
	('^change_tree$', 'after', 'float8[]', '''{NULL, 3, 4}''::float8[]'),
	('^adtributor$', 'dimensions', 'text[]', '''{d, d, e}''::text[]'),
	('^adtributor$', 'elements', 'text[]', '''{a, b, c}''::text[]'),
	('^adtributor$', 'forecast', 'float8[]', '''{1, 2, 3}''::float8[]'),
	('^adtributor$', 'actual', 'float8[]', '''{2, 2, 4}''::float8[]'),
	('^adtributor$', 'min_power', 'float8', '0.6::float8'),
	('^adtributor$', 'min_element_power', 'float8', '0.2::float8');
-- Words and numbers of relations; series of their own are in the file of series.
INSERT INTO harness.argument_rule VALUES
	('^correlations$', 'method', 'text', '''kendall''::text'),
	('^correlations$', 'min_overlap', 'float8', '5::float8'),
	('^correlations$', 'confidence', 'float8', '0.9::float8'),
	('^(correlations|partial_correlations|lead_lags|driver_ranking)$', 'keys', 'text[]', '''{a, b, c}''::text[]'),
	('^(lead_lag|lead_lags)$', 'max_lag', 'float8', '3::float8'),
	('^(lead_lag|lead_lags)$', 'prewhiten', 'text', '''ar''::text'),
	('^granger$', 'order', 'float8', '2::float8');
-- Values of a few keys, each of a period of its own.
INSERT INTO harness.column_rule VALUES
	('^corr_matrix$', 'key', 'text', $$('k' || harness.h(i, g, 1) % 5)$$),
	('^corr_matrix$', 'period', 'date', $$(date '2000-01-01' + i::integer)$$),
	('^corr_matrix$', 'period', 'timestamp', $$(timestamp '2000-01-01' + i * interval '1 hour')$$),
	('^corr_matrix$', 'period', 'timestamptz', $$(timestamptz '2000-01-01 00:00+00' + i * interval '1 hour')$$),
	('^corr_matrix$', 'period', 'float8', $$i::float8$$);
INSERT INTO harness.large_column VALUES
	('^corr_matrix$', 'key', '''k'' || harness.h(i, 0, 1) % 20', NULL),
	('^corr_matrix$', 'period', 'date ''2000-01-01'' + i::integer % 100000', 'date'),
	('^corr_matrix$', 'period', 'timestamp ''2000-01-01'' + i * interval ''1 hour''', 'timestamp'),
	('^corr_matrix$', 'period', 'timestamptz ''2000-01-01 UTC'' + i * interval ''1 hour''', 'timestamptz'),
	('^corr_matrix$', 'period', 'i', 'float8');
INSERT INTO harness.argument_rule VALUES
	('^pairs$', 'method', 'text', '''spearman''::text'),
	('^pairs$', 'min_overlap', 'float8', '5::float8'),
	('^pairs$', 'confidence', 'float8', '0.9::float8');
