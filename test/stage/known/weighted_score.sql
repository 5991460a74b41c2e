INSERT INTO harness.rounding VALUES ('kpi.weighted_state');
