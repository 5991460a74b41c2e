-- Lists of words: one in C for what functions and columns take.
BEGIN;
SELECT plan(7);

SELECT is(kpi_internal.word_list('direction'), '{higher,lower,target}', 'the words of a list come in their order');
SELECT is(array_agg(word) FILTER (WHERE kpi_internal.is_word('method', word)), '{weighted,self}',
	'a word is in a list only as it is written there')
FROM unnest(ARRAY['weighted', 'Weighted', 'weight', 'weighted ', '', 'ratio', 'self', NULL]) AS word;
SELECT is(kpi_internal.is_word('role', NULL), NULL, 'NULL is neither a word nor none');
SELECT throws_ok($$SELECT kpi_internal.is_word('Role', 'part')$$, '22023', 'no list of words is called "Role"',
	'a list that does not exist is an error');
SELECT throws_ok($$SELECT kpi_internal.word_list('roles')$$, '22023', 'no list of words is called "roles"',
	'for its words, too');

-- what the functions take is what the lists say
SELECT is(array_agg(word) FILTER (WHERE kpi.attainment(1, 2, word) IS NOT NULL), kpi_internal.word_list('direction'),
	'attainment() takes the words of its list')
FROM unnest(kpi_internal.word_list('direction')) AS word;
SELECT throws_ok($$SELECT kpi.attainment(1, 2, 'up')$$, '22023', 'unrecognized direction "up"', 'and no other');

SELECT * FROM finish();
ROLLBACK;
