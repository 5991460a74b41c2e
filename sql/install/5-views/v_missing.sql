-- Values that should be there and are not, and what people have to do about it.

-- with the rights of its owner: whether a period has begun, and what siblings deliver, depends on no reader
CREATE FUNCTION kpi_internal.missing_values(newest boolean DEFAULT false)
	RETURNS TABLE (indicator text, unit text, "grain" text, period_start date)
	LANGUAGE sql STABLE STRICT PARALLEL SAFE SECURITY DEFINER ROWS 1000
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH begun AS (
		SELECT CAST(m.grain AS text) AS grain, m.period_start, m.period_start = max(m.period_start) OVER (PARTITION BY m.grain) AS is_newest
		FROM kpi.measurement AS m WHERE m.period_start >= date '0001-01-01' AND m.period_start <= date '9999-12-31'
		GROUP BY m.grain, m.period_start
	), delivered AS (
		SELECT m.indicator, m.unit, min(m.period_start) AS first_day
		FROM kpi.measurement AS m JOIN kpi.indicator AS i ON i.indicator = m.indicator AND i.grain = m.grain
		WHERE m.period_start >= date '0001-01-01'
		GROUP BY m.indicator, m.unit
	), told AS (
		SELECT * FROM delivered
		UNION ALL
		SELECT t.indicator, t.unit, min(lower(t.period)) FROM kpi.target AS t WHERE t.target IS NOT NULL GROUP BY t.indicator, t.unit
		UNION ALL
		SELECT n.indicator, n.unit, min(lower(n.valid)) FROM kpi.scorecard_node AS n
		WHERE n.indicator IS NOT NULL AND n.unit IS NOT NULL GROUP BY n.indicator, n.unit
		UNION ALL
		SELECT r.indicator, r.unit, min(lower(r.valid)) FROM kpi.rater AS r WHERE r.unit IS NOT NULL GROUP BY r.indicator, r.unit
		UNION ALL
		-- who has never delivered anything is to deliver what siblings do
		SELECT d.indicator, p.unit, min(d.first_day)
		FROM kpi.unit_parent AS p
			JOIN kpi.unit_parent AS s ON s.parent = p.parent AND s.unit <> p.unit AND s.valid && p.valid
			JOIN delivered AS d ON d.unit = s.unit
			JOIN kpi.indicator AS i ON i.indicator = d.indicator AND i.combine_units <> 'none'
		WHERE p.unit NOT IN (SELECT o.unit FROM delivered AS o)
		GROUP BY d.indicator, p.unit
	), expected AS MATERIALIZED (
		SELECT t.indicator, t.unit, u.valid, i.kind, i.grain, i.combine_units, b.period_start AS newest_start,
			   coalesce(min(t.first_day) FILTER (WHERE isfinite(t.first_day)), lower(u.valid),
						(SELECT min(f.period_start) FROM begun AS f WHERE f.grain = i.grain)) AS first_day
		FROM told AS t
			JOIN kpi.indicator AS i ON i.indicator = t.indicator AND i.kind <> 'derived' AND i.state <> 'retired'
			JOIN kpi.unit AS u ON u.unit = t.unit
			LEFT JOIN begun AS b ON b.grain = i.grain AND b.is_newest
		GROUP BY t.indicator, t.unit, u.valid, i.kind, i.grain, i.combine_units, b.period_start
	), combined AS MATERIALIZED (
		-- what is made of values below waits for those
		SELECT DISTINCT c.indicator, p.parent AS unit, p.valid
		FROM expected AS c JOIN kpi.unit_parent AS p ON p.unit = c.unit
		WHERE c.combine_units <> 'none'
	), due AS (
		SELECT e.indicator, e.unit, e.valid, e.grain, b.period_start
		FROM expected AS e JOIN begun AS b ON b.grain = e.grain AND b.period_start >= e.first_day
		WHERE e.kind = 'measured' AND (b.is_newest OR NOT newest)
		UNION ALL
		SELECT e.indicator, e.unit, e.valid, e.grain, p.period_start
		FROM expected AS e
			CROSS JOIN LATERAL (
				SELECT CASE WHEN newest THEN greatest(e.first_day, e.newest_start) ELSE e.first_day END AS first_day,
					   CASE WHEN newest THEN least(kpi_internal.period_end(e.grain, e.newest_start), current_date)
							ELSE current_date END AS end_day) AS d
			CROSS JOIN LATERAL kpi_internal.periods_in(e.grain, daterange(d.first_day, greatest(d.end_day, d.first_day))) AS p (period_start)
		WHERE e.kind <> 'measured' AND (e.newest_start IS NOT NULL OR NOT newest)
	)
	SELECT CAST(d.indicator AS text), CAST(d.unit AS text), CAST(d.grain AS text), d.period_start
	FROM due AS d
	WHERE d.valid && kpi_internal.period_days(d.grain, d.period_start)
		AND NOT EXISTS (SELECT FROM kpi.measurement AS m WHERE m.indicator = d.indicator AND m.unit = d.unit AND m.grain = d.grain
						AND m.period_start = d.period_start)
		AND NOT EXISTS (SELECT FROM kpi.entry AS n WHERE n.indicator = d.indicator AND n.unit = d.unit AND n.grain = d.grain
						AND n.period_start = d.period_start)
		AND NOT EXISTS (SELECT FROM combined AS c WHERE c.indicator = d.indicator AND c.unit = d.unit
						AND c.valid @> kpi_internal.period_end(d.grain, d.period_start) - 1)
