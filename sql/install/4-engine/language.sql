-- Language: the reader's words for names, status words, reasons and units.

--@@ here, since the shipped words stand before
--@ shipped | translation

-- people write zh, ZH, zh-CN, zh_CN or zh_CN.UTF-8
CREATE FUNCTION kpi_internal.language()
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN coalesce(nullif(replace(lower(substring(current_setting('kpi.language', true) FROM '^[^.@]*')), '_', '-'), ''), 'en');
COMMENT ON FUNCTION kpi_internal.language() IS
'The language of names and words as a lower-case tag such as zh or zh-hk. '
'The setting kpi.language, en unless set. Upper case, an underscore and an encoding behind a dot are understood.';

CREATE FUNCTION kpi_internal.languages()
	RETURNS text[]
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN ARRAY(SELECT array_to_string(tag.part[1:n], '-')
				 FROM (SELECT string_to_array(kpi_internal.language(), '-')) AS tag (part)
					 CROSS JOIN LATERAL generate_series(1, cardinality(tag.part)) AS n);
COMMENT ON FUNCTION kpi_internal.languages() IS
'The languages that a reader of kpi_internal.language() understands. Of zh-hans-cn these are zh, zh-hans and zh-hans-cn.';

-- one read of kpi.translation serves a whole query, which looks many words up
CREATE FUNCTION kpi_internal.translations(topic text DEFAULT NULL, code text DEFAULT NULL)
	RETURNS TABLE (words jsonb)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	-- of equal keys the last one stays: the reader's language, one's own row, the regional one
	SELECT coalesce(jsonb_object_agg(t.topic || '/' || t.code, t.name
									 ORDER BY lower(t.language) = ANY (l.languages), t.shipped DESC, length(t.language), t.language COLLATE "C"), '{}')
	FROM kpi.translation t
		CROSS JOIN (SELECT kpi_internal.languages() AS languages OFFSET 0) l
	WHERE (translations.topic IS NULL OR t.topic = translations.topic) AND (translations.code IS NULL OR t.code = translations.code)
		AND (lower(t.language) = ANY (l.languages)
			 OR lower(t.language) = 'en' AND t.topic IN ('status', 'reason', 'trend', 'target_status', 'heading', 'finding', 'task', 'cause', 'report'));
END;
COMMENT ON FUNCTION kpi_internal.translations(text, text) IS
'All words, or those of a topic or code, in the reader''s language as one object, topic/code: name. '
'The language is that of the setting kpi.language: one''s own rows before the shipped ones, zh-hk before zh, for '
'statuses, reasons, trends, headings and findings English at last; empty where there is none.';

CREATE FUNCTION kpi_internal.has_plain_words()
	RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT kpi_internal.language() = 'en' AND NOT EXISTS (SELECT FROM kpi.translation AS t WHERE NOT t.shipped AND lower(t.language) = 'en');
END;
COMMENT ON FUNCTION kpi_internal.has_plain_words() IS
'Whether the reader''s language is English and nobody has words of their own in it.';

CREATE FUNCTION kpi.term(topic text, code text, fallback text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_term'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.term(text, text, text) IS
'The word for a code of a topic of kpi.translation in the language of the setting kpi.language. '
'One''s own rows before the shipped ones, zh-hk before zh, for statuses, reasons, trends, headings and findings '
'English at last; the fallback where there is none, also for a NULL topic or code.';

CREATE FUNCTION kpi_internal.shown_word(topic text, code varchar, stored varchar)
	RETURNS varchar
	AS 'MODULE_PATHNAME', 'kpi_shown_word'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.shown_word(text, varchar, varchar) IS
'The word as kpi.result has it where words are plain, else that of kpi.term(). '
'They are where the reader''s language is English and nobody has words of their own in it; a query asks once.';

-- what has not been read anew in this session yet
CREATE TRIGGER forget_words
	AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON kpi.translation
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.forget_rows();
ALTER TABLE kpi.translation ENABLE ALWAYS TRIGGER forget_words;
COMMENT ON TRIGGER forget_words ON kpi.translation IS
'Every session reads the words again.';

CREATE FUNCTION kpi_internal.node_name(scorecard text, node text, name text, indicator text, indicator_name text,
									   perspective text, perspective_name text)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_node_name'
	LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.node_name(text, text, text, text, text, text, text) IS
'The name of a node in the reader''s language. '
'Its own word, else that of the indicator or perspective whose name it has, else the name it was defined with.';

CREATE FUNCTION kpi_internal.newest_node_name(scorecard text, node text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT kpi_internal.node_name(newest_node_name.scorecard, newest_node_name.node, coalesce(n.name, k.name), n.indicator, i.name,
								  n.perspective, v.name)
	FROM kpi.scorecard AS k
		LEFT JOIN kpi.scorecard_node AS n ON n.scorecard = k.scorecard AND n.node = newest_node_name.node
		LEFT JOIN kpi.indicator AS i ON i.indicator = n.indicator
		LEFT JOIN kpi.perspective AS v ON v.perspective = n.perspective
	WHERE k.scorecard = newest_node_name.scorecard AND newest_node_name.node IS NOT NULL
	ORDER BY n.valid DESC
	LIMIT 1;
END;
COMMENT ON FUNCTION kpi_internal.newest_node_name(text, text) IS
'The name of a node, as it is or was last, in the reader''s language. Of the scorecard itself, too. NULL for NULL.';

CREATE FUNCTION kpi_internal.lower_first(string text)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN lower(left(string, 1)) || substr(string, 2);
COMMENT ON FUNCTION kpi_internal.lower_first(text) IS
'A word as it stands inside a sentence: its first letter in lower case. NULL for NULL.';

CREATE FUNCTION kpi_internal.fill_text(template text, parts jsonb)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	-- with an empty part at the end every piece of text stands before one
	SELECT string_agg(p[1] || coalesce(parts ->> p[2], ''), '' ORDER BY n)
	FROM regexp_matches(template || '{}', E'([^{]*)\\{(\\w*)\\}', 'g') WITH ORDINALITY AS m (p, n)
$$;
COMMENT ON FUNCTION kpi_internal.fill_text(text, jsonb) IS
'A sentence made of its template: {name} gives way to the part of that name, or to nothing. NULL for a NULL template.';
