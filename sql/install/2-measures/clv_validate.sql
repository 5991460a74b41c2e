-- Whether a model fits: calibration and hold-out, expected against actual.
-- How sure it is: intervals of what it expects.

-- PARALLEL UNSAFE: the purchases may be a view of anything
CREATE FUNCTION kpi.clv_split(purchases regclass, customer_column name, ts_column name, amount_column name,
							  calibration_end date, holdout_end date, unit interval DEFAULT '7 days')
	RETURNS TABLE (customer text, frequency integer, recency float8, t float8, monetary_value float8,
				   holdout_t float8, holdout_frequency integer, holdout_value float8)
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.clv_check_split(calibration_end, holdout_end, unit);
	PERFORM kpi_internal.clv_check_purchases(purchases, customer_column, ts_column, amount_column);
	RETURN QUERY EXECUTE format($query$
		SELECT h.customer, (h.seen).frequency, (h.seen).recency, (h.seen).t, (h.seen).monetary_value,
			(h.holdout).t, (h.holdout).frequency, (h.holdout).monetary_value
		FROM (
			SELECT %1$I::text AS customer,
				kpi.rfm(%2$I, %3$s, $1, $3) AS seen,
				-- all that came before is one first purchase, so that only the hold-out counts
				kpi.rfm(greatest(%2$I, $1), %3$s, $2, $3) AS holdout
			FROM %4$s
			WHERE %1$I IS NOT NULL
			GROUP BY %1$I
		) h
		WHERE (h.seen).frequency IS NOT NULL
	$query$, customer_column, ts_column, CASE WHEN amount_column IS NULL THEN 'NULL::float8'
		ELSE quote_ident(amount_column) END, purchases)
	USING calibration_end, holdout_end, unit;
END
$$;

-- the parameters that clv_split() and clv_validate() share
CREATE FUNCTION kpi_internal.clv_check_split(calibration_end date, holdout_end date, unit interval) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF calibration_end IS NULL OR holdout_end IS NULL OR unit IS NULL THEN
		PERFORM kpi_internal.fail('22004', 'calibration_end, holdout_end or unit is NULL',
			'Give the last days of calibration and of hold-out, and the unit of recency and t.');
	END IF;
	IF NOT isfinite(calibration_end) OR NOT isfinite(holdout_end) OR holdout_end <= calibration_end THEN
		PERFORM kpi_internal.fail('22023', format('holdout_end %s is not after calibration_end %s', holdout_end,
			calibration_end),
			'The model is fitted up to calibration_end and tested from then to holdout_end.');
	END IF;
	IF extract(year FROM unit) <> 0 OR extract(month FROM unit) <> 0 OR extract(epoch FROM unit) < 86400 THEN
		PERFORM kpi_internal.fail('22023', format('unit %s is not a length of at least a day', unit),
			'Write a number of days such as ''1 day'' or ''7 days''.');
	END IF;
END
$$;

-- the rows that they go over
CREATE FUNCTION kpi_internal.clv_check_purchases(purchases regclass, customer_column name, ts_column name, amount_column name) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	wrong record;
BEGIN
	IF purchases IS NULL OR customer_column IS NULL OR ts_column IS NULL THEN
		PERFORM kpi_internal.fail('22004', 'purchases, customer_column or ts_column is NULL',
			'Name the table or view of the purchases, its column of the customer and its column of the time.');
	END IF;
	IF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = purchases) THEN
		PERFORM kpi_internal.fail('42P01', format('relation %s does not exist', purchases::oid),
			'Name the table or view of the purchases.');
	END IF;
	SELECT w.name, a.type INTO wrong
	FROM (VALUES (1, customer_column, NULL), (2, ts_column, '{date,timestamp,timestamptz}'),
			(3, amount_column, '{int2,int4,int8,numeric,float4,float8}')) AS w (place, name, types)
		LEFT JOIN LATERAL (
			SELECT c.atttypid::regtype AS type, coalesce(nullif(t.typbasetype, 0), t.oid) AS base
			FROM pg_attribute AS c JOIN pg_type AS t ON t.oid = c.atttypid
			WHERE c.attrelid = purchases AND c.attname = w.name AND c.attnum > 0 AND NOT c.attisdropped) AS a ON true
	WHERE w.name IS NOT NULL AND (a.type IS NULL OR a.base <> ALL (w.types::regtype[]))
	ORDER BY w.place LIMIT 1;
	IF wrong.type IS NOT NULL THEN
		PERFORM kpi_internal.fail('42804', format('column "%s" of %s is of type %s', wrong.name, purchases, wrong.type),
			'ts_column is a date, timestamp or timestamptz, amount_column a number.');
	ELSIF FOUND THEN
		PERFORM kpi_internal.fail('42703', format('column "%s" does not exist in %s', wrong.name, purchases),
			format('It has columns %s.', (SELECT string_agg(c.attname, ', ' ORDER BY c.attnum) FROM pg_attribute AS c
										  WHERE c.attrelid = purchases AND c.attnum > 0 AND NOT c.attisdropped)));
	END IF;
