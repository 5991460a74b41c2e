/*-------------------------------------------------------------------------
 *
 * word.c
 *	  kpi.term and its kin: the words of a reader's language.
 *
 * A session reads them once for a language and a user, as kpi_internal.translations()
 * chooses them, and again after kpi.translation has changed.
 *
 * NULL rule: the fallback stands for a topic or code that is NULL or has no word.
 *
 *-------------------------------------------------------------------------
 */
#include "registry/word.h"

#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* Bytes of a topic and code that are looked up without memory of their own. */
#define SHORT_KEY 256

/* A word, by its topic, a slash and its code. */
typedef struct Word
{
	const char *key;
	uint32		status;
	text	   *word;
} Word;

#define SH_PREFIX words
#define SH_ELEMENT_TYPE Word
#include "base/string_table.h"

/* The words of a session, and what they were read for. */
typedef struct SessionWords
{
	MemoryContext context;
	words_hash *words;			/* NULL where they have to be read */
	char	   *language;		/* the setting, as it stands */
	Oid			user_id;
	Oid			relation_id;	/* of kpi.translation */
	bool		plain;			/* English, with no words of the user's own */
	bool		changed;		/* since they were read */
} SessionWords;

static SessionWords session;

/* Tells that kpi.translation has changed. */
static void
forget_words(Datum argument, Oid relation_id)
{
	if (!OidIsValid(relation_id) || relation_id == session.relation_id)
		session.changed = true;
}

/* The setting, or an empty text. */
static const char *
language_setting(void)
{
	const char *language = GetConfigOption("kpi.language", true, false);

	return language ? language : "";
}

/* Takes the rows of the query over as words; the key of the first column is NULL in one that says whether they are plain. */
static void
take_words(void)
{
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool		isnull;
		bool		found;
		Datum		key = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull);

		if (isnull)
			session.plain = DatumGetBool(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 3, &isnull));
		else
			words_insert(session.words, TextDatumGetCString(key), &found)->word =
				DatumGetTextPCopy(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull));
	}
}

/* Reads the words of the language. */
static void
read_words(const char *language)
{
	static SPIPlanPtr plan = NULL;
	MemoryContext old;

	if (session.context == NULL)
	{
		session.context = AllocSetContextCreate(TopMemoryContext, "kpi words", ALLOCSET_SMALL_SIZES);
		CacheRegisterRelcacheCallback(forget_words, (Datum) 0);
	}
	session.words = NULL;
	MemoryContextReset(session.context);
	session.relation_id = get_relname_relid("translation", get_namespace_oid("kpi", false));
	session.changed = false;

	SPI_connect();
	if (plan == NULL)
	{
		plan = SPI_prepare("SELECT w.key, w.value, NULL FROM kpi_internal.translations() AS t"
						   " CROSS JOIN LATERAL pg_catalog.jsonb_each_text(t.words) AS w (key, value)"
						   " UNION ALL SELECT NULL, NULL, kpi_internal.has_plain_words()", 0, NULL);
		if (plan == NULL || SPI_keepplan(plan) != 0)
			elog(ERROR, "query over translations cannot be planned");
	}
	if (SPI_execute_plan(plan, NULL, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "query over translations failed");
	old = MemoryContextSwitchTo(session.context);
	session.language = pstrdup(language);
	session.user_id = GetUserId();
	session.words = words_create(session.context, (uint32) SPI_processed + 16, NULL);
	take_words();
	MemoryContextSwitchTo(old);
	SPI_finish();
}

/* Makes sure that the words are those of the reader. */
static void
require_words(void)
{
	const char *language = language_setting();

	if (session.words == NULL || session.changed || session.user_id != GetUserId() ||
		strcmp(session.language, language) != 0)
		read_words(language);
}

/* The word of a topic and code, or NULL. */
static text *
find_word(const text *topic, const text *code)
{
	char		short_key[SHORT_KEY];
	Size		topic_length = VARSIZE_ANY_EXHDR(topic);
	Size		length = topic_length + 1 + VARSIZE_ANY_EXHDR(code);
	char	   *key = length < SHORT_KEY ? short_key : palloc(length + 1);
	Word	   *word;

	memcpy(key, VARDATA_ANY(topic), topic_length);
	key[topic_length] = '/';
	memcpy(key + topic_length + 1, VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code));
	key[length] = '\0';
	word = words_lookup(session.words, key);
	return word ? word->word : NULL;
}

