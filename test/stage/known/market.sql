INSERT INTO harness.rounding VALUES ('kpi.concentration_state'), ('kpi.price_volume_mix_state');
