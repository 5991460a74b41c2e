-- Ratings: what raters judge, and what their judgements make.

CREATE TABLE kpi.rater (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	rater kpi.key NOT NULL,
	unit kpi.key REFERENCES kpi.unit ON UPDATE CASCADE ON DELETE CASCADE,
	weight numeric NOT NULL DEFAULT 1 CONSTRAINT rater_weight CHECK (weight OPERATOR(pg_catalog.>=) 0
		AND kpi_internal.is_amount(weight)),
	valid daterange NOT NULL DEFAULT '(,)' CHECK (valid OPERATOR(pg_catalog.&&) '[0001-01-01,10000-01-01)'),
	CONSTRAINT rater_key UNIQUE NULLS NOT DISTINCT (indicator, rater, unit, valid),
	CONSTRAINT rater_overlap EXCLUDE USING gist
		-- one text, for which no query over the columns takes this slower index
		((indicator OPERATOR(pg_catalog.||) '/' OPERATOR(pg_catalog.||) rater OPERATOR(pg_catalog.||) '/' OPERATOR(pg_catalog.||) COALESCE(CAST(unit AS text), ''))
			WITH OPERATOR(pg_catalog.=), valid WITH OPERATOR(pg_catalog.&&))
);
--@ repeated_days | rater | valid
CREATE INDEX rater_unit_idx ON kpi.rater (unit);
COMMENT ON TABLE kpi.rater IS
'Who rates an indicator, for which units, on which days and with which weight.';
COMMENT ON COLUMN kpi.rater.indicator IS 'The indicator, a rated one.';
COMMENT ON COLUMN kpi.rater.rater IS 'Who rates: a role, or any other name.';
COMMENT ON COLUMN kpi.rater.unit IS
'The unit that is rated; NULL for every unit for which the rater has no row of its own.';
COMMENT ON COLUMN kpi.rater.weight IS 'Weight of the judgement, at least 0 on any scale.';
COMMENT ON COLUMN kpi.rater.valid IS 'Days of the raters: a period is rated by those of its last day.';
--@ rule | rater | weight | It is a finite number of at least 0, on any scale. Write 0 for a judgement that is shown and not counted.
--@ | rater | key | One weight for a rater, unit and days.
--@ | rater | overlap | On each day a rater has one weight for a unit.
--@ some_days | rater
--@ checked | rater

SELECT pg_catalog.pg_extension_config_dump('kpi.rater', '');

CREATE TABLE kpi.rating (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE,
	unit kpi.key NOT NULL REFERENCES kpi.unit ON UPDATE CASCADE,
	grain kpi.key NOT NULL REFERENCES kpi.grain,
	period_start date NOT NULL,
	rater kpi.key NOT NULL,
	judgement numeric CHECK (kpi_internal.is_amount(judgement)),
	word text CHECK (word OPERATOR(pg_catalog.<>) ''),
	rated_by name NOT NULL DEFAULT CURRENT_USER,
	rated_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
	PRIMARY KEY (indicator, unit, grain, period_start, rater),
	CONSTRAINT rating_judgement CHECK (pg_catalog.num_nonnulls(judgement, word) OPERATOR(pg_catalog.=) 1)
);
CREATE INDEX rating_unit_idx ON kpi.rating (unit);
CREATE INDEX rating_grain_idx ON kpi.rating (grain);
COMMENT ON TABLE kpi.rating IS
'A judgement: what a rater thinks of a unit in a period.';
COMMENT ON COLUMN kpi.rating.indicator IS 'The indicator, a rated one.';
COMMENT ON COLUMN kpi.rating.unit IS 'The unit that is rated, of any dimension.';
COMMENT ON COLUMN kpi.rating.grain IS
'Length of the period: the own grain of the indicator, or one that is made of its periods.';
COMMENT ON COLUMN kpi.rating.period_start IS 'First day of the period; of a window that of the period it ends with.';
COMMENT ON COLUMN kpi.rating.rater IS 'Who judges.';
COMMENT ON COLUMN kpi.rating.judgement IS 'The judgement as a number; NULL where it is a word.';
COMMENT ON COLUMN kpi.rating.word IS
'The judgement as a word of rating_scale, worth what that says; NULL where it is a number.';
COMMENT ON COLUMN kpi.rating.rated_by IS 'Who wrote it last, as the server knows.';
COMMENT ON COLUMN kpi.rating.rated_at IS 'When it was written last.';
--@ rule | rating | judgement | A number or a word.
--@ checked | rating
--@ lasting | rating | DELETE takes judgements back one by one.

