-- The dictionary: what a column name means, in whatever function or view it stands.
DO $$
DECLARE
	c record;
BEGIN
	FOR c IN
		SELECT r.oid::regclass AS relation, a.attname, d.says
		FROM (VALUES
			('scorecard', 'Key of the scorecard.'),
			('unit', 'Key of the unit.'),
			('period_grain', 'Length of the period: a key of kpi.grain, such as month.'),
			('period_start', 'First day of the period.'),
			('node', 'Key of the node within the scorecard; of the top one the key of the scorecard.'),
			('score_key', 'The key as one text: scorecard/unit/period/node.'),
			('period_end', 'Last day of the period.'),
			('period_label', 'The period as people write it, such as 2011-11, 2011-Q4 or 2011.'),
			('scorecard_name', 'Name of the scorecard in the reader''s language.'),
			('unit_name', 'Name of the unit in the reader''s language.'),
			('node_name', 'Name of the node in the reader''s language.'),
			('parent_node', 'Key of the node above; NULL for the scorecard itself.'),
			('path', 'Keys from the scorecard down to the node, with slashes.'),
			('depth', 'Levels below the scorecard, which has 0.'),
			('place', 'Place in the tree read from top to bottom; the scorecard itself is 1.'),
			('perspective', 'Key of the perspective; NULL for none.'),
			('perspective_name', 'Name of the perspective in the reader''s language; NULL for none.'),
			('indicator', 'Key of the indicator; NULL where the row is about none.'),
			('indicator_name', 'Name of the indicator in the reader''s language; NULL where the row is about none.'),
			('responsible', 'Who answers for the indicator, in words; NULL where nobody is named.'),
			('unit_of_measure', 'Unit of actual and target in the reader''s language. % means that they are fractions; empty for a plain number.'),
			('measured_unit', 'Key of the unit whose values the node shows, where it has one of its own, else unit.'),
			('weight', 'Weight among the siblings, on their scale; NULL is shown and never counted.'),
			('absolute_weight', 'Share of the whole scorecard, a fraction.'),
			('role', 'What the node is to the one above, as defined; NULL is an ordinary part.'),
			('actual', 'Measured value in the unit of measure; NULL when not measured or not a finite number.'),
			('target', 'Target of the period in the unit of measure; NULL unless the targets cover it whole.'),
			('attainment', 'How far the actual reaches the target, a fraction: 1 is reached; NULL when undefined.'),
			('score', 'Points, 100 by convention for a target met; NULL when undefined, see score_reason.'),
			('coverage', 'Share of the weight below that has a score, a fraction.'),
			('missing_count', 'How many nodes below, or the node itself, have no score and would count.'),
			('missing_nodes', 'Their keys, in views with commas between; NULL when none is missing.'),
			('carried', 'Whether a value or score of an earlier period counts for the node or below it.'),
			('vetoes', 'Keys of the triggered vetoes directly below, in views with commas between; NULL for none.'),
			('rag', 'Status for colouring: red, amber, green, or none without a score.'),
			('rag_order', 'Status for sorting: 1 red, 2 amber, 3 green, 0 none.'),
			('rag_label', 'Name of the band the score falls in, in the reader''s language.'),
			('band', 'Code of the band the score falls in; NULL without a score.'),
			('is_stale', '1 when something it rests on has changed since it was evaluated, else 0.'),
			('grade', 'Code of the band the score falls in, after vetoes took grades; NULL without a score.'),
			('coefficient', 'Coefficient for pay of the grade, 0 where a veto says so; NULL where none is agreed.'),
			('grades_down', 'Grades that vetoes take, here and below.'),
			('coefficient_zero', 'Whether a veto sets the coefficient for pay to zero, here or below.'),
			('score_reason', 'Why there is no score. One of no_actual, no_target, partial_target, no_target_rule, no_baseline, zero_target, zero_span, sign, invalid, no_data, no_weight, missing_child or low_coverage; beside a score hidden, veto or carried, or invalid where a value is too large to show. NULL otherwise.'),
			('score_reason_label', 'The reason in the reader''s language.'),
			('previous_actual', 'Actual of the period before in the unit of measure. NULL where the node showed another indicator or unit then.'),
			('previous_score', 'Score of the period before, in points.'),
			('score_change', 'Score less previous score, in points.'),
			('change_rate', 'Relative change of the actual against the period before, a fraction; NULL from zero.'),
			('trend', '1 improving, 0 unchanged, -1 worsening against the period before. NULL when one of the two is missing.'),
			('trend_label', 'The trend in the reader''s language.'),
			('last_year_actual', 'Actual of the same period one year earlier in the unit of measure. NULL where the node showed another indicator or unit then.'),
			('is_provisional', '1 when the period was not over when it was collected, else 0. For a node it is 1 when that holds for any value below it.'),
			('evaluated_at', 'When it was evaluated.'),
			('indicator_key', 'The key as one text: indicator/unit/period.'),
			('direction', 'Which way is better: higher, lower, or target (the closer the better).'),
			('decimals', 'Decimals the values are shown with.'),
			('attainment_reason', 'Why there is no attainment. One of no_actual, no_target, partial_target, no_target_rule, no_baseline, zero_target, zero_span, sign or invalid; also invalid where a value is too large to show. NULL otherwise.'),
			('attainment_reason_label', 'The reason in the reader''s language.'),
			('actual_change', 'Actual less previous actual, in the unit of measure.'),
			('made_of', 'What the target is compared with: periods, the shorter ones, or units, those directly below.'),
			('parts_target', 'What the shorter periods or the units below make together, in the unit of measure.'),
			('target_difference', 'What they make less the target, in the unit of measure.'),
			('parts_missing', 'Units directly below without a target.'),
			('finding_key', 'The key: finding, scorecard, node, indicator, unit and period, with slashes between. Those that apply.'),
			('severity', 'error, warning or info.'),
			('severity_order', 'Severity for sorting: 3 error, 2 warning, 1 info.'),
			('finding', 'Code of the finding. One of collection_failed, collection_died, unassigned_rows, untimed_rows, never_collected, draft, owner_missing, owner_superuser, invalid, provisional, gap, corrected_part, stale, weight_sum, without_weight, or the reason without a score. A gap of several periods is one finding, of its first.'),
			('finding_label', 'The finding in the reader''s language.'),
			('finding_text', 'The finding in a plain sentence, in the reader''s language.')
		) AS d (attname, says)
			JOIN pg_catalog.pg_attribute AS a ON a.attname = d.attname AND a.attnum > 0
			JOIN pg_catalog.pg_class AS r ON r.oid = a.attrelid
		WHERE r.relnamespace = 'kpi'::regnamespace AND (r.relkind = 'v' OR r.oid = ANY ('{kpi.evaluated,kpi.result}'::regclass[]))
		ORDER BY r.relname, a.attnum
	LOOP
		EXECUTE pg_catalog.format('COMMENT ON COLUMN %s.%I IS %L', c.relation, c.attname, c.says);
	END LOOP;
END
$$;
