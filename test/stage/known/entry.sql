-- An entry of somebody else, which may be approved.
INSERT INTO harness.beside_demo VALUES ('entry', $$
	SELECT kpi.define_indicator('typed', kind => 'entered'), kpi.enter('typed', 'acme', '2025-07', 5);
	SET LOCAL session_replication_role = replica;
	UPDATE kpi.entry SET entered_by = 'harness_clerk';
	SET LOCAL session_replication_role = origin$$);
INSERT INTO harness.argument_rule
SELECT '^(enter|approve|withdraw|read_day|.*_entry)$', argument, type::regtype, expression
FROM (VALUES ('indicator', 'text', '''typed''::text'), ('period_start', 'date', '''2025-07-01''::date'),
	('day', 'date', '''2025-07-01''::date'), ('day', 'text', '''2025-07-01''::text'), ('value', 'text', '''5''::text'),
	('numerator', 'numeric', 'NULL::numeric'), ('numerator', 'text', 'NULL::text'),
	('denominator', 'numeric', 'NULL::numeric'), ('denominator', 'text', 'NULL::text'),
	('reason', 'text', '''late''::text')) AS v(argument, type, expression);
INSERT INTO harness.known_call VALUES
	($$SELECT kpi.enter('acme_press', 'acme', '2025-10', 22)$$);
INSERT INTO harness.firing VALUES ('kpi_log_entry', $$DO 'BEGIN
	PERFORM kpi.define_unit(''logged''), kpi.define_indicator(''logged'', combine => ''sum'');
	PERFORM kpi.enter(''logged'', ''logged'', ''2025-07'', 1);
	PERFORM kpi.enter(''logged'', ''logged'', ''2025-07'', 2);
END'$$);
-- fail() does not return
INSERT INTO harness.on_purpose VALUES ('plpgsql', 'read_day', 'control reached end of function without RETURN'),
	('plpgsql', 'obey_typed', 'control reached end of function without RETURN');