/* The word of a topic and code, or NULL. */
char *
kpi_word(const char *topic, const char *code)
{
	text	   *word;

	require_words();
	word = find_word(cstring_to_text(topic), cstring_to_text(code));
	return word ? text_to_cstring(word) : NULL;
}

/* The word of a topic and an argument of the call that has the code; NULL where there is neither. */
static text *
word_of(FunctionCallInfo fcinfo, const char *topic, int code)
{
	text	   *topic_text = cstring_to_text(topic);

	return PG_ARGISNULL(code) ? NULL : find_word(topic_text, PG_GETARG_TEXT_PP(code));
}

/* term(topic, code, fallback): the word in the reader's language. */
PG_FUNCTION_INFO_V1(kpi_term);
Datum
kpi_term(PG_FUNCTION_ARGS)
{
	text	   *word = NULL;

	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1))
	{
		require_words();
		word = find_word(PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1));
	}
	if (word != NULL)
		PG_RETURN_TEXT_P(word);
	if (PG_ARGISNULL(2))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(2));
}

/* Whether results show their words as they were stored; a query asks once. */
static bool
is_plain(FunctionCallInfo fcinfo)
{
	static const bool known[] = {false, true};

	if (fcinfo->flinfo->fn_extra == NULL)
	{
		require_words();
		fcinfo->flinfo->fn_extra = unconstify(bool *, &known[session.plain ? 1 : 0]);
	}
	return fcinfo->flinfo->fn_extra == &known[1];
}

/* shown_word(topic, code, stored): the stored word where words are plain, else that of the reader's language. */
PG_FUNCTION_INFO_V1(kpi_shown_word);
Datum
kpi_shown_word(PG_FUNCTION_ARGS)
{
	if (!is_plain(fcinfo))
		return kpi_term(fcinfo);
	if (PG_ARGISNULL(2))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(2));
}

/* Arguments of node_name. */
enum
{
	NODE_SCORECARD,
	NODE_KEY,
	NODE_NAME,
	NODE_INDICATOR,
	NODE_INDICATOR_NAME,
	NODE_PERSPECTIVE,
	NODE_PERSPECTIVE_NAME
};

/* Are two arguments the same text, and not NULL? */
static bool
same_text(FunctionCallInfo fcinfo, int one, int other)
{
	return !PG_ARGISNULL(one) && !PG_ARGISNULL(other) &&
		DatumGetBool(DirectFunctionCall2Coll(texteq, DEFAULT_COLLATION_OID, PG_GETARG_DATUM(one), PG_GETARG_DATUM(other)));
}

/* The word of a node that is not the scorecard itself: its own, else that of what it has its name from, or NULL. */
static text *
word_of_node(FunctionCallInfo fcinfo)
{
	text	   *word = NULL;

	if (!PG_ARGISNULL(NODE_SCORECARD) && !PG_ARGISNULL(NODE_KEY))
	{
		char	   *path = psprintf("%s/%s", text_to_cstring(PG_GETARG_TEXT_PP(NODE_SCORECARD)),
									text_to_cstring(PG_GETARG_TEXT_PP(NODE_KEY)));

		word = find_word(cstring_to_text("node"), cstring_to_text(path));
	}
	if (word == NULL)
		word = word_of(fcinfo, "node", NODE_KEY);
	if (word == NULL && same_text(fcinfo, NODE_NAME, NODE_INDICATOR_NAME))
		word = word_of(fcinfo, "indicator", NODE_INDICATOR);
	if (word == NULL && same_text(fcinfo, NODE_NAME, NODE_PERSPECTIVE_NAME))
		word = word_of(fcinfo, "perspective", NODE_PERSPECTIVE);
	return word;
}

/* node_name(scorecard, node, name, ...): the name of a node in the reader's language; where words are plain its own. */
PG_FUNCTION_INFO_V1(kpi_node_name);
Datum
kpi_node_name(PG_FUNCTION_ARGS)
{
	text	   *word = NULL;

	if (!is_plain(fcinfo))
		word = same_text(fcinfo, NODE_KEY, NODE_SCORECARD) ? word_of(fcinfo, "scorecard", NODE_SCORECARD) : word_of_node(fcinfo);
	if (word != NULL)
		PG_RETURN_TEXT_P(word);
	if (PG_ARGISNULL(NODE_NAME))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(NODE_NAME));
}
