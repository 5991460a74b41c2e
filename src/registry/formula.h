/*-------------------------------------------------------------------------
 *
 * formula.h
 *	  The formula of a derived indicator: what it reads, and how it is
 *	  computed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef KPI_FORMULA_H
#define KPI_FORMULA_H

#include "kpi.h"

#include "nodes/parsenodes.h"
#include "parser/parse_node.h"
#include "utils/numeric.h"

/* How a formula reads an indicator; the order of kpi_formula_functions. */
typedef enum KpiInputFunction
{
	KPI_INPUT_VALUE,			/* of that very unit and period */
	KPI_INPUT_PREVIOUS,
	KPI_INPUT_LAST_YEAR,
	KPI_INPUT_PARENT,
	KPI_INPUT_ROOT,
	KPI_INPUT_YTD,
	KPI_INPUT_ROLLING
} KpiInputFunction;

/* Something that a formula reads, once however often it does. */
typedef struct KpiInput
{
	char	   *indicator;
	KpiInputFunction function;
	int			periods;		/* of rolling, else 0 */
} KpiInput;

/* A place where a formula names an indicator, in bytes from its beginning. */
typedef struct KpiNamePlace
{
	int			start;
	int			length;
	char	   *indicator;
} KpiNamePlace;

typedef struct KpiFormula
{
	const char *text;
	const char *indicator;		/* of which it is, for messages; or NULL */
	List	   *inputs;			/* KpiInput, in the order in which they are
								 * first read */
	List	   *places;			/* KpiNamePlace, in the order of the text */
	bool		is_quotient;	/* one as a whole, with two sides */

	/* while it is read */
	bool		computed;		/* are functions resolved, too? */
	bool		refused;		/* is an error that is raised ours? */
	int			depth;
	ParseState *pstate;
	List	   *stands;			/* nodes that parameters of the raw tree stand
								 * for */

	/* where it is computed: NULL but for value unless it is one quotient */
	Expr	   *value;
	Expr	   *numerator;
	Expr	   *denominator;
} KpiFormula;

/* formula.c */
extern const char *const kpi_formula_functions[];
extern KpiFormula *kpi_read_formula(const char *indicator, const char *text);
extern KpiFormula *kpi_compile_formula(const char *indicator, const char *text);

/* formula_call.c */
extern Node *kpi_formula_call(KpiFormula *formula, FuncCall * call);

/* formula_error.c */
pg_noreturn extern void kpi_refuse_formula(KpiFormula *formula, int location, const char *what,
										   const char *detail, const char *hint);
pg_noreturn extern void kpi_raise_formula_error(KpiFormula *formula, MemoryContext context);

/* formula_rewrite.c */
extern Node *kpi_rewrite_formula(KpiFormula *formula, Node *node);
extern Node *kpi_formula_input(KpiFormula *formula, Node *node, KpiInputFunction function, int periods);
extern Node *kpi_formula_done(KpiFormula *formula, Node *node, int location);
extern Node *kpi_formula_stand(KpiFormula *formula, Node *node, int location);

#endif							/* KPI_FORMULA_H */