$$;
COMMENT ON FUNCTION kpi_internal.missing_values(boolean) IS
'Values that should be there and are not, of periods of the own grain of their indicators. '
'Of a measured indicator in periods that have begun: any indicator has a value then. Of an entered or rated one in '
'those that are over. Expected of a unit is what it had before or after, what has a target for it, what a node of a '
'scorecard or a rater names it for; of a unit that never had any value, what siblings have. Not of derived ones, and '
'not of a unit above one of which it is expected. newest: of the newest period alone that has begun. No rows for NULL.';

CREATE FUNCTION kpi_internal.due_on(grain text, period_start date, due_after interval)
	RETURNS date
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CAST(kpi_internal.period_end(grain, period_start) + coalesce(due_after, interval '0') - interval '1 microsecond' AS date);
COMMENT ON FUNCTION kpi_internal.due_on(text, date, interval) IS
'The last day on which a value of a period is in time: due_after after its end. Without one its own last day.';

--@ template due_columns | row
	   CAST(@row@.indicator AS varchar(63)) AS indicator,
	   CAST(@row@.unit AS varchar(63)) AS unit,
	   CAST(@row@.grain AS varchar(63)) AS period_grain,
	   @row@.period_start,
--@ end
--@ template due_names | row
	   kpi_internal.period_end(@row@.grain, @row@.period_start) - 1 AS period_end,
	   CAST(kpi.period_label(@row@.grain, @row@.period_start) AS varchar(63)) AS period_label,
	   CAST(kpi.term('indicator', i.indicator, i.name) AS varchar(200)) AS indicator_name,
	   CAST(kpi.term('unit', u.unit, u.name) AS varchar(200)) AS unit_name,
	   CAST(i.responsible AS varchar(200)) AS responsible,
	   d.due_on,
	   CAST(d.due_on < current_date AS integer) AS is_overdue
--@ end

CREATE VIEW kpi.v_missing WITH (security_invoker = true) AS
SELECT
--@ due_columns | m
	   CAST(m.indicator || '/' || m.unit || '/' || kpi.period_label(m.grain, m.period_start) AS varchar(255)) AS indicator_key,
	   CAST(i.kind AS varchar(8)) AS kind,
--@ due_names | m
FROM kpi_internal.missing_values() AS m
	JOIN kpi.indicator AS i ON i.indicator = m.indicator
	JOIN kpi.unit AS u ON u.unit = m.unit
	CROSS JOIN LATERAL (SELECT kpi_internal.due_on(m.grain, m.period_start, i.due_after) AS due_on) AS d
