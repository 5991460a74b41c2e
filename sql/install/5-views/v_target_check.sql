-- Targets that do not add up: over the units below, or over shorter periods.

CREATE FUNCTION kpi_internal.target_periods()
	RETURNS TABLE (indicator text, unit text, "grain" text, period_start date)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	-- of a row without an end the periods for which others of the indicator have targets
	SELECT t.indicator, t.unit, t.grain, s.period_start
	FROM kpi.target AS t
		CROSS JOIN LATERAL (
			SELECT coalesce(min(lower(o.period)), lower(t.period)) AS first_day, coalesce(max(upper(o.period)), upper(t.period)) AS end_day
			FROM kpi.target AS o WHERE o.indicator = t.indicator AND NOT upper_inf(o.period) AND NOT lower_inf(o.period)) AS b
		CROSS JOIN LATERAL kpi_internal.periods_in(t.grain, t.period * daterange(least(b.first_day, lower(t.period)), b.end_day)) AS s (period_start)
	WHERE t.grain IS NOT NULL AND b.end_day IS NOT NULL;
END;
COMMENT ON FUNCTION kpi_internal.target_periods() IS
'The periods that have a target of their own. Of rows without an end as far as any target of the indicator reaches.';

CREATE FUNCTION kpi_internal.amounts_of(found kpi_internal.found_target)
	RETURNS TABLE (amount text, value numeric)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 2
BEGIN ATOMIC
	SELECT a.amount, a.value
	FROM (VALUES ('target', (found).target), ('baseline', (found).baseline), ('stretch', (found).stretch),
				 ('outer_low', (found).outer_low), ('low', (found).low), ('high', (found).high),
				 ('outer_high', (found).outer_high)) AS a (amount, value)
	WHERE a.value IS NOT NULL;
END;
COMMENT ON FUNCTION kpi_internal.amounts_of(kpi_internal.found_target) IS
'The amounts that a target has, a row each. No rows for NULL.';

CREATE FUNCTION kpi_internal.children_target(indicator text, unit text, grain text, period_start date)
	RETURNS TABLE (amount text, value numeric, missing bigint)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 2
BEGIN ATOMIC
	WITH child (found) AS (
		SELECT t
		FROM kpi_internal.children_of(children_target.unit, kpi_internal.period_end(children_target.grain, children_target.period_start) - 1) AS c
			CROSS JOIN LATERAL kpi_internal.target_for(children_target.indicator, c.child, children_target.grain, children_target.period_start) AS t
	)
	SELECT a.amount, sum(a.value), (SELECT count(*) FROM child) - count(*)
	FROM child AS c CROSS JOIN LATERAL kpi_internal.amounts_of(c.found) AS a
	GROUP BY a.amount;
END;
COMMENT ON FUNCTION kpi_internal.children_target(text, text, text, date) IS
'The amounts of the targets of the units directly below a unit in a period, added up. '
'With them, how many of these units have none. No row for an amount that none has.';

CREATE VIEW kpi.v_target_check WITH (security_invoker = true) AS
SELECT CAST(c.indicator AS varchar(63)) AS indicator,
	   CAST(c.unit AS varchar(63)) AS unit,
	   CAST(c.grain AS varchar(63)) AS period_grain,
	   c.period_start,
	   CAST(c.made_of AS varchar(8)) AS made_of,
	   CAST(c.amount AS varchar(16)) AS target_amount,
	   kpi_internal.period_end(c.grain, c.period_start) - 1 AS period_end,
	   CAST(kpi.period_label(c.grain, c.period_start) AS varchar(63)) AS period_label,
	   CAST(coalesce(w.words ->> ('indicator/' || i.indicator), i.name) AS varchar(200)) AS indicator_name,
	   CAST(coalesce(w.words ->> ('unit/' || u.unit), u.name) AS varchar(200)) AS unit_name,
	   CAST(kpi_internal.shown_value(c.target) AS numeric(24,6)) AS target,
	   CAST(kpi_internal.shown_value(c.parts_target) AS numeric(24,6)) AS parts_target,
	   CAST(kpi_internal.shown_value(c.parts_target - c.target) AS numeric(24,6)) AS target_difference,
	   CAST(c.missing AS integer) AS parts_missing
FROM (
		SELECT p.indicator, p.unit, p.grain, p.period_start, 'periods' AS made_of, t.amount, t.value AS target, s.value AS parts_target, 0 AS missing
		FROM kpi_internal.target_periods() AS p
			CROSS JOIN LATERAL kpi_internal.amounts_of(kpi_internal.target_for(p.indicator, p.unit, p.grain, p.period_start)) AS t
			JOIN LATERAL kpi_internal.amounts_of(kpi_internal.target_from_parts(p.indicator, p.unit, p.grain, p.period_start)) AS s
				ON s.amount = t.amount
		UNION ALL
		SELECT p.indicator, p.unit, p.grain, p.period_start, 'units', t.amount, t.value, s.value, s.missing
		FROM kpi_internal.target_periods() AS p
			JOIN kpi.indicator AS d ON d.indicator = p.indicator AND kpi_internal.target_rule(d) IN ('spread', 'end')
			CROSS JOIN LATERAL kpi_internal.amounts_of(kpi_internal.target_for(p.indicator, p.unit, p.grain, p.period_start)) AS t
			JOIN LATERAL kpi_internal.children_target(p.indicator, p.unit, p.grain, p.period_start) AS s ON s.amount = t.amount
		UNION ALL
		-- a quotient is the same as far as it is shown
		SELECT p.indicator, p.unit, p.grain, p.period_start, 'inputs', 'target', t.target,
			   CASE WHEN round(s.target, n.decimals) = round(t.target, n.decimals) THEN t.target ELSE s.target END, 0
		FROM kpi_internal.target_periods() AS p
			JOIN kpi.indicator AS d ON d.indicator = p.indicator AND d.kind = 'derived'
			CROSS JOIN LATERAL (SELECT d.decimals + CASE d.unit_of_measure WHEN '%' THEN 2 ELSE 0 END AS decimals) AS n
			CROSS JOIN LATERAL kpi_internal.target_for(p.indicator, p.unit, p.grain, p.period_start) AS t
			CROSS JOIN LATERAL kpi_internal.formula_target(p.indicator, p.unit, p.grain, p.period_start) AS s
	) AS c
	JOIN kpi.indicator AS i ON i.indicator = c.indicator
	JOIN kpi.unit AS u ON u.unit = c.unit
	CROSS JOIN kpi_internal.translations() AS w (words)
WHERE c.parts_target <> c.target;
COMMENT ON VIEW kpi.v_target_check IS
'One row per indicator, unit, period, amount and what it is made of where targets do not add up. '
'Key: indicator, unit, period_grain, period_start, made_of, target_amount. Compares each amount of a target with what shorter periods make of '
'it, where it adds up (spread, end) with the units directly below, and of a derived indicator with its formula over '
'the targets of its inputs.';
