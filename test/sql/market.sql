-- Concentration, ABC classes and the parts of a change of revenue.
\pset null '(null)'

-- shares of 30, 30, 20 and 20 per cent: 2600 points
SELECT kpi.hhi(x) AS hhi, kpi.hhi_normalized(x) AS normalized, kpi.effective_number(x) AS effective,
	kpi.hhi(x::float8) AS hhi8, kpi.hhi_normalized(x::float8) AS normalized8,
		kpi.effective_number(x::float8) AS effective8
FROM unnest('{30, 30, 20, 20}'::numeric[]) x;
-- a single member, equal ones, members of nothing, none
SELECT n, kpi.hhi(7.0) AS hhi, kpi.hhi_normalized(7.0) AS normalized, kpi.effective_number(7::float8) AS effective
FROM unnest('{1, 3}'::integer[]) n, generate_series(1, n) GROUP BY n ORDER BY n;
SELECT kpi.hhi(x) AS one_of_two, kpi.hhi_normalized(x) AS normalized, kpi.hhi(x::float8) AS one_of_two8
	FROM unnest('{5, 0, NULL}'::numeric[]) x;
SELECT kpi.hhi(x) AS nothing, kpi.effective_number(x::float8) AS nothing8 FROM unnest('{0, 0}'::numeric[]) x;
SELECT kpi.hhi(x) AS no_value, kpi.hhi(x::float8) AS no_value8 FROM unnest('{NULL, NULL}'::numeric[]) x;
SELECT kpi.hhi(1.0) AS no_rows, kpi.concentration(1::float8) AS no_rows8 WHERE false;
SELECT kpi.hhi(x) AS nan, kpi.hhi(x::float8) AS nan8, kpi.hhi(2e200::float8) AS far
	FROM unnest('{1, NaN, Infinity}'::numeric[]) x;
SELECT kpi.hhi(-0.5);
SELECT kpi.hhi(-0.5::float8);
SELECT kpi.hhi('-Infinity'::numeric);
-- stored, merged, and read
SELECT s, kpi.hhi(s), s::text::kpi.concentration_state_numeric::text = s::text AS round_trip
FROM (SELECT kpi.rollup(c) AS s FROM (SELECT kpi.concentration(x) AS c
	FROM unnest('{1, 2.50, 3, 1e20}'::numeric[]) WITH ORDINALITY u(x, n) GROUP BY n % 2) v) w;
SELECT s, kpi.hhi(s), s::text::kpi.concentration_state::text = s::text AS round_trip
FROM (SELECT kpi.rollup(c) AS s FROM (SELECT kpi.concentration(x) AS c
	FROM unnest('{1, 2.5, 3, 0.1}'::float8[]) WITH ORDINALITY u(x, n) GROUP BY n % 2) v) w;
SELECT '1 0 0 0 1 0 0'::kpi.concentration_state;
SELECT '1 2 1 0 1 0 1'::kpi.concentration_state;
SELECT '1 0 0 0 0 5 25'::kpi.concentration_state_numeric;
SELECT '1 0 0 1 0 -5 25'::kpi.concentration_state_numeric;
SELECT '1 0 0 1 0 5 0'::kpi.concentration_state_numeric;
SELECT '2 0 0 0 0 0 0'::kpi.concentration_state;

-- shares: of the whole partition, whatever the frame
SELECT part, value, kpi.share_of_total(value) OVER w AS share, kpi.share_of_total(value::float8) OVER w AS share8
FROM (VALUES ('a', 50.0), ('a', 30), ('a', NULL), ('a', 20), ('b', 5), ('b', -5), ('c', 3), ('c', 'NaN')) v(part,
	value)
WINDOW w AS (PARTITION BY part ORDER BY value ROWS CURRENT ROW);

-- classes: the value that reaches a cut ends its class, equal values share one
SELECT value, kpi.abc_class(value) OVER () AS abc, kpi.abc_class(value::float8) OVER () AS abc8,
	kpi.abc_class(value, '{0.5}') OVER () AS two,
	kpi.abc_class(value::float8, ARRAY[0.5, 0.8, 0.9]::float8[]) OVER () AS four
FROM unnest('{50, 30, 10, 5, 5, 0, -7, NULL, NaN}'::numeric[]) value;
SELECT value, kpi.abc_class(value) OVER () AS abc FROM unnest('{95, 1, 1, 1, 1, 1}'::numeric[]) value;
SELECT value, kpi.abc_class(value) OVER () AS tied, kpi.abc_class(0.1 * value) OVER () AS float
	FROM unnest('{1, 1, 1, 1, 1}'::float8[]) value;
SELECT value, kpi.abc_class(value) OVER () AS nothing FROM unnest('{0, -1}'::numeric[]) value;
SELECT kpi.abc_class(1.0, NULL::numeric[]) OVER () AS no_cuts;
SELECT kpi.abc_class(1.0, '{0.8, 0.8}') OVER ();
SELECT kpi.abc_class(1.0, '{0, 0.8}') OVER ();
SELECT kpi.abc_class(1.0, '{0.8, 1}') OVER ();
SELECT kpi.abc_class(1.0, '{0.8, NULL}') OVER ();
SELECT kpi.abc_class(1.0, '{}') OVER ();
SELECT kpi.abc_class(1.0, ARRAY(SELECT i / 27.0 FROM generate_series(1, 26) i)) OVER ();
SELECT kpi.abc_class(v, ARRAY[v]) OVER () FROM unnest('{0.2, 0.3}'::numeric[]) v;

