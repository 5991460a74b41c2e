-- Registry: what is measured, for whom, against what, and how much it counts.
--
-- Dump and restore: triggers fire while a dump is restored, so none of them
-- writes on INSERT, none plans a source, and what looks at other rows holds in
-- any order of rows; begin_restore sees to any order of tables.  Shipped rows
-- are left out of a dump by their flag.

CREATE FUNCTION kpi.default_name(key text)
	RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN pg_catalog.upper(pg_catalog.left(key, 1)) OPERATOR(pg_catalog.||)
		pg_catalog.translate(pg_catalog.substr(key, 2), '_', ' ');
COMMENT ON FUNCTION kpi.default_name(text) IS
'A readable name made of a key: new_customers gives New customers. NULL for NULL.';

CREATE DOMAIN kpi.key AS text
	CONSTRAINT key_form CHECK (VALUE OPERATOR(pg_catalog.~) '^[^\s./][^/\n]{0,62}$');
COMMENT ON DOMAIN kpi.key IS
'A key that people read: 1 to 63 characters, no slash, not beginning with a space or a dot.';

CREATE TABLE kpi.perspective (
	perspective kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	position integer NOT NULL DEFAULT 100,
	shipped boolean NOT NULL DEFAULT false
);

CREATE TABLE kpi.unit (
	unit kpi.key PRIMARY KEY,
	-- kept by triggers: of a table that refers to itself pg_dump warns every time
	parent kpi.key,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	position integer NOT NULL DEFAULT 100
);

CREATE TABLE kpi.indicator (
	indicator kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	description text,
	rule text,
	unit_of_measure text NOT NULL DEFAULT '',
	direction text NOT NULL DEFAULT 'higher'
		CHECK (direction OPERATOR(pg_catalog.=) ANY (ARRAY['higher', 'lower', 'target'])),
	perspective kpi.key REFERENCES kpi.perspective ON UPDATE CASCADE,
	kind text NOT NULL DEFAULT 'measured'
		CHECK (kind OPERATOR(pg_catalog.=) ANY (ARRAY['measured', 'entered'])),
	source text,
	time_column text,
	unit_column text,
	numerator text,
	denominator text,
	filter text,
	grain text NOT NULL DEFAULT 'month'
		CHECK (grain OPERATOR(pg_catalog.=) ANY (ARRAY['month', 'quarter', 'year'])),
	time_rollup text NOT NULL DEFAULT 'sum'
		CHECK (time_rollup OPERATOR(pg_catalog.=) ANY (ARRAY['sum', 'avg', 'last', 'distinct', 'ratio'])),
	attainment_method text NOT NULL DEFAULT 'ratio'
		CHECK (attainment_method OPERATOR(pg_catalog.=) ANY (ARRAY['ratio', 'inverse', 'progress'])),
	zero_target text NOT NULL DEFAULT 'null'
		CHECK (zero_target OPERATOR(pg_catalog.=) ANY (ARRAY['null', 'met'])),
	scale kpi.scale,
	decimals integer NOT NULL DEFAULT 2 CHECK (decimals OPERATOR(pg_catalog.>=) 0 AND decimals OPERATOR(pg_catalog.<=) 6),
	owner name NOT NULL DEFAULT CURRENT_USER,
	responsible text,
	data_source text,
	state text NOT NULL DEFAULT 'approved'
		CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['draft', 'approved', 'retired'])),
	version integer NOT NULL DEFAULT 1 CHECK (version OPERATOR(pg_catalog.>=) 1),
	CONSTRAINT indicator_measured CHECK (kind OPERATOR(pg_catalog.<>) 'measured' OR
		(source IS NOT NULL AND time_column IS NOT NULL AND numerator IS NOT NULL)),
	CONSTRAINT indicator_ratio CHECK (time_rollup OPERATOR(pg_catalog.<>) 'ratio' OR
		kind OPERATOR(pg_catalog.<>) 'measured' OR denominator IS NOT NULL),
	CONSTRAINT indicator_inverse CHECK (attainment_method OPERATOR(pg_catalog.<>) 'inverse' OR
		direction OPERATOR(pg_catalog.=) 'lower')
);

CREATE TABLE kpi.target (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	unit kpi.key NOT NULL REFERENCES kpi.unit ON UPDATE CASCADE ON DELETE CASCADE,
	period daterange NOT NULL
		CHECK (NOT pg_catalog.isempty(period) AND NOT pg_catalog.lower_inf(period) AND NOT pg_catalog.upper_inf(period)
			AND pg_catalog.isfinite(pg_catalog.lower(period)) AND pg_catalog.isfinite(pg_catalog.upper(period))),
	target numeric NOT NULL CHECK (pg_catalog.abs(target) OPERATOR(pg_catalog.<) 1e100),
	baseline numeric CHECK (pg_catalog.abs(baseline) OPERATOR(pg_catalog.<) 1e100),
	stretch numeric CHECK (pg_catalog.abs(stretch) OPERATOR(pg_catalog.<) 1e100),
	basis text NOT NULL DEFAULT 'agreed'
		CHECK (basis OPERATOR(pg_catalog.=) ANY (ARRAY['history', 'industry', 'capability', 'agreed'])),
	note text,
	PRIMARY KEY (indicator, unit, period),
	CONSTRAINT target_overlap EXCLUDE USING gist
		(CAST(indicator AS text) WITH OPERATOR(pg_catalog.=), CAST(unit AS text) WITH OPERATOR(pg_catalog.=),
		 period WITH OPERATOR(pg_catalog.&&))
);

CREATE TABLE kpi.band_set (
	band_set kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	shipped boolean NOT NULL DEFAULT false
);

CREATE TABLE kpi.band (
	band_set kpi.key NOT NULL REFERENCES kpi.band_set ON UPDATE CASCADE ON DELETE CASCADE,
	code kpi.key NOT NULL,
	lower_bound numeric CHECK (lower_bound OPERATOR(pg_catalog.>) '-Infinity' AND lower_bound OPERATOR(pg_catalog.<) 'Infinity'),
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	status integer NOT NULL CHECK (status OPERATOR(pg_catalog.>=) -1 AND status OPERATOR(pg_catalog.<=) 1),
	colour text NOT NULL CHECK (colour OPERATOR(pg_catalog.<>) ''),
	coefficient numeric CHECK (coefficient OPERATOR(pg_catalog.>=) 0 AND coefficient OPERATOR(pg_catalog.<) 'Infinity'),
	shipped boolean NOT NULL DEFAULT false,
	PRIMARY KEY (band_set, code),
	CONSTRAINT band_lower_bound UNIQUE NULLS NOT DISTINCT (band_set, lower_bound)
);

