-- fail() does not return
INSERT INTO harness.on_purpose VALUES ('plpgsql', 'guard_counts', 'control reached end of function without RETURN');
