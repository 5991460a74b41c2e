INSERT INTO harness.argument_rule VALUES ('^set_benchmark$', 'value', 'text', '''1000''::text');
-- fail() does not return
INSERT INTO harness.on_purpose VALUES ('plpgsql', 'set_benchmark', 'control reached end of function without RETURN');
