-- What people typed or judged is neither deleted nor ignored by the way.

--@ for thing | kept | more | instead
--@ | unit | entries, judgements or targets | | End its days instead: kpi.define_unit(%L, valid => ''[,2011-07-01)'').
--@ | indicator | entries, judgements, targets or benchmarks | UNION ALL SELECT 'benchmarks' FROM kpi.benchmark AS b WHERE b.indicator = OLD.indicator | Retire it instead: kpi.define_indicator(%L, state => ''retired'').

CREATE FUNCTION kpi_internal.keep_typed_of_@thing@()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	kept text;
BEGIN
	SELECT k.kept INTO kept
	FROM (SELECT 'entries' AS kept FROM kpi.entry AS e WHERE e.@thing@ = OLD.@thing@
		  UNION ALL SELECT 'judgements' FROM kpi.rating AS r WHERE r.@thing@ = OLD.@thing@
		  UNION ALL SELECT 'targets' FROM kpi.target AS t WHERE t.@thing@ = OLD.@thing@
		  @more@) AS k
	LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('23503', format('@thing@ "%s" has %s', OLD.@thing@, kept),
								  format('@instead@', OLD.@thing@));
	END IF;
	RETURN OLD;
END
$$;
COMMENT ON FUNCTION kpi_internal.keep_typed_of_@thing@() IS
'Trigger: what has @kept@ is not deleted.';

CREATE TRIGGER keep_typed
	BEFORE DELETE ON kpi.@thing@
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.keep_typed_of_@thing@();
COMMENT ON TRIGGER keep_typed ON kpi.@thing@ IS
'What has @kept@ is not deleted.';
--@ end

CREATE FUNCTION kpi_internal.obey_typed()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	problem text;
BEGIN
	IF NEW.kind = 'derived' AND EXISTS (SELECT FROM kpi.entry AS e WHERE e.indicator = NEW.indicator) THEN
		PERFORM kpi_internal.fail('23514', format('indicator "%s" has entries and cannot be derived', NEW.indicator),
			'Withdraw them with kpi.withdraw(), or give the formula to another indicator.');
	ELSIF NEW.kind <> 'rated' AND EXISTS (SELECT FROM kpi.rating AS r WHERE r.indicator = NEW.indicator) THEN
		PERFORM kpi_internal.fail('23514',
			format('indicator "%s" has judgements and cannot be %s', NEW.indicator, NEW.kind),
			'Withdraw them with kpi.withdraw(), or define another indicator.');
	END IF;
	IF NEW.kind = 'rated' THEN
		PERFORM kpi_internal.check_judgement(NEW, NULL, r.word)
		FROM kpi.rating AS r WHERE r.indicator = NEW.indicator AND r.word IS NOT NULL;
	END IF;
	PERFORM kpi_internal.check_typed_period(NEW, t.unit, t.grain, t.period_start)
	FROM (SELECT DISTINCT ON (e.grain) e.unit, e.grain, e.period_start FROM kpi.entry AS e
		  WHERE e.indicator = NEW.indicator
		  UNION ALL
		  SELECT DISTINCT ON (r.grain) r.unit, r.grain, r.period_start FROM kpi.rating AS r
		  WHERE r.indicator = NEW.indicator) AS t
	WHERE (NEW.grain, NEW.combine, NEW.windows) IS DISTINCT FROM (OLD.grain, OLD.combine, OLD.windows)
		AND kpi_internal.in_force(t.unit, kpi_internal.period_days(t.grain, t.period_start));
	RETURN NULL;
EXCEPTION
	WHEN invalid_parameter_value THEN
		-- what is typed stays as it is
		GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT;
		PERFORM kpi_internal.fail('22023', problem,
			format('What is entered or judged for indicator "%s" would be ignored: withdraw it with kpi.withdraw(), or leave the definition as it is.',
				   NEW.indicator));
END
$$;
COMMENT ON FUNCTION kpi_internal.obey_typed() IS
'Trigger: a definition that changes still obeys what is entered and judged.';

CREATE TRIGGER obey_typed
	AFTER UPDATE ON kpi.indicator
	FOR EACH ROW
	WHEN ((OLD.kind, OLD.grain, OLD.combine, OLD.windows, OLD.rating_scale) IS DISTINCT FROM
		  (NEW.kind, NEW.grain, NEW.combine, NEW.windows, NEW.rating_scale))
	EXECUTE FUNCTION kpi_internal.obey_typed();