CREATE TABLE kpi.scorecard (
	scorecard kpi.key PRIMARY KEY,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	grain text NOT NULL DEFAULT 'month'
		CHECK (grain OPERATOR(pg_catalog.=) ANY (ARRAY['month', 'quarter', 'year'])),
	method text NOT NULL DEFAULT 'weighted'
		CHECK (method OPERATOR(pg_catalog.=) ANY (ARRAY['weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority', 'geometric', 'points'])),
	missing text NOT NULL DEFAULT 'renormalize'
		CHECK (missing OPERATOR(pg_catalog.=) ANY (ARRAY['renormalize', 'zero', 'null', 'carry', 'target'])),
	min_coverage numeric CHECK (min_coverage OPERATOR(pg_catalog.>=) 0 AND min_coverage OPERATOR(pg_catalog.<=) 1),
	band_set kpi.key NOT NULL DEFAULT 'standard' REFERENCES kpi.band_set ON UPDATE CASCADE
);

CREATE TABLE kpi.scorecard_node (
	scorecard kpi.key NOT NULL REFERENCES kpi.scorecard ON UPDATE CASCADE ON DELETE CASCADE,
	node kpi.key NOT NULL,
	parent kpi.key,
	indicator kpi.key REFERENCES kpi.indicator ON UPDATE CASCADE,
	unit kpi.key REFERENCES kpi.unit ON UPDATE CASCADE,
	perspective kpi.key REFERENCES kpi.perspective ON UPDATE CASCADE,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	weight numeric CHECK (weight OPERATOR(pg_catalog.>=) 0 AND weight OPERATOR(pg_catalog.<) 'Infinity'),
	role text CHECK (role OPERATOR(pg_catalog.=) ANY (ARRAY['part', 'priority', 'bonus', 'deduction',
															 'veto_zero', 'veto_cap', 'veto_grade', 'veto_coefficient'])),
	role_limit numeric,
	method text CHECK (method OPERATOR(pg_catalog.=) ANY (ARRAY['weighted', 'average', 'worst', 'best', 'sum', 'majority', 'priority',
																 'geometric', 'points', 'self'])),
	missing text CHECK (missing OPERATOR(pg_catalog.=) ANY (ARRAY['renormalize', 'zero', 'null', 'carry', 'target'])),
	max_age integer NOT NULL DEFAULT 1 CHECK (max_age OPERATOR(pg_catalog.>=) 0 AND max_age OPERATOR(pg_catalog.<=) 1000),
	min_coverage numeric CHECK (min_coverage OPERATOR(pg_catalog.>=) 0 AND min_coverage OPERATOR(pg_catalog.<=) 1),
	scale kpi.scale,
	floor numeric CHECK (floor OPERATOR(pg_catalog.>) '-Infinity' AND floor OPERATOR(pg_catalog.<) 'Infinity'),
	cap numeric CHECK (cap OPERATOR(pg_catalog.>) '-Infinity' AND cap OPERATOR(pg_catalog.<) 'Infinity'),
	position integer NOT NULL DEFAULT 100,
	valid daterange NOT NULL DEFAULT '(,)' CHECK (NOT pg_catalog.isempty(valid)),
	PRIMARY KEY (scorecard, node, valid),
	CONSTRAINT scorecard_node_overlap EXCLUDE USING gist
		(CAST(scorecard AS text) WITH OPERATOR(pg_catalog.=), CAST(node AS text) WITH OPERATOR(pg_catalog.=),
		 valid WITH OPERATOR(pg_catalog.&&)),
	CONSTRAINT scorecard_node_not_root CHECK (CAST(node AS text) OPERATOR(pg_catalog.<>) CAST(scorecard AS text)),
	CONSTRAINT scorecard_node_limits CHECK (floor OPERATOR(pg_catalog.<=) cap),
	CONSTRAINT scorecard_node_role_limit CHECK (
		CASE WHEN role OPERATOR(pg_catalog.=) ANY (ARRAY['bonus', 'deduction'])
			 THEN role_limit IS NULL OR role_limit OPERATOR(pg_catalog.>=) 0 AND role_limit OPERATOR(pg_catalog.<) 'Infinity'
			 WHEN role OPERATOR(pg_catalog.=) 'veto_cap'
			 THEN role_limit IS NOT NULL AND role_limit OPERATOR(pg_catalog.>) '-Infinity' AND role_limit OPERATOR(pg_catalog.<) 'Infinity'
			 WHEN role OPERATOR(pg_catalog.=) 'veto_grade'
			 THEN role_limit IS NULL OR role_limit OPERATOR(pg_catalog.>=) 1 AND role_limit OPERATOR(pg_catalog.<=) 1000
				AND role_limit OPERATOR(pg_catalog.=) pg_catalog.trunc(role_limit)
			 ELSE role_limit IS NULL END)
);

CREATE TABLE kpi.measurement (
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	unit kpi.key NOT NULL REFERENCES kpi.unit ON UPDATE CASCADE ON DELETE CASCADE,
	grain text NOT NULL
		CHECK (grain OPERATOR(pg_catalog.=) ANY (ARRAY['month', 'quarter', 'year'])),
	period_start date NOT NULL,
	numerator numeric,
	denominator numeric,
	value numeric,
	row_count bigint CHECK (row_count OPERATOR(pg_catalog.>=) 0),
	provisional boolean NOT NULL DEFAULT false,
	note text,
	collected_at timestamptz,
	PRIMARY KEY (indicator, unit, grain, period_start),
	CONSTRAINT measurement_period_start CHECK (pg_catalog.isfinite(period_start) AND
		period_start OPERATOR(pg_catalog.=) CAST(pg_catalog.date_trunc(grain, CAST(period_start AS timestamp)) AS date))
);

CREATE TABLE kpi.run (
	run bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	from_date date NOT NULL,
	to_date date NOT NULL,
	started timestamptz NOT NULL,
	finished timestamptz,
	who name NOT NULL DEFAULT CURRENT_USER,
	indicators integer NOT NULL,
	failed integer NOT NULL DEFAULT 0,
	CONSTRAINT run_dates CHECK (from_date OPERATOR(pg_catalog.<) to_date)
);

CREATE TABLE kpi.run_step (
	run bigint NOT NULL REFERENCES kpi.run ON DELETE CASCADE,
	indicator kpi.key NOT NULL REFERENCES kpi.indicator ON UPDATE CASCADE ON DELETE CASCADE,
	started timestamptz NOT NULL,
	finished timestamptz NOT NULL,
	state text NOT NULL
		CHECK (state OPERATOR(pg_catalog.=) ANY (ARRAY['collected', 'failed'])),
	measurements integer NOT NULL DEFAULT 0,
	changed integer NOT NULL DEFAULT 0,
	source_rows bigint NOT NULL DEFAULT 0,
	unassigned_rows bigint NOT NULL DEFAULT 0,
	kept integer NOT NULL DEFAULT 0,
	sqlstate text,
	error text,
	hint text,
	PRIMARY KEY (run, indicator)
);

