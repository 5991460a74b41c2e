INSERT INTO harness.on_purpose VALUES
	('refused', 'fail', 'it only fails'), ('refused', 'fail_unknown', 'it only fails'),
	('refused', 'fail_source', 'it only fails'), ('refused', 'no_key', 'it only fails');
