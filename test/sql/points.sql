-- Points by the rules of appraisal schemes.
\pset null '(null)'

-- add and deduct: above, at and below the target, in whole and begun units
SELECT actual, kpi.add_deduct(actual, 100, 20, 1, 2) AS linear,
	kpi.add_deduct(actual, 100, 20, 1, 2, 1, 'full') AS "full",
       kpi.add_deduct(actual, 100, 20, 1, 2, 1, 'started') AS started,
       kpi.add_deduct(actual, 100, 20, 1, 2, floor => 0, cap => 24) AS held
  FROM unnest('{85, 97, 97.5, 99.999, 100, 100.5, 103, 110, NaN, Infinity}'::numeric[]) actual;
SELECT actual, kpi.add_deduct(actual, 100, 20, 1, 2) AS linear,
	kpi.add_deduct(actual, 100, 20, 1, 2, 1, 'full') AS "full",
       kpi.add_deduct(actual, 100, 20, 1, 2, 1, 'started') AS started,
       kpi.add_deduct(actual, 100, 20, 1, 2, floor => 0, cap => 24) AS held
  FROM unnest('{85, 97, 97.5, 99.999, 100, 100.5, 103, 110, NaN, Infinity}'::float8[]) actual;
-- lower is better: negative rates; a step of another size
SELECT complaints, kpi.add_deduct(complaints, 2, 10, -1.5, 0, floor => 0, cap => 10) AS points
  FROM unnest('{0, 2, 3, 4, 12}'::numeric[]) complaints;
SELECT kpi.add_deduct(1250.0, 1000, 60, 5, 5, 100) AS linear,
	kpi.add_deduct(1250.0, 1000, 60, 5, 5, 100, 'full') AS "full",
       kpi.add_deduct(1250.0, 1000, 60, 5, 5, 100, 'started') AS started, kpi.add_deduct(1.0, 0, 0, 1, 1, 3) AS third,
       kpi.add_deduct(10.0, 0, 0, 1, 1, 0.1, 'full') AS exact_full,
       kpi.add_deduct(1e30, 0, 0, 1, 1, 1e-10, 'started') AS long;
-- float8 counts 0.3 as three tenths, numbers beyond its range are no points
SELECT kpi.add_deduct(0.3::float8, 0, 0, 1, 1, 0.1, 'full') AS "full",
	kpi.add_deduct(1.1 - 0.8::float8, 0, 0, 1, 1, 0.1, 'started') AS started,
       kpi.add_deduct(1000000.3::float8, 1000000, 0, 1, 1, 0.1, 'full') AS large,
       kpi.add_deduct(0.35::float8, 0, 0, 1, 1, 0.1, 'full') AS between,
       kpi.add_deduct(1e308::float8, -1e308, 0, 1, 1) AS beyond;
-- NULL for NULL, but for floor and cap
SELECT kpi.add_deduct(NULL::numeric, 1, 1, 1, 1) AS actual, kpi.add_deduct(1.0, NULL, 1, 1, 1) AS target,
	kpi.add_deduct(1.0, 1, NULL, 1, 1) AS base,
       kpi.add_deduct(1::float8, 1, 1, NULL, 1) AS above, kpi.add_deduct(1::float8, 1, 1, 1, NULL) AS below,
       kpi.add_deduct(1.0, 1, 1, 1, 1, NULL) AS unit, kpi.add_deduct(1.0, 1, 1, 1, 1, 1, NULL) AS counting,
       kpi.add_deduct(9.0, 1, 1, 1, 1, floor => NULL, cap => 5) AS floor,
       kpi.add_deduct(9.0, 1, 1, 1, 1, floor => 20, cap => NULL) AS cap;
SELECT kpi.add_deduct(1.0, 1, 1, 1, 1, 0);
SELECT kpi.add_deduct(1::float8, 1, 1, 1, 1, -0.5);
SELECT kpi.add_deduct(1.0, 1, 1, 1, 1, 'NaN');
SELECT kpi.add_deduct(1.0, 1, 'Infinity', 1, 1);
SELECT kpi.add_deduct(1::float8, 1, 1, 'NaN', 1);
SELECT kpi.add_deduct(1.0, 1, 1, 1, '-Infinity');
SELECT kpi.add_deduct(1.0, 1, 1, 1, 1, 1, 'half');
SELECT kpi.add_deduct(1.0, 1, 1, 1, 1, floor => 5, cap => 3);

-- efficacy: short of the lowest, on and between standards, above the best
SELECT actual, kpi.efficacy(actual, '{1, 5, 8, 11, 15}', '{0.2, 0.4, 0.6, 0.8, 1}', 20) AS exact,
       kpi.efficacy(actual::float8, '{1, 5, 8, 11, 15}', '{0.2, 0.4, 0.6, 0.8, 1}', 20) AS float
  FROM unnest('{-3, 0.5, 1, 3, 5, 6.5, 11, 12, 15, 20, NaN, Infinity, NULL}'::numeric[]) actual;
-- falling standards: lower is better
SELECT days, kpi.efficacy(days, '{30, 20, 15, 10}', '{0, 0.6, 0.8, 1}', 10) AS exact,
       kpi.efficacy(days::float8, '{30, 20, 15, 10}', '{0, 0.6, 0.8, 1}', 10) AS float
  FROM unnest('{31, 30, 25, 20, 12, 10, 5}'::numeric[]) days;
