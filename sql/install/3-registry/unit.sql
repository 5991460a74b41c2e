-- Units: who or what is measured, and the tree they make on each day.
--
-- A unit is in force on the days of valid.  Which unit is above which stands in
-- unit_parent, with the days it holds: rows of the past stay with the parents
-- their units had.  Keys are unique over all dimensions, so that a unit alone
-- says its dimension, too.

CREATE TABLE kpi.unit (
	unit kpi.key PRIMARY KEY,
	dimension kpi.key NOT NULL DEFAULT 'organisation' REFERENCES kpi.dimension ON UPDATE CASCADE,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	source_value text,
	responsible text,
	position integer NOT NULL DEFAULT 100,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (valid OPERATOR(pg_catalog.&&) '[0001-01-01,10000-01-01)')
);
CREATE UNIQUE INDEX unit_source_value ON kpi.unit
	(CAST(dimension AS text), coalesce(source_value, CAST(unit AS text)));
CREATE INDEX unit_position_idx ON kpi.unit (dimension, position);

CREATE TABLE kpi.unit_parent (
	-- both kept by triggers, which see a statement whole: it may delete or rename a unit with those below it
	unit kpi.key NOT NULL,
	parent kpi.key NOT NULL,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (valid OPERATOR(pg_catalog.&&) '[0001-01-01,10000-01-01)'),
	PRIMARY KEY (unit, valid),
	CONSTRAINT unit_parent_overlap EXCLUDE USING gist
		(CAST(unit AS text) WITH OPERATOR(pg_catalog.=), valid WITH OPERATOR(pg_catalog.&&))
);
--@ repeated_days | unit_parent | valid
CREATE INDEX unit_parent_parent_idx ON kpi.unit_parent (parent);

COMMENT ON TABLE kpi.unit IS
'Who or what is measured: a department, region, team or person. In other dimensions a channel, product or rival.';
COMMENT ON COLUMN kpi.unit.unit IS 'Key, unique over all dimensions.';
COMMENT ON COLUMN kpi.unit.dimension IS 'The dimension whose tree it is in.';
COMMENT ON COLUMN kpi.unit.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.unit.source_value IS 'What sources call it; NULL where that is the key.';
COMMENT ON COLUMN kpi.unit.responsible IS 'Who answers for it, in words.';
COMMENT ON COLUMN kpi.unit.position IS 'Order among the units of one parent.';
COMMENT ON COLUMN kpi.unit.valid IS 'Days on which it is in force; rows of other days count for the root.';
COMMENT ON TABLE kpi.unit_parent IS
'The unit above a unit, with the days it holds. A unit without a row on a day is a root on that day.';
COMMENT ON COLUMN kpi.unit_parent.unit IS 'The unit.';
COMMENT ON COLUMN kpi.unit_parent.parent IS 'The unit above it, of the same dimension.';
COMMENT ON COLUMN kpi.unit_parent.valid IS 'Days on which it is above.';
--@ rule | unit_parent | overlap | On each day a unit has at most one parent.
--@ some_days | unit
--@ | unit_parent
--@ named | unit
--@ checked | unit
--@ | unit_parent
--@ referenced | unit

