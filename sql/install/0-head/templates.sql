--@@ What several pieces repeat, to be written out where they name it.

--@@ A type of states, which can be stored: length in bytes or VARIABLE; storage
--@@ is extended for that and plain else.
--@ template state | schema | type | length | storage | says

CREATE TYPE @schema@.@type@;

CREATE FUNCTION kpi_internal.@type@_in(cstring) RETURNS @schema@.@type@
	AS 'MODULE_PATHNAME', 'kpi_@type@_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi_internal.@type@_out(@schema@.@type@) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_@type@_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi_internal.@type@_recv(internal) RETURNS @schema@.@type@
	AS 'MODULE_PATHNAME', 'kpi_@type@_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi_internal.@type@_send(@schema@.@type@) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_@type@_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE @schema@.@type@ (
	INPUT = kpi_internal.@type@_in,
	OUTPUT = kpi_internal.@type@_out,
	RECEIVE = kpi_internal.@type@_recv,
	SEND = kpi_internal.@type@_send,
	INTERNALLENGTH = @length@,
	ALIGNMENT = double,
	STORAGE = @storage@
);

COMMENT ON TYPE @schema@.@type@ IS
'@says@';
COMMENT ON FUNCTION kpi_internal.@type@_in(cstring) IS 'Text input of @schema@.@type@.';
COMMENT ON FUNCTION kpi_internal.@type@_out(@schema@.@type@) IS 'Text output of @schema@.@type@.';
COMMENT ON FUNCTION kpi_internal.@type@_recv(internal) IS 'Binary input of @schema@.@type@.';
COMMENT ON FUNCTION kpi_internal.@type@_send(@schema@.@type@) IS 'Binary output of @schema@.@type@.';
--@ end

--@@ Equality of values of a type, for DISTINCT, GROUP BY and hash joins. called is
--@@ what they are, same and other what makes two of them equal and unequal.
--@ template equality | type | called | same | other

