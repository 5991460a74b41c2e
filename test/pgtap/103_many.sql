-- Many calls in one statement: each reads about as many rows as the one before it, however
-- small the tables were when its queries were planned.
-- share: 10
BEGIN;
SELECT plan(10);
SET client_min_messages = warning;

-- Rows of tables of the extension that this transaction has read, or of one of them.
CREATE FUNCTION rows_read(of name) RETURNS bigint LANGUAGE sql VOLATILE AS $$
	SELECT sum(s.seq_tup_read + s.idx_tup_fetch) FROM pg_stat_xact_user_tables AS s
	WHERE s.schemaname IN ('kpi', 'kpi_internal') AND s.relname = coalesce(of, s.relname)
$$;
-- The rows that a statement reads which makes a call for each i of first..last.
CREATE FUNCTION read_by(call text, first integer, last integer, of name DEFAULT NULL) RETURNS bigint
	LANGUAGE plpgsql AS $$
DECLARE
	before bigint := rows_read(of);
BEGIN
	EXECUTE format('SELECT count(%s) FROM generate_series($1, $2) AS i', call) USING first, last;
	RETURN rows_read(of) - before;
END $$;
CREATE FUNCTION steady(called text, call text, of name DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	first bigint := read_by(call, 1, 100, of);
	second bigint := read_by(call, 101, 200, of);
BEGIN
	RETURN ok(second <= 1.2 * first, format('%s: the second hundred reads no more than the first', called))
		|| CASE WHEN second > 1.2 * first THEN E'\n' || diag(format('%s rows, then %s', first, second)) ELSE '' END;
END $$;

SELECT kpi.define_unit('company'), kpi.define_unit('other');
SELECT steady('units below one', $$kpi.define_unit('below' || i, 'company')$$);
SELECT steady('roots', $$kpi.define_unit('root' || i)$$);
SELECT steady('units below many', $$kpi.define_unit('deep' || i, 'root' || (i + 9) / 10)$$);
SELECT steady('names of units', $$kpi.define_unit('below' || i, name => 'Below ' || i)$$);
SELECT steady('moves of units without values', $$kpi.define_unit('below' || i, 'other', "from" => '2024-01-01')$$);
SELECT steady('indicators', $$kpi.define_indicator('i' || i, combine => 'sum', grain => 'month')$$);
SELECT steady('targets of one unit', $$kpi.set_target('i' || i, 'company', '2024', 100)$$);
SELECT steady('targets of one indicator', $$kpi.set_target('i1', 'below' || i, '2024', 100)$$);
SELECT steady('scorecards', $$kpi.define_scorecard('s' || i)$$);

-- who reads an indicator is found in formulas, each a few times
SELECT cmp_ok(read_by($$kpi.define_indicator('d' || i, kind => 'derived', formula => 'i' || i || ' + 1')$$, 1, 200),
	'<', 400000::bigint, 'a derived indicator reads the others a few times, not each as often as there are');

SELECT * FROM finish();
ROLLBACK;