CREATE TABLE kpi.translation (
	language text NOT NULL CHECK (language OPERATOR(pg_catalog.~) '^[a-z]{2,3}(-[A-Za-z0-9]+)*$'),
	topic text NOT NULL
		CHECK (topic OPERATOR(pg_catalog.=) ANY (ARRAY['perspective', 'unit', 'indicator', 'scorecard', 'node', 'status', 'reason', 'trend', 'unit_of_measure', 'heading'])),
	code text NOT NULL,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	shipped boolean NOT NULL DEFAULT false,
	PRIMARY KEY (language, topic, code, shipped)
);

-- the foreign keys and the collector look rows up this way round
CREATE INDEX unit_parent_idx ON kpi.unit (parent);
CREATE INDEX target_unit_idx ON kpi.target (unit);
CREATE INDEX scorecard_node_indicator_idx ON kpi.scorecard_node (indicator);
CREATE INDEX measurement_unit_idx ON kpi.measurement (unit);
CREATE INDEX measurement_period_idx ON kpi.measurement (grain, period_start);
CREATE INDEX run_step_indicator_idx ON kpi.run_step (indicator);

COMMENT ON TABLE kpi.perspective IS
'A side of the balanced scorecard. Four are shipped and stay as they are; add your own.';
COMMENT ON COLUMN kpi.perspective.perspective IS 'Key.';
COMMENT ON COLUMN kpi.perspective.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.perspective.position IS 'Order among the perspectives.';
COMMENT ON COLUMN kpi.perspective.shipped IS 'Row of the extension itself: not edited, not dumped.';

COMMENT ON TABLE kpi.unit IS
'Who is measured: a department, region, team or person. Units form a tree; an upper unit covers the rows of all units below it.';
COMMENT ON COLUMN kpi.unit.unit IS 'Key; also the value of the unit column in the sources.';
COMMENT ON COLUMN kpi.unit.parent IS 'The unit above; NULL for a root.';
COMMENT ON COLUMN kpi.unit.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.unit.position IS 'Order among the units of one parent.';

COMMENT ON TABLE kpi.indicator IS
'The one definition of an indicator: what it means, where its values come from and how they are judged.';
COMMENT ON COLUMN kpi.indicator.indicator IS 'Key.';
COMMENT ON COLUMN kpi.indicator.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.indicator.description IS 'What it says and why it is watched.';
COMMENT ON COLUMN kpi.indicator.rule IS 'How it is computed, in words.';
COMMENT ON COLUMN kpi.indicator.unit_of_measure IS 'Unit of its values, such as GBP or days; % shows a fraction times 100; empty for a plain number.';
COMMENT ON COLUMN kpi.indicator.direction IS 'Which way is better: higher, lower, or target (the closer to the target the better).';
COMMENT ON COLUMN kpi.indicator.perspective IS 'The perspective it belongs to; NULL for none.';
COMMENT ON COLUMN kpi.indicator.kind IS 'measured: computed from the source; entered: values are written to kpi.measurement.';
COMMENT ON COLUMN kpi.indicator.source IS 'Table or view the values come from, quoted and with its schema.';
COMMENT ON COLUMN kpi.indicator.time_column IS 'Column of the source that says when: date, timestamp or timestamptz.';
COMMENT ON COLUMN kpi.indicator.unit_column IS 'Column of the source that names the unit; NULL where rows belong to no unit.';
COMMENT ON COLUMN kpi.indicator.numerator IS 'Aggregate expression over the source, such as sum(amount).';
COMMENT ON COLUMN kpi.indicator.denominator IS 'Aggregate expression the numerator is divided by; NULL where the numerator is the value.';
COMMENT ON COLUMN kpi.indicator.filter IS 'Condition on the rows of the source that count; NULL for all.';
COMMENT ON COLUMN kpi.indicator.grain IS 'Shortest period that is measured: month, quarter or year.';
COMMENT ON COLUMN kpi.indicator.time_rollup IS 'How periods make longer ones: sum, avg, last, distinct or ratio. Targets of sum are shared out by days, others are averaged by days.';
COMMENT ON COLUMN kpi.indicator.attainment_method IS 'ratio, inverse or progress.';
COMMENT ON COLUMN kpi.indicator.zero_target IS 'Attainment of a target of 0: null (undefined) or met (1 or 0).';
COMMENT ON COLUMN kpi.indicator.scale IS 'Scale from attainment to points; NULL for 100 points per whole attainment.';
COMMENT ON COLUMN kpi.indicator.decimals IS 'Decimals its values are shown with, 0 to 6.';
COMMENT ON COLUMN kpi.indicator.owner IS 'Role with whose rights the source is read.';
COMMENT ON COLUMN kpi.indicator.responsible IS 'Who answers for it, in words.';
COMMENT ON COLUMN kpi.indicator.data_source IS 'Where the data comes from, in words.';
COMMENT ON COLUMN kpi.indicator.state IS 'draft, approved or retired; a retired indicator is not collected.';
COMMENT ON COLUMN kpi.indicator.version IS 'Counts the changes of the definition, from 1.';
COMMENT ON CONSTRAINT indicator_measured ON kpi.indicator IS 'A measured indicator has a source, a time column and a numerator.';
COMMENT ON CONSTRAINT indicator_ratio ON kpi.indicator IS 'A measured indicator that rolls up as a ratio has a denominator.';
COMMENT ON CONSTRAINT indicator_inverse ON kpi.indicator IS 'target / actual makes sense only where lower is better.';

COMMENT ON TABLE kpi.target IS
'What is to be reached by a unit over a period. No two periods of one indicator and unit overlap.';
COMMENT ON COLUMN kpi.target.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.target.unit IS 'The unit.';
COMMENT ON COLUMN kpi.target.period IS 'The days it holds for, half-open and bounded.';
COMMENT ON COLUMN kpi.target.target IS 'Value to be reached over the whole period, in the unit of the indicator.';
COMMENT ON COLUMN kpi.target.baseline IS 'Where the way to the target begins, for the attainment method progress.';
COMMENT ON COLUMN kpi.target.stretch IS 'A higher aim; shown, not scored.';
COMMENT ON COLUMN kpi.target.basis IS 'What it was derived from: history, industry, capability or agreed.';
COMMENT ON COLUMN kpi.target.note IS 'Anything worth remembering about it.';
COMMENT ON CONSTRAINT target_overlap ON kpi.target IS 'A day has one target: periods of one indicator and unit do not overlap.';

