INSERT INTO harness.argument_rule VALUES ('', 'direction', 'text', '''higher''::text');
