-- What is asked of series; those of the harness have dates.
INSERT INTO harness.argument_rule VALUES
	('^trend$', 'direction', 'text', '''lower''::text'),
	('^trend$', 'min_slope', 'float8', '0.01::float8'),
	('^trend$', 'significance', 'float8', '0.1::float8'),
	('^(seasonal_mann_kendall|trend|change_points|decompose|seasonal_adjust|anomalies)$', 'seasonality', 'float8',
		'1::float8'),
	('^(change_points|decompose|anomalies|control_chart|turning_points|records)$', 'period_type', 'integer', 'NULL::date'),
	('^change_points$', 'method', 'text', '''pelt''::text'),
	('^change_points$', 'penalty', 'float8', '5::float8'),
	('^change_points$', 'min_size', 'float8', '3::float8'),
	('^(change_points|theil_sen|ols_trend)$', 'confidence', 'float8', '0.9::float8'),
	('^(decompose|seasonal_adjust)$', 'method', 'text', '''stl''::text'),
	('^(decompose|seasonal_adjust)$', 'season_window', 'float8', 'NULL::float8'),
	('^(decompose|seasonal_adjust)$', 'multiplicative', 'boolean', 'false'),
	('^anomalies$', 'method', 'text', '''remainder''::text'),
	('^turning_points$', 'kind', 'text', '''peak''::text'),
	('^(anomalies|turning_points)$', 'threshold', 'float8', '2::float8'),
	('^(anomalies|records)$', 'direction', 'text', '''lower''::text');
