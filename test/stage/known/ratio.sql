INSERT INTO harness.rounding VALUES ('kpi.ratio_state');
