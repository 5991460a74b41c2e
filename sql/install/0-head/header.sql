-- complain if the script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION kpi CASCADE" to load this file. \quit

-- Until its end no name of this script is found where others may create: the
-- schema of btree_gist, which CREATE EXTENSION has put on the path, may be such.
SET LOCAL search_path = pg_catalog, pg_temp;

-- Nor may anybody else own what is ours: the owner of a schema may drop, and
-- plant, in it. CREATE EXTENSION uses a schema that is there already.
DO $$
DECLARE
	owner CONSTANT name := (SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'kpi');
	others CONSTANT text := (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END, ', ')
							 FROM pg_namespace AS n, aclexplode(n.nspacl) AS a
							 WHERE n.nspname = 'kpi' AND a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner);
BEGIN
	IF owner <> current_user AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = owner) THEN
		RAISE EXCEPTION USING
			ERRCODE = '42501',
			MESSAGE = format('schema "kpi" belongs to role "%s"', owner),
			DETAIL = 'Its owner could replace what the extension has in it.',
			HINT = 'Drop it or change its owner: CREATE EXTENSION makes it when it is not there.';
	ELSIF others IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = '42501',
			MESSAGE = format('others may create in schema "kpi": %s', others),
			HINT = 'REVOKE CREATE ON SCHEMA kpi, or take it out of the default privileges for schemas.';
	ELSIF EXISTS (SELECT FROM pg_depend AS d JOIN pg_namespace AS n ON n.oid = d.refobjid
				  WHERE d.refclassid = 'pg_namespace'::regclass AND n.nspname = 'kpi'
					  AND d.classid <> ALL ('{pg_extension,pg_default_acl}'::regclass[])) THEN
		RAISE EXCEPTION USING
			ERRCODE = '42710',
			MESSAGE = 'schema "kpi" is not empty',
			DETAIL = 'An object that is there already could be taken for one of the extension.',
			HINT = 'Drop it: CREATE EXTENSION makes it when it is not there.';
	END IF;
END
$$;
