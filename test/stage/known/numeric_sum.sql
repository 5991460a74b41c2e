INSERT INTO harness.on_purpose VALUES
	('HRNUM', 'numeric_sum_total', 'sum(numeric) of the server gives NaN and infinity too'),
	('HRNUM', 'numeric_sum_mean', 'avg(numeric) of the server gives NaN and infinity too');
-- Partial sums at both ends of bigint are out of range where the whole is not.
INSERT INTO harness.column_rule VALUES
	('^bigint_total$', 'value', 'bigint',
		$$(CASE WHEN harness.h(i, g, 1) % 9 > 0 THEN harness.h(i, g, 2) - 500000000 END)::bigint$$);
