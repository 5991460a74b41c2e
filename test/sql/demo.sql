-- demo: the sample, loaded, collected and read; all of it in one transaction,
-- without whatever else is registered
SET client_encoding = 'UTF8';
\set SHOW_CONTEXT never
\pset tuples_only on
\pset format unaligned
\set ON_ERROR_ROLLBACK on
BEGIN;
SET LOCAL client_min_messages = warning;
DELETE FROM kpi.scorecard;
DELETE FROM kpi.indicator;
DELETE FROM kpi.unit;

SELECT kpi.drop_demo();
SELECT kpi.define_indicator('acme_churn', kind => 'entered');
SELECT kpi.load_demo();
DELETE FROM kpi.indicator;

SELECT kpi.load_demo();
SELECT kpi.load_demo();
SET LOCAL client_min_messages = notice;
CALL kpi.collect('2024-01', '2025-12', commit_each => false);

-- the month in which things go wrong
SELECT * FROM kpi.scorecard_text('acme_marketing', 'acme', '2025-10');

-- the region, a quarter, wide; the year, narrow
SELECT * FROM kpi.scorecard_text('acme_marketing', 'eastland', '2025-Q4', width => 130);
SELECT * FROM kpi.scorecard_text('acme_marketing', 'westland', '2024', width => 90);

-- in another language, with wide characters
SET LOCAL kpi.language = 'zh';
SELECT * FROM kpi.scorecard_text('acme_marketing', unit => 'acme', period => '2025-10');
RESET kpi.language;

-- a month without anything
SELECT * FROM kpi.scorecard_text('acme_marketing', 'southland', '2026-03');

-- what else one may try
SELECT unit_name, period_label, actual::numeric(8,3) FROM kpi.v_indicator WHERE indicator = 'acme_marketing_roi'
	AND unit IN ('acme', 'acme_display', 'acme_email') AND period_label IN ('2025-10', '2025-H1', '2025-10 ytd')
	ORDER BY unit, period_label;
SELECT period_label, actual, target, trend_label FROM kpi.v_indicator WHERE indicator = 'acme_churn' AND unit
	= 'eastland'
	AND period_grain = 'quarter' ORDER BY period_start;
SELECT severity, finding, indicator, unit, period_label FROM kpi.v_data_quality WHERE indicator =
	'acme_satisfaction'
ORDER BY unit;

-- what is refused
SELECT * FROM kpi.scorecard_text('acme_marketting', 'eastland', '2025-Q4');
SELECT * FROM kpi.scorecard_text('acme_marketing', 'eestland', '2025-Q4');
SELECT * FROM kpi.scorecard_text('acme_marketing', 'eastland', '2025-W40');
SELECT kpi.define_scorecard('mine');
SELECT kpi.set_weight('mine', 'acme_churn', weight => 1);
SELECT kpi.drop_demo();
DELETE FROM kpi.scorecard WHERE scorecard = 'mine';

SELECT kpi.drop_demo();
SELECT kpi.drop_demo();
ROLLBACK;
