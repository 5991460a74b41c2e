-- What everybody may do with each object of the extension, told by the
-- catalogue: what the reference says, granted explicitly but for types, of which
-- pg_dump would complain, and nothing else.
CREATE VIEW public.grant_verdict (verdict, what, detail) AS
WITH object (what, owner, acl, wanted) AS (
	SELECT 'schema ' || nspname, nspowner, nspacl, 'USAGE' FROM pg_namespace WHERE nspname IN ('kpi', 'kpi_internal')
	UNION ALL
	SELECT p.oid::regprocedure::text, proowner, proacl, CASE WHEN prorettype <> 'trigger'::regtype
		-- but what reads for views with the rights of the owner, which goes with the views
		AND NOT (prosecdef AND pronargs = pronargdefaults)
		-- which the owners of tables put on them
		OR p.oid = 'kpi_internal.note_change()'::regprocedure THEN 'EXECUTE' END
	FROM pg_proc AS p WHERE pronamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace)
	UNION ALL
	SELECT t.oid::regtype::text, typowner, coalesce(typacl, acldefault('T', typowner)), 'USAGE' FROM pg_type AS t
	WHERE typnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND typelem = 0
	UNION ALL
	SELECT c.oid::regclass::text, relowner, relacl, NULL FROM pg_class AS c
	WHERE relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace)
		AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
	UNION ALL
	SELECT format('%s.%I', c.oid::regclass, a.attname), relowner, attacl, NULL FROM pg_class AS c
	JOIN pg_attribute AS a ON a.attrelid = c.oid
	WHERE relnamespace IN ('kpi'::regnamespace, 'kpi_internal'::regnamespace) AND a.attacl IS NOT NULL
), given AS (
	SELECT o.what, o.owner, coalesce(o.wanted, 'nothing') AS wanted,
		   coalesce(string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) FILTER (WHERE a.grantee = 0),
			'nothing') AS everybody,
		   coalesce(string_agg(format('%s to %s', a.privilege_type, pg_get_userbyid(a.grantee)), ', ')
			FILTER (WHERE a.grantee NOT IN (0, o.owner)), 'nothing') AS others
	FROM object AS o LEFT JOIN LATERAL aclexplode(o.acl) AS a ON true
	GROUP BY o.what, o.owner, o.wanted
)
SELECT CASE WHEN everybody = wanted AND others = 'nothing' AND owner = (SELECT extowner FROM pg_extension
	WHERE extname = 'kpi') THEN 'ok' ELSE 'not ok' END,
	   what, format('PUBLIC is granted %s instead of %s, others are granted %s, and it belongs to %s', everybody,
		wanted, others, pg_get_userbyid(owner))
FROM given;
