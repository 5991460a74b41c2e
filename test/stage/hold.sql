-- Holds a session before or after it writes a table: the stage says which, and ends it there.

-- one row; NULL holds nobody
CREATE TABLE harness.hold (session text, places regclass[], timing text);
INSERT INTO harness.hold DEFAULT VALUES;
CREATE FUNCTION harness.hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_sleep(6000) FROM harness.hold AS h
	WHERE h.session = current_setting('application_name') AND tg_relid = ANY (h.places) AND h.timing = tg_when;
	RETURN NULL;
END $$;
-- Sets up these tables for it.
CREATE FUNCTION harness.hold_at(places regclass[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	place regclass;
	timing text;
BEGIN
	FOREACH place IN ARRAY places LOOP
		FOREACH timing IN ARRAY '{BEFORE,AFTER}'::text[] LOOP
			EXECUTE format('CREATE TRIGGER hold_%s %1$s INSERT OR UPDATE OR DELETE ON %s EXECUTE FUNCTION harness.hold()',
				timing, place);
		END LOOP;
	END LOOP;
END $$;