WHERE kpi_internal.may_read(m.unit, m.grain, m.period_start);
COMMENT ON VIEW kpi.v_missing IS
'One row per indicator, unit and period whose value should be there and is not. '
'Key: indicator, unit, period_grain, period_start. Of measured indicators in periods in which any indicator has a '
'value, of entered and rated ones in those that are over. Expected is what a unit had in another period, has a target '
'for, or is named for by a node or rater; of a unit that never had any value what its siblings have.';

CREATE FUNCTION kpi_internal.tasks()
	RETURNS TABLE (task text, indicator text, unit text, "grain" text, period_start date, rater text, weight numeric, entered_by text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH missing AS (
		SELECT m.indicator, m.unit, m.grain, m.period_start, CAST(i.kind AS text) AS kind
		FROM kpi_internal.missing_values() AS m JOIN kpi.indicator AS i ON i.indicator = m.indicator
		WHERE kpi_internal.may_read(m.unit, m.grain, m.period_start)
	), rated AS (
		SELECT m.indicator, m.unit, m.grain, m.period_start FROM missing AS m WHERE m.kind = 'rated'
		UNION
		SELECT CAST(r.indicator AS text), CAST(r.unit AS text), CAST(r.grain AS text), r.period_start
		FROM kpi.rating AS r JOIN kpi.indicator AS i ON i.indicator = r.indicator AND i.state <> 'retired'
	)
	SELECT CASE m.kind WHEN 'measured' THEN 'collect' ELSE 'enter' END, m.indicator, m.unit, m.grain, m.period_start, NULL, NULL, NULL
	FROM missing AS m WHERE m.kind <> 'rated'
	UNION ALL
	SELECT 'rate', j.indicator, j.unit, j.grain, j.period_start, a.rater, a.weight, NULL
	FROM rated AS j
		CROSS JOIN LATERAL kpi_internal.raters_of(j.indicator, j.unit, j.grain, j.period_start) AS a
	WHERE NOT EXISTS (SELECT FROM kpi.rating AS r
					  WHERE r.indicator = j.indicator AND r.unit = j.unit AND r.grain = j.grain AND r.period_start = j.period_start
						  AND r.rater = a.rater)
	UNION ALL
	SELECT 'approve', CAST(e.indicator AS text), CAST(e.unit AS text), CAST(e.grain AS text), e.period_start, NULL, NULL,
		   CAST(e.entered_by AS text)
	FROM kpi.entry AS e JOIN kpi.indicator AS i ON i.indicator = e.indicator AND i.four_eyes AND i.state <> 'retired'
	WHERE e.approved_by IS NULL;
END;
COMMENT ON FUNCTION kpi_internal.tasks() IS
'What people have to do: collect or enter what is missing, rate, approve. '
'rater: who has to rate, with their weight; entered_by: whose entry is to be approved, by somebody else.';

CREATE VIEW kpi.v_due WITH (security_invoker = true) AS
SELECT CAST(concat_ws('/', t.task, t.indicator, t.unit, kpi.period_label(t.grain, t.period_start), t.rater) AS varchar(320)) AS due_key,
	   CAST(t.task AS varchar(8)) AS task,
	   CAST(kpi.term('task', t.task, kpi_internal.default_name(t.task)) AS varchar(63)) AS task_label,
--@ due_columns | t
--@ due_names | t
	   , CAST(t.rater AS varchar(63)) AS rater,
	   CAST(kpi_internal.shown_share(t.weight) AS numeric(18,6)) AS rater_weight,
	   CAST(t.entered_by AS varchar(63)) AS entered_by
FROM kpi_internal.tasks() AS t
	JOIN kpi.indicator AS i ON i.indicator = t.indicator
	JOIN kpi.unit AS u ON u.unit = t.unit
	CROSS JOIN LATERAL (SELECT kpi_internal.due_on(t.grain, t.period_start, i.due_after) AS due_on) AS d;
COMMENT ON VIEW kpi.v_due IS
'One row per thing that somebody has to do: collect, enter, rate or approve a value. '
'Key: due_key. Who is responsible for the indicator, or the rater, by when, and whether that day is over. Collect and '
'enter are the rows of kpi.v_missing; rate those raters who have not judged what is missing or others have judged; '
'approve the entries under four_eyes that nobody has approved.';