COMMENT ON TABLE kpi.band_set IS
'A named, ordered set of bands that scores fall in.';
COMMENT ON COLUMN kpi.band_set.band_set IS 'Key.';
COMMENT ON COLUMN kpi.band_set.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.band_set.shipped IS 'Row of the extension itself: not edited, not dumped.';

COMMENT ON TABLE kpi.band IS
'One band of a set. A score falls in the band with the highest lower bound that it reaches.';
COMMENT ON COLUMN kpi.band.band_set IS 'The band set.';
COMMENT ON COLUMN kpi.band.code IS 'Key within the set, such as red.';
COMMENT ON COLUMN kpi.band.lower_bound IS 'Lowest score of the band, in points; NULL for the bottom one.';
COMMENT ON COLUMN kpi.band.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.band.status IS '-1 bad, 0 in between, 1 good.';
COMMENT ON COLUMN kpi.band.colour IS 'Colour as CSS writes it.';
COMMENT ON COLUMN kpi.band.coefficient IS 'Factor for pay; NULL where none is agreed.';
COMMENT ON COLUMN kpi.band.shipped IS 'Row of the extension itself: not edited, not dumped.';
COMMENT ON CONSTRAINT band_lower_bound ON kpi.band IS 'No two bands of a set begin at the same score.';

COMMENT ON TABLE kpi.scorecard IS
'A named tree of weighted indicators.';
COMMENT ON COLUMN kpi.scorecard.scorecard IS 'Key; also the key of the root node.';
COMMENT ON COLUMN kpi.scorecard.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.scorecard.grain IS 'Shortest period it is evaluated for: month, quarter or year.';
COMMENT ON COLUMN kpi.scorecard.method IS 'How the root, and groups without a rule of their own, get their score: weighted, average, worst, best, sum, majority, priority, geometric or points.';
COMMENT ON COLUMN kpi.scorecard.missing IS 'What a missing score does: renormalize, zero, null, carry or target. Nodes may differ.';
COMMENT ON COLUMN kpi.scorecard.min_coverage IS 'Share of the weight that must have a score, 0 to 1; NULL for any. Nodes may differ.';
COMMENT ON COLUMN kpi.scorecard.band_set IS 'Band set that gives the status.';

COMMENT ON TABLE kpi.scorecard_node IS
'A node of a scorecard over the days it is valid: a group, or a leaf that shows an indicator.';
COMMENT ON COLUMN kpi.scorecard_node.scorecard IS 'The scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.node IS 'Key within the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.parent IS 'The node above; NULL directly below the root.';
COMMENT ON COLUMN kpi.scorecard_node.indicator IS 'Indicator shown by a leaf; NULL for a group.';
COMMENT ON COLUMN kpi.scorecard_node.unit IS 'Unit measured where it is not the one evaluated.';
COMMENT ON COLUMN kpi.scorecard_node.perspective IS 'Perspective it is shown under; NULL for none.';
COMMENT ON COLUMN kpi.scorecard_node.name IS 'Name as people read it.';
COMMENT ON COLUMN kpi.scorecard_node.weight IS 'Weight among its siblings, on any scale; NULL shows without counting.';
COMMENT ON COLUMN kpi.scorecard_node.role IS 'What it is to the node above: part, priority, bonus, deduction, veto_zero, veto_cap, veto_grade or veto_coefficient; NULL is part.';
COMMENT ON COLUMN kpi.scorecard_node.role_limit IS 'Most points of a bonus or deduction, the score a veto_cap leaves at most, the grades a veto_grade takes (NULL is 1).';
COMMENT ON COLUMN kpi.scorecard_node.method IS 'How a group gets its score: weighted, average, worst, best, sum, majority, priority, geometric, points, or self for its own indicator; NULL for the rule of the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.missing IS 'What missing scores below it do: renormalize, zero, null, carry or target; NULL for the rule of the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.max_age IS 'Periods for which its last score is carried where the rule of the node above is carry.';
COMMENT ON COLUMN kpi.scorecard_node.min_coverage IS 'Share of the weight that must have a score, 0 to 1; NULL for the rule of the scorecard.';
COMMENT ON COLUMN kpi.scorecard_node.scale IS 'Scale used instead of that of the indicator.';
COMMENT ON COLUMN kpi.scorecard_node.floor IS 'Lowest score in points; NULL for no limit.';
COMMENT ON COLUMN kpi.scorecard_node.cap IS 'Highest score in points; NULL for no limit.';
COMMENT ON COLUMN kpi.scorecard_node.position IS 'Order among its siblings.';
COMMENT ON COLUMN kpi.scorecard_node.valid IS 'Days on which this version of the node is in force.';
COMMENT ON CONSTRAINT scorecard_node_overlap ON kpi.scorecard_node IS 'A node has one version on any day.';
COMMENT ON CONSTRAINT scorecard_node_not_root ON kpi.scorecard_node IS 'The key of the scorecard is the key of its root.';
COMMENT ON CONSTRAINT scorecard_node_limits ON kpi.scorecard_node IS 'The floor is not above the cap.';
COMMENT ON CONSTRAINT scorecard_node_role_limit ON kpi.scorecard_node IS 'A limit goes with its role.';

COMMENT ON TABLE kpi.measurement IS
'An actual: the value of an indicator for a unit in a period. No row means not measured.';
COMMENT ON COLUMN kpi.measurement.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.measurement.unit IS 'The unit.';
COMMENT ON COLUMN kpi.measurement.grain IS 'Length of the period: month, quarter or year.';
COMMENT ON COLUMN kpi.measurement.period_start IS 'First day of the period.';
COMMENT ON COLUMN kpi.measurement.numerator IS 'Value of the numerator.';
COMMENT ON COLUMN kpi.measurement.denominator IS 'Value of the denominator; NULL where there is none.';
COMMENT ON COLUMN kpi.measurement.value IS 'The actual; NULL where it is undefined.';
COMMENT ON COLUMN kpi.measurement.row_count IS 'Rows of the source that counted.';
COMMENT ON COLUMN kpi.measurement.provisional IS 'The period was not over when it was collected.';
COMMENT ON COLUMN kpi.measurement.note IS 'invalid where the source gave NaN or infinity, or anything worth remembering.';
COMMENT ON COLUMN kpi.measurement.collected_at IS 'When it was collected or last changed by collecting; NULL for a row entered by hand, which collecting never overwrites.';
COMMENT ON CONSTRAINT measurement_period_start ON kpi.measurement IS 'The day is the first one of its month, quarter or year.';

