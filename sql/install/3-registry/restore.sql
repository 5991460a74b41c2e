-- Restoring a dump.
--
-- pg_restore with several jobs loads the tables of an extension in any order,
-- and foreign keys of an extension exist before its rows.  What is restored was
-- whole when it was dumped, so in a session that looks like that of a restore,
-- and for a superuser only, one statement goes unchecked.

CREATE FUNCTION kpi_internal.begin_restore()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF current_setting('session_replication_role') = 'origin'
		AND (SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user)
	THEN
		PERFORM set_config('kpi_restore.statement', TG_TABLE_NAME, true);
		PERFORM set_config('session_replication_role', 'replica', true);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.begin_restore() IS
'Trigger: a superuser who restores a dump loads a table whatever the order of tables. '
'Until kpi_internal.end_restore() nothing is checked but CHECK, unique and exclusion constraints.';

CREATE FUNCTION kpi_internal.end_restore()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF current_setting('kpi_restore.statement', true) = TG_TABLE_NAME THEN
		PERFORM set_config('kpi_restore.statement', '', true);
		PERFORM set_config('session_replication_role', 'origin', true);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.end_restore() IS
'Trigger: ends what kpi_internal.begin_restore() began.';

DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['kpi.grain', 'kpi.perspective', 'kpi.band_set', 'kpi.target_profile', 'kpi.benchmark', 'kpi.alert_rule', 'kpi.alert', 'kpi.unit', 'kpi.unit_parent', 'kpi.indicator', 'kpi.indicator_version', 'kpi.target', 'kpi.band', 'kpi.scorecard', 'kpi.scorecard_node', 'kpi.measurement', 'kpi.entry', 'kpi.entry_log', 'kpi.rater', 'kpi.rating', 'kpi.objective', 'kpi.success_factor', 'kpi.objective_link', 'kpi.objective_indicator', 'kpi.action', 'kpi.remark', 'kpi.risk', 'kpi.run_step', 'kpi.run_error', 'kpi_internal.own_value', 'kpi.access'] LOOP
		EXECUTE pg_catalog.format('CREATE TRIGGER begin_restore BEFORE INSERT ON %s
			FOR EACH STATEMENT WHEN (pg_catalog.current_setting(''check_function_bodies'') OPERATOR(pg_catalog.=) ''off''
				AND pg_catalog.current_setting(''row_security'') OPERATOR(pg_catalog.=) ''off''
				AND pg_catalog.current_setting(''search_path'') OPERATOR(pg_catalog.=) '''')
			EXECUTE FUNCTION kpi_internal.begin_restore()', name);
		EXECUTE pg_catalog.format('CREATE TRIGGER end_restore AFTER INSERT ON %s
			FOR EACH STATEMENT WHEN (pg_catalog.current_setting(''session_replication_role'') OPERATOR(pg_catalog.=) ''replica'')
			EXECUTE FUNCTION kpi_internal.end_restore()', name);
		EXECUTE pg_catalog.format('ALTER TABLE %s ENABLE ALWAYS TRIGGER begin_restore, ENABLE ALWAYS TRIGGER end_restore', name);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER begin_restore ON %s IS ''A restore loads the table whatever the order of tables.''', name);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER end_restore ON %s IS ''Ends what begin_restore began.''', name);
	END LOOP;
END
$$;
