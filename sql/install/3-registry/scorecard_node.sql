-- Nodes of scorecards, each over the days it is valid.

CREATE TABLE kpi.scorecard_node (
	scorecard kpi.key NOT NULL REFERENCES kpi.scorecard ON UPDATE CASCADE ON DELETE CASCADE,
	node kpi.key NOT NULL,
	parent kpi.key,
	indicator kpi.key REFERENCES kpi.indicator ON UPDATE CASCADE,
	unit kpi.key REFERENCES kpi.unit ON UPDATE CASCADE,
	perspective kpi.key REFERENCES kpi.perspective ON UPDATE CASCADE,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	weight numeric CHECK (weight OPERATOR(pg_catalog.>=) 0 AND weight OPERATOR(pg_catalog.<) 'Infinity'),
	role text CHECK (role OPERATOR(pg_catalog.=) ANY (ARRAY['part', 'priority', 'bonus', 'deduction',
															 'veto_zero', 'veto_cap', 'veto_grade', 'veto_coefficient'])),
	role_limit numeric,
	method text CHECK (method OPERATOR(pg_catalog.=) ANY (ARRAY['weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority',
																 'geometric', 'points', 'self'])),
	missing text CHECK (missing OPERATOR(pg_catalog.=) ANY (ARRAY['renormalize', 'zero', 'null', 'carry', 'target'])),
	max_age integer NOT NULL DEFAULT 1 CHECK (max_age OPERATOR(pg_catalog.>=) 0 AND max_age OPERATOR(pg_catalog.<=) 1000),
	min_coverage numeric CHECK (min_coverage OPERATOR(pg_catalog.>=) 0 AND min_coverage OPERATOR(pg_catalog.<=) 1),
	scale kpi.scale,
	floor numeric CHECK (floor OPERATOR(pg_catalog.>) '-Infinity' AND floor OPERATOR(pg_catalog.<) 'Infinity'),
	cap numeric CHECK (cap OPERATOR(pg_catalog.>) '-Infinity' AND cap OPERATOR(pg_catalog.<) 'Infinity'),
	position integer NOT NULL DEFAULT 100,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT pg_catalog.isempty(valid)),
	PRIMARY KEY (scorecard, node, valid),
	CONSTRAINT scorecard_node_overlap EXCLUDE USING gist
		(CAST(scorecard AS text) WITH OPERATOR(pg_catalog.=), CAST(node AS text) WITH OPERATOR(pg_catalog.=),
		 valid WITH OPERATOR(pg_catalog.&&)),
	CONSTRAINT scorecard_node_not_root CHECK (CAST(node AS text) OPERATOR(pg_catalog.<>) CAST(scorecard AS text)),
	CONSTRAINT scorecard_node_limits CHECK (floor OPERATOR(pg_catalog.<=) cap),
	CONSTRAINT scorecard_node_role_limit CHECK (
		CASE WHEN role OPERATOR(pg_catalog.=) ANY (ARRAY['bonus', 'deduction'])
			 THEN role_limit IS NULL OR role_limit OPERATOR(pg_catalog.>=) 0 AND role_limit OPERATOR(pg_catalog.<) 'Infinity'
			 WHEN role OPERATOR(pg_catalog.=) 'veto_cap'
			 THEN role_limit IS NOT NULL AND role_limit OPERATOR(pg_catalog.>) '-Infinity' AND role_limit OPERATOR(pg_catalog.<) 'Infinity'
			 WHEN role OPERATOR(pg_catalog.=) 'veto_grade'
			 THEN role_limit IS NULL OR role_limit OPERATOR(pg_catalog.>=) 1 AND role_limit OPERATOR(pg_catalog.<=) 1000
				AND role_limit OPERATOR(pg_catalog.=) pg_catalog.trunc(role_limit)
			 ELSE role_limit IS NULL END)
);
CREATE INDEX scorecard_node_indicator_idx ON kpi.scorecard_node (indicator);

