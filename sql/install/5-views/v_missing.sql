-- Values that should be there and are not, and what people have to do about it.

-- With the rights of its owner: whether a period has begun, and what siblings deliver, depends on no
-- reader. One indicator at a time, so that a query about one asks nothing of the others, and planned once a session.
CREATE FUNCTION kpi_internal.missing_values(indicator text DEFAULT NULL, newest boolean DEFAULT false)
	RETURNS TABLE (unit text, "grain" text, period_start date)
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SECURITY DEFINER ROWS 1000
	SET search_path = pg_catalog, pg_temp
	SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH RECURSIVE asked AS MATERIALIZED (
		SELECT i.indicator, i.kind, i.grain, i.combine_units FROM kpi.indicator AS i
		WHERE i.indicator = missing_values.indicator AND i.kind <> 'derived' AND i.state <> 'retired'
	), period (period_start) AS (
		-- from one to the next, for each is in many rows of the index
		SELECT (SELECT m.period_start FROM kpi.measurement AS m
				WHERE m.grain = q.grain AND m.period_start >= date '0001-01-01' ORDER BY m.period_start LIMIT 1)
		FROM asked AS q
		UNION ALL
		SELECT (SELECT m.period_start FROM kpi.measurement AS m
				WHERE m.grain = q.grain AND m.period_start > p.period_start ORDER BY m.period_start LIMIT 1)
		FROM period AS p CROSS JOIN asked AS q
		WHERE p.period_start <= date '9999-12-31'
	), begun AS MATERIALIZED (
		SELECT p.period_start, p.period_start = max(p.period_start) OVER () AS is_newest
		FROM period AS p WHERE p.period_start <= date '9999-12-31'
	), delivered AS MATERIALIZED (
		SELECT m.unit, min(m.period_start) AS first_day
		FROM asked AS q JOIN kpi.measurement AS m ON m.indicator = q.indicator AND m.grain = q.grain
		WHERE m.period_start >= date '0001-01-01'
		GROUP BY m.unit
	), silent AS MATERIALIZED (
		-- who has never delivered anything; most have delivered this
		SELECT p.unit, p.parent, p.valid
		FROM kpi.unit_parent AS p CROSS JOIN asked AS q
		WHERE q.combine_units <> 'none' AND p.unit NOT IN (SELECT d.unit FROM delivered AS d)
			-- one after the other: an anti-join would read all values there are
			AND (SELECT true FROM kpi.measurement AS m JOIN kpi.indicator AS i ON i.indicator = m.indicator AND i.grain = m.grain
				 WHERE m.unit = p.unit AND m.period_start >= date '0001-01-01' LIMIT 1) IS NULL
	), named AS MATERIALIZED (
		SELECT d.unit, d.first_day FROM delivered AS d
		UNION ALL
		SELECT t.unit, lower(t.period) FROM kpi.target AS t JOIN asked AS q ON q.indicator = t.indicator WHERE t.target IS NOT NULL
		UNION ALL
		SELECT n.unit, lower(n.valid) FROM kpi.scorecard_node AS n JOIN asked AS q ON q.indicator = n.indicator WHERE n.unit IS NOT NULL
		UNION ALL
		SELECT r.unit, lower(r.valid) FROM kpi.rater AS r JOIN asked AS q ON q.indicator = r.indicator WHERE r.unit IS NOT NULL
		UNION ALL
		-- entered or judged, but no value yet
		SELECT e.unit, e.period_start FROM kpi.entry AS e JOIN asked AS q ON q.indicator = e.indicator AND q.grain = e.grain
		UNION ALL
		SELECT r.unit, r.period_start FROM kpi.rating AS r JOIN asked AS q ON q.indicator = r.indicator AND q.grain = r.grain
		UNION ALL
		-- it is to deliver what siblings do
		SELECT p.unit, d.first_day
		FROM silent AS p
			JOIN kpi.unit_parent AS s ON s.parent = p.parent AND s.unit <> p.unit AND s.valid && p.valid
			JOIN delivered AS d ON d.unit = s.unit
	), told AS (
		SELECT n.unit, n.first_day FROM named AS n
		UNION ALL
		-- of what nobody has ever delivered, and nothing names a unit for, the whole, from now on
		(SELECT u.unit, (SELECT b.period_start FROM begun AS b WHERE b.is_newest)
		 FROM asked AS q CROSS JOIN kpi.unit AS u
		 WHERE NOT EXISTS (SELECT FROM named) AND u.dimension = 'organisation'
			 AND NOT EXISTS (SELECT FROM kpi.unit_parent AS p WHERE p.unit = u.unit)
		 ORDER BY u.position, u.unit COLLATE "C" LIMIT 1)
	), expected AS MATERIALIZED (
		SELECT t.unit, u.valid, coalesce(min(t.first_day) FILTER (WHERE isfinite(t.first_day)), lower(u.valid),
										 (SELECT min(b.period_start) FROM begun AS b)) AS first_day
		FROM told AS t JOIN kpi.unit AS u ON u.unit = t.unit
		GROUP BY t.unit, u.valid
	), combined AS MATERIALIZED (
		-- what is made of values below waits for those
		SELECT DISTINCT CAST(p.parent AS text) AS unit, p.valid
		FROM asked AS q CROSS JOIN expected AS e JOIN kpi.unit_parent AS p ON p.unit = e.unit
		WHERE q.combine_units <> 'none'
	), due AS (
		SELECT e.unit, e.valid, q.grain, b.period_start
		FROM asked AS q CROSS JOIN expected AS e JOIN begun AS b ON b.period_start >= e.first_day
		WHERE q.kind = 'measured' AND (b.is_newest OR NOT newest)
		UNION ALL
		SELECT e.unit, e.valid, q.grain, p.period_start
		FROM asked AS q CROSS JOIN expected AS e LEFT JOIN begun AS b ON b.is_newest
			CROSS JOIN LATERAL (
				SELECT CASE WHEN newest THEN greatest(e.first_day, b.period_start) ELSE e.first_day END AS first_day,
					   CASE WHEN newest THEN least(kpi_internal.period_end(q.grain, b.period_start), current_date)
							ELSE current_date END AS end_day) AS d
			CROSS JOIN LATERAL kpi_internal.periods_in(q.grain, daterange(d.first_day, greatest(d.end_day, d.first_day))) AS p (period_start)
		WHERE q.kind <> 'measured' AND (b.period_start IS NOT NULL OR NOT newest)
	), lacking AS (
		-- not one after the other: most of what is due is there
		SELECT CAST(d.unit AS text) AS unit, d.period_start FROM due AS d
		WHERE d.valid && kpi_internal.period_days(d.grain, d.period_start)
		EXCEPT
		(SELECT CAST(m.unit AS text), m.period_start FROM asked AS q JOIN kpi.measurement AS m ON m.indicator = q.indicator AND m.grain = q.grain
		 UNION ALL
		 SELECT CAST(n.unit AS text), n.period_start FROM asked AS q JOIN kpi.entry AS n ON n.indicator = q.indicator AND n.grain = q.grain)
	)
	SELECT l.unit, CAST(q.grain AS text), l.period_start
	FROM lacking AS l CROSS JOIN asked AS q
	WHERE NOT EXISTS (SELECT FROM combined AS c WHERE c.unit = l.unit AND c.valid @> kpi_internal.period_end(q.grain, l.period_start) - 1);
