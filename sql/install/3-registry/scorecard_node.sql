-- Nodes of scorecards, each over the days it is valid.

CREATE TABLE kpi.scorecard_node (
	scorecard kpi.key NOT NULL REFERENCES kpi.scorecard ON UPDATE CASCADE ON DELETE CASCADE,
	node kpi.key NOT NULL,
	parent kpi.key,
	indicator kpi.key REFERENCES kpi.indicator ON UPDATE CASCADE,
	shows kpi.key REFERENCES kpi.scorecard ON UPDATE CASCADE,
	unit kpi.key REFERENCES kpi.unit ON UPDATE CASCADE,
	perspective kpi.key REFERENCES kpi.perspective ON UPDATE CASCADE,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	weight numeric CHECK (weight OPERATOR(pg_catalog.>=) 0 AND weight OPERATOR(pg_catalog.<) 'Infinity'),
	role kpi_internal.role,
	role_limit numeric,
	method kpi_internal.method,
	missing kpi_internal.missing,
	max_age integer NOT NULL DEFAULT 1 CHECK (max_age OPERATOR(pg_catalog.>=) 0 AND max_age OPERATOR(pg_catalog.<=) 1000),
	min_coverage numeric CHECK (min_coverage OPERATOR(pg_catalog.>=) 0 AND min_coverage OPERATOR(pg_catalog.<=) 1),
	scale kpi.scale,
	zero_below numeric CHECK (zero_below OPERATOR(pg_catalog.>) '-Infinity' AND zero_below OPERATOR(pg_catalog.<) 'Infinity'),
	floor numeric CHECK (floor OPERATOR(pg_catalog.>) '-Infinity' AND floor OPERATOR(pg_catalog.<) 'Infinity'),
	cap numeric CHECK (cap OPERATOR(pg_catalog.>) '-Infinity' AND cap OPERATOR(pg_catalog.<) 'Infinity'),
	carry boolean NOT NULL DEFAULT false,
	position integer NOT NULL DEFAULT 100,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (valid OPERATOR(pg_catalog.&&) '[0001-01-01,10000-01-01)'),
	PRIMARY KEY (scorecard, node, valid),
	CONSTRAINT scorecard_node_not_root CHECK (CAST(node AS text) OPERATOR(pg_catalog.<>) CAST(scorecard AS text)),
	CONSTRAINT scorecard_node_limits CHECK (floor OPERATOR(pg_catalog.<=) cap),
	CONSTRAINT scorecard_node_shows CHECK (pg_catalog.num_nonnulls(indicator, shows) OPERATOR(pg_catalog.<=) 1
		AND (indicator IS NOT NULL OR NOT carry AND scale IS NULL)),
	CONSTRAINT scorecard_node_leaf CHECK (pg_catalog.num_nonnulls(indicator, shows) OPERATOR(pg_catalog.=) 0
		OR pg_catalog.num_nonnulls(missing, min_coverage) OPERATOR(pg_catalog.=) 0
		AND (method IS NULL OR indicator IS NOT NULL AND CAST(method AS text) OPERATOR(pg_catalog.=) 'self')),
	CONSTRAINT scorecard_node_group CHECK (pg_catalog.num_nonnulls(indicator, shows) OPERATOR(pg_catalog.>) 0
		OR pg_catalog.num_nonnulls(unit, zero_below, floor, cap) OPERATOR(pg_catalog.=) 0
		AND (method IS NULL OR CAST(method AS text) OPERATOR(pg_catalog.<>) 'self')),
	CONSTRAINT scorecard_node_role_limit CHECK (
		CASE WHEN CAST(role AS text) OPERATOR(pg_catalog.=) ANY (ARRAY['bonus', 'deduction'])
			 THEN role_limit IS NULL OR role_limit OPERATOR(pg_catalog.>=) 0 AND role_limit OPERATOR(pg_catalog.<) 'Infinity'
			 WHEN CAST(role AS text) OPERATOR(pg_catalog.=) 'veto_cap'
			 THEN role_limit IS NOT NULL AND role_limit OPERATOR(pg_catalog.>) '-Infinity' AND role_limit OPERATOR(pg_catalog.<) 'Infinity'
			 WHEN CAST(role AS text) OPERATOR(pg_catalog.=) 'veto_grade'
			 THEN role_limit IS NULL OR role_limit OPERATOR(pg_catalog.>=) 1 AND role_limit OPERATOR(pg_catalog.<=) 1000
				AND role_limit OPERATOR(pg_catalog.=) pg_catalog.trunc(role_limit)
			 ELSE role_limit IS NULL END),
	CONSTRAINT scorecard_node_role_scale CHECK (CAST(role AS text) OPERATOR(pg_catalog.<>) ALL (ARRAY['bonus', 'deduction'])
		OR kpi_internal.scale_gives_points(scale))
);
CREATE INDEX scorecard_node_indicator_idx ON kpi.scorecard_node (indicator);
CREATE INDEX scorecard_node_shows_idx ON kpi.scorecard_node (shows) WHERE shows IS NOT NULL;
-- of what is at the top the scorecard itself is above
CREATE INDEX scorecard_node_above_idx ON kpi.scorecard_node (scorecard, (COALESCE(parent, scorecard)));

