-- What \df+ shows begins with a sentence that fits beside its name;
-- longer rules stand after it or in the reference.
BEGIN;
SELECT no_plan();

-- The first sentence of a comment, without what follows its full stop.
CREATE FUNCTION pg_temp.first_sentence(comment text) RETURNS text LANGUAGE sql IMMUTABLE RETURN (regexp_match(comment,
	'^(.*?)\.?(\.\s|$)'))[1];
SELECT is(pg_temp.first_sentence(comment), 'One, 0.5', comment)
FROM unnest(ARRAY['One, 0.5', 'One, 0.5.', 'One, 0.5. Two.', E'One, 0.5.\nTwo. Three.']) AS comment;

-- all that lives in our schemas: triggers, constraints and columns by what they belong to
CREATE TEMP VIEW commented AS
SELECT pg_describe_object(d.classoid, d.objoid, d.objsubid) AS what, d.description
FROM pg_description AS d, pg_identify_object(d.classoid, d.objoid, d.objsubid) AS i
WHERE i.schema IN ('kpi', 'kpi_internal') OR i.identity ~ '\mkpi(_internal)?\.';

SELECT cmp_ok(count(*), '>', 1000::bigint, 'comments of functions, types, tables and their columns') FROM commented;
SELECT is_empty($$
	SELECT what, first FROM commented, pg_temp.first_sentence(description) AS first WHERE length(first) > 100
$$, 'the first sentence of a comment has at most 100 characters');
SELECT is_empty($$
	SELECT what, description FROM commented WHERE description ~ '\s\s|^\s|\s$|\s[.,;:]|\.[A-Z]|,[^\s\d]'
		AND description !~ '^\d'
$$, 'and words have single blanks between them');

-- what a CHECK refuses is said in the words of its comment
SELECT is_empty($$
	SELECT c.conrelid::regclass, c.conname FROM pg_constraint AS c
		JOIN pg_trigger AS t ON t.tgrelid = c.conrelid AND t.tgname = 'refuse_in_words'
	WHERE c.contype = 'c' AND coalesce(obj_description(c.oid, 'pg_constraint'), '') NOT LIKE '%._%.'
		-- others say it before, in words of their own
		AND c.conrelid <> ALL ('{kpi.entry,kpi.target,kpi.rating}'::regclass[])
$$, 'a comment on a CHECK gives the rule, then what to write');
SELECT bag_eq($$
	SELECT c.relname FROM pg_class AS c
	WHERE c.relnamespace = 'kpi'::regnamespace AND c.relkind = 'r'
		AND EXISTS (SELECT FROM pg_constraint AS n WHERE n.conrelid = c.oid AND n.contype = 'c')
		AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgname = 'refuse_in_words')
$$, '{alert,entry_log,finalization,run,run_step}'::name[],
	'of tables that people write the others say it before in words of their own');

SELECT * FROM finish();
ROLLBACK;