END
$$;
COMMENT ON FUNCTION kpi_internal.missing_values(text, boolean) IS
'Values of an indicator that should be there and are not, of periods of its own grain. '
'Of a measured indicator in periods that have begun: any indicator has a value then. Of an entered or rated one in '
'those that are over. Expected of a unit is what it had before or after, what has a target for it, what a node of a '
'scorecard or a rater names it for; of a unit that never had any value, what siblings have; where none of these says of '
'whom, of the root of the organisation. Not of derived ones, and not of a unit above one of which it is expected. '
'newest: of the newest period alone that has begun. No rows for NULL.';

CREATE FUNCTION kpi_internal.due_on(grain text, period_start date, due_after interval)
	RETURNS date
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CAST(kpi_internal.period_end(grain, period_start) + coalesce(due_after, interval '0') - interval '1 microsecond' AS date);
COMMENT ON FUNCTION kpi_internal.due_on(text, date, interval) IS
'The last day on which a value of a period is in time: due_after after its end. Without one its own last day.';

--@ template due_columns | named | row
	   CAST(@named@.indicator AS varchar(63)) AS indicator,
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
--@ due_columns | i | m
	   CAST(i.indicator || '/' || m.unit || '/' || kpi.period_label(m.grain, m.period_start) AS varchar(255)) AS indicator_key,
	   CAST(i.kind AS varchar(8)) AS kind,
