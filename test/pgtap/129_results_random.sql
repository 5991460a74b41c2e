-- Random registries, edited, made final and reopened at random: what a refresh leaves is what an evaluation
-- of everything gives, row for row; what is as it was is not written, and not too much
-- was evaluated to find that out.
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL TimeZone = 'UTC';
SELECT no_plan();

-- A number from 0 up to below 1 for each place of a sequence
CREATE FUNCTION pg_temp.random_of(seed text) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashtextextended(seed, 20111) & 1048575) / 1048576.0;
CREATE FUNCTION pg_temp.pick(seed text, given text[]) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN given[1 + floor(pg_temp.random_of(seed) * cardinality(given))::integer];
CREATE FUNCTION pg_temp.units() RETURNS text[] LANGUAGE sql
	RETURN ARRAY(SELECT u.unit::text FROM kpi.unit AS u WHERE u.dimension = 'organisation' ORDER BY u.unit COLLATE "C");

-- Two regions with units below, four indicators that combine in different ways, a
-- survey that is carried, ranks, cards in cards
SELECT kpi.define_unit('all'), kpi.define_unit('east', 'all'), kpi.define_unit('west', 'all');
SELECT kpi.define_unit('unit ' || n, parent => CASE WHEN n % 2 = 0 THEN 'east' ELSE 'west' END)
	FROM generate_series(1, 4) AS n;
SELECT kpi.define_indicator('sales', combine => 'sum', grain => 'month', windows => '{month_ytd}'),
	kpi.define_indicator('cost', direction => 'lower', combine => 'sum', grain => 'month'),
	kpi.define_indicator('stock', combine => 'last', grain => 'month', inherit_target => true, target_rule => 'hold'),
	kpi.define_indicator('survey', kind => 'entered', grain => 'year', combine => 'none'),
	kpi.define_indicator('margin', kind => 'derived', formula => 'sales - cost', target_rule => 'hold'),
	kpi.define_indicator('growth', kind => 'derived', formula => 'sales / previous(sales) - 1');
SELECT kpi.define_scorecard('first', missing => 'carry'), kpi.define_scorecard('second', grain => 'quarter'),
	kpi.define_scorecard('outer');
SELECT kpi.define_node('first', 'money', weight => 60), kpi.define_node('first', 'sales', 'money', weight => 2),
	kpi.define_node('first', 'cost', 'money', weight => 1, max_age => 2),
	kpi.define_node('first', 'survey', weight => 40, carry => true, scale => 'given');
SELECT kpi.define_node('second', 'margin', weight => 1, scale => 'rank(100, 80, 60) of actual'),
	kpi.define_node('second', 'stock', weight => 1), kpi.define_node('second', 'lead', indicator => 'sales',
		unit => 'unit 1', weight => 1);
SELECT kpi.define_node('outer', 'inner', shows => 'first', weight => 1), kpi.define_node('outer', 'growth',
	weight => 1, scale => 'given');
SELECT kpi.set_target(i, u, '2011', 600 + 100 * length(u), reason => 'plan')
FROM unnest('{sales,cost}'::text[]) AS i, unnest(pg_temp.units()) AS u;
SELECT kpi.set_target('stock', 'all', '2011', 40, reason => 'plan');
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
SELECT i, u, 'month', make_date(2010 + y, m, 1), round((30 + 60 * pg_temp.random_of(i || u || y || m))::numeric, 1)
FROM unnest('{sales,cost,stock}'::text[]) AS i, unnest(pg_temp.units()) AS u, generate_series(0, 1) AS y,
	generate_series(1, 6) AS m
WHERE u ~ '^unit' AND pg_temp.random_of('there' || i || u || y || m) < 0.85;
INSERT INTO kpi.entry (indicator, unit, grain, period_start, value)
SELECT 'survey', u, 'year', make_date(y, 1, 1), 60 + length(u) FROM unnest(pg_temp.units()) AS u,
	generate_series(2009, 2010) AS y;