COMMENT ON TABLE kpi.run IS
'One collection.';
COMMENT ON COLUMN kpi.run.run IS 'Number.';
COMMENT ON COLUMN kpi.run.from_date IS 'First day that was asked for.';
COMMENT ON COLUMN kpi.run.to_date IS 'The day after the last one.';
COMMENT ON COLUMN kpi.run.started IS 'When it began.';
COMMENT ON COLUMN kpi.run.finished IS 'When it ended; NULL while it runs or when it was stopped.';
COMMENT ON COLUMN kpi.run.who IS 'Role that ran it.';
COMMENT ON COLUMN kpi.run.indicators IS 'How many indicators it was to collect.';
COMMENT ON COLUMN kpi.run.failed IS 'How many of them failed.';
COMMENT ON CONSTRAINT run_dates ON kpi.run IS 'A collection covers at least one day.';

COMMENT ON TABLE kpi.run_step IS
'What a collection did for one indicator.';
COMMENT ON COLUMN kpi.run_step.run IS 'The collection.';
COMMENT ON COLUMN kpi.run_step.indicator IS 'The indicator.';
COMMENT ON COLUMN kpi.run_step.started IS 'When it began.';
COMMENT ON COLUMN kpi.run_step.finished IS 'When it ended.';
COMMENT ON COLUMN kpi.run_step.state IS 'collected or failed.';
COMMENT ON COLUMN kpi.run_step.measurements IS 'Measurements of the indicator in the periods collected.';
COMMENT ON COLUMN kpi.run_step.changed IS 'How many of them are new, changed or gone.';
COMMENT ON COLUMN kpi.run_step.source_rows IS 'Rows of the source that were read.';
COMMENT ON COLUMN kpi.run_step.unassigned_rows IS 'Rows whose unit is missing or unknown.';
COMMENT ON COLUMN kpi.run_step.kept IS 'Rows entered by hand that were left alone.';
COMMENT ON COLUMN kpi.run_step.sqlstate IS 'Code of the error; NULL where none.';
COMMENT ON COLUMN kpi.run_step.error IS 'Message of the error.';
COMMENT ON COLUMN kpi.run_step.hint IS 'Hint of the error.';

COMMENT ON TABLE kpi.translation IS
'A name or word in another language. Your row goes before the shipped one.';
COMMENT ON COLUMN kpi.translation.language IS 'Language code, such as zh.';
COMMENT ON COLUMN kpi.translation.topic IS 'What the code is a key of.';
COMMENT ON COLUMN kpi.translation.code IS 'The key or word that is translated.';
COMMENT ON COLUMN kpi.translation.name IS 'The translation.';
COMMENT ON COLUMN kpi.translation.shipped IS 'Row of the extension itself: not edited, not dumped.';

COMMENT ON CONSTRAINT key_form ON DOMAIN kpi.key IS 'Keys are short and read well in a path, whose steps a slash divides.';
COMMENT ON SEQUENCE kpi.run_run_seq IS 'Numbers of collections.';

-- Shipped rows, before the triggers that keep everybody else from writing such.

INSERT INTO kpi.perspective (perspective, name, position, shipped) VALUES
	('financial', 'Financial', 10, true),
	('customer', 'Customer', 20, true),
	('process', 'Internal process', 30, true),
	('learning', 'Learning and growth', 40, true);

INSERT INTO kpi.band_set (band_set, name, shipped) VALUES ('standard', 'Red, amber, green', true);

INSERT INTO kpi.band (band_set, code, lower_bound, name, status, colour, shipped) VALUES
	('standard', 'red', NULL, 'Red', -1, '#c0392b', true),
	('standard', 'amber', 70, 'Amber', 0, '#d68910', true),
	('standard', 'green', 90, 'Green', 1, '#1e8449', true);

INSERT INTO kpi.translation (language, topic, code, name, shipped) VALUES
	('en', 'status', 'none', 'No data', true),
	('en', 'reason', 'no_actual', 'No actual', true),
	('en', 'reason', 'no_target', 'No target', true),
	('en', 'reason', 'partial_target', 'Targets cover only a part of the period', true),
	('en', 'reason', 'no_baseline', 'No baseline', true),
	('en', 'reason', 'invalid', 'Value is not a number', true),
	('en', 'reason', 'zero_target', 'Target is 0', true),
	('en', 'reason', 'sign', 'Actual or target is not positive', true),
	('en', 'reason', 'zero_span', 'Target equals baseline', true),
	('en', 'reason', 'no_data', 'No data', true),
	('en', 'reason', 'no_weight', 'No weight', true),
	('en', 'reason', 'missing_child', 'A part is missing', true),
	('en', 'reason', 'low_coverage', 'Too much is missing', true),
	('en', 'reason', 'stale', 'Value is out of date', true),
	('en', 'reason', 'veto', 'Veto', true),
	('en', 'reason', 'collection_failed', 'Collection failed', true),
	('en', 'reason', 'unassigned_rows', 'Rows without a known unit', true),
	('en', 'reason', 'never_collected', 'Never collected', true),
	('en', 'reason', 'provisional', 'Period not over', true),
	('en', 'reason', 'gap', 'Measurement missing in between', true),
	('en', 'reason', 'weight_sum', 'Weights do not sum to 1 or 100', true),
	('en', 'reason', 'without_weight', 'Shown without weight', true),
	('en', 'reason', 'without_parent', 'Node above not in force', true),
	('en', 'trend', 'improving', 'Improving', true),
	('en', 'trend', 'unchanged', 'Unchanged', true),
	('en', 'trend', 'worsening', 'Worsening', true),
	('en', 'heading', 'scorecard', 'Scorecard', true),
	('en', 'heading', 'perspective', 'Perspective', true),
	('en', 'heading', 'indicator', 'Indicator', true),
	('en', 'heading', 'unit', 'Unit', true),
	('en', 'heading', 'period', 'Period', true),
	('en', 'heading', 'actual', 'Actual', true),
	('en', 'heading', 'target', 'Target', true),
	('en', 'heading', 'baseline', 'Baseline', true),
	('en', 'heading', 'attainment', 'Attained', true),
	('en', 'heading', 'score', 'Score', true),
	('en', 'heading', 'weight', 'Weight', true),
	('en', 'heading', 'coverage', 'Coverage', true),
	('en', 'heading', 'missing', 'Missing', true),
	('en', 'heading', 'status', 'Status', true),
	('en', 'heading', 'reason', 'Reason', true),
	('en', 'heading', 'previous', 'Previous period', true),
	('en', 'heading', 'change', 'Change', true),
	('en', 'heading', 'trend', 'Trend', true),
	('en', 'heading', 'last_year', 'Last year', true),
	('en', 'heading', 'worst', 'Worst', true),
	('en', 'heading', 'next', 'Next', true);

