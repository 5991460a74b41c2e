INSERT INTO harness.on_purpose VALUES
	('HRNUM', 'numeric_sum_total', 'sum(numeric) of the server gives NaN and infinity too'),
	('HRNUM', 'numeric_sum_mean', 'avg(numeric) of the server gives NaN and infinity too');