COMMENT ON TABLE kpi.scorecard_node IS
'A node of a scorecard over the days it is valid: a group, or a leaf that shows an indicator.';
COMMENT ON COLUMN kpi.scorecard_node.scorecard IS 'The scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.node IS 'Key within the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.parent IS 'The node above; NULL directly below the root.';
COMMENT ON COLUMN kpi.scorecard_node.indicator IS 'Indicator shown by a leaf; NULL for a group.';
COMMENT ON COLUMN kpi.scorecard_node.shows IS 'Scorecard shown by a leaf, with its score and coverage; NULL for none.';
COMMENT ON COLUMN kpi.scorecard_node.unit IS 'Unit measured where it is not the one evaluated.';
COMMENT ON COLUMN kpi.scorecard_node.perspective IS 'Perspective it is shown under; NULL for none.';
COMMENT ON COLUMN kpi.scorecard_node.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.scorecard_node.weight IS 'Weight among its siblings, on any scale; NULL shows without counting.';
COMMENT ON COLUMN kpi.scorecard_node.role IS
'What it is to the node above. One of part, priority, bonus, deduction, veto_zero, veto_cap, veto_grade or '
'veto_coefficient; NULL is part.';
COMMENT ON COLUMN kpi.scorecard_node.role_limit IS
'Most points of a bonus or deduction. Of a veto_cap the score it leaves at most, of a veto_grade the grades it takes '
'(NULL is 1).';
COMMENT ON COLUMN kpi.scorecard_node.method IS
'How a group gets its score. One of weighted, average, worst, best, sum, majority, priority, geometric, points, or '
'self for its own indicator; NULL for the rule of the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.missing IS
'What missing scores below it do: renormalize, zero, null, carry or target. NULL for the rule of the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.max_age IS
'Periods for which its last score is carried where the rule of the node above is carry.';
COMMENT ON COLUMN kpi.scorecard_node.min_coverage IS
'Share of the weight that must have a score, 0 to 1; NULL for the rule of the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.scale IS 'Scale used instead of that of the indicator.';
COMMENT ON COLUMN kpi.scorecard_node.zero_below IS 'Points below which it counts 0; NULL for what the scorecard says.';
COMMENT ON COLUMN kpi.scorecard_node.floor IS 'Lowest score in points; NULL for what the scorecard says.';
COMMENT ON COLUMN kpi.scorecard_node.cap IS 'Highest score in points; NULL for what the scorecard says.';
COMMENT ON COLUMN kpi.scorecard_node.carry IS
'Whether it shows the latest value until the next is due. '
'Only of an indicator whose own grain is longer than the period.';
COMMENT ON COLUMN kpi.scorecard_node.position IS 'Order among its siblings.';
COMMENT ON COLUMN kpi.scorecard_node.valid IS 'Days on which this version of the node is in force.';
--@ rule | scorecard_node | not_root | The key of the scorecard is that of its top node. Write another key.
--@ | scorecard_node | shows | It shows an indicator, a scorecard, or neither. Leave out scale and carry unless it is an indicator.
--@ | scorecard_node | leaf | How a score is made of those below goes with a group. Leave out missing, min_coverage and any method but self, which goes with an indicator.
--@ | scorecard_node | group | A group takes its score from the nodes below it. Say unit, zero_below, floor and cap of these, and leave the method self to what shows an indicator.
--@ | scorecard_node | limits | The floor is not above the cap. Write the lower of the two as floor.
--@ | scorecard_node | role_limit | A limit goes with its role. Write the points of a veto_cap, at least 0 of a bonus or deduction, the grades of a veto_grade, and none for other roles.
--@ | scorecard_node | role_scale | A bonus adds and a deduction takes off the points of its scale, which are never more than 0. Write what it gives or takes, such as add(0 from 0, 5 per 1) of actual for 5 points of each.
--@ | scorecard_node | weight_check | It is a finite number of at least 0, on any scale. Leave it out to show a node without counting it.
--@ | scorecard_node | max_age_check | It is how many periods old a carried score may be, from 0 to 1000. Write such a number.
--@ | scorecard_node | min_coverage_check | It is a share of the weight, from 0 to 1. Write 0.8 for 80 percent.
--@ finite | scorecard_node | zero_below
--@ | scorecard_node | floor
--@ | scorecard_node | cap
--@ some_days | scorecard_node
--@ named | scorecard_node
--@ checked | scorecard_node

CREATE TRIGGER guard_tree
	BEFORE INSERT OR DELETE OR UPDATE OF scorecard, node, parent, indicator, shows, unit, role, method, floor, cap, valid ON kpi.scorecard_node
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_tree();
COMMENT ON TRIGGER guard_tree ON kpi.scorecard_node IS
'One transaction at a time edits the tree.';

-- The rules of the tree, each checked for the nodes that a statement touched and
-- for those below them; a node is named by the same place in two arrays.

CREATE FUNCTION kpi_internal.nodes_near(scorecards text[], nodes text[])
	RETURNS TABLE (scorecard text, node text, parent text, role text, floor numeric, cap numeric, valid daterange)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
	SELECT n.scorecard, n.node, n.parent, n.role, n.floor, n.cap, n.valid
	FROM unnest(scorecards, nodes) AS t (scorecard, node)
		JOIN kpi.scorecard_node AS n ON n.scorecard = t.scorecard AND n.node = t.node
	UNION
	SELECT n.scorecard, n.node, n.parent, n.role, n.floor, n.cap, n.valid
	FROM unnest(scorecards, nodes) AS t (scorecard, node)
		JOIN kpi.scorecard_node AS n ON n.scorecard = t.scorecard AND coalesce(n.parent, n.scorecard) = t.node
$$;
COMMENT ON FUNCTION kpi_internal.nodes_near(text[], text[]) IS
'The versions of the given nodes and of those directly below them.';

CREATE FUNCTION kpi_internal.check_versions(scorecards text[], nodes text[])
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	twice record;
BEGIN
	SELECT v.* INTO twice
	FROM (SELECT n.scorecard, n.node, n.valid, lead(n.valid) OVER (PARTITION BY n.scorecard, n.node ORDER BY n.valid) AS next
		  FROM (SELECT DISTINCT * FROM unnest(scorecards, nodes)) AS t (scorecard, node)
			JOIN kpi.scorecard_node AS n ON n.scorecard = t.scorecard AND n.node = t.node) AS v
	WHERE v.valid && v.next
	LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('23P01',
			format('node "%s" of scorecard "%s" has two versions on one day', twice.node, twice.scorecard),
			'End the earlier version on the day on which the later one begins, in one statement, or pass "from" to kpi.set_weight().',
			format('%s overlaps %s.', twice.valid, twice.next));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_versions(text[], text[]) IS
'Raises an error unless each of the nodes has one version on any day.';

