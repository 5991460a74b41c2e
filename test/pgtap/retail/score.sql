-- The scorecard once more in plain SQL, level by level from its leaves up.

CREATE TABLE recount.node (
	node text,
	parent text,
	depth integer,
	indicator text,
	unit text,
	weight numeric,
	how text DEFAULT 'weighted',
	missing text DEFAULT 'renormalize',
	min_coverage numeric DEFAULT 0.4,
	floor numeric,
	cap numeric,
	valid_from date DEFAULT '-infinity',
	valid_to date DEFAULT 'infinity'
);
INSERT INTO recount.node (node, parent, depth, weight, how, missing, min_coverage) VALUES
	('shop', NULL, 0, NULL, 'weighted', 'renormalize', 0.4),
	('financial', 'shop', 1, 0.4, 'weighted', 'renormalize', 0.4),
	('customer', 'shop', 1, 0.3, 'weighted', 'renormalize', 0.7),
	('process', 'shop', 1, 0.2, 'weighted', 'zero', 0.4),
	('learning', 'shop', 1, 0.1, 'average', 'null', 0.4),
	('loyalty', 'customer', 2, 0.4, 'worst', 'renormalize', 0.4),
	('satisfaction', 'customer', 2, 0.1, 'weighted', 'renormalize', 0.4),
	('audit', 'process', 2, 0, 'weighted', 'renormalize', 0.4);
INSERT INTO recount.node (node, parent, depth, indicator, unit, weight, floor, cap) VALUES
	('average_order_value', 'financial', 2, 'average_order_value', NULL, 20, NULL, NULL),
	('median_order_value', 'financial', 2, 'median_order_value', NULL, NULL, NULL, NULL),
	('international_share', 'financial', 2, 'international_share', 'company', 20, NULL, NULL),
	('active_customers', 'customer', 2, 'active_customers', NULL, 0.3, NULL, 130),
	('new_customers', 'customer', 2, 'new_customers', NULL, 0.2, NULL, NULL),
	('repeat_rate', 'loyalty', 3, 'repeat_rate', NULL, 1, NULL, NULL),
	('retention', 'loyalty', 3, 'retention', NULL, 1, 0, 150),
	('churn', 'loyalty', 3, 'churn', NULL, 2, -50, NULL),
	('cancellation_rate', 'process', 2, 'cancellation_rate', NULL, 3, 0, 120),
	('returned_share', 'process', 2, 'returned_share', NULL, 2, NULL, 120),
	('items_per_order', 'process', 2, 'items_per_order', NULL, 1, 0, NULL),
	('product_range', 'learning', 2, 'product_range', NULL, 3, NULL, NULL),
	('known_customer_share', 'learning', 2, 'known_customer_share', NULL, 1, NULL, NULL);
INSERT INTO recount.node (node, parent, depth, indicator, weight, floor, cap, valid_from, valid_to) VALUES
	('revenue', 'financial', 2, 'revenue', 40, 0, 120, '-infinity', '2011-07-01'),
	('revenue', 'financial', 2, 'revenue', 50, 0, 120, '2011-07-01', 'infinity'),
	('revenue_growth', 'financial', 2, 'revenue_growth', 20, NULL, NULL, '-infinity', '2011-07-01'),
	('revenue_growth', 'financial', 2, 'revenue_growth', 10, NULL, NULL, '2011-07-01', 'infinity');

-- Scales as pieces: points at the left end, and points gained for each unit of attainment.
CREATE TABLE recount.piece (indicator text, low numeric, high numeric, points numeric, slope numeric);
INSERT INTO recount.piece VALUES
	('revenue_growth', '-infinity', -2, 0, 0), ('revenue_growth', -2, 0, 0, 30), ('revenue_growth', 0, 1, 60, 40),
	('revenue_growth', 1, 3, 100, 10), ('revenue_growth', 3, 'infinity', 120, 0),
	('average_order_value', '-infinity', 0.5, 0, 0), ('average_order_value', 0.5, 0.8, 0, 200),
	('average_order_value', 0.8, 1, 60, 200), ('average_order_value', 1, 1.2, 100, 100),
	('average_order_value', 1.2, 'infinity', 120, 0),
	('new_customers', '-infinity', 0.6, 0, 0), ('new_customers', 0.6, 0.9, 60, 0), ('new_customers', 0.9, 1, 90, 0),
	('new_customers', 1, 'infinity', 100, 0);

CREATE TABLE recount.way (indicator text, sums boolean, direction text, method text);
INSERT INTO recount.way VALUES
	('revenue', true, 'higher', 'ratio'), ('revenue_growth', false, 'higher', 'ratio'),
	('average_order_value', false, 'higher', 'ratio'), ('median_order_value', false, 'higher', 'ratio'),
	('international_share', false, 'higher', 'ratio'), ('active_customers', false, 'higher', 'ratio'),
	('new_customers', true, 'higher', 'ratio'), ('repeat_rate', false, 'higher', 'ratio'),
	('retention', false, 'higher', 'progress'), ('churn', false, 'lower', 'ratio'),
	('cancellation_rate', false, 'lower', 'ratio'), ('returned_share', false, 'lower', 'inverse'),
	('items_per_order', false, 'target', 'ratio'), ('product_range', false, 'higher', 'ratio'),
	('known_customer_share', false, 'higher', 'ratio');

