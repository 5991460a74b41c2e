-- The scores of both departments in a quarter, by plain SQL of the figures above, of the weights and of the targets.

CREATE FUNCTION recount.points(scale text, x numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
	WITH knot AS (
		SELECT CAST(k[1] AS numeric) AS x, CAST(k[2] AS numeric) AS y,
			lead(CAST(k[1] AS numeric)) OVER w AS next_x, lead(CAST(k[2] AS numeric)) OVER w AS next_y
		FROM regexp_matches(scale, '([0-9.]+):([0-9.]+)', 'g') AS k WINDOW w AS (ORDER BY CAST(k[1] AS numeric)))
	SELECT CASE WHEN points.x <= min(k.x) THEN min(k.y) WHEN points.x >= max(k.x) THEN max(k.y)
		ELSE sum(k.y + (points.x - k.x) * (k.next_y - k.y) / (k.next_x - k.x))
			FILTER (WHERE points.x > k.x AND points.x <= k.next_x) END
	FROM knot k WHERE scale LIKE 'linear(%)' AND points.x IS NOT NULL
$$;

-- attainment by direction, points by the knots of its scale, level beyond them; a node's score is the mean of its
-- parts by weight, those without a score left out
CREATE TABLE recount.leaf AS
SELECT CAST(n.scorecard AS text) AS scorecard, u.unit, CAST(n.parent AS text) AS parent, CAST(n.node AS text) AS node,
	n.weight, a.value AS actual, g.target,
	recount.points(CAST(i.scale AS text), CASE i.direction WHEN 'higher' THEN a.value / g.target
		WHEN 'lower' THEN 2 - a.value / g.target END) AS points
FROM kpi.scorecard_node n
	JOIN kpi.indicator i ON i.indicator = n.indicator
	CROSS JOIN (VALUES ('firm', 'firm'), ('north', 'firm_north')) u (unit, target_unit)
	LEFT JOIN recount.actual a ON 'firm_' || a.indicator = n.indicator AND a.unit = u.unit AND a.grain = 'quarter'
		AND a.first = '2011-07-01'
	LEFT JOIN kpi.target g ON g.indicator = n.indicator AND g.unit = u.target_unit AND g.period @> date '2011-07-01';
CREATE TABLE recount.scored AS
WITH grouped AS (
	SELECT l.scorecard, l.unit, l.parent AS node,
		sum(l.points * l.weight) FILTER (WHERE l.points IS NOT NULL)
			/ sum(l.weight) FILTER (WHERE l.points IS NOT NULL) AS score
	FROM recount.leaf l GROUP BY l.scorecard, l.unit, l.parent
), whole AS (
	SELECT g.scorecard, g.unit, g.scorecard AS node, sum(g.score * n.weight) / sum(n.weight) AS score
	FROM grouped g JOIN kpi.scorecard_node n ON n.scorecard = g.scorecard AND n.node = g.node
	WHERE g.score IS NOT NULL
	GROUP BY g.scorecard, g.unit
)
SELECT scorecard, unit, node, points AS score FROM recount.leaf
UNION ALL SELECT * FROM grouped
UNION ALL SELECT * FROM whole;
