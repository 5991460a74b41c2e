-- The words that parameters and columns take. The lists stand in C, src/base/words.c.

CREATE FUNCTION kpi_internal.is_word(list text, word text)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_is_word'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.is_word(text, text) IS
'Whether a word is in the list of that name. NULL for NULL; an unknown list is an error.';

CREATE FUNCTION kpi_internal.no_word(list text, word text)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_no_word'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.no_word(text, text) IS
'Raises the error for a word that is not in the list of that name; true for one that is.';

CREATE FUNCTION kpi_internal.word_list(list text)
	RETURNS text[]
	AS 'MODULE_PATHNAME', 'kpi_word_list'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.word_list(text) IS
'The words of the list of that name, in their order. NULL for NULL; an unknown list is an error.';

-- Columns that hold a word of a list
--@ for word | what
--@ | direction | Which way is better
--@ | attainment_method | How an attainment is computed
--@ | kind | Where the values of an indicator come from
--@ | combine | How values make those of longer periods and of units above
--@ | last_by | Which rows of a period make a stock
--@ | empty | What a period without rows is worth
--@ | rating_method | How judgements make a value
--@ | rating_missing | What a judgement that is missing does to the value
--@ | origin | Where a measurement is from
--@ | state | How far a definition has come
--@ | may | What a role may do
--@ | action_state | How far an action has come
--@ | basis | What a target was derived from
--@ | target_rule | How a target of a period and those of its parts hang together
--@ | spread_by | How a target is shared out over its days
--@ | method | How a group of a scorecard gets its score
--@ | missing | What a missing score does to the one above it
--@ | role | What a node is to the one above it
--@ | alert_kind | What a watch rule looks at
--@ | alert_side | On which side of its limit an alert is raised

CREATE DOMAIN kpi_internal.@word@ AS text
	CONSTRAINT @word@_word CHECK (kpi_internal.is_word('@word@', VALUE) OR kpi_internal.no_word('@word@', VALUE));
COMMENT ON DOMAIN kpi_internal.@word@ IS '@what@. A word of the list of that name, see kpi_internal.word_list().';
COMMENT ON CONSTRAINT @word@_word ON DOMAIN kpi_internal.@word@ IS 'Only words of the list.';
--@ end
