-- Collections, and what those at work are at.

CREATE VIEW kpi.v_run WITH (security_invoker = true) AS
SELECT r.run,
	   CAST(kpi_internal.run_state(CAST(ROW (r.*) AS kpi.run)) AS varchar(7)) AS run_state,
	   CAST(kpi_internal.run_progress(CAST(ROW (r.*) AS kpi.run)) AS varchar(1000)) AS run_progress,
	   r.from_date AS first_day,
	   r.to_date - 1 AS last_day,
	   r.started AS started_at,
	   r.finished AS finished_at,
	   CAST(r.who AS varchar(63)) AS collector,
	   r.indicators AS indicators_asked,
	   CAST((SELECT count(*) FROM kpi.run_step AS s WHERE s.run = r.run) AS integer) AS indicators_done,
	   CAST((SELECT count(*) FROM kpi.run_step AS s WHERE s.run = r.run AND s.state = 'failed') AS integer) AS indicators_failed
FROM kpi.run AS r;
COMMENT ON VIEW kpi.v_run IS
'One row per collection: whether it runs, is done or has died, and what it is at. '
'Key: run. Steps count once they are committed; run_progress is reported at once, within a step too.';
