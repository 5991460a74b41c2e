-- A table that can be watched, and what was told of it.
CREATE TABLE harness.watched (day date, amount integer);
INSERT INTO harness.argument_rule VALUES ('^(un)?watch$|^drop_watched$', 'source', 'text', '''harness.watched''');
INSERT INTO harness.on_purpose VALUES
	('search path', 'watch', 'the source is looked up on the path of the caller'),
	('search path', 'unwatch', 'the source is looked up on the path of the caller');
