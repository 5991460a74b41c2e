/*-------------------------------------------------------------------------
 *
 * layout.h
 *	  States by their fields: one table makes the outward forms of a type.
 *
 * Text and binary form have the same fields in the same order: those of the
 * header and, where a state grows, the number of its entries and the fields of
 * each.  To add a type, list them, say what no aggregate could produce, and let
 * the macro make the four functions that CREATE TYPE names:
 *
 *	static bool
 *	accept_state(void *value)
 *	{
 *		const KpiRatioState *state = value;
 *
 *		return state->policy < KPI_RATIO_POLICIES;
 *	}
 *
 *	static const KpiLayout layout = {
 *		.type = "kpi.ratio_state",
 *		.size = sizeof(KpiRatioState),
 *		.field = {
 *			KPI_FIELD(VERSION, KpiRatioState, version),
 *			KPI_FIELD(BYTE, KpiRatioState, policy),
 *			KPI_FIELD(DOUBLE, KpiRatioState, sum)
 *		},
 *		.accept = accept_state
 *	};
 *
 *	KPI_STATE_FORMS(kpi_ratio_state, layout)
 *
 * A field may be an array, or a struct of values of one kind: it has as many
 * values as fit into it.  Doubles are finite but for gaps and counts not negative before
 * accept is asked, which also sets what the forms leave out.
 *
 * A state that grows is a varlena, and adds:
 *
 *		.size = offsetof(KpiPairState, pair),
 *		.varlena = true,
 *		.count = offsetof(KpiPairState, count),
 *		.entry_size = sizeof(KpiPair),
 *		.entry = {
 *			KPI_FIELD(PLAIN, KpiPair, first),
 *			KPI_FIELD(PLAIN, KpiPair, second),
 *			KPI_FIELD(DOUBLE, KpiPair, weight)
 *		},
 *		.ordered = ordered_state
 *
 * It is made with room for just the entries that were read.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_LAYOUT_H
#define KPI_LAYOUT_H

#include "kpi.h"

/* What a value is in the state, and how it is written. */
typedef enum KpiFieldKind
{
	KPI_FIELD_END,
	KPI_FIELD_VERSION,			/* uint8, the first field of every type */
	KPI_FIELD_BYTE,				/* uint8 */
	KPI_FIELD_INT64,
	KPI_FIELD_COUNT,			/* int64, not negative */
	KPI_FIELD_DOUBLE,			/* finite */
	KPI_FIELD_PLAIN,			/* finite double, minus zero read as zero */
	KPI_FIELD_OPTIONAL,			/* a plain double, or - and a flag of 0 */
	KPI_FIELD_GAP,				/* a plain double, or - for NaN, which stands
								 * for none */
	KPI_FIELD_SUM				/* of a slot of a KpiExactState; the last one */
} KpiFieldKind;

typedef struct KpiField
{
	uint8		kind;
	uint16		offset;
	uint16		size;			/* of all its values; of sums, how many */
	uint16		flag;			/* offset of the uint8 of an optional one */
} KpiField;

#define KPI_FIELD(kind, type, member) \
	{KPI_FIELD_##kind, offsetof(type, member), sizeof(((type *) NULL)->member), 0}
#define KPI_FIELD_IF(flag, type, member) \
	{KPI_FIELD_OPTIONAL, offsetof(type, member), sizeof(double), offsetof(type, flag)}
#define KPI_FIELD_SUMS(slots) \
	{KPI_FIELD_SUM, 0, slots, 0}

#define KPI_MAX_FIELDS 8

typedef struct KpiLayout
{
	const char *type;			/* as messages call it */
	Size		size;			/* of the state, or of its header */
	bool		varlena;
	KpiField	field[KPI_MAX_FIELDS];	/* zeros end the list */
	/* whether an aggregate could produce what was read; also completes it */
	bool		(*accept) (void *state);

	/* of states that grow */
	Size		count;			/* offset of the int32 that counts entries */
	Size		entry_size;
	KpiField	entry[KPI_MAX_FIELDS];
	/* how many values the one field of an entry has, where the header says so */
	int			(*width) (const void *state);
	/* the state as it is written, entries in order; NULL: as it stands */
	const void *(*ordered) (Datum state);
} KpiLayout;

extern Datum kpi_layout_in(const KpiLayout *layout, const char *input);
extern Datum kpi_layout_out(const KpiLayout *layout, Datum datum);
extern Datum kpi_layout_recv(const KpiLayout *layout, Datum buffer);
extern Datum kpi_layout_send(const KpiLayout *layout, Datum datum);

/* The SQL functions name_in, name_out, name_recv and name_send of a type. */
#define KPI_STATE_FORMS(name, layout) \
PG_FUNCTION_INFO_V1(name##_in); \
Datum \
name##_in(PG_FUNCTION_ARGS) \
{ \
	return kpi_layout_in(&(layout), PG_GETARG_CSTRING(0)); \
} \
PG_FUNCTION_INFO_V1(name##_out); \
Datum \
name##_out(PG_FUNCTION_ARGS) \
{ \
	return kpi_layout_out(&(layout), PG_GETARG_DATUM(0)); \
} \
PG_FUNCTION_INFO_V1(name##_recv); \
Datum \
name##_recv(PG_FUNCTION_ARGS) \
{ \
	return kpi_layout_recv(&(layout), PG_GETARG_DATUM(0)); \
} \
PG_FUNCTION_INFO_V1(name##_send); \
Datum \
name##_send(PG_FUNCTION_ARGS) \
{ \
	return kpi_layout_send(&(layout), PG_GETARG_DATUM(0)); \
}

#endif							/* KPI_LAYOUT_H */