-- One edit, drawn by its number
CREATE FUNCTION pg_temp.edit(n integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	anyone CONSTANT text := pg_temp.pick('unit' || n, pg_temp.units());
	leaf CONSTANT text := 'unit ' || 1 + floor(4 * pg_temp.random_of('leaf' || n));
	what CONSTANT text := pg_temp.pick('indicator' || n, '{sales,cost,stock}');
	month CONSTANT text := format('%s-%s', pg_temp.pick('year' || n, '{2010,2011}'),
		to_char(1 + floor(6 * pg_temp.random_of('month' || n)), 'FM00'));
	x CONSTANT numeric := round((20 + 90 * pg_temp.random_of('x' || n))::numeric, 1);
	kinds CONSTANT text[] := '{target,weight,entry,withdraw,move,final,definition,node,scale,survey,card,new unit,'
		'end,limits,name,entry,reopen}';
	kind CONSTANT text := kinds[1 + n % 17];
BEGIN
	CASE kind
		WHEN 'target' THEN PERFORM kpi.set_target(what, anyone, month, x, replace => true, reason => 'drawn');
		WHEN 'weight' THEN PERFORM kpi.set_weight('first', pg_temp.pick('node' || n, '{sales,cost,survey,money}'),
			weight => x);
		WHEN 'entry' THEN PERFORM kpi.enter(what, leaf, month, x);
		WHEN 'withdraw' THEN DELETE FROM kpi.entry AS e WHERE e.unit = leaf AND e.indicator = what
			AND e.period_start = (month || '-01')::date;
		WHEN 'move' THEN PERFORM kpi.define_unit(leaf, parent => pg_temp.pick('parent' || n, '{east,west,all}'),
			"from" => '2011-05-01');
		WHEN 'definition' THEN PERFORM kpi.define_indicator(what, direction => pg_temp.pick('direction' || n,
			'{higher,lower,target}'));
		WHEN 'node' THEN PERFORM kpi.define_node('second', 'more ' || n % 3, indicator => what, weight => x);
		WHEN 'scale' THEN PERFORM kpi.define_indicator(what, scale => 'linear(0.5:0, 1:' || x || ')');
		WHEN 'survey' THEN PERFORM kpi.enter('survey', anyone, '2010', x);
		WHEN 'card' THEN PERFORM kpi.define_scorecard('first', cap => x + 20, missing => pg_temp.pick('missing' || n,
			'{carry,zero,renormalize}'));
		WHEN 'new unit' THEN PERFORM kpi.define_unit('new ' || n, parent => 'west', valid => '[2011-03-01,)');
		WHEN 'end' THEN UPDATE kpi.unit AS u SET valid = '[2010-01-01,2011-10-01)' WHERE u.unit LIKE 'new %'
			AND u.unit = anyone;
		WHEN 'limits' THEN PERFORM kpi.define_scorecard('outer', zero_below => x - 20);
		WHEN 'final' THEN PERFORM kpi.finalize(c, u, month) FROM unnest('{first,outer}'::text[]) AS c,
			unnest(ARRAY[leaf, 'east']) AS u;
		WHEN 'reopen' THEN PERFORM kpi.reopen(c, NULL, f.label, 'drawn') FROM (SELECT DISTINCT f.scorecard AS c,
			kpi.period_label(f.period_grain, f.period_start) AS label FROM kpi.finalization AS f) AS f;
		WHEN 'name' THEN PERFORM kpi.define_unit(leaf, name => 'Unit of ' || n);
	END CASE;
	RETURN kind;
END $$;

-- All that there is to be, evaluated at once
CREATE FUNCTION pg_temp.anew() RETURNS TABLE (score_key text, cell text, line jsonb) LANGUAGE sql AS $$
	SELECT r.score_key, r.scorecard || '/' || r.unit || '/' || r.period_grain || '/' || r.period_start,
		to_jsonb(r) - 'evaluated_at'
	FROM kpi_internal.new_results(ARRAY(
			SELECT CAST(ROW(p.scorecard, u.unit, p.grain, p.period_start, NULL) AS kpi_internal.cell)
			FROM kpi_internal.card_periods() AS p JOIN kpi.scorecard AS k ON k.scorecard = p.scorecard
				JOIN kpi.unit AS u ON u.dimension = k.dimension AND u.valid && kpi_internal.period_days(p.grain,
					p.period_start))) AS n
		CROSS JOIN LATERAL kpi_internal.masked(n, kpi_internal.word_of_hidden()) AS r
$$;
CREATE FUNCTION pg_temp.stored() RETURNS TABLE (score_key text, cell text, line jsonb, place tid) LANGUAGE sql AS $$
	SELECT r.score_key, r.scorecard || '/' || r.unit || '/' || r.period_grain || '/' || r.period_start,
		to_jsonb(r) - 'evaluated_at', r.ctid
	FROM kpi.result AS r
$$;
CREATE FUNCTION pg_temp.differences() RETURNS TABLE (score_key text, cell text) LANGUAGE sql AS $$
	SELECT coalesce(s.score_key, a.score_key), coalesce(s.cell, a.cell)
	FROM pg_temp.stored() AS s FULL JOIN pg_temp.anew() AS a USING (score_key)
	WHERE s.line IS DISTINCT FROM a.line
$$;
-- evaluated: rows of scorecards, units and periods that were evaluated again; written: those that were written;
-- same: those of the written ones that are as they were
CREATE TEMP TABLE step (n integer, kinds text[], silent bigint, wrong bigint, told bigint, evaluated bigint,
	written bigint, same bigint);
CREATE FUNCTION pg_temp.take(n integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	kinds text[] := '{}';
	silent bigint;
	told bigint;
BEGIN
	FOR k IN 1 .. 2 LOOP
		kinds := kinds || pg_temp.edit(2 * n + k);
	END LOOP;
	CREATE TEMP TABLE touched AS SELECT c.scorecard || '/' || c.unit || '/' || c.grain || '/' || c.period_start AS cell
		FROM unnest(kpi_internal.refresh_together(ARRAY(SELECT m.mark FROM kpi_internal.mark AS m))) AS c;
	CREATE TEMP TABLE former AS SELECT s.* FROM pg_temp.stored() AS s;
	SELECT count(*) INTO silent FROM pg_temp.differences() AS d WHERE d.cell NOT IN (SELECT t.cell FROM touched AS t);
	told := kpi.refresh_results();
	INSERT INTO step SELECT n, kinds, silent, (SELECT count(*) FROM pg_temp.differences()), told,
		count(*) FILTER (WHERE x.cell IN (SELECT t.cell FROM touched AS t)),
		count(*) FILTER (WHERE x.written), count(*) FILTER (WHERE x.written AND x.same)
	FROM (SELECT coalesce(s.cell, f.cell) AS cell, s.place IS DISTINCT FROM f.place AS written,
			s.line IS NOT DISTINCT FROM f.line AS same
		FROM pg_temp.stored() AS s FULL JOIN former AS f USING (score_key)) AS x;
	DROP TABLE touched, former;
END $$;
SELECT kpi.refresh_results();
SELECT is_empty('SELECT pg_temp.differences()', 'the first refresh gives what an evaluation gives');
SELECT pg_temp.take(n) FROM generate_series(1, 9) AS n;
SELECT is_empty('SELECT n, kinds, wrong FROM step WHERE wrong > 0', 'and so does each after random edits');
SELECT is_empty('SELECT n, kinds, silent FROM step WHERE silent > 0', 'nothing that has changed does not say so');
SELECT cmp_ok((SELECT count(DISTINCT k) FROM step, unnest(kinds) AS k), '=', 16::bigint, 'of all kinds');
SELECT is_empty('SELECT n, kinds, written, same FROM step WHERE same > 0', 'no row is written that is as it was');
SELECT is_empty('SELECT n, kinds, written, told FROM step WHERE written <> told', 'so many as the refresh says');
SELECT cmp_ok((SELECT sum(written) / sum(evaluated) FROM step), '>=', 0.3,
	'and not much more was evaluated for them than what has changed');

SELECT * FROM finish();
ROLLBACK;