-- in escapes, so that this script reads alike in every encoding; of those of a
-- database only UTF8 is sure to have the characters
INSERT INTO kpi.translation (language, topic, code, name, shipped)
SELECT 'zh', v.topic, v.code, pg_catalog.unistr(v.name), true
FROM (VALUES
	('perspective', 'financial', '\8D22\52A1'),
	('perspective', 'customer', '\5BA2\6237'),
	('perspective', 'process', '\5185\90E8\6D41\7A0B'),
	('perspective', 'learning', '\5B66\4E60\4E0E\6210\957F'),
	('status', 'red', '\7EA2\8272'),
	('status', 'amber', '\9EC4\8272'),
	('status', 'green', '\7EFF\8272'),
	('status', 'none', '\65E0\6570\636E'),
	('reason', 'no_actual', '\7F3A\5C11\5B9E\9645\503C'),
	('reason', 'no_target', '\7F3A\5C11\76EE\6807\503C'),
	('reason', 'partial_target', '\76EE\6807\503C\672A\8986\76D6\6574\4E2A\671F\95F4'),
	('reason', 'no_baseline', '\7F3A\5C11\57FA\51C6\503C'),
	('reason', 'invalid', '\6570\503C\65E0\6548'),
	('reason', 'zero_target', '\76EE\6807\503C\4E3A\96F6'),
	('reason', 'sign', '\5B9E\9645\503C\6216\76EE\6807\503C\4E0D\4E3A\6B63\6570'),
	('reason', 'zero_span', '\76EE\6807\503C\7B49\4E8E\57FA\51C6\503C'),
	('reason', 'no_data', '\65E0\6570\636E'),
	('reason', 'no_weight', '\65E0\6743\91CD'),
	('reason', 'missing_child', '\4E0B\7EA7\6307\6807\7F3A\5C11\5F97\5206'),
	('reason', 'low_coverage', '\6743\91CD\8986\76D6\7387\4E0D\8DB3'),
	('reason', 'stale', '\6570\636E\5DF2\8FC7\671F'),
	('reason', 'veto', '\4E00\7968\5426\51B3'),
	('reason', 'collection_failed', '\91C7\96C6\5931\8D25'),
	('reason', 'unassigned_rows', '\5B58\5728\672A\5F52\5C5E\5355\4F4D\7684\884C'),
	('reason', 'never_collected', '\4ECE\672A\91C7\96C6'),
	('reason', 'provisional', '\671F\95F4\672A\7ED3\675F'),
	('reason', 'gap', '\4E2D\95F4\671F\95F4\7F3A\5C11\6570\636E'),
	('reason', 'weight_sum', '\6743\91CD\4E4B\548C\4E0D\4E3A 1 \6216 100'),
	('reason', 'without_weight', '\672A\8BBE\6743\91CD'),
	('reason', 'without_parent', '\4E0A\7EA7\8282\70B9\672A\751F\6548'),
	('trend', 'improving', '\6539\5584'),
	('trend', 'unchanged', '\6301\5E73'),
	('trend', 'worsening', '\4E0B\6ED1'),
	('unit_of_measure', 'days', '\5929'),
	('unit_of_measure', 'hours', '\5C0F\65F6'),
	('unit_of_measure', 'minutes', '\5206\949F'),
	('unit_of_measure', 'months', '\4E2A\6708'),
	('unit_of_measure', 'points', '\5206'),
	('unit_of_measure', 'persons', '\4EBA'),
	('unit_of_measure', 'customers', '\4F4D\5BA2\6237'),
	('unit_of_measure', 'orders', '\5355'),
	('unit_of_measure', 'items', '\4EF6'),
	('unit_of_measure', 'times', '\6B21'),
	('unit_of_measure', 'GBP', '\82F1\9551'),
	('unit_of_measure', 'EUR', '\6B27\5143'),
	('unit_of_measure', 'USD', '\7F8E\5143'),
	('unit_of_measure', 'CNY', '\5143'),
	('heading', 'scorecard', '\8BB0\5206\5361'),
	('heading', 'perspective', '\7EF4\5EA6'),
	('heading', 'indicator', '\6307\6807'),
	('heading', 'unit', '\5355\4F4D'),
	('heading', 'period', '\671F\95F4'),
	('heading', 'actual', '\5B9E\9645\503C'),
	('heading', 'target', '\76EE\6807\503C'),
	('heading', 'baseline', '\57FA\51C6\503C'),
	('heading', 'attainment', '\5B8C\6210\7387'),
	('heading', 'score', '\5F97\5206'),
	('heading', 'weight', '\6743\91CD'),
	('heading', 'coverage', '\8986\76D6\7387'),
	('heading', 'missing', '\7F3A\5931'),
	('heading', 'status', '\72B6\6001'),
	('heading', 'reason', '\539F\56E0'),
	('heading', 'previous', '\4E0A\671F'),
	('heading', 'change', '\53D8\5316'),
	('heading', 'trend', '\8D8B\52BF'),
	('heading', 'last_year', '\4E0A\5E74\540C\671F'),
	('heading', 'worst', '\6700\5DEE'),
	('heading', 'next', '\4E0B\4E00\6B65')
) AS v (topic, code, name)
WHERE pg_catalog.getdatabaseencoding() OPERATOR(pg_catalog.=) 'UTF8';

-- What constraints cannot say.

-- superusers may act as anybody, also as a role that is gone
CREATE FUNCTION kpi.may_act_as(role name)
	RETURNS boolean
	LANGUAGE plpgsql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	privilege CONSTANT text := CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END;
BEGIN
	RETURN (SELECT me.rolsuper OR EXISTS
				(SELECT FROM pg_roles AS it WHERE it.rolname = role AND pg_has_role(me.oid, it.oid, privilege))
			FROM pg_roles AS me
			WHERE me.rolname = current_user);
END
$$;
COMMENT ON FUNCTION kpi.may_act_as(name) IS
'Whether the current role may act as the given one: it is that role, a member of it or a superuser. False for a role that does not exist, NULL for NULL.';

CREATE FUNCTION kpi.guard_indicator()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	same kpi.indicator := NEW;
BEGIN
	IF TG_OP <> 'INSERT' AND NOT kpi.may_act_as(OLD.owner) THEN
		PERFORM kpi.fail('42501',
			format('indicator "%s" belongs to "%s"', OLD.indicator, OLD.owner),
			format('Only members of role "%s" and superusers may change or delete it.', OLD.owner));
	END IF;
	IF TG_OP = 'DELETE' THEN
		RETURN OLD;
	END IF;
	IF NOT kpi.may_act_as(NEW.owner) THEN
		PERFORM kpi.fail('42501',
			format('you may not make "%s" the owner of indicator "%s"', NEW.owner, NEW.indicator),
			'The source is read with the rights of the owner: name yourself or a role that you are a member of.');
	END IF;
	IF TG_OP = 'UPDATE' THEN
		same.version := OLD.version;
		IF same *<> OLD THEN
			NEW.version := OLD.version + 1;
		END IF;
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi.guard_indicator() IS
'Trigger: only members of the owner write an indicator, and a changed definition gets the next version.';