SELECT kpi.efficacy(1.5, '{1, 2}', '{0.5, 0.5}', 7) AS level, kpi.efficacy(1.5, '{1, 2}', '{0.5, 1}', 0) AS no_weight,
       kpi.efficacy(0::float8, '{-1.7e308, 1.7e308}', '{0, 1}', 10) AS wide,
       kpi.efficacy(1.0, NULL, '{1}', 1) AS "null";
SELECT kpi.efficacy(5.0, '{1, 5, 5}', '{0.2, 0.4, 0.6}', 20);
SELECT kpi.efficacy(5.0, '{1, 5, 4}', '{0.2, 0.4, 0.6}', 20);
SELECT kpi.efficacy(5::float8, '{9, 5, 7}', '{0.2, 0.4, 0.6}', 20);
SELECT kpi.efficacy(5::float8, '{9, 9}', '{0.2, 0.4}', 20);
SELECT kpi.efficacy(5.0, '{1, 5, 9}', '{0.2, 0.6, 0.4}', 20);
SELECT kpi.efficacy(5::float8, '{1, 5}', '{-0.2, 0.6}', 20);
SELECT kpi.efficacy(5.0, '{1, 5, 9}', '{0.2, 0.6}', 20);
SELECT kpi.efficacy(5.0, '{1}', '{0.2}', 20);
SELECT kpi.efficacy(5.0, '{}', '{}', 20);
SELECT kpi.efficacy(5::float8, '{{1, 5}}', '{0.2, 0.4}', 20);
SELECT kpi.efficacy(5.0, '{1, NULL, 9}', '{0.2, 0.6, 0.8}', 20);
SELECT kpi.efficacy(5::float8, '{1, 2}', '{NULL, 0.6}', 20);
SELECT kpi.efficacy(5.0, '{1, NaN}', '{0.2, 0.6}', 20);
SELECT kpi.efficacy(5::float8, '{1, Infinity}', '{0.2, 0.6}', 20);
SELECT kpi.efficacy(5.0, '{1, 5}', '{0.2, 0.6}', -1);
SELECT kpi.efficacy(5::float8, '{1, 5}', '{0.2, 0.6}', 'NaN');

-- rank points
SELECT rank, kpi.rank_points(rank, '{60, 57, 54.5, 51, 48}'::numeric[]) AS exact,
	kpi.rank_points(rank, '{60, 57, 54.5, 51, 48}'::float8[]) AS float
  FROM unnest('{1, 3, 5, 6, 2147483647, NULL}'::integer[]) rank;
SELECT kpi.rank_points(1, '[0:1]={7, 8}'::numeric[]) AS first_element;
SELECT kpi.rank_points(0, '{60, 57}'::numeric[]);
SELECT kpi.rank_points(2, '{60, NULL}'::float8[]);
SELECT kpi.rank_points(1, '{}'::numeric[]);
SELECT kpi.rank_points(1, '{NaN, 1}'::numeric[]);

-- below a limit 0, at it not
SELECT value, kpi.zero_below(value, 60) AS exact, kpi.zero_below(value::float8, 60) AS float,
       kpi.zero_below(value, NULL) AS no_limit, kpi.zero_below(value::float8, NULL) AS no_limit8
  FROM unnest('{59.99, 60.0, 75, -5, NaN, Infinity, -Infinity, NULL}'::numeric[]) value;
SELECT kpi.zero_below(5.0, 'NaN');
SELECT kpi.zero_below(5::float8, 'Infinity');

-- integers go to float8, one numeric makes it numeric
SELECT pg_typeof(kpi.add_deduct(1, 2, 3, 4, 5)) AS integers, pg_typeof(kpi.add_deduct(1.0, 2, 3, 4, 5)) AS mixed,
       pg_typeof(kpi.efficacy(1, '{1, 2}', '{0, 1}', 3)) AS efficacy, pg_typeof(kpi.zero_below(1, 2)) AS zero_below;

-- what drivers send: bigint of rank() and count(*), integers, doubles and text in lists
SELECT kpi.rank_points(2::bigint, ARRAY[100, 80, 60]) AS integers,
	kpi.rank_points(2::numeric, '{100, 80.5}') AS untyped,
	kpi.rank_points(2::smallint, ARRAY[0.1, 0.3]::float8[]) AS float8,
	kpi.rank_points(2, ARRAY[0.1, 0.3]::float4[]) AS float4,
	kpi.rank_points(4::float8, ARRAY[100, 80, 60]::bigint[]) AS beyond;
SELECT kpi.efficacy(85, ARRAY[60, 80, 100], '{0, 60, 100}', 2) AS float8,
	kpi.efficacy(85.0, ARRAY[60, 80, 100], ARRAY[0, 60, 100]::float8[], 2) AS exact;
SELECT kpi.rank_points(1.5, ARRAY[100, 80]);
SELECT kpi.rank_points('NaN', ARRAY[100, 80]);
SELECT kpi.rank_points(1e10, ARRAY[100, 80]);
SELECT kpi.rank_points(1, '{a, b}');
SELECT kpi.rank_points(1, ARRAY[date '2024-01-01']);
