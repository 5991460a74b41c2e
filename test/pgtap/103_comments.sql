-- What \df+ shows of a measure begins with a sentence that fits beside its name;
-- longer rules stand after it or in the reference.
BEGIN;
SELECT no_plan();

-- The first sentence of a comment, without what follows its full stop.
CREATE FUNCTION pg_temp.first_sentence(comment text) RETURNS text LANGUAGE sql IMMUTABLE RETURN (regexp_match(comment,
	'^(.*?)\.?(\.\s|$)'))[1];
SELECT is(pg_temp.first_sentence(comment), 'One, 0.5', comment)
FROM unnest(ARRAY['One, 0.5', 'One, 0.5.', 'One, 0.5. Two.', E'One, 0.5.\nTwo. Three.']) AS comment;

-- functions in C and aggregates, some in PL/pgSQL, types and their columns; to follow: what is not a measure
CREATE TEMP VIEW measure AS
SELECT pg_describe_object(d.classoid, d.objoid, d.objsubid) AS what, d.description
FROM pg_description AS d
	LEFT JOIN pg_proc AS p ON d.classoid = 'pg_proc'::regclass AND p.oid = d.objoid
	LEFT JOIN pg_language AS l ON l.oid = p.prolang
	LEFT JOIN pg_type AS t ON d.classoid = 'pg_type'::regclass AND t.oid = d.objoid
	LEFT JOIN pg_class AS c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid AND c.relkind = 'c'
WHERE coalesce(p.pronamespace, t.typnamespace, c.relnamespace) = 'kpi'::regnamespace
	AND (l.lanname = 'c' OR p.prokind = 'a' OR p.proname IN ('check_weights', 'clv_split', 'clv_validate')
		OR t.typtype IN ('b', 'c')
		OR c.relname <> 'evaluated')
	AND coalesce(p.proname, '') !~ '^(period|measure$|check_source$)';

SELECT cmp_ok(count(*), '>', 400::bigint, 'comments of measures') FROM measure;
SELECT is_empty($$
	SELECT what, first FROM measure, pg_temp.first_sentence(description) AS first WHERE length(first) > 100
$$, 'the first sentence of a comment has at most 100 characters');
SELECT is_empty($$
	SELECT what, description FROM measure WHERE description ~ '\s\s|^\s|\s$|\s[.,;:]|\.[A-Z]|,[^\s\d]'
		AND description !~ '^\d'
$$, 'and words have single blanks between them');

SELECT * FROM finish();
ROLLBACK;