SELECT pg_catalog.pg_extension_config_dump('kpi.unit', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.unit_parent', '');

-- The tree of a day

CREATE FUNCTION kpi_internal.parent_of(unit text, day date)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CAST(p.parent AS text) FROM kpi.unit_parent AS p WHERE p.unit = parent_of.unit AND p.valid @> parent_of.day;
END;
COMMENT ON FUNCTION kpi_internal.parent_of(text, date) IS
'The unit above a unit on a day. NULL for a root and for NULL.';

CREATE FUNCTION kpi_internal.ancestors(unit text, day date)
	RETURNS TABLE (unit text, depth integer)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 4
BEGIN ATOMIC
	WITH RECURSIVE up (unit, depth) AS (
		SELECT CAST(u.unit AS text), 0 FROM kpi.unit AS u WHERE u.unit = ancestors.unit
		UNION ALL
		SELECT CAST(p.parent AS text), up.depth + 1
		FROM up JOIN kpi.unit_parent AS p ON p.unit = up.unit AND p.valid @> ancestors.day
	)
	SELECT up.unit, up.depth FROM up;
END;
COMMENT ON FUNCTION kpi_internal.ancestors(text, date) IS
'A unit (depth 0) and those above it on a day, nearest first. No rows for an unknown unit and for NULL.';

CREATE FUNCTION kpi_internal.units_below(unit text, day date)
	RETURNS TABLE (unit text, depth integer)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH RECURSIVE down (unit, depth) AS (
		SELECT CAST(u.unit AS text), 0 FROM kpi.unit AS u WHERE u.unit = units_below.unit
		UNION ALL
		SELECT CAST(p.unit AS text), down.depth + 1
		FROM down JOIN kpi.unit_parent AS p ON p.parent = down.unit AND p.valid @> units_below.day
	)
	SELECT down.unit, down.depth
	FROM down JOIN kpi.unit AS u ON u.unit = down.unit
	WHERE u.valid @> units_below.day;
END;
COMMENT ON FUNCTION kpi_internal.units_below(text, date) IS
'A unit (depth 0) and all below it on a day, of those that are in force on it. '
'No rows for an unknown unit and for NULL.';

CREATE FUNCTION kpi_internal.roots(dimension text, day date)
	RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 2
BEGIN ATOMIC
	SELECT CAST(u.unit AS text)
	FROM kpi.unit AS u
	WHERE u.dimension = roots.dimension AND u.valid @> roots.day
		AND NOT EXISTS (SELECT FROM kpi.unit_parent AS p WHERE p.unit = u.unit AND p.valid @> roots.day)
	ORDER BY u.position, u.unit;
END;
COMMENT ON FUNCTION kpi_internal.roots(text, date) IS
'The units of a dimension that are in force on a day and have none above them, in order. No rows for NULL.';

CREATE FUNCTION kpi_internal.in_force(unit text, days daterange)
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT u.valid && in_force.days FROM kpi.unit AS u WHERE u.unit = in_force.unit;
END;
COMMENT ON FUNCTION kpi_internal.in_force(text, daterange) IS
'Whether a unit is in force on any of the days. NULL for an unknown unit and for NULL.';

CREATE FUNCTION kpi_internal.tree_days(dimension text, days daterange)
	RETURNS SETOF daterange
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 3
BEGIN ATOMIC
	WITH change (day) AS (
		SELECT lower(tree_days.days)
		UNION
		SELECT edge.day
		FROM (SELECT u.valid FROM kpi.unit AS u WHERE u.dimension = tree_days.dimension
			  UNION ALL
			  SELECT p.valid FROM kpi.unit_parent AS p JOIN kpi.unit AS u ON u.unit = p.unit
			  WHERE u.dimension = tree_days.dimension) AS held (valid)
			CROSS JOIN LATERAL (VALUES (lower(held.valid)), (upper(held.valid))) AS edge (day)
		WHERE edge.day > lower(tree_days.days) AND edge.day < upper(tree_days.days)
	)
	SELECT daterange(c.day, lead(c.day, 1, upper(tree_days.days)) OVER (ORDER BY c.day))
	FROM change AS c
	WHERE NOT isempty(tree_days.days)
	ORDER BY c.day;
END;
COMMENT ON FUNCTION kpi_internal.tree_days(text, daterange) IS
'The days cut where the tree of a dimension changes, each part as long as it can be, in order. '
'No rows for NULL and for no days.';

-- What constraints cannot say

CREATE TRIGGER guard_tree
	BEFORE INSERT OR UPDATE OR DELETE ON kpi.unit_parent
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_tree('kpi.unit_parent');
COMMENT ON TRIGGER guard_tree ON kpi.unit_parent IS
'One transaction at a time edits the tree.';

CREATE TRIGGER guard_tree
	BEFORE DELETE OR UPDATE OF unit, dimension ON kpi.unit
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_tree('kpi.unit_parent');
COMMENT ON TRIGGER guard_tree ON kpi.unit IS
'One transaction at a time edits the tree.';

CREATE FUNCTION kpi_internal.guard_unit_parent()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	named text[] := ARRAY(SELECT c.parent::text FROM changed AS c UNION SELECT c.unit::text FROM changed AS c);
	known text[];
	wrong record;
	cycle text[];
BEGIN
	IF TG_OP = 'UPDATE' THEN
		-- a statement may be renaming units still
		named := ARRAY(SELECT n FROM unnest(named) AS n
					   EXCEPT SELECT f.parent::text FROM former AS f EXCEPT SELECT f.unit::text FROM former AS f);
	END IF;
	-- locked as a foreign key would: what others have deleted meanwhile is seen at every level of isolation
	known := ARRAY(SELECT u.unit::text FROM kpi.unit AS u WHERE u.unit = ANY (named) FOR KEY SHARE);
	SELECT c.unit, c.parent, c.unit = ANY (known) OR c.unit <> ALL (named) AS unit_known INTO wrong
	FROM changed AS c, unnest(ARRAY[c.unit::text, c.parent::text]) AS n
	WHERE n IN (SELECT unnest(named) EXCEPT SELECT unnest(known))
	LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('23503',
			CASE WHEN wrong.unit_known THEN format('parent "%s" of unit "%s" does not exist', wrong.parent, wrong.unit)
				 ELSE format('unit "%s" does not exist', wrong.unit) END,
			'Define it first, with kpi.define_unit().');
	END IF;
	SELECT c.unit, c.parent, u.dimension, above.dimension AS other INTO wrong
	FROM changed AS c
		JOIN kpi.unit AS u ON u.unit = c.unit
		JOIN kpi.unit AS above ON above.unit = c.parent
	WHERE above.dimension <> u.dimension
	LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('22023',
			format('parent "%s" of unit "%s" is of dimension "%s"', wrong.parent, wrong.unit, wrong.other),
			format('A tree has units of one dimension: choose a parent of dimension "%s".', wrong.dimension));
	END IF;
	WITH RECURSIVE up (unit, valid, path, closed) AS (
		SELECT c.parent::text, c.valid, ARRAY[c.unit::text, c.parent::text], c.unit = c.parent
		FROM changed AS c
		UNION ALL
		SELECT p.parent::text, p.valid * up.valid, up.path || p.parent::text, p.parent = ANY (up.path)
		FROM up JOIN kpi.unit_parent AS p ON p.unit = up.unit AND p.valid && up.valid
		WHERE NOT up.closed
	)
	SELECT up.path[array_position(up.path, up.unit):] INTO cycle FROM up WHERE up.closed ORDER BY up.path LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('22023',
			format('units have a cycle: %s', array_to_string(cycle, ' -> ')),
			'No unit is above itself; choose another parent.');
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_unit_parent() IS
'Trigger: on any day the units of a dimension make a tree.';

CREATE TRIGGER guard_added
	AFTER INSERT ON kpi.unit_parent REFERENCING NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_unit_parent();
COMMENT ON TRIGGER guard_added ON kpi.unit_parent IS
'On any day the units of a dimension make a tree.';

CREATE TRIGGER guard_changed
	AFTER UPDATE ON kpi.unit_parent REFERENCING OLD TABLE AS former NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_unit_parent();
COMMENT ON TRIGGER guard_changed ON kpi.unit_parent IS
'On any day the units of a dimension make a tree.';

--@ apart | unit_parent | valid | o.unit = NEW.unit | format('unit "%s" has parent "%s" on days of %s already', NEW.unit, other.parent, NEW.valid) | On each day a unit has at most one parent: end the days of the other row first, or call kpi.define_unit() with "from". | On each day a unit has at most one parent.

CREATE FUNCTION kpi_internal.guard_units_below()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	left_over record;
BEGIN
	SELECT g.unit, string_agg(DISTINCT p.unit, ', ' ORDER BY p.unit) AS below INTO left_over
	FROM gone AS g JOIN kpi.unit_parent AS p ON p.parent = g.unit
	GROUP BY g.unit ORDER BY g.unit LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('23503',
			format('unit "%s" has units below it', left_over.unit),
			'Delete them with it, or give them another parent first.',
			format('Below it: %s.', left_over.below));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_units_below() IS
'Trigger: a unit that is deleted has none below it on any day.';

CREATE TRIGGER guard_units_below
	AFTER DELETE ON kpi.unit REFERENCING OLD TABLE AS gone
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_units_below();
COMMENT ON TRIGGER guard_units_below ON kpi.unit IS
'A unit that is deleted has none below it on any day.';

CREATE FUNCTION kpi_internal.follow_unit()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		DELETE FROM kpi.unit_parent AS p WHERE p.unit = OLD.unit;
	ELSIF NEW.unit <> OLD.unit THEN
		UPDATE kpi.unit_parent AS p
		SET unit = CASE p.unit WHEN OLD.unit THEN NEW.unit ELSE p.unit END,
			parent = CASE p.parent WHEN OLD.unit THEN NEW.unit ELSE p.parent END
		WHERE p.unit = OLD.unit OR p.parent = OLD.unit;
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.follow_unit() IS
'Trigger: a unit that is renamed keeps its place in the tree, one that is deleted leaves it.';

CREATE TRIGGER follow_unit
	AFTER DELETE OR UPDATE OF unit ON kpi.unit
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.follow_unit();
COMMENT ON TRIGGER follow_unit ON kpi.unit IS
'A unit that is renamed keeps its place in the tree, one that is deleted leaves it.';

CREATE FUNCTION kpi_internal.guard_dimension()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	wrong record;
BEGIN
	SELECT p.unit, p.parent INTO wrong
	FROM (SELECT c.unit, c.dimension FROM changed AS c EXCEPT SELECT f.unit, f.dimension FROM former AS f) AS c
		CROSS JOIN LATERAL (
			SELECT * FROM kpi.unit_parent AS below WHERE below.unit = c.unit
			UNION ALL
			SELECT * FROM kpi.unit_parent AS below WHERE below.parent = c.unit) AS p
		JOIN kpi.unit AS u ON u.unit = p.unit
		JOIN kpi.unit AS above ON above.unit = p.parent
	WHERE u.dimension <> above.dimension
	LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('22023',
			format('unit "%s" and its parent "%s" would be of different dimensions', wrong.unit, wrong.parent),
			'Move a whole tree at once, or take its units out of it first.');
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_dimension() IS
'Trigger: a tree has units of one dimension.';

CREATE TRIGGER guard_dimension
	AFTER UPDATE ON kpi.unit REFERENCING OLD TABLE AS former NEW TABLE AS changed
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_dimension();
COMMENT ON TRIGGER guard_dimension ON kpi.unit IS
'A tree has units of one dimension.';

-- Defining

--@ known | unit | unit | use kpi.define_unit()

CREATE FUNCTION kpi_internal.last_position(unit text, parent text, dimension text)
	RETURNS integer
	LANGUAGE plpgsql STABLE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
	SET enable_bitmapscan = off
	SET enable_sort = off
AS $$
DECLARE
	last integer;
BEGIN
	IF parent IS NULL THEN
		SELECT u.position INTO last FROM kpi.unit AS u
		WHERE u.dimension = last_position.dimension AND u.unit <> last_position.unit
			AND (SELECT p.parent FROM kpi.unit_parent AS p WHERE p.unit = u.unit AND upper_inf(p.valid)) IS NULL
		ORDER BY u.position DESC LIMIT 1;
		RETURN last;
	END IF;
	-- where very many are below one unit, those are the last ones of all, too
	SELECT max(u.position) INTO last
	FROM (SELECT n.unit, n.position FROM kpi.unit AS n
		  WHERE n.dimension = last_position.dimension AND n.unit <> last_position.unit
		  ORDER BY n.position DESC LIMIT 10) AS u
	WHERE (SELECT p.parent FROM kpi.unit_parent AS p WHERE p.unit = u.unit AND upper_inf(p.valid)) = last_position.parent;
	RETURN coalesce(last,
		(SELECT max((SELECT u.position FROM kpi.unit AS u
					 WHERE u.unit = p.unit AND u.unit <> last_position.unit AND u.dimension = last_position.dimension))
		 FROM kpi.unit_parent AS p WHERE p.parent = last_position.parent AND upper_inf(p.valid)));
END
$$;
COMMENT ON FUNCTION kpi_internal.last_position(text, text, text) IS
'The greatest position among the units of a dimension below a parent, without a unit itself. Without a parent among roots. NULL where there is none.';

CREATE FUNCTION kpi_internal.put_parent(unit text, parent text, since date)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	held kpi.unit_parent;
	until date;
BEGIN
	SELECT * INTO held FROM kpi.unit_parent AS p
	WHERE p.unit = put_parent.unit AND (CASE WHEN since IS NULL THEN upper_inf(p.valid) ELSE p.valid @> since END);
	IF since IS NULL OR lower(held.valid) = since THEN
		IF held.unit IS NULL AND parent IS NOT NULL THEN
			SELECT max(upper(p.valid)) INTO since FROM kpi.unit_parent AS p WHERE p.unit = put_parent.unit;
			INSERT INTO kpi.unit_parent (unit, parent, valid) VALUES (put_parent.unit, put_parent.parent, daterange(since, NULL));
		ELSIF parent IS NULL THEN
			DELETE FROM kpi.unit_parent AS p WHERE p.unit = held.unit AND p.valid = held.valid;
		ELSIF parent <> held.parent THEN
			UPDATE kpi.unit_parent AS p SET parent = put_parent.parent WHERE p.unit = held.unit AND p.valid = held.valid;
		END IF;
	ELSIF held.parent IS DISTINCT FROM parent THEN
		UPDATE kpi.unit_parent AS p SET valid = daterange(lower(held.valid), since) WHERE p.unit = held.unit AND p.valid = held.valid;
		IF parent IS NOT NULL THEN
			until := CASE WHEN held.unit IS NULL
				THEN (SELECT min(lower(p.valid)) FROM kpi.unit_parent AS p WHERE p.unit = put_parent.unit AND lower(p.valid) > since)
				ELSE upper(held.valid) END;
			INSERT INTO kpi.unit_parent (unit, parent, valid) VALUES (put_parent.unit, put_parent.parent, daterange(since, until));
		END IF;
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.put_parent(text, text, date) IS
'Puts a unit below a parent (NULL: makes it a root) from a day on. '
'It lasts until the next change that is already there; without a day in place of the parent that has no end.';

CREATE FUNCTION kpi.define_unit(unit text, parent text DEFAULT NULL, name text DEFAULT NULL, "position" float8 DEFAULT NULL,
								dimension text DEFAULT NULL, source_value text DEFAULT NULL, responsible text DEFAULT NULL,
								valid daterange DEFAULT NULL, "from" date DEFAULT NULL, reset text[] DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	old kpi.unit;
	wanted kpi.unit;
	taken text;
BEGIN
	PERFORM kpi_internal.require_key('unit', unit);
	PERFORM kpi_internal.require_text('name', name);
	IF parent <> unit THEN
		PERFORM kpi_internal.require_unit(parent);
	END IF;
	PERFORM kpi_internal.require_word('reset', r, 'parent', 'name', 'position', 'source_value', 'responsible', 'valid') FROM unnest(reset) AS r;
	PERFORM kpi_internal.require_day('from', "from");
	IF "from" IS NOT NULL AND parent IS NULL AND 'parent' <> ALL (coalesce(reset, '{}')) THEN
		PERFORM kpi_internal.fail('22023', format('"from" %s has no parent to go with', "from"),
			'It is the day from which on the unit has that parent; valid says on which days the unit is in force.');
	ELSIF NOT valid && '[0001-01-01,10000-01-01)' THEN
		PERFORM kpi_internal.fail('22023', format('unit "%s" would be in force on no day', unit), 'Write the days, such as [2011-01-01,2011-07-01) or [2011-01-01,).');
	END IF;
	PERFORM kpi_internal.require_dimension(dimension) WHERE dimension IS NOT NULL;

	SELECT * INTO old FROM kpi.unit AS u WHERE u.unit = define_unit.unit;
	wanted.unit := unit;
	wanted.dimension := coalesce(dimension, old.dimension, (SELECT u.dimension FROM kpi.unit AS u WHERE u.unit = define_unit.parent), 'organisation');
	wanted.name := coalesce(name, CASE WHEN 'name' = ANY (reset) THEN NULL ELSE old.name END, kpi_internal.default_name(unit));
	wanted.source_value := coalesce(source_value, CASE WHEN 'source_value' = ANY (reset) THEN NULL ELSE old.source_value END);
	wanted.responsible := coalesce(responsible, CASE WHEN 'responsible' = ANY (reset) THEN NULL ELSE old.responsible END);
	wanted.valid := coalesce(valid, CASE WHEN 'valid' = ANY (reset) THEN NULL ELSE old.valid END, '(,)');
	wanted.position := coalesce(kpi_internal.whole('position', "position"), CASE WHEN 'position' = ANY (reset) THEN NULL ELSE old.position END,
		kpi_internal.last_position(unit, parent, wanted.dimension) + 10, 10);

	SELECT u.unit INTO taken FROM kpi.unit AS u
	WHERE u.dimension = wanted.dimension AND u.unit <> wanted.unit
		AND coalesce(u.source_value, u.unit) = coalesce(wanted.source_value, wanted.unit);
	IF FOUND THEN
		PERFORM kpi_internal.fail('23505',
			format('unit "%s" of dimension "%s" is "%s" in sources already', taken, wanted.dimension, coalesce(wanted.source_value, wanted.unit)),
			'A row belongs to one unit of a dimension: choose another source_value.');
	END IF;
	INSERT INTO kpi.unit AS u VALUES (wanted.*)
	ON CONFLICT ON CONSTRAINT unit_pkey DO UPDATE
	SET dimension = excluded.dimension, name = excluded.name, source_value = excluded.source_value,
		responsible = excluded.responsible, position = excluded.position, valid = excluded.valid
	WHERE u.* IS DISTINCT FROM excluded.*;
	IF parent IS NOT NULL OR 'parent' = ANY (reset) THEN
		PERFORM kpi_internal.put_parent(unit, parent, "from");
	END IF;
	RETURN unit;
END
$$;
COMMENT ON FUNCTION kpi.define_unit(text, text, text, float8, text, text, text, daterange, date, text[]) IS
'Adds or changes a unit and returns its key; what is left out stays. '
'A new unit without a parent is a root, has a name made of its key, the dimension of its parent (organisation '
'without one), is in force on all days and comes last among its siblings. "from" gives it the parent from that day '
'on, and leaves the days before as they were. source_value is what sources say where that is not the key. reset '
'restores defaults; reset of parent makes it a root. Errors: unknown parents and dimensions, a cycle, a parent of '
'another dimension, a source_value that another unit of the dimension has.';
