-- Period labels and grains.
SET datestyle = 'ISO, YMD';

-- what a label stands for, and back
SELECT label, kpi.period(label) AS days, kpi.period_grain(label) AS grain,
	   kpi.period_label(kpi.period_grain(label), lower(kpi.period(label))) = label AS back
FROM unnest(ARRAY['2011', '2011-H1', '2011-H2', '2011-Q1', '2011-Q4', '2011-01', '2011-11', '2011-12',
				  '2011-W01', '2011-W45', '2009-W01', '2009-W53', '2020-W53', '2011-11-05', '2012-02-29',
				  '0001', '9999', '9999-12', '9999-W52', '9999-12-31']) AS label;

-- grains around a day
SELECT grain, kpi.period_start(grain, '2011-11-05') AS start, kpi_internal.period_end(grain, '2011-11-05') AS end,
	   kpi.period_before(grain, '2011-11-05') AS before, kpi.period_label(grain, '2011-11-05') AS label
FROM unnest(ARRAY['year', 'half', 'quarter', 'month', 'week', 'day']) AS grain;
SELECT grain, kpi.period_start(grain, '2012-01-01') AS start, kpi_internal.period_end(grain, '2012-01-01') AS end,
	   kpi.period_before(grain, '2012-01-01') AS before, kpi.period_label(grain, '2012-01-01') AS label
FROM unnest(ARRAY['year', 'half', 'quarter', 'month', 'week', 'day']) AS grain;

-- months of unlike length
SELECT kpi_internal.period_end('month', '2012-02-01'), kpi.period_before('month', '2012-03-31'),
	kpi.period_before('quarter', '2012-05-31');

-- NULL, infinity, and years without a label
SELECT kpi.period(NULL) IS NULL, kpi.period_grain(NULL) IS NULL, kpi.period_start('month', NULL) IS NULL,
	   kpi.period_start('month', 'infinity') IS NULL, kpi_internal.period_end('month', '-infinity') IS NULL,
	   kpi.period_before('half', 'infinity') IS NULL, kpi.period_label('month', 'infinity') IS NULL;
SELECT kpi.period_label('year', '10000-01-01'), kpi.period_label('month', '0001-01-31 BC'),
	kpi.period_label('day', '0001-01-01');

-- every period of every grain reads back, and periods join without a hole
SELECT grain, count(*) AS periods
FROM unnest(ARRAY['year', 'half', 'quarter', 'month', 'week', 'day']) AS grain,
	 generate_series(timestamp '2007-12-25', timestamp '2021-01-10', interval '1 day') AS t (day)
WHERE kpi.period(kpi.period_label(grain, day::date))
	  IS DISTINCT FROM daterange(kpi.period_start(grain, day::date), kpi_internal.period_end(grain, day::date))
   OR NOT kpi.period(kpi.period_label(grain, day::date)) @> day::date
   OR kpi_internal.period_end(grain, kpi.period_before(grain, day::date)) <> kpi.period_start(grain, day::date)
   OR kpi.period_grain(kpi.period_label(grain, day::date)) <> grain
GROUP BY grain;

-- a day as drivers write it, with a time or a zone behind it
SELECT label, kpi.period(label), kpi.period_grain(label)
FROM unnest(ARRAY['2011-11-05 +00', '2011-11-05 00:00:00+00', '2011-11-05T23:59:59.9Z', '2011-11-05 12:00']) AS label;
SELECT kpi.period('2011-11-05 soon');
SELECT kpi.period('2011-11-05T');
SELECT kpi.period('2011-02-30 00:00');
SELECT kpi.period('2011-11 00:00');

-- what is not understood
SELECT kpi.period('2011-13');
SELECT kpi.period('2011-00');
SELECT kpi.period('0000');
SELECT kpi.period('11');
SELECT kpi.period('2011-Q5');
SELECT kpi.period('2011-H0');
SELECT kpi.period('2011-q4');
SELECT kpi.period('2010-W53');
SELECT kpi.period('2011-W00');
SELECT kpi.period('2011-02-29');
SELECT kpi.period('2011-11-31');
SELECT kpi.period('2011-1');
SELECT kpi.period(' 2011');
SELECT kpi.period('');
SELECT kpi.period(E'2011\n');
SELECT kpi.period_grain('soon');
SELECT kpi.period('20111');
SELECT kpi.period_start('fortnight', '2011-11-05');
SELECT kpi_internal.period_end('months', '2011-11-05');
SELECT kpi.period_before('', '2011-11-05');
SELECT kpi.period_label('Month', '2011-11-05');