CREATE FUNCTION kpi_internal.check_parents(scorecards text[], nodes text[])
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	wrong record;
BEGIN
	SELECT c.scorecard, c.node, c.parent, c.valid, range_agg(a.valid) AS parent_valid,
		   (c.scorecard, c.node) IN (SELECT * FROM unnest(scorecards, nodes)) AS touched INTO wrong
	FROM kpi_internal.nodes_near(scorecards, nodes) AS c
		LEFT JOIN kpi.scorecard_node AS a ON a.scorecard = c.scorecard AND a.node = c.parent
	WHERE c.parent IS NOT NULL
	GROUP BY c.scorecard, c.node, c.parent, c.valid
	HAVING NOT coalesce(range_agg(a.valid), '{}') @> c.valid
	ORDER BY c.scorecard COLLATE "C", c.node COLLATE "C", c.valid
	LIMIT 1;
	IF NOT FOUND THEN
		RETURN;
	ELSIF wrong.parent_valid IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023',
			format('parent "%s" is not valid as long as node "%s"', wrong.parent, wrong.node),
			'Pass "from" with a day on which the parent is valid, or change kpi.scorecard_node.valid of both in one statement.',
			format('It is valid in %s, the node in %s.', wrong.parent_valid, wrong.valid));
	ELSIF NOT wrong.touched THEN
		PERFORM kpi_internal.fail('23503',
			format('node "%s" of scorecard "%s" has nodes below it', wrong.parent, wrong.scorecard),
			'Change or delete them with it, or give them another parent first.',
			(SELECT format('Below it: %s.', string_agg(DISTINCT n.node, ', ' ORDER BY n.node))
			 FROM kpi.scorecard_node AS n
			 WHERE n.scorecard = wrong.scorecard AND coalesce(n.parent, n.scorecard) = wrong.parent));
	END IF;
	PERFORM kpi_internal.fail_unknown('node', wrong.parent,
		(SELECT array_agg(DISTINCT CAST(n.node AS text) COLLATE "C")
		 FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wrong.scorecard AND n.node <> wrong.node),
		'nodes', 'The scorecard has no node yet; define the parent first.', format(' in scorecard "%s"', wrong.scorecard));
END
$$;
COMMENT ON FUNCTION kpi_internal.check_parents(text[], text[]) IS
'Raises an error unless each of the nodes has its parent on all days on which it is valid. '
'So has each of those below them.';

CREATE FUNCTION kpi_internal.check_cycles(scorecards text[], nodes text[])
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	lost record;
	days daterange;
	path text[];
	above kpi.scorecard_node;
BEGIN
	-- with every parent in its place, what cannot be reached from the top hangs on itself
	WITH RECURSIVE upward (scorecard, node) AS (
		SELECT t.scorecard, t.node FROM unnest(scorecards, nodes) AS t (scorecard, node)
		UNION
		SELECT CAST(n.scorecard AS text), CAST(n.parent AS text)
		FROM upward AS u JOIN kpi.scorecard_node AS n ON n.scorecard = u.scorecard AND n.node = u.node
		WHERE n.parent IS NOT NULL
	), version AS MATERIALIZED (
		SELECT n.scorecard, n.node, n.parent, n.valid
		FROM upward AS u JOIN kpi.scorecard_node AS n ON n.scorecard = u.scorecard AND n.node = u.node
	), reached (scorecard, node, valid) AS (
		SELECT v.scorecard, v.node, v.valid FROM version AS v WHERE v.parent IS NULL
		UNION
		SELECT v.scorecard, v.node, v.valid * r.valid
		FROM reached AS r JOIN version AS v ON v.scorecard = r.scorecard AND v.parent = r.node AND v.valid && r.valid
	)
	SELECT v.scorecard, v.node, datemultirange(v.valid) - coalesce(d.valid, '{}') AS valid INTO lost
	FROM version AS v
		LEFT JOIN (SELECT r.scorecard, r.node, range_agg(r.valid) AS valid FROM reached AS r GROUP BY r.scorecard, r.node) AS d
			ON d.scorecard = v.scorecard AND d.node = v.node
	WHERE NOT coalesce(d.valid, '{}') @> v.valid
	ORDER BY v.scorecard COLLATE "C", v.node COLLATE "C", v.valid
	LIMIT 1;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	days := (SELECT x FROM unnest(lost.valid) AS x LIMIT 1);
	path := ARRAY[CAST(lost.node AS text)];
	WHILE array_position(path, path[cardinality(path)]) = cardinality(path) LOOP
		SELECT * INTO above FROM kpi.scorecard_node AS n
		WHERE n.scorecard = lost.scorecard AND n.node = path[cardinality(path)] AND n.valid && days
		ORDER BY n.valid LIMIT 1;
		days := days * above.valid;
		path := path || CAST(above.parent AS text);
	END LOOP;
	PERFORM kpi_internal.fail('22023',
		format('scorecard "%s" has a cycle: %s', lost.scorecard,
			   array_to_string((path[array_position(path, path[cardinality(path)]):])[:20], ' -> ')
			   || CASE WHEN cardinality(path) > 20 THEN ' -> ...' ELSE '' END),
		'No node is above itself; choose another parent.');
END
$$;
COMMENT ON FUNCTION kpi_internal.check_cycles(text[], text[]) IS
'Raises an error with the path if one of the nodes is above itself on any day. Their parents are all there.';