COMMENT ON TABLE kpi.scorecard_node IS
'A node of a scorecard over the days it is valid: a group, or a leaf that shows an indicator.';
COMMENT ON COLUMN kpi.scorecard_node.scorecard IS 'The scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.node IS 'Key within the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.parent IS 'The node above; NULL directly below the root.';
COMMENT ON COLUMN kpi.scorecard_node.indicator IS 'Indicator shown by a leaf; NULL for a group.';
COMMENT ON COLUMN kpi.scorecard_node.unit IS 'Unit measured where it is not the one evaluated.';
COMMENT ON COLUMN kpi.scorecard_node.perspective IS 'Perspective it is shown under; NULL for none.';
COMMENT ON COLUMN kpi.scorecard_node.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.scorecard_node.weight IS 'Weight among its siblings, on any scale; NULL shows without counting.';
COMMENT ON COLUMN kpi.scorecard_node.role IS 'What it is to the node above: part, priority, bonus, deduction, veto_zero, veto_cap, veto_grade or veto_coefficient; NULL is part.';
COMMENT ON COLUMN kpi.scorecard_node.role_limit IS 'Most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes (NULL is 1).';
COMMENT ON COLUMN kpi.scorecard_node.method IS 'How a group gets its score: weighted, average, worst, best, sum, majority, priority, geometric, points, or self for its own indicator; NULL for the rule of the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.missing IS 'What missing scores below it do: renormalize, zero, null, carry or target; NULL for the rule of the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.max_age IS 'Periods for which its last score is carried where the rule of the node above is carry.';
COMMENT ON COLUMN kpi.scorecard_node.min_coverage IS 'Share of the weight that must have a score, 0 to 1; NULL for the rule of the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.scale IS 'Scale used instead of that of the indicator.';
COMMENT ON COLUMN kpi.scorecard_node.floor IS 'Lowest score in points; NULL for no limit.';
COMMENT ON COLUMN kpi.scorecard_node.cap IS 'Highest score in points; NULL for no limit.';
COMMENT ON COLUMN kpi.scorecard_node.position IS 'Order among its siblings.';
COMMENT ON COLUMN kpi.scorecard_node.valid IS 'Days on which this version of the node is in force.';
COMMENT ON CONSTRAINT scorecard_node_overlap ON kpi.scorecard_node IS 'A node has one version on any day.';
COMMENT ON CONSTRAINT scorecard_node_not_root ON kpi.scorecard_node IS 'The key of the scorecard is the key of its root.';
COMMENT ON CONSTRAINT scorecard_node_limits ON kpi.scorecard_node IS 'The floor is not above the cap.';
COMMENT ON CONSTRAINT scorecard_node_role_limit ON kpi.scorecard_node IS 'A limit goes with its role.';

CREATE TRIGGER guard_tree
	BEFORE INSERT OR DELETE OR UPDATE OF scorecard, node, parent, valid ON kpi.scorecard_node
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_tree();
COMMENT ON TRIGGER guard_tree ON kpi.scorecard_node IS
'One transaction at a time edits the tree.';

CREATE FUNCTION kpi_internal.guard_scorecard_node()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	cycle text[];
BEGIN
	WITH RECURSIVE up (node, valid, path, closed) AS (
		SELECT NEW.parent::text, NEW.valid, ARRAY[NEW.node::text, NEW.parent::text], NEW.node = NEW.parent
		UNION ALL
		SELECT n.parent, n.valid * up.valid, up.path || n.parent::text, n.parent = ANY (up.path)
		FROM up JOIN kpi.scorecard_node AS n
			ON n.scorecard = NEW.scorecard AND n.node = up.node AND n.valid && up.valid
		WHERE NOT up.closed AND n.parent IS NOT NULL
	)
	SELECT up.path[array_position(up.path, up.node):] INTO cycle FROM up WHERE up.closed LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('22023',
			format('scorecard "%s" has a cycle: %s', NEW.scorecard, array_to_string(cycle, ' -> ')),
			'No node is above itself; choose another parent.');
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_scorecard_node() IS
'Trigger: on any day the nodes of a scorecard have no cycle.';

