-- What respondents answer on a scale.

--@ state | kpi | answers | 104 | plain | How often each answer from 0 to 10 was given, and how many were none of these. Made by answers(); can be stored and merged with rollup().
--@ merge | answers | answers_combine | 104 | Two states of answers() as one. | One value of several stored ones, as if their answers had been counted together. NULL for no rows.

-- not STRICT: a NULL answer is none, but the first row makes the state
--@ for weight | says
--@ | |
--@ | , weight float8 | , each weight times
CREATE FUNCTION kpi_internal.answers_accum(kpi.answers, answer float8@weight@) RETURNS kpi.answers
	AS 'MODULE_PATHNAME', 'kpi_answers_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.answers_accum(kpi.answers, answer float8@weight@) IS
'Transition of answers(): takes in an answer.';
CREATE AGGREGATE kpi.answers(answer float8@weight@) (
	SFUNC = kpi_internal.answers_accum, STYPE = kpi.answers, SSPACE = 104,
	COMBINEFUNC = kpi_internal.answers_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.answers(answer float8@weight@) IS
'Answers on a scale within 0 to 10 as a value to store and to ask@says@. A NULL is no answer; what is no whole '
'number from 0 to 10 counts as off the scale. NULL for no rows.';
--@ end

CREATE FUNCTION kpi.nps(answers kpi.answers) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_nps' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.nps(kpi.answers) IS
'Net promoter score of stored answers, -100 to 100. NULL where no answer is on the scale.';
CREATE FUNCTION kpi.nps_ci(answers kpi.answers, confidence float8 DEFAULT 0.95) RETURNS kpi.confidence_interval
	AS 'MODULE_PATHNAME', 'kpi_nps_ci' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.nps_ci(kpi.answers, float8) IS
'Net promoter score of stored answers, with its adjusted Wald interval. NULL where no answer is on the scale.';
CREATE FUNCTION kpi.csat(answers kpi.answers, scale_max float8 DEFAULT 5, boxes float8 DEFAULT 2) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_csat' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.csat(kpi.answers, float8, float8) IS
'Share of the top boxes among stored answers from 1 to scale_max. NULL where no answer is on the scale.';
CREATE FUNCTION kpi.csat_ci(answers kpi.answers, confidence float8 DEFAULT 0.95, scale_max float8 DEFAULT 5,
	boxes float8 DEFAULT 2) RETURNS kpi.confidence_interval
	AS 'MODULE_PATHNAME', 'kpi_csat_ci' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION kpi.csat_ci(kpi.answers, float8, float8, float8) IS
'Share of the top boxes among stored answers, with its Wilson interval. NULL where no answer is on the scale.';
CREATE FUNCTION kpi.ces(answers kpi.answers, scale_max float8 DEFAULT 7, direction text DEFAULT 'higher')
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_ces' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.ces(kpi.answers, float8, text) IS
'Customer effort score: mean of stored answers from 1 to scale_max, the more the less effort. direction: higher '
'where scale_max is the least effort, lower where it is the most, which is turned round. NULL where no answer is on '
'the scale.';
CREATE TYPE kpi.rating_result AS (
	mean float8,
	se float8,
	lower float8,
	upper float8,
	answers float8,
	off_scale float8
);
COMMENT ON TYPE kpi.rating_result IS 'A mean of answers, how well it is known, and of how many it is.';
COMMENT ON COLUMN kpi.rating_result.mean IS 'Mean of the answers on the scale; NULL where there is none.';
COMMENT ON COLUMN kpi.rating_result.se IS 'Its standard error; NULL below two answers.';
COMMENT ON COLUMN kpi.rating_result.lower IS 'Lower end of the interval; NULL below two answers.';
COMMENT ON COLUMN kpi.rating_result.upper IS 'Upper end of the interval; NULL below two answers.';
COMMENT ON COLUMN kpi.rating_result.answers IS 'How many answers are on the scale.';
COMMENT ON COLUMN kpi.rating_result.off_scale IS 'How many are not.';

CREATE FUNCTION kpi.mean_rating(answers kpi.answers, low float8 DEFAULT 0, high float8 DEFAULT 10,
	confidence float8 DEFAULT 0.95) RETURNS kpi.rating_result
	AS 'MODULE_PATHNAME', 'kpi_mean_rating' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION kpi.mean_rating(kpi.answers, float8, float8, float8) IS
'Mean of the stored answers from low to high, its interval by Student''s t, and how many there are. '
'answers are those on the scale, off_scale all else that is not NULL. A scale not within 0 to 10 is an error.';

--@@ In one call, on the usual scale of each.
--@ for name | says
--@ | nps | Net promoter score, -100 to 100: share of answers of 9 and 10 less share of 0 to 6
--@ | csat | Customer satisfaction: share of answers of 4 and 5 among those from 1 to 5
--@ | ces | Customer effort score: mean answer from 1 to 7, the more the less effort
CREATE FUNCTION kpi_internal.@name@_final(kpi.answers) RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_@name@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_internal.@name@_final(kpi.answers) IS
'Final function of @name@().';
CREATE AGGREGATE kpi.@name@(answer float8) (
	SFUNC = kpi_internal.answers_accum, STYPE = kpi.answers, SSPACE = 104, FINALFUNC = kpi_internal.@name@_final,
	COMBINEFUNC = kpi_internal.answers_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE kpi.@name@(float8) IS
'@says@. NULLs and answers off the scale are left out; NULL where none is left. Other scales: ask answers().';
--@ end