-- price, volume and mix: 100 at 10 and 50 at 20 become 120 at 11 and 40 at 19
CREATE TEMP TABLE item (item text, q0 numeric, p0 numeric, q1 numeric, p1 numeric);
INSERT INTO item VALUES ('a', 100, 10, 120, 11), ('b', 50, 20, 40, 19), ('new', 0, NULL, 10, 5), ('lost', 7, 3,
	NULL, NULL),
	('no price', 1, NULL, 2, 3), ('never sold', 0, 1, NULL, 1);
SELECT (kpi.price_volume_mix(q0, p0, q1, p1)).* FROM item;
SELECT (kpi.price_volume_mix(q0::float8, p0::float8, q1::float8, p1::float8)).* FROM item;
SELECT (kpi.price_volume_mix(q0, p0, q1, p1)).* FROM item WHERE item = 'new';
SELECT (kpi.price_volume_mix(q0, p0, q1, p1)).* FROM item WHERE item = 'never sold';
SELECT kpi.price_volume_mix(q0, p0, q1, p1) AS no_rows FROM item WHERE false;
-- returns make the quantity before 0; what is not a number matters only where it is used
SELECT (kpi.price_volume_mix(q0, p0, q1, p1)).* FROM (VALUES (5, 2.0, 3, 2.0), (-5, 1, 4, 1)) v(q0, p0, q1, p1);
SELECT (kpi.price_volume_mix(q0, p0, q1, p1)).* FROM (VALUES (0, 'NaN'::numeric, 3, 2.0)) v(q0, p0, q1, p1);
SELECT (kpi.price_volume_mix(q0, p0, q1, p1)).* FROM (VALUES (1, 'NaN'::numeric, 3, 2.0)) v(q0, p0, q1, p1);
SELECT (kpi.price_volume_mix(q0, p0, q1, p1)).* FROM (VALUES (1, 2, 3, 'Infinity'::float8)) v(q0, p0, q1, p1);
-- stored, merged and read
SELECT s, (kpi.price_volume_mix(s)).price, s::text::kpi.price_volume_mix_state_numeric::text = s::text AS round_trip
FROM (SELECT kpi.rollup(c) AS s FROM (SELECT kpi.price_volume_mix_sums(q0, p0, q1, p1) AS c FROM item
	GROUP BY item) v) w;
SELECT s, (kpi.price_volume_mix(s)).price, s::text::kpi.price_volume_mix_state::text = s::text AS round_trip
FROM (SELECT kpi.rollup(c) AS s FROM (SELECT kpi.price_volume_mix_sums(q0::float8, p0, q1, p1) AS c FROM item
	GROUP BY item) v) w;
SELECT kpi.price_volume_mix_sums(1e30, 1e-20, 2, 3);
SELECT '1 2 0 0 0 0 0 0 0 0'::kpi.price_volume_mix_state_numeric;
SELECT '1 0 -1 0 0 0 0 0 0 0'::kpi.price_volume_mix_state_numeric;
SELECT '1 0 0 0 0 0 0 0 0'::kpi.price_volume_mix_state_numeric;
SELECT '1 0 0 0 0 0 0 0 0 0 0'::kpi.price_volume_mix_state_numeric;
SELECT '1 0 0 0 0 0 0 0 0 NaN'::kpi.price_volume_mix_state_numeric;

-- Gini coefficient: two halves of a sum, weights, corrected
SELECT kpi.gini(x) AS gini, kpi.gini(kpi.distribution(x), true) AS corrected, kpi.top_share(kpi.distribution(x),
	0.2) AS top_fifth,
	kpi.top_share(kpi.distribution(x), 0.3) AS top_three_tenths, kpi.distribution(x) AS stored
FROM unnest('{4, 1, 10, 3, NULL, 2}'::float8[]) x;
SELECT kpi.gini(x, w) AS gini, kpi.distribution(x, w) AS stored
	FROM (VALUES (5, 3), (1, 2), (0, 4), (1, 1), (7, 0), (NULL, 5), (3, NULL)) v(x, w);
SELECT kpi.gini(1.5) AS single, kpi.gini(kpi.distribution(1.5), true) AS corrected, kpi.gini(0) AS nothing,
	kpi.top_share(kpi.distribution(0), 0.5) AS nothing_on_top;
SELECT kpi.gini(x) AS no_value FROM unnest('{NULL}'::float8[]) x;
SELECT kpi.gini(1) AS no_rows WHERE false;
SELECT kpi.gini(x) AS nan, kpi.top_share(kpi.distribution(x), 1) AS infinite FROM unnest('{1, Infinity}'::float8[]) x;
SELECT kpi.gini(-1);
SELECT kpi.gini(1, -1);
SELECT kpi.gini(1, 'NaN');
SELECT kpi.top_share(kpi.distribution(1), 1.5);
SELECT s, kpi.gini(s), s::text::kpi.distribution_state::text = s::text AS round_trip
FROM (SELECT kpi.rollup(d) AS s FROM (SELECT kpi.distribution(x) AS d
	FROM unnest('{1, 2.5, 1, 3}'::float8[]) WITH ORDINALITY u(x, n) GROUP BY n % 2) v) w;
SELECT '1 0 2 5 1 0 4 1 0'::kpi.distribution_state;
SELECT '1 0 1 -5 1 0'::kpi.distribution_state;
SELECT '1 0 1 5 0 0'::kpi.distribution_state;
SELECT '1 2 0'::kpi.distribution_state;
SELECT '1 0 1 5'::kpi.distribution_state;
