-- Language: the reader's words for names, status words, reasons and units.

CREATE FUNCTION kpi.language()
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN coalesce(nullif(current_setting('kpi.language', true), ''), 'en');
COMMENT ON FUNCTION kpi.language() IS
'The language of names and words: the setting kpi.language, en unless set.';

CREATE FUNCTION kpi.term(topic text, code text, fallback text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE COST 100
	RETURN coalesce((SELECT t.name
					 FROM kpi.translation t
					 WHERE t.topic = term.topic AND t.code = term.code
						 AND (t.language IN (kpi.language(), split_part(kpi.language(), '-', 1))
							  OR t.language = 'en' AND t.topic IN ('status', 'reason', 'trend', 'heading'))
					 ORDER BY t.language IN (kpi.language(), split_part(kpi.language(), '-', 1)) DESC, t.shipped, length(t.language) DESC
					 LIMIT 1), fallback);
COMMENT ON FUNCTION kpi.term(text, text, text) IS
'The word for a code of a topic of kpi.translation in the language of the setting kpi.language: one''s own rows before the shipped ones, zh-hk before zh, for statuses, reasons, trends and headings English at last; the fallback where there is none, also for a NULL topic or code.';

-- The views look many words up: one read of kpi.translation serves a whole query.
CREATE FUNCTION kpi_internal.words()
	RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE COST 1000
BEGIN ATOMIC
	-- the order of kpi.term() backwards: of equal keys the last one stays
	SELECT coalesce(jsonb_object_agg(t.topic || '/' || t.code, t.name
									 ORDER BY t.language IN (kpi.language(), split_part(kpi.language(), '-', 1)),
											  t.shipped DESC, length(t.language)), '{}')
	FROM kpi.translation t
	WHERE t.language IN (kpi.language(), split_part(kpi.language(), '-', 1))
		OR t.language = 'en' AND t.topic IN ('status', 'reason', 'trend', 'heading');
END;
COMMENT ON FUNCTION kpi_internal.words() IS
'All words of the language of the setting kpi.language as one object, topic/code: name, by the rule of kpi.term(); empty where there is none.';

CREATE FUNCTION kpi_internal.node_name(words jsonb, scorecard text, node text, name text, indicator text, indicator_name text,
									   perspective text, perspective_name text)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN node = scorecard THEN coalesce(words ->> ('scorecard/' || scorecard), name)
				ELSE coalesce(words ->> ('node/' || scorecard || '/' || node), words ->> ('node/' || node),
							  CASE WHEN name = indicator_name THEN words ->> ('indicator/' || indicator) END,
							  CASE WHEN name = perspective_name THEN words ->> ('perspective/' || perspective) END, name) END;
COMMENT ON FUNCTION kpi_internal.node_name(jsonb, text, text, text, text, text, text, text) IS
'The name of a node in the language of the words: its own word, else that of the indicator or perspective whose name it has, else the name it was defined with.';
