-- Domains take the words of the list of their name.
INSERT INTO harness.form
SELECT t.oid::regtype, 'words', u.n, u.word
FROM pg_type AS t, unnest(kpi_internal.word_list(t.typname::text)) WITH ORDINALITY AS u(word, n)
WHERE t.typnamespace = 'kpi_internal'::regnamespace AND t.typtype = 'd' AND t.typbasetype = 'text'::regtype;