CREATE TABLE recount.figure (
	unit text,
	grain text,
	first date,
	before date,
	label text,
	node text,
	parent text,
	depth integer,
	indicator text,
	measured text,
	weight numeric,
	direction text,
	actual numeric,
	target numeric,
	attainment numeric,
	score numeric,
	coverage numeric,
	reason text,
	absolute_weight numeric,
	missing text[],
	PRIMARY KEY (unit, grain, first, node)
);

-- Months from a first day of one to that of another.
CREATE FUNCTION recount.months(since date, until date) RETURNS numeric LANGUAGE sql
	RETURN extract(year FROM until) * 12 + extract(month FROM until)
		- extract(year FROM since) * 12 - extract(month FROM since);

-- The leaves.
WITH due AS (
	SELECT w.indicator, g.unit, p.grain, p.first,
		sum(o.days) = p.next - p.first AS whole,
		-- a sum is shared out by months, each alike
		CASE WHEN w.sums THEN sum(g.target * o.months / recount.months(g.first, g.next))
			ELSE sum(g.target * o.days) / sum(o.days) END AS target,
		sum(g.baseline * o.days) / sum(o.days) AS baseline
	FROM recount.way w
		JOIN recount.goal g USING (indicator)
		JOIN recount.period p ON p.first < g.next AND p.next > g.first
		CROSS JOIN LATERAL (SELECT (least(p.next, g.next) - greatest(p.first, g.first))::numeric,
			recount.months(greatest(p.first, g.first), least(p.next, g.next))) o (days, months)
	GROUP BY w.indicator, w.sums, g.unit, p.grain, p.first, p.next
), leaf AS (
	SELECT u.unit AS asked, p.grain, p.first, p.before, p.label, n.*, coalesce(n.unit, u.unit) AS measured,
		w.direction, w.method, a.value AS actual, CASE WHEN d.whole THEN d.target END AS goal, d.baseline, d.whole
	FROM (SELECT DISTINCT unit FROM recount.member) u
		CROSS JOIN recount.period p
		JOIN recount.node n ON p.next > n.valid_from AND p.next <= n.valid_to
			AND n.node NOT IN (SELECT parent FROM recount.node WHERE parent IS NOT NULL)
		LEFT JOIN recount.way w ON w.indicator = n.indicator
		LEFT JOIN recount.actual a
			ON (a.indicator, a.unit, a.grain, a.first) = (n.indicator, coalesce(n.unit, u.unit), p.grain, p.first)
		LEFT JOIN due d
			ON (d.indicator, d.unit, d.grain, d.first) = (n.indicator, coalesce(n.unit, u.unit), p.grain, p.first)
), attained AS (
	SELECT l.*,
		CASE
			WHEN method = 'progress' THEN (actual - baseline) / (goal - baseline)
			WHEN method = 'inverse' THEN CASE WHEN actual > 0 AND goal >= 0 THEN goal / actual END
			WHEN goal = 0 THEN CASE WHEN indicator = 'churn' THEN (actual <= 0)::integer END
			WHEN direction = 'target' THEN 1 - abs(actual - goal) / abs(goal)
			WHEN direction = 'lower' THEN 1 - (actual - goal) / abs(goal)
			ELSE 1 + (actual - goal) / abs(goal)
		END AS attainment
	FROM leaf l
), scored AS (
	SELECT a.*, greatest(least(CASE WHEN indicator IN (SELECT indicator FROM recount.piece)
				THEN (SELECT c.points + CASE c.slope WHEN 0 THEN 0 ELSE c.slope * (a.attainment - c.low) END
					FROM recount.piece c WHERE c.indicator = a.indicator AND a.attainment >= c.low
						AND a.attainment < c.high)
				ELSE 100 * attainment END, cap), floor) AS points
	FROM attained a
)
INSERT INTO recount.figure
SELECT asked, grain, first, before, label, node, parent, depth, indicator, measured, weight, direction,
	actual, goal, attainment,
	CASE WHEN attainment IS NOT NULL THEN points END,
	CASE WHEN attainment IS NULL THEN 0 ELSE 1 END,
	CASE
		WHEN attainment IS NOT NULL THEN NULL
		WHEN indicator IS NULL THEN 'no_data'
		WHEN actual IS NULL THEN 'no_actual'
		WHEN NOT whole THEN 'partial_target'
		WHEN goal IS NULL THEN 'no_target'
		WHEN method = 'inverse' THEN 'sign'
		WHEN method = 'ratio' THEN 'zero_target'
	END
