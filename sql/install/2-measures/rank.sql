-- Alternatives in order: TOPSIS, grey relational grade, coupling and coordination, place among peers.

-- not STRICT: a row without values has no place, but the others have
--@ for name | last | type | says
--@ | topsis | method text DEFAULT 'vector' | text | how close a row is to the best of its partition, 0 to 1, by TOPSIS. method: vector, minmax
--@ | grey_relational | rho float8 DEFAULT 0.5 | float8 | grey relational grade of a row against the best of its partition. rho: above 0 and at most 1
CREATE FUNCTION kpi.@name@("values" float8[], directions text[] DEFAULT NULL, weights float8[] DEFAULT NULL, @last@)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_@name@' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.@name@("values" float8[], text[], float8[], @type@) IS
'Window function: @says@. '
'directions: higher (default) or lower for each column; weights: on any scale, equal by default. All rows of a '
'partition have the same of both. NULL where a value is NULL, NaN or infinite; such rows are not compared.';
--@ end

CREATE FUNCTION kpi.grey_grades(reference float8[], compared float8[], rho float8 DEFAULT 0.5,
		scaling text DEFAULT 'none')
	RETURNS float8[]
	AS 'MODULE_PATHNAME', 'kpi_grey_grades' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.grey_grades(float8[], float8[], float8, text) IS
'Grey relational grades of series, the rows of compared, against a reference of as many values. '
'scaling: none, initial (over the first value), mean (over the mean). NULL for NULL; other lengths, a NULL element '
'and a first value or mean of 0 to divide by are errors.';

CREATE TYPE kpi.coupling AS (
	coupling float8,
	development float8,
	coordination float8,
	level integer,
	label text
);
COMMENT ON TYPE kpi.coupling IS 'How well systems develop together.';
--@ for column | says
--@ | coupling | Geometric mean over mean, 0 to 1: whether all are alike.
--@ | development | Weighted mean, 0 to 1: how far they are.
--@ | coordination | Square root of their product, 0 to 1.
--@ | level | Class of coordination in steps of 0.1, from 1 to 10.
--@ | label | Name of the class, from extreme imbalance to quality coordination.
COMMENT ON COLUMN kpi.coupling.@column@ IS '@says@';
--@ end

-- not STRICT: no weights are equal ones
CREATE FUNCTION kpi.coupling_coordination(systems float8[], weights float8[] DEFAULT NULL) RETURNS kpi.coupling
	AS 'MODULE_PATHNAME', 'kpi_coupling_coordination' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.coupling_coordination(float8[], float8[]) IS
'Coupling, development and coordination of systems that are developed by shares from 0 to 1. '
'weights: on any scale, equal by default. NULL where systems is NULL or all weights are 0; a share outside 0 to 1, a '
'NULL element and lists of other lengths are errors.';

CREATE TYPE kpi.peer_place AS (
	n integer,
	rank integer,
	percent_rank float8,
	cume_dist float8,
	mid_rank float8,
	quartile integer,
	mean float8,
	deviation float8,
	median float8,
	best float8,
	z float8,
	robust_z float8,
	gap_to_median float8,
	gap_to_best float8,
	"index" float8
);
COMMENT ON TYPE kpi.peer_place IS 'Where a value stands among its peers, better ones first.';
--@ for column | says
--@ | n | Peers with a value, its own included.
--@ | rank | 1 for the best; equal values have the same.
--@ | percent_rank | Share of the other peers that are worse, 0 to 1.
--@ | cume_dist | Share of the peers that are not better, itself included.
--@ | mid_rank | Share of the peers that are worse, and of half of those that are equal.
--@ | quartile | 1 for the best quarter, 4 for the worst.
--@ | mean | Mean of the peers.
--@ | deviation | Their sample standard deviation.
--@ | median | Their median.
--@ | best | The best value.
--@ | z | Distance from the mean in standard deviations, above 0 where better; NULL where all are equal.
--@ | robust_z | Distance from the median in robust standard deviations, above 0 where better.
--@ | gap_to_median | Distance from the median, above 0 where better.
--@ | gap_to_best | Distance from the best value, 0 or below.
--@ | "index" | The value in percent of the mean; NULL where that is 0.
COMMENT ON COLUMN kpi.peer_place.@column@ IS '@says@';
--@ end

-- not STRICT: a row without a value has no place, but the others have
CREATE FUNCTION kpi.peer_position(value float8, direction text DEFAULT 'higher', min_peers float8 DEFAULT 3)
	RETURNS kpi.peer_place
	AS 'MODULE_PATHNAME', 'kpi_peer_position' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.peer_position(float8, text, float8) IS
'Window function: rank, percentile, quartile, z and gaps of a value among the rows of its partition. '
'direction: higher or lower is better; min_peers: at least 3, all but n is NULL among fewer. NULL, NaN and infinity '
'are no peers.';