CREATE TRIGGER guard_indicator
	BEFORE INSERT OR UPDATE OR DELETE ON kpi.indicator
	FOR EACH ROW EXECUTE FUNCTION kpi.guard_indicator();
COMMENT ON TRIGGER guard_indicator ON kpi.indicator IS
'Only members of the owner write an indicator, and a changed definition gets the next version.';

-- each of two sessions at once may do what is legal alone and not together
CREATE FUNCTION kpi.lock_tree(tree regclass)
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_lock_tree'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kpi.lock_tree(regclass) IS
'Lets one transaction at a time edit a table that is a tree, until it ends. Under repeatable read and serializable an error where others have changed the table meanwhile; without any right on the table an error. Nothing happens for NULL.';

CREATE FUNCTION kpi.guard_tree()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.lock_tree(TG_RELID);
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.guard_tree() IS
'Trigger: one transaction at a time edits a table that is a tree.';

CREATE TRIGGER guard_tree
	BEFORE INSERT OR DELETE OR UPDATE OF unit, parent ON kpi.unit
	FOR EACH STATEMENT EXECUTE FUNCTION kpi.guard_tree();
COMMENT ON TRIGGER guard_tree ON kpi.unit IS
'One transaction at a time edits the tree.';
CREATE TRIGGER guard_tree
	BEFORE INSERT OR DELETE OR UPDATE OF scorecard, node, parent, valid ON kpi.scorecard_node
	FOR EACH STATEMENT EXECUTE FUNCTION kpi.guard_tree();
COMMENT ON TRIGGER guard_tree ON kpi.scorecard_node IS
'One transaction at a time edits the tree.';

CREATE FUNCTION kpi.guard_unit()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	path text[] := ARRAY[NEW.unit];
	above text := NEW.parent;
	next text;
BEGIN
	IF TG_OP = 'UPDATE' AND NEW.parent = OLD.parent THEN
		RETURN NULL;
	END IF;
	WHILE above IS NOT NULL LOOP
		path := path || above;
		IF above = ANY (path[:cardinality(path) - 1]) THEN
			PERFORM kpi.fail('22023',
				format('units have a cycle: %s', array_to_string(path[array_position(path, above):], ' -> ')),
				'No unit is above itself; choose another parent.');
		END IF;
		SELECT u.parent INTO next FROM kpi.unit AS u WHERE u.unit = above;
		-- further up a statement may be renaming units still
		IF NOT FOUND AND above = NEW.parent THEN
			PERFORM kpi.fail('23503',
				format('parent "%s" of unit "%s" does not exist', NEW.parent, NEW.unit),
				'Define it first, with kpi.define_unit().');
		END IF;
		above := next;
	END LOOP;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.guard_unit() IS
'Trigger: units form a tree.';

CREATE TRIGGER guard_unit
	AFTER INSERT OR UPDATE OF parent ON kpi.unit
	FOR EACH ROW WHEN (NEW.parent IS NOT NULL)
	EXECUTE FUNCTION kpi.guard_unit();
COMMENT ON TRIGGER guard_unit ON kpi.unit IS
'Units form a tree.';

CREATE FUNCTION kpi.guard_units_below()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	below text;
BEGIN
	IF TG_OP = 'UPDATE' THEN
		UPDATE kpi.unit AS u SET parent = NEW.unit WHERE u.parent = OLD.unit AND NEW.unit <> OLD.unit;
		RETURN NULL;
	END IF;
	SELECT string_agg(u.unit, ', ' ORDER BY u.unit) INTO below FROM kpi.unit AS u WHERE u.parent = OLD.unit;
	IF below IS NOT NULL THEN
		PERFORM kpi.fail('23503',
			format('unit "%s" has units below it', OLD.unit),
			'Delete them with it, or give them another parent first.',
			format('Below it: %s.', below));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.guard_units_below() IS
'Trigger: a unit that is renamed keeps the units below it, and one that is deleted has none.';

CREATE TRIGGER guard_units_below
	AFTER DELETE OR UPDATE OF unit ON kpi.unit
	FOR EACH ROW EXECUTE FUNCTION kpi.guard_units_below();
COMMENT ON TRIGGER guard_units_below ON kpi.unit IS
'A unit that is renamed keeps the units below it, and one that is deleted has none.';

CREATE FUNCTION kpi.guard_scorecard_node()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	cycle text[];
BEGIN
	WITH RECURSIVE up (node, valid, path, closed) AS (
		SELECT NEW.parent::text, NEW.valid, ARRAY[NEW.node::text, NEW.parent::text], NEW.node = NEW.parent
		UNION ALL
		SELECT n.parent, n.valid * up.valid, up.path || n.parent::text, n.parent = ANY (up.path)
		FROM up JOIN kpi.scorecard_node AS n
			ON n.scorecard = NEW.scorecard AND n.node = up.node AND n.valid && up.valid
		WHERE NOT up.closed AND n.parent IS NOT NULL
	)
	SELECT up.path[array_position(up.path, up.node):] INTO cycle FROM up WHERE up.closed LIMIT 1;
	IF FOUND THEN
		PERFORM kpi.fail('22023',
			format('scorecard "%s" has a cycle: %s', NEW.scorecard, array_to_string(cycle, ' -> ')),
			'No node is above itself; choose another parent.');
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.guard_scorecard_node() IS
'Trigger: on any day the nodes of a scorecard have no cycle.';

CREATE TRIGGER guard_scorecard_node
	AFTER INSERT OR UPDATE OF scorecard, node, parent, valid ON kpi.scorecard_node
	FOR EACH ROW WHEN (NEW.parent IS NOT NULL)
	EXECUTE FUNCTION kpi.guard_scorecard_node();
COMMENT ON TRIGGER guard_scorecard_node ON kpi.scorecard_node IS
'On any day the nodes of a scorecard have no cycle.';

CREATE FUNCTION kpi.guard_children()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	children text;
BEGIN
	IF TG_OP = 'DELETE' OR (NEW.scorecard, NEW.node) <> (OLD.scorecard, OLD.node) THEN
		SELECT string_agg(DISTINCT n.node, ', ' ORDER BY n.node) INTO children
		FROM kpi.scorecard_node AS n
		WHERE n.scorecard = OLD.scorecard AND n.parent = OLD.node AND n.valid && OLD.valid;
	END IF;
	IF children IS NOT NULL THEN
		PERFORM kpi.fail('23503',
			format('node "%s" of scorecard "%s" has nodes below it', OLD.node, OLD.scorecard),
			'Change or delete them with it, or give them another parent first.',
			format('Below it: %s.', children));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.guard_children() IS
'Trigger: a node is neither deleted nor renamed away from above others.';

