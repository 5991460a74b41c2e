-- Nothing of the extension may have become bound to what harness_hostile made.
CREATE VIEW public.bound_verdict (verdict, what, detail) AS
WITH planted AS (
	SELECT 'pg_proc'::regclass AS classid, oid FROM pg_proc WHERE pg_get_userbyid(proowner) = 'harness_hostile'
	UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator WHERE pg_get_userbyid(oprowner) = 'harness_hostile'
	UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type WHERE pg_get_userbyid(typowner) = 'harness_hostile'
	UNION ALL SELECT 'pg_constraint'::regclass, c.oid FROM pg_constraint AS c JOIN pg_type AS t ON t.oid = c.contypid
		AND pg_get_userbyid(t.typowner) = 'harness_hostile'
), bound AS (
	SELECT pg_describe_object(d.classid, d.objid, d.objsubid) AS what,
		pg_describe_object(d.refclassid, d.refobjid, 0) AS with
	FROM pg_depend AS d
	WHERE (d.refclassid, d.refobjid) IN (SELECT classid, oid FROM planted)
		AND (d.classid, d.objid) NOT IN (SELECT classid, oid FROM planted)
)
SELECT 'not ok', what, format('became bound to %s of another role when the extension was created', "with") FROM bound
UNION ALL SELECT 'ok', 'bound', '' WHERE (SELECT count(*) FROM planted) > 3000 AND NOT EXISTS (SELECT FROM bound);
