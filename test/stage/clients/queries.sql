-- What builders of dashboards send: queries of Power BI and Metabase, and the macros of Grafana as it expands
-- them, by the environment variable BUILDER.
\set is_powerbi `[ "$BUILDER" = powerbi ] && echo 1 || echo 0`
\set is_metabase `[ "$BUILDER" = metabase ] && echo 1 || echo 0`
\if :is_powerbi
-- its navigator, the preview of a table, and folded steps: a filter, a group
SELECT 'columns=' || count(*) FROM (SELECT column_name, ordinal_position, is_nullable, data_type
	FROM INFORMATION_SCHEMA.columns WHERE table_schema = 'kpi' AND table_name = 'v_scorecard'
	ORDER BY table_schema, table_name, ordinal_position) AS c;
SELECT 'count=' || "a0" FROM (select count(1) as "a0" from (select "$Table"."score_key" as "score_key",
	"$Table"."unit" as "unit", "$Table"."score" as "score" from "kpi"."v_scorecard" "$Table") "rows") "_";
SELECT 'units=' || string_agg("unit", ',') FROM (select "rows"."unit" as "unit" from (select "unit" from
	"kpi"."v_scorecard" "$Table") "rows" group by "unit" limit 1001) "_";
SELECT 'row=' || concat_ws('|', score_key, node_name, actual, target, score, rag, rag_order, period_start, is_stale)
FROM (select * from (select "_".* from "kpi"."v_scorecard" "_" where "_"."period_start" >= date '2011-11-01' and
	"_"."period_start" < date '2011-12-01' and ("_"."score_key" = 'card/north/2011-11/sales' and "_"."score_key" is not
	null)) "_" limit 1001) "_";
\elif :is_metabase
-- its scan of values, and a question: a filter on a month, summarised by it
SELECT 'units=' || string_agg("unit", ',') FROM (SELECT "source"."unit" AS "unit" FROM (SELECT
	"kpi"."v_scorecard"."unit" AS "unit" FROM "kpi"."v_scorecard" GROUP BY "kpi"."v_scorecard"."unit" ORDER BY
	"kpi"."v_scorecard"."unit" ASC) AS "source" LIMIT 1000) AS s;
SELECT 'count=' || "count" FROM (SELECT COUNT(*) AS "count" FROM "kpi"."v_scorecard") AS s;
SELECT 'row=' || concat_ws('|', "score_key", "node_name", "max", "max_2", "avg", "rag", "min", CAST("period_start" AS
	date), "min_2")
FROM (SELECT "kpi"."v_scorecard"."score_key" AS "score_key", "kpi"."v_scorecard"."node_name" AS "node_name",
	"kpi"."v_scorecard"."rag" AS "rag", CAST(DATE_TRUNC('month', "kpi"."v_scorecard"."period_start") AS date) AS
	"period_start", MAX("kpi"."v_scorecard"."actual") AS "max", MAX("kpi"."v_scorecard"."target") AS "max_2",
	CAST(AVG("kpi"."v_scorecard"."score") AS numeric(9,2)) AS "avg", MIN("kpi"."v_scorecard"."rag_order") AS "min",
	MIN("kpi"."v_scorecard"."is_stale") AS "min_2" FROM "kpi"."v_scorecard" WHERE ("kpi"."v_scorecard"."score_key" =
	'card/north/2011-11/sales') AND ("kpi"."v_scorecard"."period_start" >= DATE '2011-11-01') AND
	("kpi"."v_scorecard"."period_start" < DATE '2011-12-01') GROUP BY 1, 2, 3, 4 ORDER BY 4 ASC LIMIT 1048575) AS s;
\else
-- $__timeFilter(period_start), $__timeGroupAlias(period_start, '1d'), $__time(period_start) and a variable
SELECT 'units=' || string_agg(unit, ',') FROM (SELECT DISTINCT unit FROM kpi.v_scorecard
	WHERE period_start BETWEEN '2011-10-01T00:00:00Z' AND '2011-12-31T23:59:59Z') AS v;
SELECT 'row=' || concat_ws('|', metric, node_name, actual, target, score, rag, rag_order,
	CAST(to_timestamp("time") AT TIME ZONE 'UTC' AS date), is_stale)
FROM (SELECT floor(extract(epoch from period_start)/86400)*86400 AS "time", score_key AS metric, node_name,
		actual, target, score, rag, rag_order, is_stale
	FROM kpi.v_scorecard WHERE period_start BETWEEN '2011-11-01T00:00:00Z' AND '2011-11-30T23:59:59Z'
		AND period_grain = 'month' AND node IN ('sales','card') ORDER BY 1) AS s
WHERE metric = 'card/north/2011-11/sales';
SELECT 'count=' || count("time") FROM (SELECT period_start AS "time", score AS value, node AS metric
	FROM kpi.v_scorecard WHERE period_start BETWEEN '2010-01-01T00:00:00Z' AND '2012-12-31T23:59:59Z') AS s;
\endif