FROM scored;
ANALYZE recount.figure;

-- The nodes above, from the lowest level up to the scorecard. A child counts by
-- its coverage, or not at all where it has no score.
DO $$
BEGIN
	FOR level IN REVERSE 2..0 LOOP
		INSERT INTO recount.figure
		SELECT u.unit, p.grain, p.first, p.before, p.label, n.node, n.parent, n.depth, NULL, NULL, n.weight, NULL,
			NULL, NULL, NULL,
			CASE WHEN c.reason IS NULL THEN c.score END, c.coverage, c.reason, NULL, c.missing
		FROM (SELECT DISTINCT unit FROM recount.member) u
			CROSS JOIN recount.period p
			JOIN recount.node n ON n.depth = level AND n.node IN (SELECT parent FROM recount.node)
			CROSS JOIN LATERAL (
				SELECT CASE n.how
						WHEN 'worst' THEN min(s)
						WHEN 'average' THEN sum(s) / count(s)
						ELSE sum(f.weight * s) / sum(f.weight) FILTER (WHERE s IS NOT NULL)
					END AS score,
					sum(f.weight * CASE WHEN f.score IS NULL THEN 0 ELSE f.coverage END) / sum(f.weight) AS coverage,
					CASE
						WHEN count(f.score) = 0 THEN 'no_data'
						WHEN n.missing = 'null' AND count(f.score) < count(*) THEN 'missing_child'
						WHEN sum(f.weight * CASE WHEN f.score IS NULL THEN 0 ELSE f.coverage END)
							< n.min_coverage * sum(f.weight) THEN 'low_coverage'
					END AS reason,
					(SELECT array_agg(l.node ORDER BY l.node COLLATE "C")
					FROM recount.figure l
					WHERE (l.unit, l.grain, l.first) = (u.unit, p.grain, p.first) AND l.score IS NULL
						AND l.weight > 0 AND l.depth > level
						AND l.node NOT IN (SELECT parent FROM recount.node WHERE parent IS NOT NULL)
						AND (level = 0 OR l.parent = n.node
							OR level = 1 AND l.parent IN (SELECT i.node FROM recount.node i WHERE i.parent = n.node)))
						AS missing
				FROM recount.figure f
					CROSS JOIN LATERAL (SELECT CASE WHEN n.missing = 'zero' THEN coalesce(f.score, 0)
						ELSE f.score END) v (s)
				WHERE (f.unit, f.grain, f.first) = (u.unit, p.grain, p.first) AND f.parent = n.node AND f.weight > 0
			) c;
	END LOOP;
END
$$;

-- The share of the whole, from the scorecard down.
UPDATE recount.figure SET absolute_weight = 1 WHERE depth = 0;
DO $$
BEGIN
	FOR level IN 1..3 LOOP
		UPDATE recount.figure f
		SET absolute_weight = above.absolute_weight * f.weight / total.weight
		FROM recount.figure above, (
			SELECT unit, grain, first, parent, sum(weight) AS weight
			FROM recount.figure
			GROUP BY unit, grain, first, parent) total
		WHERE f.depth = level
			AND (above.unit, above.grain, above.first, above.node) = (f.unit, f.grain, f.first, f.parent)
			AND (total.unit, total.grain, total.first, total.parent) = (f.unit, f.grain, f.first, f.parent);
	END LOOP;
END
$$;
ANALYZE recount.figure;

CREATE TABLE recount.expected AS
SELECT f.*, before.actual AS previous_actual, before.score AS previous_score, f.score - before.score AS change,
	CASE WHEN f.actual = 0 AND before.actual = 0 THEN 0
		ELSE (f.actual - before.actual) / nullif(abs(before.actual), 0) END AS change_rate,
	CASE
		WHEN f.parent IS NULL OR f.measured IS NULL THEN sign(f.score - before.score)
		WHEN f.direction = 'target' THEN sign(f.attainment - before.attainment)
		WHEN f.direction = 'lower' THEN sign(before.actual - f.actual)
		ELSE sign(f.actual - before.actual)
	END AS trend,
	year_ago.actual AS last_year_actual,
	CASE WHEN f.score < 70 THEN -1 WHEN f.score < 90 THEN 0 WHEN f.score >= 90 THEN 1 END AS status,
	CASE WHEN f.score < 70 THEN 'red' WHEN f.score < 90 THEN 'amber' WHEN f.score >= 90 THEN 'green' ELSE 'none' END
		AS status_code
FROM recount.figure f
	LEFT JOIN recount.figure before
		ON (before.unit, before.grain, before.first, before.node) = (f.unit, f.grain, f.before, f.node)
	LEFT JOIN recount.figure year_ago
		ON (year_ago.unit, year_ago.grain, year_ago.first, year_ago.node)
			= (f.unit, f.grain, f.first - interval '1 year', f.node);
