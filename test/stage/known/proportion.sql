-- Successes among trials.
INSERT INTO harness.rounding VALUES ('kpi_internal.rate_prior_state');
INSERT INTO harness.column_rule VALUES
	('^rate_prior$', 'successes', 'float8', $$(harness.h(i, g, 1) % 10)::float8$$),
	('^rate_prior$', 'trials', 'float8', $$(10 + harness.h(i, g, 2) % 10)::float8$$);
INSERT INTO harness.argument_rule VALUES
	('^(wilson_ci|shrunk_rate)$', 'trials', 'float8', '9::float8'),
	('^(newcombe_ci|ab_test)$', 'trials_1', 'float8', '9::float8'),
	('^(newcombe_ci|ab_test)$', 'trials_2', 'float8', '9::float8'),
	('^shrunk_rate$', 'prior_mean', 'float8', '0.5::float8');