END
$$;

COMMENT ON FUNCTION kpi.clv_split(regclass, name, name, name, date, date, interval) IS
'The customers of a table or view of purchases up to calibration_end, and what came after it. '
'frequency, recency, t and monetary_value up to that day; up to holdout_end holdout_t (in units), holdout_frequency '
'(days with a purchase) and holdout_value (mean money of these, NULL without one). amount_column may be NULL. Rows '
'without customer or time are left out; a NULL in another argument, columns that are not there or no time and number, a hold-out that does not follow the calibration '
'and a unit of months or below a day are errors.';
COMMENT ON FUNCTION kpi_internal.clv_check_split(date, date, interval) IS
'Raises an error where the parameters of clv_split() or clv_validate() are wrong.';
COMMENT ON FUNCTION kpi_internal.clv_check_purchases(regclass, name, name, name) IS
'Raises an error where the rows that clv_split() or clv_validate() go over have not such columns.';

CREATE FUNCTION kpi.clv_validate(purchases regclass, customer_column name, ts_column name,
								 calibration_end date, holdout_end date, unit interval DEFAULT '7 days',
								 model text DEFAULT 'bgnbd')
	RETURNS TABLE (part text, class text, customers bigint, actual float8, expected float8, error float8, warning text)
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.clv_check_split(calibration_end, holdout_end, unit);
	PERFORM kpi_internal.clv_check_purchases(purchases, customer_column, ts_column, NULL);
	IF model IS NULL OR model NOT IN ('bgnbd', 'mbgnbd', 'pareto_nbd') THEN
		PERFORM kpi_internal.fail('22023', format('unrecognized model %s', coalesce('"' || model || '"', 'NULL')),
			'Use "bgnbd", "mbgnbd" or "pareto_nbd".');
	END IF;
	IF holdout_end - calibration_end > 36525 THEN
		PERFORM kpi_internal.fail('22023', format('holdout_end %s is more than a hundred years after calibration_end', holdout_end),
			'Give the last day whose purchases are known.');
	END IF;
	RETURN QUERY EXECUTE format($query$
	WITH split AS MATERIALIZED (
		SELECT * FROM kpi.clv_split($1, $2, $3, NULL, $4, $5, $6)
	), fit AS MATERIALIZED (
		SELECT kpi.clv_%1$s_fit(frequency, recency, t) AS model FROM split
	), customer AS MATERIALIZED (
		SELECT s.*, kpi.clv_expected_purchases(f.model, s.holdout_t, s.frequency, s.recency, s.t) AS expected
		FROM split s, fit f
	), age AS MATERIALIZED (
		SELECT t, count(*)::float8 AS customers FROM split GROUP BY t
	), total AS (
		SELECT count(*) AS customers, sum(holdout_frequency)::float8 AS actual, sum(expected) AS expected FROM customer
	), by_class AS (
		SELECT least(frequency, 7) AS place, count(*) AS customers, sum(holdout_frequency)::float8 AS actual,
			sum(expected) AS expected
		FROM customer GROUP BY 1
	), chance AS (
		SELECT n AS place, sum(age.customers * kpi.clv_purchase_probability(f.model, n, age.t)) AS expected
		FROM fit f, age, generate_series(0, 6) n GROUP BY n
	), repeat AS (
		SELECT p.place, coalesce(b.customers, 0) AS customers,
			coalesce(c.expected, (SELECT sum(customers) FROM age) - (SELECT sum(expected) FROM chance)) AS expected
		FROM generate_series(0, 7) p (place) LEFT JOIN chance c USING (place) LEFT JOIN by_class b USING (place)
	), born AS MATERIALIZED (
		SELECT $4 - round((age.t * $7)::numeric)::integer AS day, customers FROM age
	), week AS MATERIALIZED (
		SELECT k AS place, first + 7 * (k - 1) AS starts, least(first + 7 * k - 1, $5) AS ends
		FROM (SELECT min(day) AS first FROM born) b, generate_series(1, ($5 - first) / 7 + 1) k
	), bought AS MATERIALIZED (
		SELECT day, count(*)::float8 AS purchases FROM (
			SELECT %2$I::text AS customer, %3$I::date AS day, min(%3$I::date) OVER (PARTITION BY %2$I) AS first
			FROM %4$s WHERE %2$I IS NOT NULL AND isfinite(%3$I) GROUP BY %2$I, 2
		) p WHERE p.day > p.first AND p.first <= $4 AND p.day <= $5 GROUP BY day
	), course AS MATERIALIZED (
		SELECT w.place, w.starts, w.ends,
			coalesce((SELECT sum(purchases) FROM bought WHERE day BETWEEN w.starts AND w.ends), 0) AS actual,
			(SELECT sum(b.customers * (kpi.clv_expected_purchases(f.model, (w.ends - b.day) / $7)
				- kpi.clv_expected_purchases(f.model, greatest(w.starts - 1 - b.day, 0) / $7))) FROM born b
					WHERE b.day <= w.ends) AS expected,
			(SELECT sum(b.customers) FROM born b WHERE b.day <= w.ends)::bigint AS customers
		FROM week w, fit f
	), tracked AS (
		SELECT sum(actual) AS actual, sum(expected) AS expected FROM course WHERE ends <= $4
	), judged AS (
		SELECT concat_ws('; ',
			CASE WHEN t.customers = 0 THEN 'nobody bought up to calibration_end' END,
			CASE WHEN (f.model).status <> 'converged' THEN format('the fit ended as %%s', (f.model).status) END,
			CASE WHEN t.actual = 0 THEN
					'nobody bought in the hold-out' || coalesce(', where ' || round(t.expected::numeric,
						1) || ' purchases were expected', '')
				WHEN abs(t.expected - t.actual) > 0.2 * t.actual THEN
					format('%%s %%%% %%s purchases expected in the hold-out than came', round(abs(100 * (t.expected / t.actual - 1))),
						CASE WHEN t.expected > t.actual THEN 'more' ELSE 'fewer' END) END,
			CASE WHEN c.actual = 0 AND c.expected > 0 THEN
					'nobody bought again up to the end of calibration, where ' || round(c.expected::numeric,
						1) || ' purchases were expected'
				WHEN abs(c.expected - c.actual) > 0.1 * c.actual THEN
					format('purchases up to the end of calibration are missed by %%s %%%%',
						round(abs(100 * (c.expected / c.actual - 1)))) END,
			CASE WHEN (SELECT sum(abs(r.expected - r.customers)) / 2 FROM repeat r) > 0.05 * t.customers THEN
				format('%%s %%%% of the customers have another number of repeat purchases than expected',
					round((SELECT 50 * sum(abs(r.expected - r.customers)) FROM repeat r) / t.customers)) END,
			CASE WHEN (SELECT sum(abs(b.expected - b.actual)) FROM by_class b) > 0.3 * t.actual AND t.actual > 0 THEN
				format('purchases by frequency are missed by %%s %%%%',
					round(100 * (SELECT sum(abs(b.expected - b.actual)) FROM by_class b) / t.actual)) END
		) AS warning
		FROM fit f, total t, tracked c
	), answer AS (
		SELECT 1 AS part_place, 0 AS place, 'holdout' AS part, 'all' AS class, customers, actual, expected,
			nullif(warning, '') AS warning
		FROM total, judged
		UNION ALL
		SELECT 2, place, 'frequency', place || CASE WHEN place = 7 THEN '+' ELSE '' END, customers, actual, expected, NULL
			FROM by_class
		UNION ALL
		SELECT 3, place, 'repeat', place || CASE WHEN place = 7 THEN '+' ELSE '' END, customers, customers::float8, expected,
			NULL FROM repeat
		UNION ALL
		SELECT 4, place, 'week', to_char(ends, 'YYYY-MM-DD'), customers, actual, expected, NULL FROM course
	)
	SELECT part, class, customers, actual, expected, expected / nullif(actual, 0) - 1, warning
	FROM answer ORDER BY part_place, place
	$query$, model, customer_column, ts_column, purchases)
	USING purchases, customer_column, ts_column, calibration_end, holdout_end, unit,
		extract(epoch FROM unit)::float8 / 86400;
