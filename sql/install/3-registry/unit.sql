-- Units: who is measured, a tree.

CREATE TABLE kpi.unit (
	unit kpi.key PRIMARY KEY,
	-- kept by triggers: of a table that refers to itself pg_dump warns every time
	parent kpi.key,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	position integer NOT NULL DEFAULT 100
);
CREATE INDEX unit_parent_idx ON kpi.unit (parent);

COMMENT ON TABLE kpi.unit IS
'Who is measured: a department, region, team or person. Units form a tree; an upper unit covers the rows of all units below it.';
COMMENT ON COLUMN kpi.unit.unit IS 'Key; also the value of the unit column in the sources.';
COMMENT ON COLUMN kpi.unit.parent IS 'The unit above; NULL for a root.';
COMMENT ON COLUMN kpi.unit.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.unit.position IS 'Order among the units of one parent.';

CREATE TRIGGER guard_tree
	BEFORE INSERT OR DELETE OR UPDATE OF unit, parent ON kpi.unit
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_tree();
COMMENT ON TRIGGER guard_tree ON kpi.unit IS
'One transaction at a time edits the tree.';

CREATE FUNCTION kpi_internal.guard_unit()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	path text[] := ARRAY[NEW.unit];
	above text := NEW.parent;
	next text;
BEGIN
	IF TG_OP = 'UPDATE' AND NEW.parent = OLD.parent THEN
		RETURN NULL;
	END IF;
	WHILE above IS NOT NULL LOOP
		path := path || above;
		IF above = ANY (path[:cardinality(path) - 1]) THEN
			PERFORM kpi_internal.fail('22023',
				format('units have a cycle: %s', array_to_string(path[array_position(path, above):], ' -> ')),
				'No unit is above itself; choose another parent.');
		END IF;
		SELECT u.parent INTO next FROM kpi.unit AS u WHERE u.unit = above;
		-- further up a statement may be renaming units still
		IF NOT FOUND AND above = NEW.parent THEN
			PERFORM kpi_internal.fail('23503',
				format('parent "%s" of unit "%s" does not exist', NEW.parent, NEW.unit),
				'Define it first, with kpi.define_unit().');
		END IF;
		above := next;
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_unit() IS
'Trigger: units form a tree.';

CREATE TRIGGER guard_unit
	AFTER INSERT OR UPDATE OF parent ON kpi.unit
	FOR EACH ROW WHEN (NEW.parent IS NOT NULL)
	EXECUTE FUNCTION kpi_internal.guard_unit();
COMMENT ON TRIGGER guard_unit ON kpi.unit IS
'Units form a tree.';

CREATE FUNCTION kpi_internal.guard_units_below()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	below text;
BEGIN
	IF TG_OP = 'UPDATE' THEN
		UPDATE kpi.unit AS u SET parent = NEW.unit WHERE u.parent = OLD.unit AND NEW.unit <> OLD.unit;
		RETURN NULL;
	END IF;
	SELECT string_agg(u.unit, ', ' ORDER BY u.unit) INTO below FROM kpi.unit AS u WHERE u.parent = OLD.unit;
	IF below IS NOT NULL THEN
		PERFORM kpi_internal.fail('23503',
			format('unit "%s" has units below it', OLD.unit),
			'Delete them with it, or give them another parent first.',
			format('Below it: %s.', below));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_units_below() IS
'Trigger: a unit that is renamed keeps the units below it, and one that is deleted has none.';

CREATE TRIGGER guard_units_below
	AFTER DELETE OR UPDATE OF unit ON kpi.unit
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_units_below();
COMMENT ON TRIGGER guard_units_below ON kpi.unit IS
'A unit that is renamed keeps the units below it, and one that is deleted has none.';

SELECT pg_catalog.pg_extension_config_dump('kpi.unit', '');

CREATE FUNCTION kpi_internal.require_unit(unit text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_value('unit', unit);
	IF NOT EXISTS (SELECT FROM kpi.unit AS u WHERE u.unit = require_unit.unit) THEN
		PERFORM kpi_internal.fail_unknown('unit', unit,
								 (SELECT array_agg(CAST(u.unit AS text) ORDER BY u.unit COLLATE "C") FROM kpi.unit AS u),
								 'units', 'No unit is defined yet; use kpi.define_unit().');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_unit(text) IS
'Raises an error unless the unit exists, with a hint at the one that may be meant.';

CREATE FUNCTION kpi.define_unit(unit text, parent text DEFAULT NULL, name text DEFAULT NULL, "position" integer DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_key('unit', unit);
	IF parent <> unit THEN
		PERFORM kpi_internal.require_unit(parent);
	END IF;
	INSERT INTO kpi.unit AS u (unit, parent, name, position)
	VALUES (define_unit.unit, define_unit.parent,
			coalesce(define_unit.name, kpi_internal.default_name(define_unit.unit)),
			coalesce(define_unit.position,
					 (SELECT o.position FROM kpi.unit AS o WHERE o.unit = define_unit.unit),
					 (SELECT max(o.position) + 10 FROM kpi.unit AS o
					  WHERE o.parent IS NOT DISTINCT FROM define_unit.parent), 10))
	ON CONFLICT ON CONSTRAINT unit_pkey DO UPDATE
	SET parent = excluded.parent, name = excluded.name, position = excluded.position
	WHERE (u.parent, u.name, u.position) IS DISTINCT FROM (excluded.parent, excluded.name, excluded.position);
	RETURN unit;
END
$$;
COMMENT ON FUNCTION kpi.define_unit(text, text, text, integer) IS
'Adds or changes a unit and returns its key. Without a parent it is a root; the name is made of the key unless given; a new unit comes last among its siblings. An unknown parent or a cycle is an error.';
