-- The words that parameters and columns take. The lists stand in C, src/base/words.c.

CREATE FUNCTION kpi_internal.is_word(list text, word text)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_is_word'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.is_word(text, text) IS
'Whether a word is in the list of that name. NULL for NULL; an unknown list is an error.';

CREATE FUNCTION kpi_internal.words(list text)
	RETURNS text[]
	AS 'MODULE_PATHNAME', 'kpi_words'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.words(text) IS
'The words of the list of that name, in their order. NULL for NULL; an unknown list is an error.';