CREATE TRIGGER guard_children
	AFTER DELETE OR UPDATE OF scorecard, node ON kpi.scorecard_node
	FOR EACH ROW EXECUTE FUNCTION kpi.guard_children();
COMMENT ON TRIGGER guard_children ON kpi.scorecard_node IS
'A node is neither deleted nor renamed away from above others.';

-- shipped rows are not dumped, so a change of one would be lost
CREATE FUNCTION kpi.guard_shipped()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi.fail('23001',
		CASE
			WHEN TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND OLD.shipped
				THEN format('this row of kpi.%s belongs to the extension', TG_TABLE_NAME)
			ELSE format('a row of kpi.%s that is shipped comes with the extension only', TG_TABLE_NAME)
		END,
		CASE TG_TABLE_NAME
			WHEN 'perspective' THEN 'Add a perspective of your own with kpi.define_perspective(), or rename this one in kpi.translation.'
			WHEN 'translation' THEN 'Add a row of your own, with shipped = false: it goes before the shipped one.'
			ELSE 'Add a band set of your own and name it in kpi.define_scorecard().'
		END);
END
$$;
COMMENT ON FUNCTION kpi.guard_shipped() IS
'Trigger: shipped rows are neither changed nor deleted, and nobody adds any.';

CREATE TRIGGER guard_shipped
	BEFORE UPDATE OR DELETE ON kpi.perspective
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipped ON kpi.perspective IS
'Shipped rows are neither changed nor deleted.';
CREATE TRIGGER guard_shipping
	BEFORE INSERT OR UPDATE ON kpi.perspective
	FOR EACH ROW WHEN (NEW.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipping ON kpi.perspective IS
'Only the extension ships rows.';

CREATE TRIGGER guard_shipped
	BEFORE UPDATE OR DELETE ON kpi.band_set
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipped ON kpi.band_set IS
'Shipped rows are neither changed nor deleted.';
CREATE TRIGGER guard_shipping
	BEFORE INSERT OR UPDATE ON kpi.band_set
	FOR EACH ROW WHEN (NEW.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipping ON kpi.band_set IS
'Only the extension ships rows.';

CREATE TRIGGER guard_shipped
	BEFORE UPDATE OR DELETE ON kpi.band
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipped ON kpi.band IS
'Shipped rows are neither changed nor deleted.';
CREATE TRIGGER guard_shipping
	BEFORE INSERT OR UPDATE ON kpi.band
	FOR EACH ROW WHEN (NEW.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipping ON kpi.band IS
'Only the extension ships rows.';

CREATE TRIGGER guard_shipped
	BEFORE UPDATE OR DELETE ON kpi.translation
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipped ON kpi.translation IS
'Shipped rows are neither changed nor deleted.';
CREATE TRIGGER guard_shipping
	BEFORE INSERT OR UPDATE ON kpi.translation
	FOR EACH ROW WHEN (NEW.shipped) EXECUTE FUNCTION kpi.guard_shipped();
COMMENT ON TRIGGER guard_shipping ON kpi.translation IS
'Only the extension ships rows.';

CREATE FUNCTION kpi.guard_scale()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM kpi.band_set AS b WHERE b.band_set = NEW.band_set AND b.shipped) THEN
		PERFORM kpi.fail('23001',
			format('band set "%s" belongs to the extension', NEW.band_set),
			'Add a band set of your own and name it in kpi.define_scorecard().');
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION kpi.guard_scale() IS
'Trigger: a shipped band set keeps the bands it came with.';

CREATE TRIGGER guard_scale
	BEFORE INSERT OR UPDATE ON kpi.band
	FOR EACH ROW WHEN (NOT NEW.shipped) EXECUTE FUNCTION kpi.guard_scale();
COMMENT ON TRIGGER guard_scale ON kpi.band IS
'A shipped band set keeps the bands it came with.';

-- pg_restore with several jobs loads the tables of an extension in any order,
-- and foreign keys of an extension exist before its rows.  What is restored was
-- whole when it was dumped, so in a session that looks like that of a restore,
-- and for a superuser only, one statement goes unchecked.

CREATE FUNCTION kpi.begin_restore()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF current_setting('session_replication_role') = 'origin'
		AND (SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user)
	THEN
		PERFORM set_config('kpi_restore.statement', TG_TABLE_NAME, true);
		PERFORM set_config('session_replication_role', 'replica', true);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.begin_restore() IS
'Trigger: a superuser who restores a dump loads a table whatever the order of tables; until kpi.end_restore() nothing is checked but CHECK, unique and exclusion constraints.';

CREATE FUNCTION kpi.end_restore()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF current_setting('kpi_restore.statement', true) = TG_TABLE_NAME THEN
		PERFORM set_config('kpi_restore.statement', '', true);
		PERFORM set_config('session_replication_role', 'origin', true);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi.end_restore() IS
'Trigger: ends what kpi.begin_restore() began.';

DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['unit', 'indicator', 'target', 'band', 'scorecard', 'scorecard_node', 'measurement', 'run_step'] LOOP
		EXECUTE pg_catalog.format('CREATE TRIGGER begin_restore BEFORE INSERT ON kpi.%I
			FOR EACH STATEMENT WHEN (pg_catalog.current_setting(''check_function_bodies'') OPERATOR(pg_catalog.=) ''off''
				AND pg_catalog.current_setting(''row_security'') OPERATOR(pg_catalog.=) ''off''
				AND pg_catalog.current_setting(''search_path'') OPERATOR(pg_catalog.=) '''')
			EXECUTE FUNCTION kpi.begin_restore()', name);
		EXECUTE pg_catalog.format('CREATE TRIGGER end_restore AFTER INSERT ON kpi.%I
			FOR EACH STATEMENT WHEN (pg_catalog.current_setting(''session_replication_role'') OPERATOR(pg_catalog.=) ''replica'')
			EXECUTE FUNCTION kpi.end_restore()', name);
		EXECUTE pg_catalog.format('ALTER TABLE kpi.%I ENABLE ALWAYS TRIGGER begin_restore, ENABLE ALWAYS TRIGGER end_restore', name);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER begin_restore ON kpi.%I IS ''A restore loads the table whatever the order of tables.''', name);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER end_restore ON kpi.%I IS ''Ends what begin_restore began.''', name);
	END LOOP;
END
$$;

SELECT pg_catalog.pg_extension_config_dump('kpi.perspective', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('kpi.unit', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.indicator', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.target', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.band_set', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('kpi.band', 'WHERE NOT shipped');
SELECT pg_catalog.pg_extension_config_dump('kpi.scorecard', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.scorecard_node', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.measurement', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.run', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.run_run_seq', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.run_step', '');
SELECT pg_catalog.pg_extension_config_dump('kpi.translation', 'WHERE NOT shipped');
