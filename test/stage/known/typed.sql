-- A unit with a value moves under another.
INSERT INTO harness.firing VALUES ('kpi_follow_tree', $$DO 'BEGIN
	PERFORM kpi.define_unit(''above''), kpi.define_unit(''beside'');
	PERFORM kpi.define_indicator(''moving'', kind => ''entered'', combine => ''sum'');
	PERFORM kpi.enter(''moving'', ''beside'', ''2025-07'', 1);
	PERFORM kpi.define_unit(''beside'', parent => ''above'');
END'$$);