CREATE TRIGGER guard_scorecard_node
	AFTER INSERT OR UPDATE OF scorecard, node, parent, valid ON kpi.scorecard_node
	FOR EACH ROW WHEN (NEW.parent IS NOT NULL)
	EXECUTE FUNCTION kpi_internal.guard_scorecard_node();
COMMENT ON TRIGGER guard_scorecard_node ON kpi.scorecard_node IS
'On any day the nodes of a scorecard have no cycle.';

CREATE FUNCTION kpi_internal.guard_children()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	children text;
BEGIN
	IF TG_OP = 'DELETE' OR (NEW.scorecard, NEW.node) <> (OLD.scorecard, OLD.node) THEN
		SELECT string_agg(DISTINCT n.node, ', ' ORDER BY n.node) INTO children
		FROM kpi.scorecard_node AS n
		WHERE n.scorecard = OLD.scorecard AND n.parent = OLD.node AND n.valid && OLD.valid;
	END IF;
	IF children IS NOT NULL THEN
		PERFORM kpi_internal.fail('23503',
			format('node "%s" of scorecard "%s" has nodes below it', OLD.node, OLD.scorecard),
			'Change or delete them with it, or give them another parent first.',
			format('Below it: %s.', children));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_children() IS
'Trigger: a node is neither deleted nor renamed away from above others.';

CREATE TRIGGER guard_children
	AFTER DELETE OR UPDATE OF scorecard, node ON kpi.scorecard_node
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_children();
COMMENT ON TRIGGER guard_children ON kpi.scorecard_node IS
'A node is neither deleted nor renamed away from above others.';

SELECT pg_catalog.pg_extension_config_dump('kpi.scorecard_node', '');

