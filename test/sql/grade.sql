-- Grades: bands, the registry's bands, forced distribution, sums of weights.
\pset null '(null)'

-- half-open bands, the top one without end: no hole and no overlap
SELECT score, kpi.grade(score, '{NULL, 40, 50, 70, 85}', '{E, D, C, B, A}') AS exact,
       kpi.grade(score::float8, '{NULL, 40, 50, 70, 85}', '{E, D, C, B, A}') AS float,
       kpi.grade(score, '{60, 80, 90}', '{medium, good, excellent}') AS bounded
  FROM unnest('{-10, 39.999, 40, 69.5, 70, 84.99, 85, 1000, NaN, Infinity, -Infinity, NULL}'::numeric[]) score;
SELECT kpi.grade(5.0, '{NULL}', '{all}') AS one, kpi.grade(0.7, '{0.7}', '{x}') AS exact_limit,
	kpi.grade(5.0, NULL, '{a}') AS "null";
SELECT kpi.grade(5.0, '{1, 3, 3}', '{a, b, c}');
SELECT kpi.grade(5::float8, '{3, 1}', '{a, b}');
SELECT kpi.grade(5.0, '{1, NULL}', '{a, b}');
SELECT kpi.grade(5::float8, '{NULL, NULL}', '{a, b}');
SELECT kpi.grade(5.0, '{NULL, -Infinity}', '{a, b}');
SELECT kpi.grade(5.0, '{1, 2}', '{a, NULL}');
SELECT kpi.grade(5.0, '{1, 2}', '{a}');
SELECT kpi.grade(5.0, '{}', '{}');

-- bands of the registry
INSERT INTO kpi.band_set (band_set, name) VALUES ('appraisal', 'Appraisal');
INSERT INTO kpi.band (band_set, code, lower_bound, name, status, colour, coefficient) VALUES
  ('appraisal', 'D', NULL, 'Poor', -1, 'red', 0), ('appraisal', 'C', 60, 'Medium', 0, 'amber', 0.8),
  ('appraisal', 'B', 80, 'Good', 1, 'green', 1), ('appraisal', 'A', 90, 'Excellent', 1, 'green', 1.2);
SELECT score, kpi.grade(score, 'appraisal') AS grade, kpi.grade_coefficient(score, 'appraisal') AS coefficient,
       kpi.grade(score::float8, 'appraisal') AS grade8,
       kpi.grade_coefficient(score::float8, 'appraisal') AS coefficient8,
       kpi.grade(score, 'standard') AS standard, kpi.grade_coefficient(score, 'standard') AS no_coefficient
  FROM unnest('{-1, 0, 59.999, 60, 89.5, 90, 120, NaN, Infinity, NULL}'::numeric[]) score;
-- a band tests the value, not what is shown of it
SELECT kpi.grade(89.99999999999999::float8, 'appraisal') AS below, kpi.grade(90::float8, 'appraisal') AS at;
-- every score has a band: a set without a bottom ends with the transaction
INSERT INTO kpi.band_set (band_set, name) VALUES ('half', 'Half a scale');
SELECT kpi.define_scorecard('half', band_set => 'half');
INSERT INTO kpi.band (band_set, code, lower_bound, name, status, colour)
VALUES ('half', 'ok', 60, 'OK', 1, 'green'), ('half', 'fine', 80, 'Fine', 1, 'blue');
UPDATE kpi.band SET lower_bound = 10 WHERE band_set = 'appraisal' AND lower_bound IS NULL;
DELETE FROM kpi.band WHERE band_set = 'appraisal' AND lower_bound IS NULL;
SELECT kpi.grade(5.0, 'apraisal');
SELECT kpi.grade_coefficient(5::float8, 'none');
SELECT kpi.grade(5.0, NULL) AS "null";
DELETE FROM kpi.band_set WHERE band_set = 'half';

-- forced distribution: adds up, the largest remainder first, ties by order
SELECT n, kpi.forced_distribution(n, '{0.2, 0.7, 0.1}') AS "20-70-10",
	kpi.forced_distribution(n, '{0.25, 0.25, 0.25, 0.25}') AS quarters,
       kpi.forced_distribution(n, '{0.333333333, 0.333333333, 0.333333334}') AS thirds,
       kpi.forced_distribution(n, '{0, 1}') AS all_in_one
  FROM unnest('{0, 1, 2, 3, 7, 10, 100, 2147483647}'::integer[]) n;
SELECT kpi.forced_distribution(3, '{0.3333333333, 0.3333333333, 0.3333333333}') AS short_of_one,
       kpi.forced_distribution(2147483647, '{0.5000000004, 0.5}') AS beyond_one,
       kpi.forced_distribution(NULL, '{1}') AS "null";
SELECT kpi.forced_distribution(-1, '{1}');
SELECT kpi.forced_distribution(5, '{0.2, 0.7}');
SELECT kpi.forced_distribution(5, '{1.2, -0.2}');
SELECT kpi.forced_distribution(5, '{0.5, NULL}');
SELECT kpi.forced_distribution(5, '{NaN}');
SELECT kpi.forced_distribution(5, '{}');
SELECT kpi.forced_distribution(5, '{0, 0}');
SELECT name, score, kpi.grade(row_number() OVER (ORDER BY score DESC, name)::integer, count(*) OVER ()::integer,
                                     '{0.2, 0.7, 0.1}', '{A, B, C}') AS grade
  FROM (VALUES ('Ann', 91.5), ('Bo', 88), ('Cy', 88), ('Di', 79), ('Ed', 95), ('Flo', 60), ('Gus', 88)) v(name, score)
 ORDER BY score DESC, name;
SELECT kpi.grade(1, 1, '{0.2, 0.7, 0.1}', '{A, B, C}') AS alone,
	kpi.grade(NULL, 1, '{1}', '{A}') AS "null";
SELECT kpi.grade(0, 5, '{1}', '{A}');
SELECT kpi.grade(6, 5, '{1}', '{A}');
SELECT kpi.grade(1, 5, '{0.5, 0.5}', '{A}');
SELECT kpi.grade(1, 5, '{0.5, 0.5}', '{A, NULL}');

DELETE FROM kpi.band_set WHERE band_set = 'appraisal';

-- what drivers send
SELECT kpi.grade(70, ARRAY[0, 60, 80], ARRAY['C', 'B', 'A']) AS integers,
	kpi.grade(79.95, '{0, 60, 79.95}', '{C, B, A}') AS untyped,
	kpi.grade(0.3, ARRAY[0.1, 0.3]::float8[], '{B, A}') AS float8;
SELECT kpi.forced_distribution(10::bigint, ARRAY[0.15, 0.35, 0.5]::float8[]) AS float8,
	kpi.forced_distribution(3, ARRAY[0, 1]) AS integers;
SELECT kpi.grade(row_number() OVER (), count(*) OVER (), ARRAY[0.5, 0.5], '{A, B}') AS grade
	FROM generate_series(1, 2);
SELECT kpi.forced_distribution(2.5, '{0.5, 0.5}');
