-- What each client has to say, a line a fact.
SELECT 'count=' || count(*) FROM kpi.v_scorecard;
SELECT 'units=' || string_agg(DISTINCT unit, ',') FROM kpi.v_scorecard;
SELECT 'row=' || concat_ws('|', score_key, node_name, actual, target, score, rag, rag_order, period_start, is_stale)
FROM kpi.v_scorecard WHERE score_key = 'card/north/2011-11/sales';
SELECT 'null=' || (score IS NULL) || '|' || score_reason FROM kpi.v_scorecard
WHERE score_key = 'card/north/2011-11/wait';
SELECT 'evaluate=' || count(*) FROM kpi.evaluate('card', 'north', '2011-11');
SELECT 'exact=' || kpi.attainment('0.1'::numeric, '0.3'::numeric);
SELECT 'columns=' || count(*) FROM information_schema.columns WHERE table_schema = 'kpi'
	AND table_name = 'v_scorecard';
SELECT 'comment=' || split_part(obj_description('kpi.v_scorecard'::regclass), '. ', 1);
SET kpi.language = 'zh';
SELECT 'label=' || rag_label FROM kpi.v_scorecard WHERE score_key = 'card/north/2011-11/sales';