--@ due_names | m
FROM kpi.indicator AS i
	CROSS JOIN LATERAL kpi_internal.missing_values(i.indicator) AS m
	JOIN kpi.unit AS u ON u.unit = m.unit
	CROSS JOIN LATERAL (SELECT kpi_internal.due_on(m.grain, m.period_start, i.due_after) AS due_on) AS d
WHERE kpi_internal.may_read(m.unit, m.grain, m.period_start);
COMMENT ON VIEW kpi.v_missing IS
'One row per indicator, unit and period whose value should be there and is not. '
'Key: indicator, unit, period_grain, period_start. Of measured indicators in periods in which any indicator has a '
'value, of entered and rated ones in those that are over. Expected is what a unit had in another period, has a target '
'for, or is named for by a node or rater; of a unit that never had any value what its siblings have, and what nothing '
'says that of of the root of the organisation.';

CREATE FUNCTION kpi_internal.tasks()
	RETURNS TABLE (task text, indicator text, unit text, "grain" text, period_start date, rater text, weight numeric, entered_by text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH missing AS NOT MATERIALIZED (
		-- read twice, of other kinds: a condition on the indicator goes in
		SELECT CAST(i.indicator AS text) AS indicator, m.unit, m.grain, m.period_start, CAST(i.kind AS text) AS kind
		FROM kpi.indicator AS i CROSS JOIN LATERAL kpi_internal.missing_values(i.indicator) AS m
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
--@ due_columns | t | t
--@ due_names | t
	   , CAST(t.rater AS varchar(63)) AS rater,
	   CAST(kpi_internal.shown_share(t.weight) AS numeric(18,6)) AS rater_weight,
	   CAST(t.entered_by AS varchar(63)) AS entered_by,
	   CAST(NULL AS varchar(200)) AS task_name
FROM kpi_internal.tasks() AS t
	JOIN kpi.indicator AS i ON i.indicator = t.indicator
	JOIN kpi.unit AS u ON u.unit = t.unit
	CROSS JOIN LATERAL (SELECT kpi_internal.due_on(t.grain, t.period_start, i.due_after) AS due_on) AS d
UNION ALL
SELECT CAST(concat_ws('/', f.task, f.key) AS varchar(320)), CAST(f.task AS varchar(8)), CAST(f.task_label AS varchar(63)),
	   CAST(f.indicator AS varchar(63)), CAST(f.unit AS varchar(63)),
	   CAST(NULL AS varchar(63)), CAST(NULL AS date), CAST(NULL AS date), CAST(NULL AS varchar(63)),
	   CAST(kpi.term('indicator', i.indicator, i.name) AS varchar(200)), CAST(kpi.term('unit', u.unit, u.name) AS varchar(200)),
	   CAST(f.responsible AS varchar(200)), f.due_on, CAST(f.is_overdue AS integer),
	   CAST(NULL AS varchar(63)), CAST(NULL AS numeric(18,6)), CAST(NULL AS varchar(63)), CAST(f.name AS varchar(200))
FROM kpi.follow_up(current_date) AS f
	JOIN kpi.unit AS u ON u.unit = f.unit
	LEFT JOIN kpi.indicator AS i ON i.indicator = f.indicator;
COMMENT ON VIEW kpi.v_due IS
'One row per thing that somebody has to do: collect, enter, rate or approve a value, or follow up. '
'Key: due_key. Who is responsible for the indicator, or the rater, by when, and whether that day is over. Collect and '
'enter are the rows of kpi.v_missing; rate those raters who have not judged what is missing or others have judged; '
'approve the entries under four_eyes that nobody has approved. Act, check, answer and respond are the rows of kpi.follow_up() '
'of today, without a period.';