CREATE FUNCTION kpi_internal.check_places(scorecards text[], nodes text[])
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	wrong record;
BEGIN
	-- a node at the top is below the scorecard itself
	SELECT c.node, c.role, c.scorecard, coalesce(c.parent, c.scorecard) AS above, a.indicator, a.shows,
		   coalesce(a.method, s.method) AS method, coalesce(c.floor, s.floor) AS least, coalesce(c.cap, s.cap) AS most
	INTO wrong
	FROM kpi_internal.nodes_near(scorecards, nodes) AS c
		JOIN kpi.scorecard AS s ON s.scorecard = c.scorecard
		LEFT JOIN kpi.scorecard_node AS a ON a.scorecard = c.scorecard AND a.node = c.parent AND a.valid && c.valid
	WHERE a.indicator IS NOT NULL AND coalesce(a.method, s.method) <> 'self' OR a.shows IS NOT NULL
		OR coalesce(c.floor, s.floor) > coalesce(c.cap, s.cap)
		OR c.role IN ('bonus', 'deduction') AND coalesce(a.method, s.method) <> 'points'
		OR c.role LIKE 'veto%' AND coalesce(a.method, s.method) = 'self'
	ORDER BY c.scorecard COLLATE "C", c.node COLLATE "C", c.valid
	LIMIT 1;
	IF NOT FOUND THEN
		RETURN;
	ELSIF wrong.indicator IS NOT NULL AND wrong.method <> 'self' THEN
		PERFORM kpi_internal.fail('22023',
			format('parent "%s" of node "%s" shows indicator "%s"', wrong.above, wrong.node, wrong.indicator),
			'Nodes are placed below groups: give the group a key that is not an indicator, or the method "self" to let it stand by itself.');
	ELSIF wrong.shows IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023',
			format('parent "%s" of node "%s" shows scorecard "%s"', wrong.above, wrong.node, wrong.shows),
			'What is inside the other scorecard stays there; place the node below a group.');
	ELSIF wrong.least > wrong.most THEN
		PERFORM kpi_internal.fail('22023',
			format('node "%s" of scorecard "%s" would keep scores from %s to %s', wrong.node, wrong.scorecard, wrong.least, wrong.most),
			'Limits that a node leaves open are those of its scorecard: set both of the node, or change the scorecard.');
	END IF;
	PERFORM kpi_internal.fail('22023',
		format('node "%s" is a %s of "%s", which has method "%s"', wrong.node, wrong.role, wrong.above, wrong.method),
		CASE WHEN wrong.role LIKE 'veto%' THEN 'Give the parent a method by which its children count.'
			 ELSE 'Give the parent the method "points".' END);
END
$$;
COMMENT ON FUNCTION kpi_internal.check_places(text[], text[]) IS
'Raises an error for a node below one that shows an indicator and does not stand by itself. '
'So it does for a bonus, deduction or veto below a method that knows none; looks at the given nodes and those below '
'them.';

