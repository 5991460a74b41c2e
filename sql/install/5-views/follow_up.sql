-- What became of actions, which risks have come true, and what is to be done next.

CREATE TYPE kpi.measured_effect AS (
	before_mean float8,
	after_mean float8,
	change float8,
	expected float8,
	share_of_expected float8,
	n_before integer,
	n_after integer,
	lower float8,
	upper float8,
	verdict text
);
COMMENT ON TYPE kpi.measured_effect IS 'What an action did to its indicator, as kpi.action_effect() measures it.';
--@ for column | says
--@ | before_mean | Mean of the values of the periods before it began.
--@ | after_mean | Mean of the values of the periods after it was done.
--@ | change | after_mean less before_mean.
--@ | expected | The change that was expected; NULL for none.
--@ | share_of_expected | change by expected; NULL without one, and from 0.
--@ | n_before | Values before.
--@ | n_after | Values after.
--@ | lower | Lower natural limit of the values before; NULL of less than 6.
--@ | upper | Upper natural limit of the values before; NULL of less than 6.
--@ | verdict | improved, worsened, mixed, no_signal or too_few, by the control chart of the values before.
COMMENT ON COLUMN kpi.measured_effect.@column@ IS '@says@';
--@ end

-- in order, numbered, so that a period without a value is no gap in a run
CREATE FUNCTION kpi_internal.effect_values(action kpi.action)
	RETURNS TABLE (n float8, value float8, is_before boolean, is_after boolean)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 50
BEGIN ATOMIC
	SELECT CAST(row_number() OVER (ORDER BY m.period_start) AS float8), CAST(m.value AS float8),
		   kpi_internal.period_end(m.grain, m.period_start) <= (action).begins, coalesce(m.period_start > (action).done_on, false)
	FROM kpi.measurement AS m JOIN kpi.indicator AS i ON i.indicator = m.indicator AND m.grain = i.grain
	WHERE m.indicator = (action).indicator AND m.unit = (action).unit AND NOT m.provisional
		AND m.value > '-Infinity' AND m.value < 'Infinity';
END;
COMMENT ON FUNCTION kpi_internal.effect_values(kpi.action) IS
'The values of the indicator of an action for its unit, numbered. Those before it began and those after it was done.';

CREATE FUNCTION kpi_internal.effect_verdict(action kpi.action, n_before integer, n_after integer)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CASE WHEN effect_verdict.n_before < 6 OR effect_verdict.n_after = 0 THEN 'too_few'
				WHEN good AND bad THEN 'mixed' WHEN good THEN 'improved' WHEN bad THEN 'worsened' ELSE 'no_signal' END
	FROM (SELECT coalesce(bool_or(s.side = s.wanted), false) AS good, coalesce(bool_or(s.side <> s.wanted), false) AS bad
		  FROM (SELECT sign(c.value - c.center_line) AS side,
					   CASE i.direction WHEN 'higher' THEN 1 WHEN 'lower' THEN -1
							-- towards the target
							ELSE sign((SELECT t.target FROM kpi_internal.target_for((action).indicator, (action).unit, i.grain, (action).due) AS t) - c.center_line) END
						   AS wanted
				FROM kpi.control_chart((SELECT kpi.series(v.n, v.value) FROM kpi_internal.effect_values(action) AS v), CAST(NULL AS bigint),
									   baseline => CAST(effect_verdict.n_before AS float8)) AS c
					JOIN kpi_internal.effect_values(action) AS v ON v.n = c.period AND v.is_after
					JOIN kpi.indicator AS i ON i.indicator = (action).indicator
				WHERE effect_verdict.n_before >= 6 AND effect_verdict.n_after > 0 AND cardinality(c.signals) > 0) AS s) AS g;
END;
COMMENT ON FUNCTION kpi_internal.effect_verdict(kpi.action, integer, integer) IS
'What the control chart of the values before an action says of those after it. '
'Signals on the side that the indicator is to move to, on the other one, on both, or none.';

CREATE FUNCTION kpi.action_effect(action text)
	RETURNS kpi.measured_effect
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	done kpi.action;
	effect kpi.measured_effect;
	limits kpi.process_limits;
