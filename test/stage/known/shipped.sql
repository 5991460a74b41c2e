-- fail() does not return
INSERT INTO harness.on_purpose VALUES ('plpgsql', 'guard_shipped', 'control reached end of function without RETURN');
INSERT INTO harness.on_purpose VALUES ('plpgsql', 'guard_truncate', 'control reached end of function without RETURN');
