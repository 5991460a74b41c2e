-- Who may do what to begin with, whatever ALTER DEFAULT PRIVILEGES says in this
-- database: the measures are for everybody, and so is what they and the views
-- call; tables and views are granted one by one, and with them what reads for a view
-- with the rights of the owner.

REVOKE ALL ON SCHEMA kpi, kpi_internal FROM PUBLIC;
GRANT USAGE ON SCHEMA kpi, kpi_internal TO PUBLIC;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA kpi, kpi_internal TO PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA kpi, kpi_internal FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA kpi, kpi_internal FROM PUBLIC;
DO $$
DECLARE
	type text;
	guard text;
BEGIN
	-- where everybody has it already nothing is to be noted down, for pg_dump complains of the notes of types
	FOR type IN
		SELECT oid::regtype FROM pg_type WHERE typnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND typelem = 0
			AND NOT EXISTS (SELECT FROM aclexplode(coalesce(typacl, acldefault('T', typowner))) AS a
							WHERE a.grantee = 0 AND a.privilege_type = 'USAGE')
	LOOP
		EXECUTE format('GRANT USAGE ON TYPE %s TO PUBLIC', type);
	END LOOP;
	-- triggers fire without it
	FOR guard IN
		SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'kpi_internal'::regnamespace AND prorettype = 'trigger'::regtype
	LOOP
		EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', guard);
	END LOOP;
	EXECUTE (SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', string_agg(CAST(f AS text), ', '))
			 FROM kpi_internal.reads_of_owner() AS f);
END
$$;
-- the owner of a table watches it
GRANT EXECUTE ON FUNCTION kpi_internal.note_change() TO PUBLIC;
