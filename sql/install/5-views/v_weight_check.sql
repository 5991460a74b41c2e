-- Weights of siblings, what they sum to, and what they should.

CREATE FUNCTION kpi_internal.weight_sums()
	RETURNS TABLE (scorecard text, node text, first_day date, end_day date, weights bigint, weight_sum numeric, expected numeric,
				   tolerance numeric)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	WITH weighed AS (
		-- a group may change its method while the nodes below it stay
		SELECT n.scorecard, CAST(coalesce(n.parent, n.scorecard) AS text) AS node, n.weight, n.valid * coalesce(a.valid, '(,)') AS valid
		FROM kpi.scorecard_node AS n
			JOIN kpi.scorecard AS k ON k.scorecard = n.scorecard
			LEFT JOIN kpi.scorecard_node AS a ON a.scorecard = n.scorecard AND a.node = n.parent AND a.valid && n.valid
		WHERE coalesce(a.method, k.method) = 'weighted' AND coalesce(n.role, 'part') IN ('part', 'priority')
	), edge AS (
		SELECT w.scorecard, w.node, lower(w.valid) AS day FROM weighed AS w
		UNION
		SELECT w.scorecard, w.node, upper(w.valid) FROM weighed AS w WHERE NOT upper_inf(w.valid)
	), span AS (
		SELECT e.scorecard, e.node, e.day AS first_day,
			   lead(e.day) OVER (PARTITION BY e.scorecard, e.node ORDER BY e.day NULLS FIRST) AS end_day
		FROM edge AS e
	), summed AS (
		SELECT s.scorecard, s.node, s.first_day, s.end_day, count(w.weight) AS weights, sum(w.weight) AS weight_sum
		FROM span AS s
			JOIN weighed AS w ON w.scorecard = s.scorecard AND w.node = s.node AND w.valid && daterange(s.first_day, s.end_day)
		GROUP BY s.scorecard, s.node, s.first_day, s.end_day
		HAVING count(w.weight) > 0
	)
	SELECT CAST(s.scorecard AS text), s.node, s.first_day, s.end_day, s.weights, s.weight_sum,
		   coalesce(k.weight_sum, CASE WHEN abs(s.weight_sum - 1) <= abs(s.weight_sum - 100) THEN 1 ELSE 100 END), k.weight_tolerance
	FROM summed AS s JOIN kpi.scorecard AS k ON k.scorecard = s.scorecard;
END;
COMMENT ON FUNCTION kpi_internal.weight_sums() IS
'What the weights of weighted siblings sum to, on which days, and what they should sum to. '
'That is weight_sum of the scorecard, else 1 or 100, whichever is nearer; node is that above them. first_day and '
'end_day are NULL where the days have no end on that side.';

CREATE VIEW kpi.v_weight_check WITH (security_invoker = true) AS
SELECT CAST(concat_ws('/', w.scorecard, w.node, w.first_day) AS varchar(255)) AS weight_key,
	   CAST(w.scorecard AS varchar(63)) AS scorecard,
	   CAST(w.node AS varchar(63)) AS node,
	   CAST(kpi.term('scorecard', w.scorecard, k.name) AS varchar(200)) AS scorecard_name,
	   CAST(kpi_internal.newest_node_name(w.scorecard, w.node) AS varchar(200)) AS node_name,
	   w.first_day AS valid_from,
	   w.end_day - 1 AS valid_to,
	   CAST(w.weights AS integer) AS weight_count,
	   CAST(kpi_internal.shown_share(w.weight_sum) AS numeric(18,6)) AS weight_sum,
	   CAST(kpi_internal.shown_share(w.expected) AS numeric(18,6)) AS weight_sum_expected,
	   CAST(kpi_internal.shown_share(w.weight_sum - w.expected) AS numeric(18,6)) AS weight_difference,
	   CAST(abs(w.weight_sum - w.expected) <= w.tolerance AS integer) AS is_as_expected
FROM kpi_internal.weight_sums() AS w
	JOIN kpi.scorecard AS k ON k.scorecard = w.scorecard;
COMMENT ON VIEW kpi.v_weight_check IS
'One row per group of a scorecard and days on which the weights below it stay the same. '
'Key: weight_key. What they sum to, and what they should: weight_sum of the scorecard, else the nearer of 1 and 100. '
'Only weighted groups have a row.';
