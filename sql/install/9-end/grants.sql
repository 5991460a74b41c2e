-- Who may do what to begin with, whatever ALTER DEFAULT PRIVILEGES says in this
-- database: the measures are for everybody; tables and views are granted one by one.

REVOKE ALL ON SCHEMA kpi FROM PUBLIC;
GRANT USAGE ON SCHEMA kpi TO PUBLIC;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA kpi TO PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA kpi FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA kpi FROM PUBLIC;
DO $$
DECLARE
	type text;
BEGIN
	-- where everybody has it already nothing is to be noted down, for pg_dump complains of the notes of types
	FOR type IN
		SELECT oid::regtype FROM pg_type WHERE typnamespace = 'kpi'::regnamespace AND typelem = 0
			AND NOT EXISTS (SELECT FROM aclexplode(coalesce(typacl, acldefault('T', typowner))) AS a
							WHERE a.grantee = 0 AND a.privilege_type = 'USAGE')
	LOOP
		EXECUTE format('GRANT USAGE ON TYPE %s TO PUBLIC', type);
	END LOOP;
END
$$;
