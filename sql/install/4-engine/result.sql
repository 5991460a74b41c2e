-- Results: what an evaluation finds out.

CREATE TYPE kpi_internal.result AS (
	scorecard text,
	unit text,
	grain text,
	period_start date,
	node text,
	place integer,
	path text,
	depth integer,
	parent text,
	name text,
	perspective text,
	indicator text,
	measured_unit text,
	weight numeric,
	role text,
	absolute_weight numeric,
	actual numeric,
	target numeric,
	target_low numeric,
	target_high numeric,
	attainment numeric,
	score numeric,
	coverage numeric,
	missing_nodes text[],
	carried boolean,
	vetoes text[],
	grades_down integer,
	coefficient_zero boolean,
	status integer,
	band text,
	grade text,
	coefficient numeric,
	reason text,
	previous_actual numeric,
	previous_score numeric,
	trend integer,
	last_year_actual numeric,
	provisional boolean,
	final boolean,
	evaluated_at timestamptz
);
COMMENT ON TYPE kpi_internal.result IS
'A node of a scorecard as it was evaluated for a unit and a period.';
--@ for column | says
--@ | scorecard | The scorecard.
--@ | unit | The unit it was evaluated for.
--@ | grain | Length of the period: a key of kpi.grain.
--@ | period_start | First day of the period; of a window that of the period it ends with.
--@ | node | Key of the node; of the top one the key of the scorecard.
--@ | place | Place in the tree read from top to bottom; the scorecard itself is 1.
--@ | path | Keys from the scorecard down to the node, with slashes.
--@ | depth | Levels below the scorecard, which has 0.
--@ | parent | Key of the node above; NULL for the scorecard itself.
--@ | name | Name of the node as it was defined.
--@ | perspective | Perspective of the node, else of its indicator, else of the node above.
--@ | indicator | Indicator whose actual and target it shows; NULL for a node without one.
--@ | measured_unit | Unit measured: that of the node, else the one evaluated for.
--@ | weight | Weight among the siblings, on their scale; NULL is shown and never counted.
--@ | role | What it is to the node above, as defined; NULL is an ordinary part.
--@ | absolute_weight | Share of the whole scorecard, a fraction.
--@ | actual | Measured value; NULL when not measured, not a finite number, or 1e1000 and beyond.
--@ | target | Target of the period; NULL unless the targets cover it whole.
--@ | target_low | Lower limit of the target, where the attainment method is range or span.
--@ | target_high | Upper limit of the target, where the attainment method is range or span.
--@ | attainment | How far the actual reaches the target, a fraction; NULL when undefined.
--@ | score | Points, unrounded; NULL when undefined.
--@ | coverage | Share of the weight below that has a score, a fraction.
--@ | missing_nodes | Nodes below, or the node itself, without a score; NULL when nothing is missing.
--@ | carried | Whether a value or score of an earlier period counts for it or below it.
--@ | vetoes | Triggered vetoes directly below; NULL for none.
--@ | grades_down | Grades that vetoes take, here and below.
--@ | coefficient_zero | Whether a veto sets the coefficient for pay to zero, here or below.
--@ | status | Status of the band: -1, 0 or 1; NULL without a score.
--@ | band | Code of the band that the score is in; NULL without a score.
--@ | grade | Code of the band that is left after vetoes took grades.
--@ | coefficient | Coefficient for pay of the grade, 0 where a veto says so.
--@ | reason | Why there is no score; where there is one, veto or carried for what is to be known of it, else NULL.
--@ | previous_actual | Actual of the period before; NULL where the node showed another indicator or unit then.
--@ | previous_score | Score of the period before, by the nodes valid at its end.
--@ | trend | 1 improving, 0 unchanged, -1 worsening against the period before. NULL when one of the two is missing.
--@ | last_year_actual | Actual of the same period one year earlier. NULL where the node showed another indicator or unit then.
--@ | provisional | Whether a value of it or below it is provisional.
--@ | final | Whether it was made final, so that it stays what it is.
--@ | evaluated_at | When it was evaluated.
COMMENT ON COLUMN kpi_internal.result.@column@ IS '@says@';
--@ end
