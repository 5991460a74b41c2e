-- The table of results.
--
-- psql variable: machine

\pset footer off
\pset border 0
SELECT :'machine' AS "measured on" \gx

SELECT concat_ws(', ', name, facts) AS "case",
	   at_most AS "at most", aim,
	   round(measured::numeric, CASE unit WHEN 'bytes' THEN 0 ELSE 3 END) AS measured,
	   round(paired::numeric, 3) AS paired,
	   round(ours::numeric, 2) AS ours, round(theirs::numeric, 2) AS theirs, unit,
	   CASE WHEN at_most IS NULL THEN ''
			WHEN measured > at_most AND coalesce(paired, measured) > at_most THEN 'MISSED'
			WHEN least(measured, paired) <= aim THEN 'aim met'
			ELSE 'held' END AS verdict
FROM bench.result ORDER BY position;