END
$$;

COMMENT ON FUNCTION kpi.clv_validate(regclass, name, name, date, date, interval, text) IS
'Whether a model fits the purchases of a table or view: fitted up to calibration_end, tested after it. '
'One row each: part holdout (purchases of all customers after calibration_end; warning says in plain words what does '
'not fit, NULL where nothing stands out), frequency (the same by repeat purchases in the calibration), repeat '
'(customers by repeat purchases in the calibration), week (repeat purchases by week from the first one on; class is '
'its last day). error is expected / actual - 1. model: bgnbd, mbgnbd or pareto_nbd. Rows without customer or time '
'are left out; a NULL argument, a hold-out that does not follow the calibration or is longer than a hundred years, a '
'unit of months or below a day and an unknown model are errors.';

--@ function | kpi_internal.interval_combine(float8[], float8[]) | float8[] | kpi_interval_combine |  | Two states of an interval as one.
--@ | kpi_internal.interval_final(float8[]) | kpi.confidence_interval | kpi_interval_final | STRICT | Final function of the intervals.

--@ for name | called
--@ | bgnbd | BG/NBD
--@ | mbgnbd | MBG/NBD
--@ | pareto_nbd | Pareto/NBD

-- @called@; not STRICT: a customer with a NULL is left out
--@ function | kpi_internal.interval_purchases_accum(float8[], kpi.@name@_model, float8, float8, float8, float8, float8) | float8[] | kpi_interval_purchases_@name@ | COST 100 | Transition of clv_expected_purchases_interval() by @called@.
CREATE AGGREGATE kpi.clv_expected_purchases_interval(model kpi.@name@_model, future_t float8,
		frequency float8, recency float8, t float8, confidence float8) (
	SFUNC = kpi_internal.interval_purchases_accum, STYPE = float8[], SSPACE = 512,
	FINALFUNC = kpi_internal.interval_final, COMBINEFUNC = kpi_internal.interval_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.clv_expected_purchases_interval(kpi.@name@_model, float8, float8, float8, float8, float8) IS
'Purchases expected of the customers together in the next future_t, by @called@, with an interval. '
'By the delta method at that confidence: how well the parameters are known, not how single customers scatter. '
'Customers with a NULL, NaN or infinite argument are left out, NULL where none is left; values no customer can have '
'and wrong or different parameters are errors.';
--@ function | kpi_internal.interval_discounted_accum(float8[], kpi.@name@_model, kpi.gamma_gamma_model, float8, float8, float8, float8, float8, float8, float8, float8) | float8[] | kpi_interval_discounted_@name@ | COST 1000 | Transition of clv_discounted_interval() by @called@.
CREATE AGGREGATE kpi.clv_discounted_interval(model kpi.@name@_model, gg_model kpi.gamma_gamma_model, periods float8,
	period_length float8, discount_rate float8,
		frequency float8, recency float8, t float8, monetary_value float8, confidence float8) (
	SFUNC = kpi_internal.interval_discounted_accum, STYPE = float8[], SSPACE = 512,
	FINALFUNC = kpi_internal.interval_final, COMBINEFUNC = kpi_internal.interval_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.clv_discounted_interval(kpi.@name@_model, kpi.gamma_gamma_model, float8, float8, float8,
	float8, float8, float8, float8, float8) IS
'Sum of clv_discounted() over the customers, by @called@ and Gamma-Gamma, with an interval. '
'By the delta method at that confidence: how well the parameters are known, not how single customers scatter. '
'Customers whose own value is NULL are left out, NULL where none is left; values no customer can have and wrong or '
'different parameters are errors.';
--@ end