COMMENT ON TRIGGER obey_typed ON kpi.indicator IS
'A definition that changes still obeys what is entered and judged.';

-- What values make when a definition changes

CREATE FUNCTION kpi_internal.follow_definition()
	RETURNS trigger
	AS 'MODULE_PATHNAME', 'kpi_follow_definition'
	LANGUAGE C;
COMMENT ON FUNCTION kpi_internal.follow_definition() IS
'Trigger for kpi.indicator, of whose rows as they are (changed) and were (former). '
'Where what is typed, judged or derived makes other values by the new definition, it has '
'kpi_internal.combine_values() make them anew, with the rights of the owner of the table.';

CREATE FUNCTION kpi_internal.with_new_windows(indicators text[])
	RETURNS SETOF text
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	WITH RECURSIVE reads AS MATERIALIZED (
		SELECT DISTINCT r.reader, r.input
		FROM kpi_internal.formula_reads() AS r
		WHERE r.input IN (SELECT w.indicator FROM kpi_internal.windows_asked() AS w
						  WHERE NOT EXISTS (SELECT FROM kpi.measurement AS m WHERE m.indicator = w.indicator AND m.grain = w."window"))
	), needed (indicator) AS (
		SELECT unnest(indicators)
		UNION
		SELECT r.input FROM needed AS n JOIN reads AS r ON r.reader = n.indicator
	)
	SELECT n.indicator FROM needed AS n;
END;
COMMENT ON FUNCTION kpi_internal.with_new_windows(text[]) IS
'The indicators, and what their formulas read that is asked for windows in which it has no values yet. '
'No rows for NULL.';

CREATE FUNCTION kpi_internal.known_periods(indicator text)
	RETURNS TABLE ("grain" text, period_start date)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH source (indicator, function, n) AS (
		SELECT known_periods.indicator, 'value', 1
		UNION ALL
		SELECT f.indicator, f.function, f.n FROM kpi.indicator AS i CROSS JOIN LATERAL kpi_internal.formula_inputs(i.formula) AS f
		WHERE i.indicator = known_periods.indicator
	), known AS (
		SELECT s.function, s.n, m.grain, min(m.period_start) AS first, max(m.period_start) AS last
		FROM kpi.measurement AS m JOIN source AS s ON s.indicator = m.indicator GROUP BY s.function, s.n, m.grain
		UNION ALL
		SELECT 'value', 1, e.grain, min(e.period_start), max(e.period_start) FROM kpi.entry AS e
		WHERE e.indicator = known_periods.indicator GROUP BY e.grain
		UNION ALL
		SELECT 'value', 1, r.grain, min(r.period_start), max(r.period_start) FROM kpi.rating AS r
		WHERE r.indicator = known_periods.indicator GROUP BY r.grain
	)
	SELECT CAST(k.grain AS text), d.day FROM known AS k CROSS JOIN LATERAL (VALUES (k.first), (k.last)) AS d (day)
	UNION ALL
	SELECT 'day', upper(kpi_internal.reach(known_periods.indicator, k.function, k.n, kpi_internal.period_days(k.grain, k.last))) - 1
	FROM known AS k WHERE k.function <> 'value';
END;
COMMENT ON FUNCTION kpi_internal.known_periods(text) IS
'The first and last period of each grain in which an indicator has a value, an entry or a judgement. '
'Or an input of its formula has one; and the last day for which that is read.';

--@ for event | rows
--@ | insert | NEW TABLE AS changed
--@ | update | OLD TABLE AS former NEW TABLE AS changed

CREATE TRIGGER follow_@event@
	AFTER @event@ ON kpi.indicator REFERENCING @rows@
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.follow_definition();
COMMENT ON TRIGGER follow_@event@ ON kpi.indicator IS
'Values that are made of others follow their definition.';
--@ end

-- What values make when the tree of units changes

CREATE FUNCTION kpi_internal.follow_tree()
	RETURNS trigger
	AS 'MODULE_PATHNAME', 'kpi_follow_tree'
	LANGUAGE C;
COMMENT ON FUNCTION kpi_internal.follow_tree() IS
'Trigger for kpi.unit_parent, of whose rows as they are (changed) and were (former). '
'What units that move have of values that are combined, kpi_internal.combine_values() makes anew for those above them, '
'with the rights of the owner of the table. What comes from rows follows when it is collected.';

-- after guard_added and guard_changed, by name: what is no tree is refused first
--@ follow | move_values | unit_parent | follow_tree | Measurements that are made of those of units below follow the tree.
