-- complain if the script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION kpi CASCADE" to load this file. \quit

-- Until its end no name of this script is found where others may create: the
-- schema of btree_gist, which CREATE EXTENSION has put on the path, may be such.
SET LOCAL search_path = pg_catalog, pg_temp;
-- nor does the session that runs it decide where its strings end; bodies, which
-- are read later, write a backslash in E'' strings alone
SET LOCAL standard_conforming_strings = on;

-- What only we call; its objects are no part of what users are promised.
CREATE SCHEMA kpi_internal;
COMMENT ON SCHEMA kpi_internal IS
'Parts of the extension kpi that only it calls. They change without notice.';

-- Nor may anybody else own what is ours: the owner of a schema may drop, and
-- plant, in it. CREATE EXTENSION uses a schema kpi that is there already.
DO $$
DECLARE
	place record;
BEGIN
	FOR place IN
		SELECT nspname, pg_get_userbyid(nspowner) AS owner,
			   nspowner <> current_user::regrole AND NOT (SELECT rolsuper FROM pg_roles AS r
			     WHERE r.oid = nspowner) AS foreign_owner,
			   (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END, ', ')
				FROM aclexplode(nspacl) AS a
				WHERE a.privilege_type = 'CREATE' AND a.grantee <> nspowner) AS others,
			   EXISTS (SELECT FROM pg_depend AS d WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
					   AND d.classid <> ALL ('{pg_extension,pg_default_acl}'::regclass[])) AS filled
		FROM pg_namespace AS n WHERE nspname IN ('kpi', 'kpi_internal')
	LOOP
		IF place.foreign_owner THEN
			RAISE EXCEPTION USING
				ERRCODE = '42501',
				MESSAGE = format('schema "%s" belongs to role "%s"', place.nspname, place.owner),
				DETAIL = 'Its owner could replace what the extension has in it.',
				HINT = 'Drop it or change its owner: CREATE EXTENSION makes it when it is not there.';
		ELSIF place.others IS NOT NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = '42501',
				MESSAGE = format('others may create in schema "%s": %s', place.nspname, place.others),
				HINT = format('REVOKE CREATE ON SCHEMA %s, or take it out of the default privileges for schemas.', place.nspname);
		ELSIF place.filled THEN
			RAISE EXCEPTION USING
				ERRCODE = '42710',
				MESSAGE = format('schema "%s" is not empty', place.nspname),
				DETAIL = 'An object that is there already could be taken for one of the extension.',
				HINT = 'Drop it: CREATE EXTENSION makes it when it is not there.';
		END IF;
	END LOOP;
END
$$;

-- Whoever owns an extension that we need, or the schema it is in, drops that with
-- CASCADE, and us with it. The owner of the database may drop all of it anyway.
DO $$
DECLARE
	part record;
BEGIN
	SELECT p.* INTO part
	FROM (
			SELECT 'extension' AS kind, e.extname AS name, r.rolname AS owner, r.rolsuper,
				   format('Drop it, or give it to a superuser with REASSIGN OWNED BY %I: '
					'CREATE EXTENSION kpi CASCADE makes it when it is not there.', r.rolname) AS help
			FROM pg_extension AS e JOIN pg_roles AS r ON r.oid = e.extowner
			WHERE e.extname IN ('btree_gist', 'plpgsql')
			UNION ALL
			SELECT 'schema', n.nspname, r.rolname, r.rolsuper OR r.rolname = 'pg_database_owner' OR r.oid = d.datdba,
				   format('Move extension "%s" to a schema of a superuser: ALTER EXTENSION %1$I SET SCHEMA public.', e.extname)
			FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace JOIN pg_roles AS r ON r.oid = n.nspowner
				JOIN pg_database AS d ON d.datname = current_database()
			WHERE e.extname IN ('btree_gist', 'plpgsql')
		) AS p
	WHERE NOT p.rolsuper
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = '42501',
			MESSAGE = format('%s "%s" belongs to role "%s"', part.kind, part.name, part.owner),
			DETAIL = 'Its owner could drop it, and with it kpi and all its rows, which need it.',
			HINT = part.help;
	END IF;
END
$$;