SELECT pg_catalog.pg_extension_config_dump('kpi.rating', '');

-- Who rates

CREATE FUNCTION kpi_internal.raters_of(indicator text, unit text, grain text, period_start date)
	RETURNS TABLE (rater text, weight numeric)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
	SELECT DISTINCT ON (a.rater) CAST(a.rater AS text), a.weight
	FROM kpi.rater AS a
	WHERE a.indicator = raters_of.indicator AND (a.unit = raters_of.unit OR a.unit IS NULL)
		AND a.valid @> kpi_internal.period_end(raters_of.grain, raters_of.period_start) - 1
	ORDER BY a.rater, a.unit;
END;
COMMENT ON FUNCTION kpi_internal.raters_of(text, text, text, date) IS
'Who rates a unit in a period. Those are the raters of its last day, each with the weight for that very unit, else '
'with that for every unit. No rows for NULL.';

CREATE FUNCTION kpi_internal.require_rated(indicator text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	its_kind text;
BEGIN
	SELECT i.kind INTO its_kind FROM kpi.indicator AS i WHERE i.indicator = require_rated.indicator;
	IF its_kind <> 'rated' THEN
		PERFORM kpi_internal.fail('22023', format('indicator "%s" is %s, not rated', indicator, its_kind),
			CASE its_kind WHEN 'entered' THEN 'Its values are entered, with kpi.enter().'
				ELSE 'Raters judge indicators of kind "rated".' END);
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_rated(text) IS
'Raises an error for an indicator that is not rated; an unknown one passes.';

CREATE FUNCTION kpi_internal.require_rater(indicator text, unit text, grain text, period_start date, rater text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known text[];
BEGIN
	SELECT array_agg(a.rater ORDER BY a.rater COLLATE "C") INTO known
	FROM kpi_internal.raters_of(indicator, unit, grain, period_start) AS a;
	IF rater <> ALL (coalesce(known, '{}')) THEN
		PERFORM kpi_internal.fail_unknown('rater', rater, known, 'raters', 'Name the raters with kpi.set_rater().',
			format(' for indicator "%s", unit "%s" and %s', indicator, unit, kpi.period_label(grain, period_start)));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_rater(text, text, text, date, text) IS
'Raises an error unless somebody rates the indicator for that unit and period.';

CREATE FUNCTION kpi_internal.guard_rater()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_amount('weight', NEW.weight);
	IF NEW.weight < 0 THEN
		PERFORM kpi_internal.fail('22023', format('weight %s of rater "%s" is negative', NEW.weight, NEW.rater),
			'Weights are at least 0, on any scale.');
	END IF;
	PERFORM kpi_internal.require_rated(NEW.indicator);
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_rater() IS
'Trigger: a rater has a finite weight of at least 0, for a rated indicator.';

CREATE TRIGGER guard_rater
	BEFORE INSERT OR UPDATE OF indicator, weight ON kpi.rater
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_rater();
COMMENT ON TRIGGER guard_rater ON kpi.rater IS
'A rater has a finite weight of at least 0, for a rated indicator.';

--@ apart | rater | valid | o.indicator = NEW.indicator AND o.rater = NEW.rater AND o.unit IS NOT DISTINCT FROM NEW.unit | format('rater "%s" of indicator "%s" has another weight in days of %s', NEW.rater, NEW.indicator, NEW.valid) | Write days that end where the next ones in kpi.rater begin. | On each day a rater has one weight for a unit.

CREATE FUNCTION kpi_internal.guard_raters()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	lost kpi.rating;
BEGIN
	SELECT r.* INTO lost
	FROM kpi.rating AS r
	WHERE (r.indicator, r.rater) IN (SELECT f.indicator, f.rater FROM former AS f)
		AND r.rater NOT IN (SELECT a.rater
							FROM kpi_internal.raters_of(r.indicator, r.unit, r.grain, r.period_start) AS a)
	ORDER BY r.indicator, r.rater, r.period_start, r.unit
	LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('23503',
			format('rater "%s" of indicator "%s" has judged unit "%s" in %s', lost.rater, lost.indicator, lost.unit,
				   kpi.period_label(lost.grain, lost.period_start)),
			'End the days of the rater after the periods that are judged, or withdraw the judgements first.');
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_raters() IS
'Trigger: no judgement loses its rater.';

CREATE TRIGGER guard_changed
	AFTER UPDATE ON kpi.rater REFERENCING OLD TABLE AS former
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_raters();
COMMENT ON TRIGGER guard_changed ON kpi.rater IS
'No judgement loses its rater.';

CREATE TRIGGER guard_deleted
	AFTER DELETE ON kpi.rater REFERENCING OLD TABLE AS former
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_raters();
COMMENT ON TRIGGER guard_deleted ON kpi.rater IS
'No judgement loses its rater.';

-- What may be judged

CREATE FUNCTION kpi_internal.check_judgement(definition kpi.indicator, judgement numeric, word text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	words CONSTANT text[] := ARRAY(SELECT w.word FROM kpi_internal.rating_words(definition.rating_scale) AS w);
BEGIN
	PERFORM kpi_internal.require_amount('judgement', judgement);
	IF num_nonnulls(judgement, word) = 0 THEN
		PERFORM kpi_internal.fail('22004', 'judgement must not be null',
			'kpi.withdraw() takes a judgement back.');
	ELSIF word IS NOT NULL AND word <> ALL (words) THEN
		PERFORM kpi_internal.fail_unknown('judgement', word, words, 'words',
			'Write a number; words are those of rating_scale in kpi.define_indicator().',
			format(' in the rating_scale of indicator "%s"', definition.indicator));
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.check_judgement(kpi.indicator, numeric, text) IS
'Raises an error for a judgement that is neither a finite number nor a word of the rating_scale.';

CREATE FUNCTION kpi_internal.guard_rating()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	definition kpi.indicator;
BEGIN
	IF TG_OP = 'UPDATE'
		AND (NEW.rater, NEW.judgement, NEW.word) IS NOT DISTINCT FROM (OLD.rater, OLD.judgement, OLD.word)
	THEN
		-- keys that are renamed, and who wrote it is for the server to say
		NEW.rated_by := OLD.rated_by;
		NEW.rated_at := OLD.rated_at;
		RETURN NEW;
	END IF;
	SELECT * INTO definition FROM kpi.indicator AS i WHERE i.indicator = NEW.indicator;
	IF definition.indicator IS NOT NULL AND EXISTS (SELECT FROM kpi.unit AS u WHERE u.unit = NEW.unit) THEN
		PERFORM kpi_internal.require_typist(NEW.unit, NEW.grain, NEW.period_start);
		PERFORM kpi_internal.require_rated(NEW.indicator);
		PERFORM kpi_internal.check_judgement(definition, NEW.judgement, NEW.word);
		PERFORM kpi_internal.check_typed_period(definition, NEW.unit, NEW.grain, NEW.period_start);
		PERFORM kpi_internal.require_rater(NEW.indicator, NEW.unit, NEW.grain, NEW.period_start, NEW.rater);
	END IF;
	NEW.rated_by := current_user;
	NEW.rated_at := now();
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_rating() IS
'Trigger: a judgement can be obeyed, is of a rater, and says who wrote it when.';

--@ period_key | kpi.rating
--@ typed | rating | judged | guard_rating | A judgement can be obeyed, is of a rater, and says who wrote it when.

-- What follows from a change

CREATE FUNCTION kpi_internal.follow_raters()
	RETURNS trigger
	AS 'MODULE_PATHNAME', 'kpi_follow_raters'
	LANGUAGE C;
COMMENT ON FUNCTION kpi_internal.follow_raters() IS
'Trigger for kpi.rater, of whose rows as they are (changed) and were (former). '
'It has kpi_internal.combine_values() make the values of their indicators anew, with the rights of the owner of the '
'table.';

--@ follow | follow | rating | follow_typed | Measurements follow what is judged.
--@ follow | follow | rater | follow_raters | Measurements follow who judges and with which weight.

-- What judgements make

CREATE FUNCTION kpi_internal.rated_values(indicator text, days daterange)
	RETURNS TABLE (unit text, "grain" text, period_start date, value numeric, denominator numeric, raters integer,
		raters_expected integer)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	WITH definition AS (
		SELECT i.indicator, i.rating_scale, i.rating_method, i.rating_missing, coalesce(i.rating_trim, 0) AS trim
		FROM kpi.indicator AS i WHERE i.indicator = rated_values.indicator
	), period AS (
		SELECT DISTINCT r.unit, r.grain, r.period_start
		FROM kpi.rating AS r
		WHERE r.indicator = rated_values.indicator AND kpi_internal.period_days(r.grain, r.period_start) && rated_values.days
	), judged AS (
		SELECT p.unit, p.grain, p.period_start, a.weight, r.rater IS NOT NULL AS present,
			   coalesce(r.judgement, w.points, CASE d.rating_missing WHEN 'zero' THEN 0 END) AS judgement
		FROM definition AS d CROSS JOIN period AS p
			CROSS JOIN LATERAL kpi_internal.raters_of(d.indicator, p.unit, p.grain, p.period_start) AS a
			LEFT JOIN kpi.rating AS r ON r.indicator = d.indicator AND r.unit = p.unit AND r.grain = p.grain
				AND r.period_start = p.period_start AND r.rater = a.rater
			LEFT JOIN kpi_internal.rating_words(d.rating_scale) AS w ON w.word = r.word
	), expected AS (
		SELECT j.unit, j.grain, j.period_start, count(*) FILTER (WHERE j.present) AS raters,
			count(*) AS raters_expected
		FROM judged AS j GROUP BY j.unit, j.grain, j.period_start
	), equals AS (
		-- equal judgements are one: which of them is counted off must not matter
		SELECT j.unit, j.grain, j.period_start, j.judgement, count(*) AS n, sum(j.weight) AS weight
		FROM judged AS j WHERE j.judgement IS NOT NULL
		GROUP BY j.unit, j.grain, j.period_start, j.judgement
	), place AS (
		SELECT e.unit, e.grain, e.period_start, e.judgement, e.n, e.weight, d.rating_method,
			   sum(e.n) OVER up_to - e.n AS before, sum(e.n) OVER above - e.n AS after,
			   sum(e.weight) OVER up_to AS reached, sum(e.weight) OVER whole AS total,
			   CASE d.rating_method WHEN 'trimmed' THEN floor(d.trim * sum(e.n) OVER whole) ELSE 0 END AS cut
		FROM equals AS e CROSS JOIN definition AS d
		WINDOW whole AS (PARTITION BY e.unit, e.grain, e.period_start),
			   up_to AS (PARTITION BY e.unit, e.grain, e.period_start ORDER BY e.judgement),
			   above AS (PARTITION BY e.unit, e.grain, e.period_start ORDER BY e.judgement DESC)
	), counted AS (
		SELECT p.unit, p.grain, p.period_start, p.judgement, p.rating_method, p.reached, p.total,
			   CASE off.n WHEN 0 THEN p.weight ELSE p.weight * (p.n - off.n) / p.n END AS weight
		FROM place AS p
			CROSS JOIN LATERAL (SELECT least(p.n, greatest(p.cut - p.before, 0))
									   + least(p.n, greatest(p.cut - p.after, 0)) AS n) AS off
	), made AS (
		SELECT c.unit, c.grain, c.period_start, sum(c.weight) AS denominator,
			   CASE c.rating_method
				   WHEN 'median' THEN (min(c.judgement) FILTER (WHERE c.weight > 0 AND 2 * c.reached >= c.total)
					   + min(c.judgement) FILTER (WHERE c.weight > 0 AND 2 * c.reached > c.total)) / 2
				   ELSE sum(c.judgement * c.weight) / nullif(sum(c.weight), 0)
			   END AS value
		FROM counted AS c
		GROUP BY c.unit, c.grain, c.period_start, c.rating_method
	)
	SELECT CAST(x.unit AS text), CAST(x.grain AS text), x.period_start, n.value, n.denominator,
		   CAST(x.raters AS integer), CAST(x.raters_expected AS integer)
	FROM expected AS x CROSS JOIN definition AS d
		LEFT JOIN made AS n ON n.unit = x.unit AND n.grain = x.grain AND n.period_start = x.period_start
			AND (d.rating_missing <> 'null' OR x.raters = x.raters_expected);
END;
COMMENT ON FUNCTION kpi_internal.rated_values(text, daterange) IS
'What the judgements of a rated indicator make, for every unit and period that touches the days. '
'Where there are any: the value, the weight that counted, and how many of how many raters have judged. NULL where '
'the policy for missing raters or weights of 0 leave none.';

-- Naming raters, judging

CREATE FUNCTION kpi_internal.put_rater(wanted kpi.rater)
	RETURNS void
	LANGUAGE sql
BEGIN ATOMIC
	-- in one statement, or judgements would be without a rater between two
	WITH cut AS (
		UPDATE kpi.rater AS r SET valid = daterange(lower(r.valid), lower(wanted.valid))
		WHERE r.indicator = wanted.indicator AND r.rater = wanted.rater AND r.unit IS NOT DISTINCT FROM wanted.unit
			AND r.valid @> lower(wanted.valid) AND upper(r.valid) IS NOT DISTINCT FROM upper(wanted.valid)
		RETURNING r.weight
	)
	INSERT INTO kpi.rater (indicator, rater, unit, weight, valid)
	SELECT wanted.indicator, wanted.rater, wanted.unit, coalesce(wanted.weight, max(c.weight), 1), wanted.valid
	FROM cut AS c;
END;
COMMENT ON FUNCTION kpi_internal.put_rater(kpi.rater) IS
'Adds days of a rater. What holds when they begin, and would end with them, ends before them; without a weight they '
'have the same, else 1.';

CREATE FUNCTION kpi.set_rater(indicator text, rater text, weight numeric DEFAULT NULL, unit text DEFAULT NULL,
	valid daterange DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	held kpi.rater;
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_key('rater', rater);
	PERFORM kpi_internal.require_unit(unit) WHERE unit IS NOT NULL;
	IF NOT valid && '[0001-01-01,10000-01-01)' THEN
		PERFORM kpi_internal.fail('22023', format('rater "%s" would rate on no day', rater),
			'Write the days, such as [2011-01-01,2011-07-01) or [2011-01-01,).');
	END IF;
	-- the statements after it see what another session has set
	PERFORM kpi_internal.lock_key('kpi.rater', indicator || '/' || rater);
	SELECT * INTO held FROM kpi.rater AS r
	WHERE r.indicator = set_rater.indicator AND r.rater = set_rater.rater
		AND r.unit IS NOT DISTINCT FROM set_rater.unit
		AND (set_rater.valid IS NULL OR lower(r.valid) IS NOT DISTINCT FROM lower(set_rater.valid))
	ORDER BY r.valid DESC LIMIT 1;
	IF held.indicator IS NULL THEN
		PERFORM kpi_internal.put_rater(ROW(indicator, rater, unit, weight, coalesce(valid, '(,)')));
	ELSE
		UPDATE kpi.rater AS r
		SET weight = coalesce(set_rater.weight, r.weight), valid = coalesce(set_rater.valid, r.valid)
		WHERE r.indicator = held.indicator AND r.rater = held.rater AND r.unit IS NOT DISTINCT FROM held.unit
			AND r.valid = held.valid
			AND (r.weight, r.valid)
				IS DISTINCT FROM (coalesce(set_rater.weight, r.weight), coalesce(set_rater.valid, r.valid));
	END IF;
	RETURN rater;
END
$$;
COMMENT ON FUNCTION kpi.set_rater(text, text, numeric, text, daterange) IS
'Names who rates an indicator and returns the rater. '
'With a weight of at least 0 (1 for a new one), for a unit or, without one, for every unit without a row of its own, '
'on the days of valid (all, for a new one). What is left out stays. Days that begin as those that are there change '
'them; others are added, and what holds when they begin ends there. Errors: unknown names, indicators that are not '
'rated, judgements that would lose their rater (23503), days that overlap (23P01).';

CREATE FUNCTION kpi.set_rater(indicator text, rater text, weight float8, unit text DEFAULT NULL,
	valid daterange DEFAULT NULL)
	RETURNS text
	LANGUAGE sql
	RETURN kpi.set_rater(indicator, rater, kpi_internal.shortest(weight), unit, valid);
COMMENT ON FUNCTION kpi.set_rater(text, text, float8, text, daterange) IS
'The same with a weight of type float8.';

CREATE FUNCTION kpi_internal.put_rating(indicator text, unit text, grain text, period_start date, rater text,
	judgement numeric, word text)
	RETURNS numeric
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_unit(unit);
	PERFORM kpi_internal.require_value('rater', rater);
	INSERT INTO kpi.rating AS r (indicator, unit, grain, period_start, rater, judgement, word)
	VALUES (put_rating.indicator, put_rating.unit, put_rating.grain, put_rating.period_start, put_rating.rater,
		put_rating.judgement, put_rating.word)
	ON CONFLICT ON CONSTRAINT rating_pkey DO UPDATE SET judgement = excluded.judgement, word = excluded.word
	WHERE (r.judgement, r.word) IS DISTINCT FROM (excluded.judgement, excluded.word);
	RETURN coalesce(judgement, (SELECT w.points FROM kpi.indicator AS i
									CROSS JOIN LATERAL kpi_internal.rating_words(i.rating_scale) AS w
								WHERE i.indicator = put_rating.indicator AND w.word = put_rating.word));
END
$$;
COMMENT ON FUNCTION kpi_internal.put_rating(text, text, text, date, text, numeric, text) IS
'Stores a judgement, a number or a word, and returns what it is worth. Nothing is written where it is that already.';

CREATE FUNCTION kpi.rate(indicator text, unit text, period text, judgement numeric, rater text DEFAULT CURRENT_USER)
	RETURNS numeric
	LANGUAGE sql
	RETURN (SELECT kpi_internal.put_rating(indicator, unit, p.grain, p.period_start, rater, judgement, NULL)
			FROM kpi_internal.read_period(period) AS p);
COMMENT ON FUNCTION kpi.rate(text, text, text, numeric, text) IS
'Gives a judgement on a unit in a period, for a rated indicator, and returns what it is worth. '
'The period is a label; the rater is the current user unless given. A later judgement of the same rater replaces it; '
'the same again changes nothing. Measurements follow at once. Errors: unknown names, indicators that are not rated, '
'periods they have no values of, units not in force, who is not a rater of them, numbers that are not finite.';

CREATE FUNCTION kpi.rate(indicator text, unit text, day date, grain text, judgement numeric,
	rater text DEFAULT CURRENT_USER)
	RETURNS numeric
	LANGUAGE sql
	RETURN (SELECT kpi_internal.put_rating(indicator, unit, p.grain, p.period_start, rater, judgement, NULL)
			FROM kpi_internal.read_period(day, grain) AS p);
COMMENT ON FUNCTION kpi.rate(text, text, date, text, numeric, text) IS
'The same for the period of a grain that contains the day.';

CREATE FUNCTION kpi.rate(indicator text, unit text, period text, judgement float8, rater text DEFAULT CURRENT_USER)
	RETURNS numeric
	LANGUAGE sql
	RETURN kpi.rate(indicator, unit, period, kpi_internal.shortest(judgement), rater);
COMMENT ON FUNCTION kpi.rate(text, text, text, float8, text) IS
'The same with float8, of which the shortest decimal number is taken.';

CREATE FUNCTION kpi.rate(indicator text, unit text, day date, grain text, judgement float8,
	rater text DEFAULT CURRENT_USER)
	RETURNS numeric
	LANGUAGE sql
	RETURN kpi.rate(indicator, unit, day, grain, kpi_internal.shortest(judgement), rater);
COMMENT ON FUNCTION kpi.rate(text, text, date, text, float8, text) IS
'The same for the period of a grain that contains the day, with float8.';

CREATE FUNCTION kpi_internal.put_judgement(indicator text, unit text, grain text, period_start date, rater text,
	judgement text)
	RETURNS numeric
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	number numeric;
BEGIN
	IF judgement ~* E'^\\s*[-+]?(\\d|\\.\\d|nan\\s*$|inf)' AND NOT EXISTS
		(SELECT FROM kpi.indicator AS i CROSS JOIN LATERAL kpi_internal.rating_words(i.rating_scale) AS w
		 WHERE i.indicator = put_judgement.indicator AND w.word = put_judgement.judgement)
	THEN
		number := CAST(judgement AS numeric);
	END IF;
	RETURN kpi_internal.put_rating(indicator, unit, grain, period_start, rater, number,
								   CASE WHEN number IS NULL THEN judgement END);
END
$$;
COMMENT ON FUNCTION kpi_internal.put_judgement(text, text, text, date, text, text) IS
'Stores a judgement that came as text. A word of the rating_scale, else a number where it begins as one.';

CREATE FUNCTION kpi.rate(indicator text, unit text, period text, judgement text, rater text DEFAULT CURRENT_USER)
	RETURNS numeric
	LANGUAGE sql
	RETURN (SELECT kpi_internal.put_judgement(indicator, unit, p.grain, p.period_start, rater, judgement)
		FROM kpi_internal.read_period(period) AS p);
COMMENT ON FUNCTION kpi.rate(text, text, text, text, text) IS
'The same with a word of the rating_scale of the indicator, or a number as text.';

CREATE FUNCTION kpi.rate(indicator text, unit text, day date, grain text, judgement text,
	rater text DEFAULT CURRENT_USER)
	RETURNS numeric
	LANGUAGE sql
	RETURN (SELECT kpi_internal.put_judgement(indicator, unit, p.grain, p.period_start, rater, judgement)
		FROM kpi_internal.read_period(day, grain) AS p);
COMMENT ON FUNCTION kpi.rate(text, text, date, text, text, text) IS
'The same for the period of a grain that contains the day, with a judgement as text. '
'It is a word of the rating_scale of the indicator, or a number.';

CREATE FUNCTION kpi_internal.withdraw_rating(indicator text, unit text, grain text, period_start date, rater text)
	RETURNS numeric
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	withdrawn numeric;
BEGIN
	PERFORM kpi_internal.require_indicator(indicator);
	PERFORM kpi_internal.require_unit(unit);
	DELETE FROM kpi.rating AS r
	WHERE r.indicator = withdraw_rating.indicator AND r.unit = withdraw_rating.unit AND r.grain = withdraw_rating.grain
		AND r.period_start = withdraw_rating.period_start AND r.rater = withdraw_rating.rater
	RETURNING r.judgement INTO withdrawn;
	IF NOT FOUND THEN
		PERFORM kpi_internal.fail('P0002',
			format('rater "%s" has not judged unit "%s" in %s for indicator "%s"',
				   rater, unit, kpi.period_label(grain, period_start), indicator),
			'Judgements stand in kpi.rating.');
	END IF;
	RETURN withdrawn;
END
$$;
COMMENT ON FUNCTION kpi_internal.withdraw_rating(text, text, text, date, text) IS
'Deletes a judgement and returns its number; an error where there is none.';

CREATE FUNCTION kpi.withdraw(indicator text, unit text, period text, rater text DEFAULT NULL)
	RETURNS numeric
	LANGUAGE sql
	RETURN (SELECT CASE WHEN p.rest IS NULL THEN kpi_internal.withdraw_entry(indicator, unit, p.grain, p.period_start)
						ELSE kpi_internal.withdraw_rating(indicator, unit, p.grain, p.period_start, p.rest) END
		FROM kpi_internal.read_untyped(period, rater) AS p);
COMMENT ON FUNCTION kpi.withdraw(text, text, text, text) IS
'Takes an entry back, or with a rater a judgement, and returns its number. '
'kpi.entry_log keeps an entry. Measurements follow at once: what was corrected is again what is measured or rated. A '
'judgement by a word has no number: NULL. Errors: unknown names, no entry or no judgement (P0002).';

CREATE FUNCTION kpi.withdraw(indicator text, unit text, day date, grain text, rater text DEFAULT NULL)
	RETURNS numeric
	LANGUAGE sql
	RETURN (SELECT CASE WHEN rater IS NULL THEN kpi_internal.withdraw_entry(indicator, unit, p.grain, p.period_start)
						ELSE kpi_internal.withdraw_rating(indicator, unit, p.grain, p.period_start, rater) END
		FROM kpi_internal.read_period(day, grain) AS p);
COMMENT ON FUNCTION kpi.withdraw(text, text, date, text, text) IS
'The same for the period of a grain that contains the day.';
