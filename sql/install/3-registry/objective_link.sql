-- Causes and effects among objectives: the arrows of a strategy map.

CREATE TABLE kpi.objective_link (
	cause kpi.key NOT NULL REFERENCES kpi.objective ON UPDATE CASCADE ON DELETE CASCADE,
	effect kpi.key NOT NULL REFERENCES kpi.objective ON UPDATE CASCADE ON DELETE CASCADE,
	note text,
	PRIMARY KEY (cause, effect)
);
CREATE INDEX objective_link_effect_idx ON kpi.objective_link (effect);
COMMENT ON TABLE kpi.objective_link IS 'That reaching one objective helps to reach another: an arrow of the strategy map.';
COMMENT ON COLUMN kpi.objective_link.cause IS 'The objective that helps.';
COMMENT ON COLUMN kpi.objective_link.effect IS 'The objective that it helps to reach.';
COMMENT ON COLUMN kpi.objective_link.note IS 'Why, in words.';

SELECT pg_catalog.pg_extension_config_dump('kpi.objective_link', '');

CREATE FUNCTION kpi_internal.guard_objective_link()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	path text;
BEGIN
	WITH RECURSIVE reached (objective, keys) AS (
		SELECT CAST(l.effect AS text), ARRAY[CAST(l.cause AS text), CAST(l.effect AS text)] FROM kpi.objective_link AS l
		WHERE l.cause = NEW.cause AND l.effect = NEW.effect
		UNION ALL
		SELECT CAST(l.effect AS text), r.keys || CAST(l.effect AS text)
		FROM reached AS r JOIN kpi.objective_link AS l ON l.cause = r.objective WHERE r.objective <> NEW.cause
	)
	SELECT array_to_string(r.keys, ' -> ') INTO path FROM reached AS r WHERE r.objective = NEW.cause ORDER BY cardinality(r.keys), r.keys LIMIT 1;
	IF FOUND THEN
		PERFORM kpi_internal.fail('23514', format('objectives have a cycle: %s', path), 'No objective brings itself about; remove one of the links.');
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_objective_link() IS
'Trigger: no objective brings itself about, not even by way of others.';

CREATE TRIGGER guard_tree
	BEFORE INSERT OR UPDATE ON kpi.objective_link
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.guard_tree();
COMMENT ON TRIGGER guard_tree ON kpi.objective_link IS
'One transaction at a time draws arrows.';

CREATE TRIGGER guard_objective_link
	AFTER INSERT OR UPDATE ON kpi.objective_link
	FOR EACH ROW EXECUTE FUNCTION kpi_internal.guard_objective_link();
COMMENT ON TRIGGER guard_objective_link ON kpi.objective_link IS
'No objective brings itself about, not even by way of others.';

CREATE FUNCTION kpi.link_objectives(cause text, effect text, note text DEFAULT NULL)
	RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.require_objective(cause);
	PERFORM kpi_internal.require_objective(effect);
	PERFORM kpi_internal.put_row('kpi.objective_link', '{cause,effect}',
								 jsonb_strip_nulls(jsonb_build_object('cause', cause, 'effect', effect, 'note', note)), '{}');
END
$$;
COMMENT ON FUNCTION kpi.link_objectives(text, text, text) IS
'Says that reaching one objective helps to reach another: an arrow of the strategy map. '
'A note that is left out stays; a row of kpi.objective_link that is deleted ends it. Errors: unknown objectives, and '
'arrows that lead back.';