CREATE FUNCTION kpi_internal.check_cards(scorecards text[])
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	cycle text[];
BEGIN
	IF NOT EXISTS (SELECT FROM kpi.scorecard_node AS n WHERE n.shows IS NOT NULL) THEN
		RETURN;
	END IF;
	WITH RECURSIVE shown (scorecard, valid, path, closed) AS (
		SELECT n.shows, n.valid, ARRAY[CAST(n.scorecard AS text), CAST(n.shows AS text)], n.shows = n.scorecard
		FROM kpi.scorecard_node AS n
		WHERE n.shows IS NOT NULL AND n.scorecard = ANY (scorecards)
		UNION ALL
		SELECT n.shows, n.valid * s.valid, s.path || CAST(n.shows AS text), n.shows = ANY (s.path)
		FROM shown AS s JOIN kpi.scorecard_node AS n ON n.scorecard = s.scorecard AND n.shows IS NOT NULL AND n.valid && s.valid
		WHERE NOT s.closed
	)
	SELECT s.path[array_position(s.path, CAST(s.scorecard AS text)):] INTO cycle
	FROM shown AS s WHERE s.closed ORDER BY s.path COLLATE "C" LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('22023',
			format('scorecards show each other in a cycle: %s', array_to_string(cycle, ' -> ')),
			'No scorecard shows itself, not even by way of others.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_cards(text[]) IS
'Raises an error with the path if one of the scorecards shows itself on any day. It may do so by way of others.';

CREATE FUNCTION kpi_internal.check_shown(scorecards text[])
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	wrong record;
BEGIN
	SELECT n.scorecard, n.node, n.shows, k.grain, s.grain AS shown_grain, s.dimension AS shown_dimension,
		   coalesce(u.dimension, k.dimension) AS dimension INTO wrong
	FROM kpi.scorecard_node AS n
		JOIN kpi.scorecard AS k ON k.scorecard = n.scorecard
		JOIN kpi.scorecard AS s ON s.scorecard = n.shows
		LEFT JOIN kpi.unit AS u ON u.unit = n.unit
	WHERE (n.scorecard = ANY (scorecards) OR n.shows = ANY (scorecards))
		AND (coalesce(u.dimension, k.dimension) <> s.dimension
			 OR NOT EXISTS (SELECT FROM kpi.grain AS g WHERE kpi_internal.tiles(k.grain, g.grain) AND kpi_internal.tiles(s.grain, g.grain)))
	ORDER BY n.scorecard COLLATE "C", n.node COLLATE "C", n.valid
	LIMIT 1;
	IF NOT FOUND THEN
		RETURN;
	ELSIF wrong.dimension <> wrong.shown_dimension THEN
		PERFORM kpi_internal.fail('22023',
			format('node "%s" of scorecard "%s" shows scorecard "%s" for units of dimension "%s"',
				   wrong.node, wrong.scorecard, wrong.shows, wrong.dimension),
			format('That scorecard is for units of dimension "%s": give the node such a unit.', wrong.shown_dimension));
	END IF;
	PERFORM kpi_internal.fail('22023',
		format('node "%s" of scorecard "%s", of grain "%s", shows scorecard "%s", of grain "%s"',
			   wrong.node, wrong.scorecard, wrong.grain, wrong.shows, wrong.shown_grain),
		'There is no period that both are evaluated for: give one of them another grain.');
END
$$;
COMMENT ON FUNCTION kpi_internal.check_shown(text[]) IS
'Raises an error for a node that shows a scorecard which its unit and periods never have. '
'Looks at nodes of the given scorecards, and at those that show one of them.';

CREATE FUNCTION kpi_internal.guard_nodes()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	scorecards text[];
	nodes text[];
BEGIN
	CASE TG_OP
		WHEN 'INSERT' THEN
			SELECT array_agg(n.scorecard), array_agg(n.node) INTO scorecards, nodes FROM new_nodes AS n;
		WHEN 'DELETE' THEN
			SELECT array_agg(o.scorecard), array_agg(o.node) INTO scorecards, nodes FROM old_nodes AS o;
		ELSE
			SELECT array_agg(c.scorecard), array_agg(c.node) INTO scorecards, nodes
			FROM (SELECT x.scorecard, x.node
				  FROM (SELECT n.scorecard, n.node, n.parent, n.indicator, n.shows, n.unit, n.role, n.method, n.floor, n.cap, n.valid
						FROM new_nodes AS n
						EXCEPT
						SELECT o.scorecard, o.node, o.parent, o.indicator, o.shows, o.unit, o.role, o.method, o.floor, o.cap, o.valid
						FROM old_nodes AS o) AS x
				  UNION
				  SELECT x.scorecard, x.node
				  FROM (SELECT o.scorecard, o.node, o.valid FROM old_nodes AS o
						EXCEPT
						SELECT n.scorecard, n.node, n.valid FROM new_nodes AS n) AS x) AS c;
	END CASE;
	IF nodes IS NOT NULL THEN
		PERFORM kpi_internal.check_versions(scorecards, nodes) WHERE TG_OP <> 'DELETE';
		PERFORM kpi_internal.check_parents(scorecards, nodes);
		PERFORM kpi_internal.check_cycles(scorecards, nodes) WHERE TG_OP <> 'DELETE';
		PERFORM kpi_internal.check_places(scorecards, nodes) WHERE TG_OP <> 'DELETE';
		PERFORM kpi_internal.check_cards(scorecards) WHERE TG_OP <> 'DELETE';
		PERFORM kpi_internal.check_shown(scorecards) WHERE TG_OP <> 'DELETE';
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_nodes() IS
'Trigger: on any day the nodes of a scorecard are a tree of groups and leaves. '
'A statement may do what it likes on the way.';

--@ for event | tables
--@ | insert | NEW TABLE AS new_nodes
--@ | update | OLD TABLE AS old_nodes NEW TABLE AS new_nodes
--@ | delete | OLD TABLE AS old_nodes
CREATE TRIGGER guard_nodes_@event@
	AFTER @event@ ON kpi.scorecard_node
	REFERENCING @tables@
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_nodes();
COMMENT ON TRIGGER guard_nodes_@event@ ON kpi.scorecard_node IS
'On any day the nodes are a tree of groups and leaves.';
--@ end

SELECT pg_catalog.pg_extension_config_dump('kpi.scorecard_node', '');

CREATE FUNCTION kpi_internal.check_role(role text, role_limit numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF role = 'veto_cap' AND role_limit IS NULL THEN
		PERFORM kpi_internal.fail('22023', 'role_limit of a veto_cap is null', 'Give the score that the veto leaves at most.');
	ELSIF role_limit IN ('NaN', 'Infinity', '-Infinity')
		OR role IN ('bonus', 'deduction') AND role_limit < 0
		OR role = 'veto_grade' AND (role_limit < 1 OR role_limit > 1000 OR role_limit <> trunc(role_limit))
		OR coalesce(role, 'part') NOT IN ('bonus', 'deduction', 'veto_cap', 'veto_grade') AND role_limit IS NOT NULL
	THEN
		PERFORM kpi_internal.fail('22023',
			format('role_limit %s is not valid for role "%s"', role_limit, coalesce(role, 'part')),
			'A bonus or deduction takes its most points, a veto_cap a score, a veto_grade a number of grades from 1 to 1000.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_role(text, numeric) IS
'Raises an error for a limit that its role does not take; NULLs pass.';

CREATE FUNCTION kpi_internal.check_unread(wanted kpi.scorecard_node)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	shown CONSTANT text := coalesce(wanted.indicator, wanted.shows);
	unread text;
BEGIN
	SELECT u.name INTO unread
	FROM (VALUES
		('method', shown IS NOT NULL AND (wanted.method <> 'self' OR wanted.shows IS NOT NULL AND wanted.method IS NOT NULL)
			OR shown IS NULL AND wanted.method = 'self', wanted.method),
		('missing', shown IS NOT NULL, wanted.missing),
		('min_coverage', shown IS NOT NULL, CAST(wanted.min_coverage AS text)),
		('unit', shown IS NULL, wanted.unit),
		('zero_below', shown IS NULL, CAST(wanted.zero_below AS text)),
		('floor', shown IS NULL, CAST(wanted.floor AS text)),
		('cap', shown IS NULL, CAST(wanted.cap AS text))) AS u (name, is_unread, value)
	WHERE u.is_unread AND u.value IS NOT NULL
	LIMIT 1;
	IF unread IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023',
			format('node "%s" %s and cannot have %s %s', wanted.node,
				   CASE WHEN wanted.indicator IS NOT NULL THEN format('shows indicator "%s"', wanted.indicator)
						WHEN wanted.shows IS NOT NULL THEN format('shows scorecard "%s"', wanted.shows) ELSE 'is a group' END,
				   unread, to_jsonb(wanted) ->> unread),
			CASE WHEN shown IS NULL THEN 'Only what shows an indicator or a scorecard has one: say it of the nodes below.'
				 ELSE 'Only a group makes its score of nodes below it: leave it out, or reset it.' END);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_unread(kpi.scorecard_node) IS
'Raises an error for what a node does not read. That is how a group gets its score, of a leaf; unit and limits, of a group.';

CREATE FUNCTION kpi_internal.check_node(wanted kpi.scorecard_node)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF wanted.weight < 0 OR wanted.weight IN ('NaN', 'Infinity') THEN
		PERFORM kpi_internal.fail('22023',
			format('weight %s is not a finite number of at least 0', wanted.weight),
			'Weights may be on any scale; a NULL weight shows a row without counting it.');
	END IF;
	PERFORM kpi_internal.require_text('name', wanted.name);
	PERFORM kpi_internal.check_role(wanted.role, wanted.role_limit);
	IF wanted.max_age < 0 OR wanted.max_age > 1000 THEN
		PERFORM kpi_internal.fail('22023',
			format('max_age %s is not between 0 and 1000', wanted.max_age),
			'It is the number of periods for which a score is carried; 0 carries none.');
	END IF;
	PERFORM kpi_internal.check_limits(wanted.zero_below, wanted.floor, wanted.cap);
	IF wanted.indicator IS NOT NULL AND wanted.shows IS NOT NULL THEN
		PERFORM kpi_internal.fail('22023',
			format('node "%s" shows indicator "%s" and scorecard "%s"', wanted.node, wanted.indicator, wanted.shows),
			'A node shows one of the two; reset the other.');
	ELSIF wanted.indicator IS NULL AND (wanted.carry OR wanted.scale IS NOT NULL) THEN
		PERFORM kpi_internal.fail('22023',
			format('node "%s" shows no indicator, but has a scale or carries values', wanted.node),
			'A scale and carried values go with an indicator.');
	END IF;
	PERFORM kpi_internal.check_unread(wanted);
END
$$;
COMMENT ON FUNCTION kpi_internal.check_node(kpi.scorecard_node) IS
'Raises an error for a weight, rule or limit of a node that makes no sense.';

CREATE FUNCTION kpi_internal.node_version(scorecard text, node text, day date)
	RETURNS kpi.scorecard_node
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	version kpi.scorecard_node;
	ended date;
BEGIN
	SELECT * INTO version FROM kpi.scorecard_node AS n
	WHERE n.scorecard = node_version.scorecard AND n.node = node_version.node
		AND CASE WHEN day IS NULL THEN upper_inf(n.valid) ELSE n.valid @> day END;
	IF NOT FOUND AND day IS NULL THEN
		SELECT max(upper(n.valid)) INTO ended FROM kpi.scorecard_node AS n
		WHERE n.scorecard = node_version.scorecard AND n.node = node_version.node;
		IF ended IS NOT NULL THEN
			PERFORM kpi_internal.fail('22023',
				format('node "%s" of scorecard "%s" ended on %s', node, scorecard, ended),
				'Pass "from" with the day on which it begins again, or with one on which it was valid.');
		END IF;
	END IF;
	RETURN version;
END
$$;
COMMENT ON FUNCTION kpi_internal.node_version(text, text, date) IS
'The version of a node that is valid on a day or, for a NULL day, the one without an end. '
'NULLs for a node that has none. A node whose versions have all ended is an error.';

CREATE FUNCTION kpi_internal.nearest_version(scorecard text, node text, day date)
	RETURNS kpi.scorecard_node
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
	SELECT n
	FROM kpi.scorecard_node AS n
	WHERE n.scorecard = nearest_version.scorecard AND n.node = nearest_version.node
	ORDER BY lower(n.valid) > day DESC NULLS LAST, abs(coalesce(lower(n.valid), upper(n.valid)) - day)
	LIMIT 1
$$;
COMMENT ON FUNCTION kpi_internal.nearest_version(text, text, date) IS
'The first version of a node that begins after a day, else the last one before it. NULL for a node that has none.';

CREATE FUNCTION kpi_internal.named_node(wanted kpi.scorecard_node)
	RETURNS kpi.scorecard_node
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	wanted.perspective := coalesce(wanted.perspective,
		(SELECT p.perspective FROM kpi.perspective AS p WHERE p.perspective = wanted.node),
		(SELECT i.perspective FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator),
		(SELECT n.perspective FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wanted.scorecard AND n.node = wanted.parent ORDER BY n.valid DESC LIMIT 1));
	wanted.name := coalesce(wanted.name,
		(SELECT i.name FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator),
		(SELECT s.name FROM kpi.scorecard AS s WHERE s.scorecard = wanted.shows),
		(SELECT p.name FROM kpi.perspective AS p WHERE p.perspective = wanted.node),
		kpi_internal.default_name(wanted.node));
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION kpi_internal.named_node(kpi.scorecard_node) IS
'A node with its default name and perspective, where it has none. Those of what it shows, else of its key.';

CREATE FUNCTION kpi_internal.unnamed_node(wanted kpi.scorecard_node, old kpi.scorecard_node, given jsonb)
	RETURNS kpi.scorecard_node
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	plain kpi.scorecard_node := old;
BEGIN
	plain.name := NULL;
	plain.perspective := NULL;
	plain := kpi_internal.named_node(plain);
	IF given ->> 'name' IS NULL AND old.name = plain.name THEN
		wanted.name := NULL;
	END IF;
	IF given ->> 'perspective' IS NULL AND old.perspective = plain.perspective THEN
		wanted.perspective := NULL;
	END IF;
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION kpi_internal.unnamed_node(kpi.scorecard_node, kpi.scorecard_node, jsonb) IS
'A changed node without the name and perspective that it had by default, to be given new ones. '
'Those that were given stay.';

CREATE FUNCTION kpi_internal.new_node(wanted kpi.scorecard_node, "from" date)
	RETURNS kpi.scorecard_node
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
BEGIN
	IF wanted.indicator IS NULL AND wanted.shows IS NULL
		AND NOT EXISTS (SELECT FROM kpi.perspective AS p WHERE p.perspective = wanted.node)
	THEN
		wanted.indicator := (SELECT i.indicator FROM kpi.indicator AS i WHERE i.indicator = wanted.node);
	END IF;
	wanted := kpi_internal.named_node(wanted);
	wanted.position := coalesce(wanted.position,
		(SELECT max(n.position) + 10 FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wanted.scorecard AND n.parent IS NOT DISTINCT FROM wanted.parent), 10);
	wanted.valid := coalesce(wanted.valid, daterange("from",
		(SELECT min(lower(n.valid)) FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wanted.scorecard AND n.node = wanted.node AND lower(n.valid) > "from")));
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION kpi_internal.new_node(kpi.scorecard_node, date) IS
'A new node with its defaults. Those are indicator and perspective of its key, their name, the last position below '
'its parent, valid from the day (NULL for always) to the next version.';

CREATE FUNCTION kpi_internal.put_node(wanted kpi.scorecard_node, old kpi.scorecard_node, "from" date)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF wanted *= old THEN
		RETURN;
	ELSIF old.node IS NOT NULL AND "from" IS DISTINCT FROM lower(old.valid) AND "from" IS NOT NULL THEN
		-- one statement, so that what is below never lacks its parent
		wanted.valid := daterange("from", upper(old.valid));
		WITH ended AS (
			UPDATE kpi.scorecard_node AS n SET valid = daterange(lower(old.valid), "from")
			WHERE n.scorecard = old.scorecard AND n.node = old.node AND n.valid = old.valid
			RETURNING n.node)
		INSERT INTO kpi.scorecard_node SELECT wanted.* FROM ended;
	ELSIF old.node IS NULL THEN
		INSERT INTO kpi.scorecard_node VALUES (wanted.*);
	ELSE
		UPDATE kpi.scorecard_node AS n
		SET (parent, indicator, shows, unit, perspective, name, weight, role, role_limit, method, missing, max_age, min_coverage, scale,
			 zero_below, floor, cap, carry, position) =
			ROW (wanted.parent, wanted.indicator, wanted.shows, wanted.unit, wanted.perspective, wanted.name, wanted.weight, wanted.role,
				 wanted.role_limit, wanted.method, wanted.missing, wanted.max_age, wanted.min_coverage, wanted.scale, wanted.zero_below,
				 wanted.floor, wanted.cap, wanted.carry, wanted.position)
		WHERE n.scorecard = old.scorecard AND n.node = old.node AND n.valid = old.valid;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.put_node(kpi.scorecard_node, kpi.scorecard_node, date) IS
'Stores a node for kpi.set_weight(): in place of its old version, or from a day on beside it. '
'Nothing where they are alike.';

CREATE FUNCTION kpi_internal.fail_node(scorecard text, node text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	near CONSTANT text := kpi_internal.nearest(node, ARRAY(
		SELECT CAST(n.node AS text) FROM kpi.scorecard_node AS n WHERE n.scorecard = fail_node.scorecard
		UNION SELECT i.indicator FROM kpi.indicator AS i
		UNION SELECT p.perspective FROM kpi.perspective AS p
		ORDER BY 1));
BEGIN
	PERFORM kpi_internal.fail('22023',
		format('node "%s" does not exist in scorecard "%s", nor an indicator or perspective of that key', node, scorecard),
		concat('Perhaps you mean "' || near || '". ', 'A group of another key is added with kpi.define_node().'));
END
$$;
COMMENT ON FUNCTION kpi_internal.fail_node(text, text) IS
'Raises the error for a node that kpi.set_weight() does not find. '
'The hint is the nearest node, indicator or perspective.';

-- What is left out of given keeps what the node has; what is named in reset
-- goes back to what a new node has.
CREATE FUNCTION kpi_internal.keep_node(scorecard text, node text, given jsonb, "from" date, reset text[], adds boolean)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	old kpi.scorecard_node;
	kept kpi.scorecard_node;
	wanted kpi.scorecard_node;
BEGIN
	PERFORM kpi_internal.require_scorecard(scorecard);
	PERFORM kpi_internal.require_key('node', node);
	IF node = scorecard THEN
		PERFORM kpi_internal.fail('22023',
			format('node "%s" has the key of its scorecard', node),
			'That is its root; set it with kpi.define_scorecard().');
	END IF;
	PERFORM kpi_internal.require_day('from', "from");
	IF given ->> 'parent' IS NOT NULL THEN
		PERFORM kpi_internal.require_key('parent', given ->> 'parent');
	END IF;
	PERFORM kpi_internal.require_indicator(given ->> 'indicator') WHERE given ->> 'indicator' IS NOT NULL;
	PERFORM kpi_internal.check_rollup(given ->> 'method', given ->> 'missing', CAST(given ->> 'min_coverage' AS numeric));
	PERFORM kpi_internal.require_word('role', given ->> 'role', VARIADIC kpi_internal.word_list('role'));
	PERFORM kpi_internal.require_scorecard(given ->> 'shows') WHERE given ->> 'shows' IS NOT NULL;
	PERFORM kpi_internal.require_unit(given ->> 'unit') WHERE given ->> 'unit' IS NOT NULL;
	PERFORM kpi_internal.require_perspective(given ->> 'perspective') WHERE given ->> 'perspective' IS NOT NULL;
	PERFORM kpi_internal.require_word('reset', r, 'parent', 'indicator', 'unit', 'perspective', 'name', 'weight', 'role', 'role_limit',
		'method', 'missing', 'max_age', 'min_coverage', 'scale', 'zero_below', 'floor', 'cap', 'carry', 'shows', 'position')
	FROM unnest(reset) AS r;

	-- what is left out is kept as the last editor left it
	PERFORM kpi_internal.lock_tree('kpi.scorecard_node');
	old := kpi_internal.node_version(scorecard, node, "from");
	kept := CASE WHEN old.node IS NULL THEN kpi_internal.nearest_version(scorecard, node, "from") ELSE old END;
	IF kept.node IS NULL AND NOT adds AND given ->> 'indicator' IS NULL
		AND NOT EXISTS (SELECT FROM kpi.indicator AS i WHERE i.indicator = keep_node.node)
		AND NOT EXISTS (SELECT FROM kpi.perspective AS p WHERE p.perspective = keep_node.node)
	THEN
		PERFORM kpi_internal.fail_node(scorecard, node);
	ELSIF given ->> 'role' <> coalesce(kept.role, '') THEN
		kept.role_limit := NULL;
	END IF;
	IF kept.indicator IS NULL AND kept.shows IS NULL AND num_nonnulls(given ->> 'indicator', given ->> 'shows') > 0 THEN
		-- what makes a score of nodes below goes with the group that it was
		kept.method := NULL;
		kept.missing := NULL;
		kept.min_coverage := NULL;
	END IF;
	wanted := jsonb_populate_record(kept,
		(SELECT coalesce(jsonb_object_agg(r, NULL), '{}') FROM unnest(reset) AS r) || jsonb_strip_nulls(given));
	wanted.scorecard := scorecard;
	wanted.node := node;
	IF wanted.parent = scorecard THEN
		wanted.parent := NULL;
	END IF;
	wanted.max_age := coalesce(wanted.max_age, 1);
	wanted.carry := coalesce(wanted.carry, false);
	wanted.valid := old.valid;
	-- a default name follows what the node shows
	wanted := kpi_internal.unnamed_node(wanted, kept, given);
	wanted := CASE WHEN old.node IS NULL OR reset IS NOT NULL THEN kpi_internal.new_node(wanted, "from")
				   ELSE kpi_internal.named_node(wanted) END;
	PERFORM kpi_internal.check_node(wanted);
	PERFORM kpi_internal.put_node(wanted, old, "from");
	RETURN node;
END
$$;
COMMENT ON FUNCTION kpi_internal.keep_node(text, text, jsonb, date, text[], boolean) IS
'Stores a node for kpi.set_weight() and kpi.define_node(), and returns its key. '
'kpi.define_node() alone adds one whatever its key is.';

CREATE FUNCTION kpi.set_weight(scorecard text, node text, weight anycompatible DEFAULT CAST(NULL AS numeric),
							   parent text DEFAULT NULL, indicator text DEFAULT NULL, name text DEFAULT NULL,
							   method text DEFAULT NULL, missing text DEFAULT NULL,
							   min_coverage anycompatible DEFAULT CAST(NULL AS numeric),
							   scale kpi.scale DEFAULT NULL, floor anycompatible DEFAULT CAST(NULL AS numeric),
							   cap anycompatible DEFAULT CAST(NULL AS numeric), unit text DEFAULT NULL,
							   perspective text DEFAULT NULL, "position" float8 DEFAULT NULL,
							   "from" date DEFAULT NULL, role text DEFAULT NULL,
							   role_limit anycompatible DEFAULT CAST(NULL AS numeric), max_age float8 DEFAULT NULL)
	RETURNS text
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT kpi_internal.keep_node(scorecard, node, jsonb_build_object('parent', parent, 'indicator', indicator, 'unit', unit,
		'perspective', perspective, 'name', name, 'weight', kpi_internal.number(weight), 'role', role,
		'role_limit', kpi_internal.number(role_limit), 'method', method, 'missing', missing, 'max_age', kpi_internal.whole('max_age', max_age),
		'min_coverage', kpi_internal.number(min_coverage), 'scale', scale, 'floor', kpi_internal.number(floor),
		'cap', kpi_internal.number(cap), 'position', kpi_internal.whole('position', "position")), "from", NULL, false)
$$;
COMMENT ON FUNCTION kpi.set_weight(text, text, anycompatible, text, text, text, text, text, anycompatible, kpi.scale, anycompatible, anycompatible, text, text, float8, date, text, anycompatible, float8) IS
'Sets the weight of a node of a scorecard and returns its key. '
'A node that is not there is added where its key is an indicator or a perspective, or the indicator is given; any '
'other key is an error. weight: at least 0 on any scale; a new node without one is shown and not counted. The other '
'arguments are those of kpi.define_node(); what is left out is kept. Unknown names, wrong weights and roles are '
'errors.';

CREATE FUNCTION kpi.define_node(scorecard text, node text, parent text DEFAULT NULL, indicator text DEFAULT NULL,
								unit text DEFAULT NULL, weight anycompatible DEFAULT CAST(NULL AS numeric),
								scale kpi.scale DEFAULT NULL, name text DEFAULT NULL, perspective text DEFAULT NULL,
								role text DEFAULT NULL, role_limit anycompatible DEFAULT CAST(NULL AS numeric),
								method text DEFAULT NULL, missing text DEFAULT NULL,
								min_coverage anycompatible DEFAULT CAST(NULL AS numeric),
								max_age float8 DEFAULT NULL, zero_below anycompatible DEFAULT CAST(NULL AS numeric),
								floor anycompatible DEFAULT CAST(NULL AS numeric),
								cap anycompatible DEFAULT CAST(NULL AS numeric), carry boolean DEFAULT NULL,
								shows text DEFAULT NULL, "position" float8 DEFAULT NULL, "from" date DEFAULT NULL,
								reset text[] DEFAULT NULL)
	RETURNS text
	LANGUAGE sql
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT kpi_internal.keep_node(scorecard, node, jsonb_build_object('parent', parent, 'indicator', indicator, 'unit', unit,
		'perspective', perspective, 'name', name, 'weight', kpi_internal.number(weight), 'role', role,
		'role_limit', kpi_internal.number(role_limit), 'method', method, 'missing', missing, 'max_age', kpi_internal.whole('max_age', max_age),
		'min_coverage', kpi_internal.number(min_coverage), 'scale', scale, 'zero_below', kpi_internal.number(zero_below),
		'floor', kpi_internal.number(floor), 'cap', kpi_internal.number(cap), 'carry', carry, 'shows', shows,
		'position', kpi_internal.whole('position', "position")), "from", reset, true)
$$;
COMMENT ON FUNCTION kpi.define_node(text, text, text, text, text, anycompatible, kpi.scale, text, text, text, anycompatible, text, text, anycompatible, float8, anycompatible, anycompatible, anycompatible, boolean, text, float8, date, text[]) IS
'Adds or changes a node of a scorecard and returns its key. '
'It is a group, or shows an indicator or another scorecard. What is left out is kept; reset names arguments that go '
'back to what a new node has. A new node takes indicator and perspective of its key, their name, and the last place '
'below its parent. parent: a group of the scorecard, or the scorecard itself for the top. zero_below, floor, cap: '
'those of the scorecard unless given. carry: shows the latest value of a longer own grain until the next is due. '
'from: ends the version valid on that day and begins a new one; without it the version without an end is changed. '
'role and role_limit: what the node is to its parent, as in kpi.scorecard_rollup(). max_age: periods for which its '
'last score is carried where the parent says carry, 1 by default. Unknown names, wrong weights, roles and limits, '
'and scorecards that show each other are errors.';
