-- Every figure beside its twin.

CREATE TABLE recount.evaluated AS
SELECT u.unit AS asked, p.grain, p.first, e.*
FROM (SELECT DISTINCT unit FROM recount.member) u
	CROSS JOIN recount.period p
	CROSS JOIN LATERAL kpi.evaluate('shop', u.unit, p.label) e;
ANALYZE recount.evaluated;

-- tolerance is relative to scale; 0 asks for the same number
CREATE TABLE recount.number (
	source text,
	figure text,
	unit text,
	grain text,
	first date,
	item text,
	got numeric,
	wanted numeric,
	scale numeric,
	tolerance numeric
);

INSERT INTO recount.number
SELECT 'evaluate', v.figure, coalesce(g.asked, x.unit), coalesce(g.grain, x.grain), coalesce(g.first, x.first),
	coalesce(g.node, x.node), v.got, v.wanted, coalesce(v.scale, greatest(abs(v.got), abs(v.wanted))), v.tolerance
FROM recount.expected x
	FULL JOIN recount.evaluated g ON (g.asked, g.grain, g.first, g.node) = (x.unit, x.grain, x.first, x.node)
	CROSS JOIN LATERAL (VALUES
		('depth', g.depth, x.depth, NULL, 0),
		('weight', g.weight, x.weight, NULL, 0),
		('absolute_weight', g.absolute_weight, x.absolute_weight, NULL, 1e-12),
		('actual', g.actual, x.actual, NULL, 1e-12),
		('target', g.target, x.target, NULL, 1e-12),
		('attainment', g.attainment, x.attainment, NULL, 1e-12),
		('score', g.score, x.score, NULL, 1e-12),
		('coverage', g.coverage, x.coverage, NULL, 1e-12),
		('status', nullif(g.rag_order, 0) - 2, x.status, NULL, 0),
		('previous_actual', g.previous_actual, x.previous_actual, NULL, 1e-12),
		('previous_score', g.previous_score, x.previous_score, NULL, 1e-12),
		('change', g.score_change, x.change, greatest(abs(x.score), abs(x.previous_score)), 1e-12),
		('change_rate', g.change_rate, x.change_rate, greatest(abs(x.change_rate), 1), 1e-12),
		('trend', g.trend, x.trend, NULL, 0),
		('last_year_actual', g.last_year_actual, x.last_year_actual, NULL, 1e-12)
	) v (figure, got, wanted, scale, tolerance);

INSERT INTO recount.number
SELECT 'measurement', v.figure, coalesce(m.unit, a.unit), coalesce(m.grain, a.grain),
	coalesce(m.period_start, a.first),
	coalesce(m.indicator, a.indicator), v.got, v.wanted, greatest(abs(v.got), abs(v.wanted)), v.tolerance
FROM recount.actual a
	FULL JOIN kpi.measurement m ON (m.indicator, m.unit, m.grain, m.period_start)
		= (a.indicator, a.unit, a.grain, a.first)
	CROSS JOIN LATERAL (VALUES
		('numerator', m.numerator, a.numerator, CASE a.indicator WHEN 'median_order_value' THEN 1e-12 ELSE 0 END),
		('denominator', m.denominator, a.denominator, 0),
		('value', m.value, a.value,
			CASE WHEN a.denominator IS NULL AND a.indicator <> 'median_order_value' THEN 0 ELSE 1e-12 END),
		('row_count', m.row_count, a.row_count, 0),
		-- all of it was over long ago
		('provisional', m.provisional::integer, 0, 0)
	) v (figure, got, wanted, tolerance);

CREATE TABLE recount.word (figure text, unit text, grain text, first date, item text, got text, wanted text);
INSERT INTO recount.word
SELECT v.figure, coalesce(g.asked, x.unit), coalesce(g.grain, x.grain), coalesce(g.first, x.first),
	coalesce(g.node, x.node), v.got, v.wanted
FROM recount.expected x
	FULL JOIN recount.evaluated g ON (g.asked, g.grain, g.first, g.node) = (x.unit, x.grain, x.first, x.node)
	CROSS JOIN LATERAL (VALUES
		('parent', g.parent_node, x.parent),
		('indicator', g.indicator, x.indicator),
		('unit', g.measured_unit, coalesce(x.measured, x.unit)),
		('reason', g.score_reason, x.reason),
		('status_code', g.rag, x.status_code),
		('missing', CASE WHEN x.depth < 2 OR x.node = 'loyalty' THEN array_to_string(g.missing_nodes, ' ') END,
			array_to_string(x.missing, ' '))
	) v (figure, got, wanted);

CREATE VIEW recount.differing AS
SELECT source, figure, unit, grain, first, item, got::text, wanted::text,
	coalesce(abs(got - wanted) / nullif(scale, 0), 'infinity') AS error
FROM recount.number
WHERE (got IS NULL) <> (wanted IS NULL) OR abs(got - wanted) > tolerance * scale
UNION ALL
SELECT 'evaluate', figure, unit, grain, first, item, got, wanted, 'infinity'
FROM recount.word
WHERE coalesce(got, '') <> coalesce(wanted, '');
