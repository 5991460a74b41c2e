INSERT INTO harness.known_call VALUES
	($$SELECT kpi.set_target('acme_revenue', 'acme', '2025-05', 1000, replace => true, reason => 'late')$$);
INSERT INTO harness.on_purpose VALUES
	('HRNUM', 'share_by_days', 'it is given what targets may be, and gives it back');