CREATE FUNCTION kpi_internal.@type@_eq(kpi.@type@, kpi.@type@) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_@type@_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi_internal.@type@_ne(kpi.@type@, kpi.@type@) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_@type@_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi_internal.@type@_hash(kpi.@type@) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_@type@_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION kpi_internal.@type@_hash_extended(kpi.@type@, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_@type@_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.@type@_eq(kpi.@type@, kpi.@type@) IS
'Whether two @called@ are equal: @same@. NULL for NULL.';
COMMENT ON FUNCTION kpi_internal.@type@_ne(kpi.@type@, kpi.@type@) IS
'Whether two @called@ differ: @other@. NULL for NULL.';
COMMENT ON FUNCTION kpi_internal.@type@_hash(kpi.@type@) IS
'Hash of @called@ that agrees with their equality. NULL for NULL.';
COMMENT ON FUNCTION kpi_internal.@type@_hash_extended(kpi.@type@, bigint) IS
'Hash of @called@ in 64 bits, with a seed. NULL for NULL.';

CREATE OPERATOR kpi.= (
	LEFTARG = kpi.@type@,
	RIGHTARG = kpi.@type@,
	FUNCTION = kpi_internal.@type@_eq,
	COMMUTATOR = OPERATOR(kpi.=),
	NEGATOR = OPERATOR(kpi.<>),
	RESTRICT = eqsel,
	JOIN = eqjoinsel,
	HASHES
);
CREATE OPERATOR kpi.<> (
	LEFTARG = kpi.@type@,
	RIGHTARG = kpi.@type@,
	FUNCTION = kpi_internal.@type@_ne,
	COMMUTATOR = OPERATOR(kpi.<>),
	NEGATOR = OPERATOR(kpi.=),
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);
CREATE OPERATOR CLASS kpi.@type@_ops
	DEFAULT FOR TYPE kpi.@type@ USING hash AS
	OPERATOR 1 kpi.= (kpi.@type@, kpi.@type@),
	FUNCTION 1 kpi_internal.@type@_hash(kpi.@type@),
	FUNCTION 2 kpi_internal.@type@_hash_extended(kpi.@type@, bigint);
COMMENT ON OPERATOR kpi.= (kpi.@type@, kpi.@type@) IS '@same@';
COMMENT ON OPERATOR kpi.<> (kpi.@type@, kpi.@type@) IS '@other@';
COMMENT ON OPERATOR CLASS kpi.@type@_ops USING hash IS 'equality of @called@, for DISTINCT, GROUP BY and hash joins';
--@ end

--@@ A function in C, in a line: with its arguments, what it returns, the symbol, STRICT and COST, and its comment.
--@ template function | function | returns | symbol | attributes | says
CREATE FUNCTION @function@ RETURNS @returns@
	AS 'MODULE_PATHNAME', '@symbol@' LANGUAGE C IMMUTABLE PARALLEL SAFE @attributes@;
COMMENT ON FUNCTION @function@ IS
'@says@';
--@ end

--@@ How two states become one, and the aggregate of stored ones.
--@ template merge | type | combine | space | called | merged

CREATE FUNCTION kpi_internal.@combine@(kpi.@type@, kpi.@type@) RETURNS kpi.@type@
	AS 'MODULE_PATHNAME', 'kpi_@combine@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.@combine@(kpi.@type@, kpi.@type@) IS
'@called@';
CREATE AGGREGATE kpi.rollup(kpi.@type@) (
	SFUNC = kpi_internal.@combine@, STYPE = kpi.@type@, SSPACE = @space@,
	COMBINEFUNC = kpi_internal.@combine@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.rollup(kpi.@type@) IS
'@merged@';
--@ end

--@@ What a CHECK refuses is said in words: the comment on it is the rule, then what to write.
--@@ The trigger fires after those that guard a table by other rules.
--@ template checked | table

CREATE TRIGGER refuse_in_words
	BEFORE INSERT OR UPDATE ON kpi.@table@
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_checks();
COMMENT ON TRIGGER refuse_in_words ON kpi.@table@ IS
'What a CHECK refuses is said in words.';
--@ end
--@@ What foreign keys of other rows refer to is kept in words.  Triggers of a row fire by their names, and this one
--@@ has to come before those of the server, RI_ConstraintTrigger_...
--@ template referenced | table

CREATE TRIGGER "Guard_referenced"
	AFTER DELETE ON kpi.@table@
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_referenced();
COMMENT ON TRIGGER "Guard_referenced" ON kpi.@table@ IS
'What other rows refer to is not deleted.';
--@ end
--@ template rule | table | check | says
COMMENT ON CONSTRAINT @table@_@check@ ON kpi.@table@ IS '@says@';
--@ end
--@ template named | table
--@ rule | @table@ | name_check | It is read by people. Write at least one character.
--@ end
--@ template finite | table | column
--@ rule | @table@ | @column@_check | It is a finite number. Leave it out where there is none.
--@ end
--@ template some_days | table
--@ rule | @table@ | valid_check | It holds for some days of the years 1 to 9999. Leave it out for all days, or write a range such as [2024-01-01,2025-01-01).
--@ end

--@@ Rows that hold for days do not share one with another row of the same keys.  The same days
--@@ again are left to the key, which ON CONFLICT may name.
--@ template apart | table | days | same | message | hint | says

CREATE FUNCTION kpi_internal.guard_days_of_@table@()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
DECLARE
	other kpi.@table@;
BEGIN
	-- found by key: an index of overlaps would be walked over all rows of these days
	SELECT * INTO other FROM kpi.@table@ AS o
	WHERE @same@ AND NOT isempty(o.@days@ * NEW.@days@) AND o.@days@ <> NEW.@days@ AND (TG_OP = 'INSERT' OR o.* IS DISTINCT FROM OLD.*)
	LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('23P01', @message@, '@hint@', format('Its days are %s.', other.@days@));
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_days_of_@table@() IS
'Trigger: @says@';

CREATE TRIGGER guard_days
	BEFORE INSERT OR UPDATE ON kpi.@table@
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_days_of_@table@();
COMMENT ON TRIGGER guard_days ON kpi.@table@ IS
'@says@';
--@ end

--@@ TRUNCATE fires no trigger of rows; what must not vanish is held to DELETE.
--@ template lasting | table | hint

CREATE TRIGGER guard_truncate
	BEFORE TRUNCATE ON kpi.@table@
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_truncate('@hint@');
COMMENT ON TRIGGER guard_truncate ON kpi.@table@ IS
'Rows vanish by DELETE alone, which checks and keeps what is needed.';
--@ end

--@@ That a key is there, with a hint at the one that may be meant; called is the table in
--@@ words, add how one is added.
--@ template known | table | called | add

CREATE FUNCTION kpi_internal.require_@table@(@table@ text)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
BEGIN
	PERFORM kpi_internal.require_value('@table@', @table@);
	IF NOT EXISTS (SELECT FROM kpi.@table@ AS t WHERE t.@table@ = require_@table@.@table@) THEN
		PERFORM kpi_internal.fail_unknown('@called@', @table@,
			(SELECT array_agg(CAST(t.@table@ AS text) ORDER BY t.@table@ COLLATE "C") FROM kpi.@table@ AS t),
			'@called@s', 'No @called@ is defined yet; @add@.');
	END IF;
END
$$;
COMMENT ON FUNCTION kpi_internal.require_@table@(text) IS
'Raises an error unless the @called@ exists, with a hint at the one that may be meant.';
--@ end

--@@ Names in an order, of which one is added or changed by its key.
--@ template ordered | table

CREATE FUNCTION kpi.define_@table@(@table@ text, name text DEFAULT NULL, "position" float8 DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.@table@;
BEGIN
	PERFORM kpi_internal.require_key('@table@', @table@);
	PERFORM kpi_internal.require_text('name', name);
	SELECT * INTO old FROM kpi.@table@ AS t WHERE t.@table@ = define_@table@.@table@;
	INSERT INTO kpi.@table@ AS t (@table@, name, position)
	VALUES (define_@table@.@table@,
			coalesce(define_@table@.name, old.name, kpi_internal.default_name(define_@table@.@table@)),
			coalesce(kpi_internal.whole('position', define_@table@.position), old.position,
					 (SELECT max(o.position) + 10 FROM kpi.@table@ AS o)))
	ON CONFLICT ON CONSTRAINT @table@_pkey DO UPDATE
	SET name = excluded.name, position = excluded.position
	WHERE (t.name, t.position) IS DISTINCT FROM (excluded.name, excluded.position);
	RETURN @table@;
END
$$;
COMMENT ON FUNCTION kpi.define_@table@(text, text, float8) IS
'Adds or changes a @table@ and returns its key; what is left out stays. '
'The name of a new one is made of its key; a new one comes last. A shipped @table@ is not changed.';
--@ end

--@@ Rows that come with the extension stay as they are, and nobody adds any.
--@ template shipped | table

--@ lasting | @table@ | DELETE removes the rows of your own.

CREATE TRIGGER guard_shipped
	BEFORE UPDATE OR DELETE ON kpi.@table@
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION kpi_internal.guard_shipped();
COMMENT ON TRIGGER guard_shipped ON kpi.@table@ IS
'Shipped rows are neither changed nor deleted.';

CREATE TRIGGER guard_shipping
	BEFORE INSERT OR UPDATE ON kpi.@table@
	FOR EACH ROW WHEN (NEW.shipped) EXECUTE FUNCTION kpi_internal.guard_shipped();
COMMENT ON TRIGGER guard_shipping ON kpi.@table@ IS
'Only the extension ships rows.';
--@ end

--@@ The key of a period is its grain with its first day.
--@ template period_key | table

CREATE TRIGGER guard_period
	BEFORE INSERT OR UPDATE OF grain, period_start ON @table@
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_period();
COMMENT ON TRIGGER guard_period ON @table@ IS
'The grain exists, and the day is the first one of a period of it.';
--@ end

--@@ What people type or judge for an indicator, unit and period.
--@ template typed | table | done | guard | says

CREATE TRIGGER guard_place
	BEFORE UPDATE OF indicator, unit, grain, period_start ON kpi.@table@
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_place();
COMMENT ON TRIGGER guard_place ON kpi.@table@ IS
'What is @done@ for an indicator, unit and period moves to no other one.';

CREATE TRIGGER guard_typed
	BEFORE INSERT OR UPDATE ON kpi.@table@
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.@guard@();
COMMENT ON TRIGGER guard_typed ON kpi.@table@ IS
'@says@';
--@ end

--@@ What follows from each change of a table, by its rows before and after. The trigger's name gives its place among others.
--@ template follow | trigger | table | function | says
--@ for event | rows
--@ | insert | NEW TABLE AS changed
--@ | update | OLD TABLE AS former NEW TABLE AS changed
--@ | delete | OLD TABLE AS changed

CREATE TRIGGER @trigger@_@event@
	AFTER @event@ ON kpi.@table@ REFERENCING @rows@
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.@function@();
COMMENT ON TRIGGER @trigger@_@event@ ON kpi.@table@ IS
'@says@';
--@ end
--@ end

--@@ ANALYZE takes every range for the only one of its kind, so that a search by key would walk the index of overlaps
--@@ over all rows of its days.
--@ template repeated_days | table | column
ALTER TABLE kpi.@table@ ALTER COLUMN @column@ SET (n_distinct = 100);
--@ end

--@@ The same function for the period of a grain that contains a day: the arguments before and after those of the
--@@ period, with their types and as they are passed on.
--@ template dated | function | before | passed_before | after | passed_after | types | returns | attributes | says

CREATE FUNCTION kpi.@function@(@before@, day date, grain text@after@)
	RETURNS @returns@
	LANGUAGE sql @attributes@
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT f.*
	FROM kpi_internal.read_period(day, grain) AS p
		CROSS JOIN LATERAL kpi.@function@(@passed_before@, kpi.period_label(p.grain, p.period_start)@passed_after@) AS f
$$;
COMMENT ON FUNCTION kpi.@function@(@types@) IS
'@says@ The same for the period of a grain that contains the day.';
--@ end
