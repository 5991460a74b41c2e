-- What the calls of calls.sql go through: a number as it is, a statement undone.

CREATE OR REPLACE FUNCTION harness.number(answer float8) RETURNS float8 LANGUAGE sql RETURN answer;
CREATE OR REPLACE FUNCTION harness.number(answer numeric) RETURNS numeric LANGUAGE sql RETURN answer;
CREATE OR REPLACE FUNCTION harness.try_undone(query text) RETURNS harness.failure LANGUAGE plpgsql AS $$
DECLARE f harness.failure;
BEGIN
	EXECUTE query;
	RAISE SQLSTATE 'HR000';
EXCEPTION WHEN OTHERS OR assert_failure THEN
	GET STACKED DIAGNOSTICS f.state = RETURNED_SQLSTATE, f.message = MESSAGE_TEXT, f.hint = PG_EXCEPTION_HINT;
	RETURN CASE WHEN f.state <> 'HR000' THEN f END;
END $$;
