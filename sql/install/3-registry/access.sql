-- Access: which role sees, enters, edits or collects what.
--
-- Policies name no role: they ask kpi.access, whose rows a dump has, so that a
-- restored database shows a role what the first one did.

CREATE TABLE kpi.access (
	role kpi.owner NOT NULL,
	unit kpi.key REFERENCES kpi.unit ON UPDATE CASCADE ON DELETE CASCADE,
	may kpi_internal.may NOT NULL,
	granted_by name NOT NULL DEFAULT CURRENT_USER,
	granted_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
CREATE INDEX access_unit_idx ON kpi.access (unit);
COMMENT ON TABLE kpi.access IS
'Which role may do what, for a unit with all below it or for every unit. Written by kpi.grant_viewer() and its kin.';
COMMENT ON COLUMN kpi.access.role IS 'The role; who is a member of it may do the same.';
COMMENT ON COLUMN kpi.access.unit IS 'The unit, with all below it; NULL for every unit.';
COMMENT ON COLUMN kpi.access.may IS 'What it may do: view, enter, edit or collect. Each of them is also viewing.';
COMMENT ON COLUMN kpi.access.granted_by IS 'Who granted it.';
COMMENT ON COLUMN kpi.access.granted_at IS 'When it was granted.';
--@ checked | access

SELECT pg_catalog.pg_extension_config_dump('kpi.access', '');

--@ for table
--@ | access
--@ | unit_parent
CREATE TRIGGER forget_rows
	AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON kpi.@table@
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.forget_rows();
ALTER TABLE kpi.@table@ ENABLE ALWAYS TRIGGER forget_rows;
COMMENT ON TRIGGER forget_rows ON kpi.@table@ IS
'Every session finds out anew whose rows its role may see.';
--@ end

CREATE FUNCTION kpi_internal.may_read(unit text, "grain" text, period_start date)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_may_read'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.may_read(text, text, date) IS
'Whether the current role may see what a unit has in a period. '
'It may where a row of kpi.access for it, or for a role whose privileges it has, is for every unit or for one that '
'is above the unit, or is it, on the last day. Superusers, roles that bypass row-level security and the owner of the '
'tables may. For the policies of tables; fast for each row. NULL for NULL.';

CREATE FUNCTION kpi_internal.may_read(unit text, days daterange)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_may_read_days'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.may_read(text, daterange) IS
'The same for one of the days. False for no days.';

CREATE FUNCTION kpi_internal.may_enter(unit text, "grain" text, period_start date)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_may_enter'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.may_enter(text, text, date) IS
'Whether the current role may enter and judge what a unit has in a period. The same by rows that say enter or edit.';

CREATE FUNCTION kpi_internal.reads_all()
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_reads_all'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.reads_all() IS
'Whether the current role may see what every unit has.';

-- before the policies of the tables, which do not say whom they refuse
--@ for who | may | does | hint | says
--@ | reader | may_read | read unit "%s" in %s | kpi.grant_viewer() grants it. A role without a row in kpi.access sees no unit. | see what a unit has in a period
--@ | typist | may_enter | enter or judge values of unit "%s" in %s | kpi.grant_entry() grants it for a unit with all below it. | enter and judge what a unit has in a period

CREATE FUNCTION kpi_internal.require_@who@(unit text, "grain" text, period_start date)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT kpi_internal.@may@(unit, "grain", period_start) THEN
		PERFORM kpi_internal.fail('42501',
			format('permission denied to @does@', unit, kpi.period_label("grain", period_start)),
			'@hint@');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_@who@(text, text, date) IS
'Raises an error unless the current role may @says@.';
--@ end

-- Rows by unit
--@ for table | period
--@ | kpi.measurement | grain, period_start
--@ | kpi_internal.own_value | grain, period_start
--@ | kpi.entry | grain, period_start
--@ | kpi.entry_log | grain, period_start
--@ | kpi.rating | grain, period_start
--@ | kpi.remark | grain, period_start
--@ | kpi.alert | grain, period_start
--@ | kpi.target | period
--@ | kpi.action | daterange(begins, greatest(due, done_on), '[]')
--@ | kpi.risk | valid

ALTER TABLE @table@ ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_by_unit ON @table@ FOR SELECT USING (kpi_internal.may_read(unit, @period@));
COMMENT ON POLICY read_by_unit ON @table@ IS 'A role sees the rows of its units: see kpi_internal.may_read().';
--@ end

--@ for table | period
--@ | measurement | (version).grain, (version).period_start
--@ | entry | (version).grain, (version).period_start
--@ | rating | (version).grain, (version).period_start
--@ | remark | (version).grain, (version).period_start
--@ | target | (version).period
--@ | action | daterange((version).begins, greatest((version).due, (version).done_on), '[]')
--@ | risk | (version).valid

ALTER TABLE kpi_internal.@table@_history ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_by_unit ON kpi_internal.@table@_history FOR SELECT USING (kpi_internal.may_read((version).unit, @period@));
COMMENT ON POLICY read_by_unit ON kpi_internal.@table@_history IS 'A role sees the rows of its units: see kpi_internal.may_read().';
--@ end

-- who writes these sees every unit
--@ for table | period
--@ | kpi.measurement | grain, period_start
--@ | kpi_internal.own_value | grain, period_start
--@ | kpi.entry_log | grain, period_start
--@ | kpi.alert | grain, period_start
--@ | kpi.target | period
--@ | kpi.action | daterange(begins, greatest(due, done_on), '[]')
--@ | kpi.risk | valid

CREATE POLICY write_by_unit ON @table@ USING (kpi_internal.may_read(unit, @period@));
COMMENT ON POLICY write_by_unit ON @table@ IS 'Who may write the table does so for the units that it sees.';
--@ end
--@ for table
--@ | entry
--@ | rating
--@ | remark

CREATE POLICY write_by_unit ON kpi.@table@ USING (kpi_internal.may_enter(unit, grain, period_start));
COMMENT ON POLICY write_by_unit ON kpi.@table@ IS
'A role types and judges for the units that are granted to it for that.';
--@ end

-- Granting

CREATE FUNCTION kpi_internal.privileges_of(may text)
	RETURNS TABLE (relation regclass, privileges text)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 40
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.oid::regclass, 'SELECT'
	FROM pg_depend AS d
		JOIN pg_extension AS e ON e.oid = d.refobjid AND e.extname = 'kpi'
		JOIN pg_class AS c ON c.oid = d.objid
	WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'
		AND c.relnamespace = 'kpi'::regnamespace AND c.relkind IN ('r', 'v') AND c.oid <> ALL ('{kpi.access,kpi.run_error}'::regclass[])
	UNION ALL
	SELECT format('kpi_internal.%s_history', h.name)::regclass, 'SELECT'
	FROM unnest('{unit,unit_parent,indicator,scorecard,scorecard_node,target,measurement,
		perspective,band_set,band,target_profile,benchmark,alert_rule,entry,rater,rating,
		objective,success_factor,objective_link,objective_indicator,action,remark,risk}'::text[]) AS h (name)
	UNION ALL
	SELECT w.relation::regclass, w.privileges
	FROM (VALUES
		('enter', 'kpi.entry', 'INSERT, UPDATE (value, numerator, denominator, reason, entered_at), DELETE'),
		('enter', 'kpi.rating', 'INSERT, UPDATE, DELETE'),
		('enter', 'kpi.remark', 'INSERT'),
		('edit', 'kpi.access', 'SELECT'),
		('edit', 'kpi.indicator_version', 'INSERT, UPDATE'),
		('collect', 'kpi.measurement', 'INSERT, UPDATE, DELETE'),
		('collect', 'kpi_internal.own_value', 'SELECT, INSERT, UPDATE, DELETE'),
		('collect', 'kpi_internal.watched', 'SELECT, UPDATE'),
		('collect', 'kpi_internal.watched_part', 'SELECT, INSERT, UPDATE, DELETE'),
		('collect', 'kpi_internal.change_log', 'SELECT, DELETE'),
		('collect', 'kpi_internal.reading', 'SELECT, INSERT, UPDATE, DELETE'),
		('collect', 'kpi_internal.reading_member', 'SELECT, INSERT, UPDATE, DELETE'),
		('collect', 'kpi_internal.kept', 'SELECT, INSERT, UPDATE, DELETE'),
		('collect', 'kpi.result', 'INSERT, UPDATE, DELETE'),
		('collect', 'kpi.alert', 'INSERT, UPDATE'),
		('edit', 'kpi.alert', 'INSERT, UPDATE'),
		('collect', 'kpi_internal.mark', 'SELECT, DELETE'),
		('edit', 'kpi.result', 'INSERT, UPDATE, DELETE'),
		('edit', 'kpi_internal.mark', 'SELECT, INSERT, DELETE'),
		('edit', 'kpi.finalization', 'INSERT, UPDATE (reopened_by, reopened_at, reopen_reason)'),
		('edit', 'kpi_internal.final_node', 'SELECT, INSERT'),
		('edit', 'kpi.restated', 'INSERT, UPDATE, DELETE'),
		('edit', 'kpi.restated_inside', 'INSERT, UPDATE, DELETE'),
		('edit', 'kpi.result_inside', 'INSERT, UPDATE, DELETE'),
		('collect', 'kpi_internal.final_node', 'SELECT'),
		('collect', 'kpi.result_inside', 'INSERT, UPDATE, DELETE'),
		('collect', 'kpi.restated', 'INSERT, UPDATE, DELETE'),
		('collect', 'kpi.restated_inside', 'INSERT, UPDATE, DELETE'),
		('collect', 'kpi.run', 'INSERT, UPDATE'),
		('collect', 'kpi.run_step', 'INSERT')) AS w (may, relation, privileges)
	WHERE w.may = privileges_of.may
	UNION ALL
	SELECT w.relation, 'INSERT, UPDATE, DELETE'
	FROM unnest('{kpi.calendar,kpi.grain,kpi.dimension,kpi.unit,kpi.unit_parent,kpi.perspective,kpi.band_set,kpi.band,
		kpi.target_profile,kpi.indicator,kpi.target,kpi.benchmark,kpi.alert_rule,kpi.scorecard,kpi.scorecard_node,kpi.entry,kpi.rater,kpi.rating,
		kpi.objective,kpi.success_factor,kpi.objective_link,kpi.objective_indicator,
		kpi.action,kpi.remark,kpi.risk,kpi.translation}'::regclass[]) AS w (relation)
	WHERE privileges_of.may = 'edit'
$$;
COMMENT ON FUNCTION kpi_internal.privileges_of(text) IS
'The privileges on tables and views that a right of kpi.access needs. '
'Every right reads what views and functions read; NULL gives just that.';

CREATE FUNCTION kpi_internal.reads_of_owner()
	RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
	SET quote_all_identifiers = off
AS $$
	SELECT CAST(CAST(p.oid AS regprocedure) AS text) FROM pg_proc AS p
	WHERE p.pronamespace = CAST('kpi_internal' AS regnamespace) AND p.prosecdef AND p.pronargs = p.pronargdefaults
$$;
COMMENT ON FUNCTION kpi_internal.reads_of_owner() IS
'The functions that read for a view what depends on no reader, with the rights of the owner. '
'They need no arguments, and are for roles that may read the views, not for everybody.';

CREATE FUNCTION kpi_internal.require_grantee(role text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_value('role', role);
	IF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = role) THEN
		PERFORM kpi_internal.fail('42704', format('role "%s" does not exist', role), 'Create it first: CREATE ROLE or CREATE USER.');
	ELSIF NOT pg_has_role((SELECT c.relowner FROM pg_class AS c WHERE c.oid = 'kpi.access'::regclass), 'USAGE') THEN
		PERFORM kpi_internal.fail('42501', 'permission denied to grant access', 'Ask the owner of the extension, or a superuser.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_grantee(text) IS
'Raises an error for a role that does not exist. So it does unless the current role owns the tables.';

CREATE FUNCTION kpi_internal.grant_access(role text, may text, units text[])
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	given record;
BEGIN
	PERFORM kpi_internal.require_grantee(role);
	IF cardinality(units) = 0 THEN
		PERFORM kpi_internal.fail('22023', 'units is empty', 'Name units, or leave it out for all of them.');
	END IF;
	PERFORM kpi_internal.require_unit(u) FROM unnest(units) AS u;
	FOR given IN SELECT p.relation, p.privileges FROM kpi_internal.privileges_of(may) AS p LOOP
		EXECUTE format('GRANT %s ON %s TO %I', given.privileges, given.relation, role);
	END LOOP;
	EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %I', string_agg(f, ', '), role)
			 FROM kpi_internal.reads_of_owner() AS f);
	PERFORM kpi_internal.lock_key('kpi.access', role);
	INSERT INTO kpi.access (role, unit, may)
	SELECT DISTINCT CAST(CAST(grant_access.role AS name) AS kpi.owner), u.unit, grant_access.may
	FROM unnest(coalesce(units, ARRAY[CAST(NULL AS text)])) AS u (unit)
	WHERE NOT EXISTS (SELECT FROM kpi.access AS a
					  WHERE a.role = CAST(grant_access.role AS name) AND a.may = grant_access.may
						  AND a.unit IS NOT DISTINCT FROM u.unit);
END
$$;
COMMENT ON FUNCTION kpi_internal.grant_access(text, text, text[]) IS
'Grants a role a right for units with all below them, or for all. '
'With it the privileges that it needs; what is there already stays.';

--@ for name | may | what
--@ | grant_viewer | view | Lets a role read scorecards, views and tables. Of values, targets, entries, judgements and results it sees the rows of the units with all below them, by the tree of the last day of their period; without units those of all. Scores are the same for everybody: a node of another unit keeps its score and hides what it is made of.
--@ | grant_entry | enter | Lets a role enter values and judge, for units with all below them, and read their rows. It enters, rates and withdraws with kpi.enter(), kpi.rate() and their kin, and approves nothing. Without units for all.

CREATE FUNCTION kpi.@name@(role text, units text[] DEFAULT NULL)
	RETURNS void
	LANGUAGE sql
	RETURN kpi_internal.grant_access(role, '@may@', units);
COMMENT ON FUNCTION kpi.@name@(text, text[]) IS
'@what@ A second call adds units; kpi.revoke_access() takes all back. '
'It is kept in kpi.access, and in a dump. Errors: an unknown role (42704), unknown units, no units (22023), a caller '
'who does not own the tables (42501).';
--@ end
--@ for name | may | what
--@ | grant_editor | edit | Lets a role define units, indicators, scorecards and targets, enter and approve. It makes results final and reads all there is. Measurements and the history of entries it cannot write.
--@ | grant_collector | collect | Lets a role collect measurements, for all units, and read all there is. The sources are read with the rights of the owners of indicators.

CREATE FUNCTION kpi.@name@(role text)
	RETURNS void
	LANGUAGE sql
	RETURN kpi_internal.grant_access(role, '@may@', NULL);
COMMENT ON FUNCTION kpi.@name@(text) IS
'@what@ kpi.revoke_access() takes it back. Errors: an unknown role (42704), a caller who does not own the tables '
'(42501).';
--@ end

CREATE FUNCTION kpi.revoke_access(role text)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_grantee(role);
	DELETE FROM kpi.access AS a WHERE a.role = CAST(revoke_access.role AS name);
	EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA kpi, kpi_internal FROM %I', role);
	EXECUTE (SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM %I', string_agg(f, ', '), role)
			 FROM kpi_internal.reads_of_owner() AS f);
END
$$;
COMMENT ON FUNCTION kpi.revoke_access(text) IS
'Takes back what kpi.grant_viewer() and its kin gave a role. '
'With it every other privilege on tables of the extension; what it has as a member of other roles stays. Errors: an '
'unknown role (42704), a caller who does not own the tables (42501).';