BEGIN
	PERFORM kpi_internal.require_action(action);
	SELECT * INTO done FROM kpi.action AS a WHERE a.action = action_effect.action;
	SELECT avg(v.value) FILTER (WHERE v.is_before), avg(v.value) FILTER (WHERE v.is_after),
		   count(*) FILTER (WHERE v.is_before), count(*) FILTER (WHERE v.is_after)
	INTO effect.before_mean, effect.after_mean, effect.n_before, effect.n_after
	FROM kpi_internal.effect_values(done) AS v;
	limits := kpi.xmr((SELECT kpi.series(v.n, v.value) FROM kpi_internal.effect_values(done) AS v WHERE v.is_before));
	effect.change := effect.after_mean - effect.before_mean;
	effect.expected := done.expected;
	effect.share_of_expected := effect.change / nullif(effect.expected, 0);
	effect.lower := limits.lower;
	effect.upper := limits.upper;
	effect.verdict := CASE WHEN done.indicator IS NOT NULL THEN kpi_internal.effect_verdict(done, effect.n_before, effect.n_after) END;
	RETURN effect;
END
$$;
COMMENT ON FUNCTION kpi.action_effect(text) IS
'What an action did to its indicator. The values of the periods before it began against those after it was done. '
'verdict says whether the values after are signals on the control chart of those before: improved, worsened, mixed, '
'no_signal, or too_few (less than 6 before, or none after). NULL verdict without an indicator. An unknown action is an '
'error.';

CREATE FUNCTION kpi.risks(day date DEFAULT CURRENT_DATE)
	RETURNS TABLE (risk text, risk_name text, unit text, indicator text, period_label text, actual numeric, trigger_value numeric,
				   is_triggered boolean, expected_loss numeric, action text, action_state text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT r.risk, kpi.term('risk', r.risk, r.name), r.unit, r.indicator, kpi.period_label(m.grain, m.period_start), m.value, r.trigger_value,
		   CASE i.direction WHEN 'higher' THEN m.value <= r.trigger_value ELSE m.value >= r.trigger_value END,
		   r.likelihood * r.impact, r.action, a.state
	FROM kpi.risk AS r
		JOIN kpi.indicator AS i ON i.indicator = r.indicator
		LEFT JOIN kpi.action AS a ON a.action = r.action
		LEFT JOIN LATERAL (SELECT n.grain, n.period_start, n.value FROM kpi.measurement AS n
						   WHERE n.indicator = r.indicator AND n.unit = r.unit AND n.grain = i.grain AND n.value IS NOT NULL AND n.period_start <= risks.day
						   ORDER BY n.period_start DESC LIMIT 1) AS m ON true
	WHERE r.valid @> risks.day
	ORDER BY 8 DESC NULLS LAST, r.likelihood * r.impact DESC NULLS LAST, r.risk COLLATE "C";
END;
COMMENT ON FUNCTION kpi.risks(date) IS
'The risks of a day with the newest value by then. Those that have come true first, then by likelihood x impact. '
'is_triggered is NULL without a value. Rows of the units that the reader may see.';

CREATE FUNCTION kpi.follow_up(day date DEFAULT CURRENT_DATE)
	RETURNS TABLE (task text, task_label text, key text, name text, unit text, indicator text, responsible text, due_on date, is_overdue boolean)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 50
BEGIN ATOMIC
	SELECT t.task, kpi.term('task', t.task, kpi_internal.default_name(t.task)), t.key, t.name, t.unit, t.indicator, t.responsible, t.due_on, t.due_on < follow_up.day
	FROM (SELECT CASE a.state WHEN 'check' THEN 'check' ELSE 'act' END AS task, CAST(a.action AS text) AS key, kpi.term('action', a.action, a.name) AS name,
				 CAST(a.unit AS text) AS unit, CAST(a.indicator AS text) AS indicator, a.responsible, a.due AS due_on
		  FROM kpi.action AS a WHERE a.state NOT IN ('done', 'dropped')
		  UNION ALL
		  SELECT 'answer', CAST(m.remark AS text), m.says, CAST(m.unit AS text), CAST(m.indicator AS text), m.addressed_to, m.answer_by
		  FROM kpi.remark AS m WHERE m.answer_by IS NOT NULL AND NOT EXISTS (SELECT FROM kpi.remark AS o WHERE o.answers = m.remark)
		  UNION ALL
		  SELECT 'respond', k.risk, k.risk_name, k.unit, k.indicator, r.responsible, follow_up.day
		  FROM kpi.risks(follow_up.day) AS k JOIN kpi.risk AS r ON r.risk = k.risk
		  WHERE k.is_triggered AND (k.action IS NULL OR k.action_state = 'plan')) AS t
	ORDER BY t.due_on, t.task, t.key COLLATE "C";
END;
COMMENT ON FUNCTION kpi.follow_up(date) IS
'What is to be done next. Actions that are open, remarks that want an answer, risks that have come true. '
'task is act, check (the work is done, its effect is to be looked at), answer, or respond (no action for it has begun). '
'In kpi.v_due it is beside the values that are due. Rows of the units that the reader may see.';