CREATE FUNCTION kpi_internal.check_role(role text, role_limit numeric)
	RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_word('role', role, 'part', 'priority', 'bonus', 'deduction', 'veto_zero', 'veto_cap', 'veto_grade',
							 'veto_coefficient');
	IF role = 'veto_cap' AND role_limit IS NULL THEN
		PERFORM kpi_internal.fail('22023', 'role_limit of a veto_cap is null', 'Give the score that the veto leaves at most.');
	ELSIF role_limit IN ('NaN', 'Infinity', '-Infinity')
		OR role IN ('bonus', 'deduction') AND role_limit < 0
		OR role = 'veto_grade' AND (role_limit < 1 OR role_limit > 1000 OR role_limit <> trunc(role_limit))
		OR coalesce(role, 'part') NOT IN ('bonus', 'deduction', 'veto_cap', 'veto_grade') AND role_limit IS NOT NULL
	THEN
		PERFORM kpi_internal.fail('22023',
			format('role_limit %s is no limit of a %s', role_limit, coalesce(role, 'part')),
			'A bonus or deduction takes its most points, a veto_cap a score, a veto_grade a number of grades from 1 to 1000.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_role(text, numeric) IS
'Raises an error for a role that is none, and for a limit that its role does not take; NULLs pass.';

CREATE FUNCTION kpi_internal.check_roles(scorecard text)
	RETURNS void
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	wrong record;
BEGIN
	SELECT n.node, n.role, p.node AS parent, p.method INTO wrong
	FROM kpi.scorecard_node AS n
		CROSS JOIN LATERAL (
			SELECT a.node, coalesce(a.method, c.method) AS method
			FROM kpi.scorecard_node AS a JOIN kpi.scorecard AS c ON c.scorecard = a.scorecard
			WHERE a.scorecard = n.scorecard AND a.node = n.parent AND a.valid && n.valid
			UNION ALL
			SELECT c.scorecard, c.method FROM kpi.scorecard AS c WHERE c.scorecard = n.scorecard AND n.parent IS NULL) AS p
	WHERE n.scorecard = check_roles.scorecard
		AND (n.role IN ('bonus', 'deduction') AND p.method <> 'points' OR n.role LIKE 'veto%' AND p.method = 'self')
	ORDER BY CAST(n.node AS text) COLLATE "C", n.valid
	LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('22023',
			format('node "%s" is a %s of "%s", which has method "%s"', wrong.node, wrong.role, wrong.parent, wrong.method),
			CASE WHEN wrong.role LIKE 'veto%' THEN 'Give the parent a method by which its children count.'
				 ELSE 'Give the parent the method "points".' END);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_roles(text) IS
'Raises an error for a bonus or deduction of a scorecard below a method other than points, and for a veto below the method self.';

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
	IF wanted.indicator IS NOT NULL AND EXISTS (SELECT FROM kpi.scorecard_node AS n
												WHERE n.scorecard = wanted.scorecard AND n.parent = wanted.node)
	THEN
		PERFORM kpi_internal.fail('22023',
			format('node "%s" of scorecard "%s" has nodes below it', wanted.node, wanted.scorecard),
			'A node either shows an indicator or groups others: place the indicator below it.');
	END IF;
	PERFORM kpi_internal.check_rollup(wanted.method, wanted.missing, wanted.min_coverage);
	PERFORM kpi_internal.check_role(wanted.role, wanted.role_limit);
	IF wanted.max_age < 0 OR wanted.max_age > 1000 THEN
		PERFORM kpi_internal.fail('22023',
			format('max_age %s is not between 0 and 1000', wanted.max_age),
			'It is the number of periods for which a score is carried; 0 carries none.');
	END IF;
	PERFORM kpi_internal.require_number('floor', wanted.floor);
	PERFORM kpi_internal.require_number('cap', wanted.cap);
	IF wanted.floor > wanted.cap THEN
		PERFORM kpi_internal.fail('22023',
			format('floor %s is above cap %s', wanted.floor, wanted.cap),
			'Scores are kept from floor to cap.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_node(kpi.scorecard_node) IS
'Raises an error for a weight, rule or limit of a node that makes no sense.';

CREATE FUNCTION kpi_internal.require_parent(child kpi.scorecard_node)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	valid datemultirange;
	shows text;
BEGIN
	SELECT range_agg(n.valid), min(n.indicator) FILTER (WHERE n.valid && child.valid) INTO valid, shows
	FROM kpi.scorecard_node AS n
	WHERE n.scorecard = child.scorecard AND n.node = child.parent;
	IF valid IS NULL AND child.parent <> child.node THEN
		PERFORM kpi_internal.fail_unknown('node', child.parent,
								 (SELECT array_agg(k.node ORDER BY k.node COLLATE "C")
								  FROM (SELECT DISTINCT CAST(n.node AS text) FROM kpi.scorecard_node AS n
										WHERE n.scorecard = child.scorecard) AS k (node)),
								 'nodes', 'The scorecard has no node yet; set the weight of the parent first.',
								 format(' in scorecard "%s"', child.scorecard));
	ELSIF shows IS NOT NULL AND child.parent <> child.node THEN
		PERFORM kpi_internal.fail('22023',
			format('parent "%s" of node "%s" shows indicator "%s"', child.parent, child.node, shows),
			'Nodes are placed below groups: give the group a key that is no indicator.');
	ELSIF NOT valid @> child.valid THEN
		PERFORM kpi_internal.fail('22023',
			format('parent "%s" is not valid as long as node "%s"', child.parent, child.node),
			'Pass "from" with a day on which the parent is valid, or change kpi.scorecard_node.valid of one of them.',
			format('It is valid in %s, the node in %s.', valid, child.valid));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_parent(kpi.scorecard_node) IS
'Raises an error unless the parent of a node is a group of its scorecard on all days on which the node is valid.';

CREATE FUNCTION kpi_internal.node_version(scorecard text, node text, day date)
	RETURNS kpi.scorecard_node
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
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
'The version of a node that is valid on a day or, for a NULL day, the one without an end; NULLs for a node that has none. A node whose versions have all ended is an error.';

CREATE FUNCTION kpi_internal.nearest_version(scorecard text, node text, day date)
	RETURNS kpi.scorecard_node
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT n
	FROM kpi.scorecard_node AS n
	WHERE n.scorecard = nearest_version.scorecard AND n.node = nearest_version.node
	ORDER BY lower(n.valid) > day DESC NULLS LAST, abs(coalesce(lower(n.valid), upper(n.valid)) - day)
	LIMIT 1
$$;
COMMENT ON FUNCTION kpi_internal.nearest_version(text, text, date) IS
'The first version of a node that begins after a day, else the last one before it; NULL for a node that has none.';

CREATE FUNCTION kpi_internal.new_node(wanted kpi.scorecard_node, "from" date)
	RETURNS kpi.scorecard_node
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF wanted.indicator IS NULL AND NOT EXISTS (SELECT FROM kpi.perspective AS p WHERE p.perspective = wanted.node) THEN
		wanted.indicator := (SELECT i.indicator FROM kpi.indicator AS i WHERE i.indicator = wanted.node);
	END IF;
	wanted.perspective := coalesce(wanted.perspective,
		(SELECT p.perspective FROM kpi.perspective AS p WHERE p.perspective = wanted.node),
		(SELECT i.perspective FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator),
		(SELECT n.perspective FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wanted.scorecard AND n.node = wanted.parent ORDER BY n.valid DESC LIMIT 1));
	wanted.name := coalesce(wanted.name,
		(SELECT i.name FROM kpi.indicator AS i WHERE i.indicator = wanted.indicator),
		(SELECT p.name FROM kpi.perspective AS p WHERE p.perspective = wanted.node),
		kpi_internal.default_name(wanted.node));
	wanted.position := coalesce(wanted.position,
		(SELECT max(n.position) + 10 FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wanted.scorecard AND n.parent IS NOT DISTINCT FROM wanted.parent), 10);
	wanted.valid := daterange("from",
		(SELECT min(lower(n.valid)) FROM kpi.scorecard_node AS n
		 WHERE n.scorecard = wanted.scorecard AND n.node = wanted.node AND lower(n.valid) > "from"));
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION kpi_internal.new_node(kpi.scorecard_node, date) IS
'A new node with its defaults: indicator and perspective of its key, their name, the last position below its parent, valid from the day (NULL for always) to the next version.';

CREATE FUNCTION kpi_internal.put_node(wanted kpi.scorecard_node, old kpi.scorecard_node, "from" date)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF wanted *= old THEN
		RETURN;
	ELSIF old.node IS NOT NULL AND "from" IS DISTINCT FROM lower(old.valid) AND "from" IS NOT NULL THEN
		UPDATE kpi.scorecard_node AS n SET valid = daterange(lower(old.valid), "from")
		WHERE n.scorecard = old.scorecard AND n.node = old.node AND n.valid = old.valid;
		wanted.valid := daterange("from", upper(old.valid));
		old := NULL;
	END IF;
	IF old.node IS NULL THEN
		INSERT INTO kpi.scorecard_node VALUES (wanted.*);
	ELSE
		UPDATE kpi.scorecard_node AS n
		SET (parent, indicator, unit, perspective, name, weight, role, role_limit, method, missing, max_age, min_coverage, scale, floor, cap, position) =
			ROW (wanted.parent, wanted.indicator, wanted.unit, wanted.perspective, wanted.name, wanted.weight, wanted.role,
				 wanted.role_limit, wanted.method, wanted.missing, wanted.max_age, wanted.min_coverage, wanted.scale, wanted.floor,
				 wanted.cap, wanted.position)
		WHERE n.scorecard = old.scorecard AND n.node = old.node AND n.valid = old.valid;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.put_node(kpi.scorecard_node, kpi.scorecard_node, date) IS
'Stores a node for kpi.set_weight(): in place of its old version, or from a day on beside it; nothing where they are alike.';

CREATE FUNCTION kpi.set_weight(scorecard text, node text, weight numeric DEFAULT NULL, parent text DEFAULT NULL,
							   indicator text DEFAULT NULL, name text DEFAULT NULL, method text DEFAULT NULL,
							   missing text DEFAULT NULL, min_coverage numeric DEFAULT NULL,
							   scale kpi.scale DEFAULT NULL, floor numeric DEFAULT NULL, cap numeric DEFAULT NULL,
							   unit text DEFAULT NULL, perspective text DEFAULT NULL, "position" integer DEFAULT NULL,
							   "from" date DEFAULT NULL, role text DEFAULT NULL, role_limit numeric DEFAULT NULL,
							   max_age integer DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.scorecard_node;
	template kpi.scorecard_node;
	wanted kpi.scorecard_node;
BEGIN
	PERFORM kpi_internal.require_scorecard(scorecard);
	PERFORM kpi_internal.require_key('node', node);
	IF node = scorecard THEN
		PERFORM kpi_internal.fail('22023',
			format('node "%s" has the key of its scorecard', node),
			'That is its root; set it with kpi.define_scorecard().');
	ELSIF NOT isfinite("from") THEN
		PERFORM kpi_internal.fail('22023',
			format('"from" %s is not a day', "from"),
			'Leave it out for a weight that holds always.');
	END IF;
	PERFORM kpi_internal.require_indicator(indicator) WHERE indicator IS NOT NULL;
	PERFORM kpi_internal.require_unit(unit) WHERE unit IS NOT NULL;
	PERFORM kpi_internal.require_perspective(perspective) WHERE perspective IS NOT NULL;

	-- what is left out is kept as the last editor left it
	PERFORM kpi_internal.lock_tree('kpi.scorecard_node');
	old := kpi_internal.node_version(scorecard, node, "from");
	template := CASE WHEN old.node IS NULL THEN kpi_internal.nearest_version(scorecard, node, "from") ELSE old END;
	wanted := template;
	wanted.scorecard := scorecard;
	wanted.node := node;
	wanted.weight := coalesce(weight, template.weight);
	wanted.parent := CASE WHEN parent = scorecard THEN NULL ELSE coalesce(parent, template.parent) END;
	wanted.indicator := coalesce(indicator, template.indicator);
	wanted.name := coalesce(set_weight.name, template.name);
	wanted.role := coalesce(role, template.role);
	wanted.role_limit := CASE WHEN wanted.role IS DISTINCT FROM template.role THEN role_limit ELSE coalesce(role_limit, template.role_limit) END;
	wanted.max_age := coalesce(max_age, template.max_age, 1);
	wanted.method := coalesce(method, template.method);
	wanted.missing := coalesce(missing, template.missing);
	wanted.min_coverage := coalesce(min_coverage, template.min_coverage);
	wanted.scale := coalesce(scale, template.scale);
	wanted.floor := coalesce(set_weight.floor, template.floor);
	wanted.cap := coalesce(cap, template.cap);
	wanted.unit := coalesce(unit, template.unit);
	wanted.perspective := coalesce(perspective, template.perspective);
	wanted.position := coalesce(set_weight.position, template.position);
	IF old.node IS NULL THEN
		wanted := kpi_internal.new_node(wanted, "from");
	END IF;
	PERFORM kpi_internal.check_node(wanted);
	PERFORM kpi_internal.require_parent(wanted) WHERE wanted.parent IS NOT NULL;
	PERFORM kpi_internal.put_node(wanted, old, "from");
	PERFORM kpi_internal.check_roles(scorecard);
	RETURN node;
END
$$;
COMMENT ON FUNCTION kpi.set_weight(text, text, numeric, text, text, text, text, text, numeric, kpi.scale, numeric, numeric, text, text, integer, date, text, numeric, integer) IS
'Sets the weight of a node of a scorecard, adding the node where it is new, and returns its key. weight: at least 0 on any scale; a new node without one is shown and not counted. A new node takes indicator and perspective of its key, their name, and the last place below its parent; an existing one keeps what is left out. parent: a group of the scorecard, or the scorecard itself for the top. from: ends the version valid on that day and begins a new one; without it the version without an end is changed. role and role_limit: what the node is to its parent, as in kpi.scorecard_rollup(). max_age: periods for which its last score is carried where the parent says carry, 1 by default. Unknown names, grains, wrong weights and roles are errors.';
