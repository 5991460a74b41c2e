-- What an indicator costs its scorecard.

CREATE TYPE kpi_internal.weighed_node AS (
	node text,
	parent_node text,
	role text,
	weight numeric,
	score numeric,
	carried boolean
);
COMMENT ON TYPE kpi_internal.weighed_node IS 'An evaluated node of a scorecard, as kpi_internal.lost_points() reads it.';
--@ for column | says
--@ | node | Key of the node.
--@ | parent_node | Key of the node above; NULL for the scorecard itself.
--@ | role | What it is to the node above.
--@ | weight | Weight among the siblings.
--@ | score | Points; NULL where it has none.
--@ | carried | Whether they are those of an earlier period.
COMMENT ON COLUMN kpi_internal.weighed_node.@column@ IS '@says@';
--@ end

-- Under every policy but null the missing scores of a group leave their weight to
-- the others, or count as 0 or 100; so what is lost adds up to what the score is
-- short of 100, as long as groups take weighted averages and nothing is carried.
CREATE FUNCTION kpi_internal.lost_points(scorecard text, day date, nodes kpi_internal.weighed_node[])
	RETURNS TABLE (node text, share numeric, is_leaf boolean, lost numeric)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 30
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH RECURSIVE e AS MATERIALIZED (
		SELECT x.*, coalesce(n.method, c.method) AS method, coalesce(n.missing, c.missing) AS policy
		FROM unnest(nodes) AS x
			JOIN kpi.scorecard AS c ON c.scorecard = lost_points.scorecard
			LEFT JOIN kpi.scorecard_node AS n ON n.scorecard = lost_points.scorecard AND n.node = x.node AND n.valid @> day
	), counted AS (
		SELECT c.node, c.parent_node, c.score, p.policy,
			   CASE WHEN c.score IS NOT NULL OR p.policy IN ('zero', 'target') OR p.policy = 'carry' AND c.carried
					THEN CASE p.method WHEN 'average' THEN sign(c.weight) ELSE c.weight END END AS weight
		FROM e AS c JOIN e AS p ON p.node = c.parent_node
		WHERE coalesce(c.role, 'part') IN ('part', 'priority')
	), shared AS (
		SELECT c.*, c.weight / nullif(sum(c.weight) OVER (PARTITION BY c.parent_node), 0) AS part FROM counted AS c
	), share (node, share, policy) AS (
		SELECT e.node, 1.0, e.policy FROM e WHERE e.parent_node IS NULL
		UNION ALL
		SELECT c.node, s.share * c.part, c.policy FROM share AS s JOIN shared AS c ON c.parent_node = s.node
	), leaf AS (
		SELECT e.*, e.node NOT IN (SELECT c.parent_node FROM e AS c WHERE c.parent_node IS NOT NULL) AS is_leaf FROM e
	)
	SELECT l.node, s.share, l.is_leaf,
		   CASE WHEN l.is_leaf THEN s.share * (100 - coalesce(l.score, CASE s.policy WHEN 'zero' THEN 0 END)) END
	FROM leaf AS l LEFT JOIN share AS s ON s.node = l.node;
END
$$;
COMMENT ON FUNCTION kpi_internal.lost_points(text, date, kpi_internal.weighed_node[]) IS
'The share of the whole that each node of a scorecard has in force, and what it costs. '
'In force: with the weight of missing siblings shared out, as the policy of the group says. lost: that share times what '
'the score is short of 100, less than 0 for more than 100; NULL for nodes with others below and without a score. day: '
'of which the definition of the scorecard is.';
