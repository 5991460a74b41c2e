INSERT INTO harness.on_purpose VALUES
	('search path', 'define_indicator', 'the source is looked up on the path of the caller'),
	('search path', 'resolve_source', 'so it is here, where it is looked up');
