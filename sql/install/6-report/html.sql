-- Report: a page for a manager, in one file that needs no other.
--
-- Each section is a function that gives its markup, or NULL where it has nothing to
-- say.  Every h2 names a topic, the line below it says what was found.

CREATE FUNCTION kpi_internal.page_style_colours()
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT ':root{--page:#fff;--ink:#1a222c;--mut:#525d6a;--green:#0a7048;--amber:#8f5300;--red:#ae1f2b;'
		'--bar:#28486e;--b3:#bcc5cf;--b2:#d9dee5;--b1:#eceff3;'
		'--pos:#5b9bc9;--neg:#c65f2e;--fr:#e79086;--fa:#f6d48f;--fg:#dff0e7;--h0:#eef3f9;--h1:#d6e3f0;--h2:#b9d0e6;'
		'--h3:#94b8db;--h4:#6ca0ce;'
		'--fan2:#dbe5f1;--fan1:#b7cbe3;--grid:#d9dee5;--link:#1f4e87}'
		'@media screen and (prefers-color-scheme:dark){:root{--page:#11161c;--ink:#e9edf2;--mut:#a9b4c0;'
		'--green:#5fcb9d;--amber:#f2b84e;--red:#ff9187;--bar:#9cc3ee;'
		'--b3:#465361;--b2:#303a45;--b1:#222a33;--pos:#6fb1de;--neg:#f0915e;--fr:#93352f;--fa:#654b14;--fg:#1c4232;'
		'--h0:#1b2733;--h1:#1f3650;--h2:#25486d;'
		'--h3:#2d5c8b;--h4:#326799;--fan2:#1f3145;--fan1:#2f4d6e;--grid:#303a45;--link:#9cc3ee}}'
		|| (SELECT string_agg(format('svg .%1$s{color:var(--%1$s)}', c), '')
			FROM unnest(CAST(
				'{ink,mut,green,amber,red,bar,b3,b2,b1,pos,neg,fr,fa,fg,h0,h1,h2,h3,h4,fan2,fan1,grid,page}'
				AS text[])) AS c)
$$;
COMMENT ON FUNCTION kpi_internal.page_style_colours() IS
'Part of kpi.report_html(): the colours of its style sheet. Those of pictures, too, in the light and in the dark.';

CREATE FUNCTION kpi_internal.page_style_text()
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT '.green{color:var(--green)}.amber{color:var(--amber)}.red{color:var(--red)}.mut{color:var(--mut)}'
		'*{box-sizing:border-box}html{background:var(--page);color:var(--ink);-webkit-text-size-adjust:100%}'
		'body{margin:0 auto;max-width:1136px;padding:24px;'
		'font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;'
		'font-variant-numeric:tabular-nums;'
		'overflow-wrap:break-word;print-color-adjust:exact;-webkit-print-color-adjust:exact}'
		':lang(zh-Hans){font-family:"PingFang SC","Microsoft YaHei","Noto Sans SC",'
		'"Noto Sans CJK SC",system-ui,sans-serif}'
		'svg{display:block;max-width:100%;height:auto;font-family:inherit;overflow:hidden}svg.mk{display:inline-block;'
		'vertical-align:-1px;max-width:none;flex:none}'
		'.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}'
		'.skip{position:absolute;left:-9999px}.skip:focus{left:24px;background:var(--page);padding:4px 8px}'
		'a{color:var(--link)}'
		'h1{font-size:30px;line-height:1.25;font-weight:650;margin:2px 0}h2{font-size:20px;line-height:1.3;'
		'font-weight:650;margin:44px 0 2px}'
		'.kick,.sub{color:var(--mut);margin:0}.sub{font-size:17px}.mast{border-bottom:2px solid var(--ink);'
		'padding-bottom:14px}'
		'nav{font-size:14px;border-bottom:1px solid var(--grid);padding:10px 0}nav ul{list-style:none;margin:0;'
		'padding:0;display:flex;flex-wrap:wrap;gap:2px 18px}nav a{text-decoration:none}'
		'nav a:hover{text-decoration:underline}'
		'.find{font-size:16px;color:var(--mut);margin:0 0 14px}.res{display:grid;'
		'grid-template-columns:minmax(0,300px) minmax(0,1fr);gap:32px;margin-top:30px;align-items:start}'
		'.big{font-size:76px;line-height:1;font-weight:700;margin:0 0 14px;white-space:nowrap}'
		'.big.long{font-size:40px}.big.long small{display:block;margin:0}.big small{font-size:19px;font-weight:400;'
		'color:var(--mut);margin-left:10px}'
		'dl{display:grid;grid-template-columns:auto 1fr;gap:2px 14px;margin:0}dt{color:var(--mut)}dd{margin:0;'
		'font-weight:600}.st{white-space:nowrap;font-weight:600}'
		'.keys{list-style:none;margin:20px 0 0;padding:0}.keys li{margin:6px 0;display:flex;gap:8px;'
		'align-items:baseline}'
$$;
COMMENT ON FUNCTION kpi_internal.page_style_text() IS
'Part of kpi.report_html(): of its style sheet the page, its texts and their heads.';

CREATE FUNCTION kpi_internal.page_style_tables()
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'table{border-collapse:collapse;width:100%;font-size:14px}caption{text-align:left;color:var(--mut);'
		'padding:6px 0;font-size:13px}'
		'th{font-weight:400;text-align:left}bdi{overflow-wrap:anywhere}td bdi,tbody th bdi{word-break:normal}'
		'thead th{font-size:13px;color:var(--mut);border-bottom:1px solid var(--ink);padding:4px 8px;'
		'vertical-align:bottom}'
		'tbody th,td{padding:5px 8px;border-bottom:1px solid var(--grid)}td.r,th.r{text-align:right;'
		'white-space:nowrap}thead th.r{white-space:normal}.nw{white-space:nowrap}'
		'tr>:first-child{padding-left:4px}tr>:last-child{padding-right:4px}.card tr.g>*{background:var(--b1);'
		'font-weight:600}.card .of{display:none}.card tbody th{min-width:150px}'
		'.card .d2 th{padding-left:14px}.card .d3 th{padding-left:28px}.card .d4 th{padding-left:42px}'
		'.card td.s{white-space:nowrap}.card td.at{white-space:normal;max-width:120px}'
		'.key{display:flex;flex-wrap:wrap;gap:4px 22px;font-size:13px;color:var(--mut);margin:10px 0 0;padding:0;'
		'list-style:none}'
		'.pic{display:grid;grid-template-columns:minmax(0,720px) minmax(0,320px);gap:48px;align-items:start}'
		'figure{margin:0}.note{font-size:14px;color:var(--mut)}.note p{margin:0 0 10px}.note b{color:var(--ink)}'
		'.n{display:none}.two{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:48px;align-items:start}'
		'.two.act{grid-template-columns:minmax(0,3fr) minmax(0,2fr)}.acts td{min-width:80px}'
		'.heat{table-layout:fixed;border-collapse:separate;border-spacing:2px}'
		'.heat td,.heat thead th,.heat tbody th{border:0;padding:4px 2px;text-align:center;font-size:13px}'
		'.heat tbody th{text-align:left;font-size:14px}.heat col.nm{width:130px}'
		'.heat .fg{background:var(--fg)}.heat .fa{background:var(--fa)}.heat .fr{background:var(--fr)}'
		'.heat .f0{background:var(--b1)}.heat td .st{color:var(--ink);font-weight:400}.heat td svg.mk{width:9px;'
		'height:9px;vertical-align:0;margin-right:3px}.heat thead th:first-child{text-align:left}'
		'.yo5,.yo6{display:none}'
		'footer{margin-top:44px;border-top:1px solid var(--grid);padding-top:12px;font-size:13px;color:var(--mut)}'
		'article+article{margin-top:64px;border-top:2px solid var(--ink);padding-top:24px}'
		-- of a unit of many words a table would be wider than the page, and of long ones it is
		'.mid td.r{white-space:normal;overflow-wrap:break-word}@media screen{section{overflow-x:auto}}'
$$;
COMMENT ON FUNCTION kpi_internal.page_style_tables() IS
'Part of kpi.report_html(): of its style sheet tables, and what stands beside each other.';

CREATE FUNCTION kpi_internal.page_style_narrow()
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT '@media screen and (max-width:1100px){.pic{grid-template-columns:minmax(0,1fr);gap:12px}}'
		'@media screen and (max-width:980px){.res{grid-template-columns:minmax(0,1fr);gap:20px}}'
		'@media screen and (max-width:959px){.card{display:block}.card thead{position:absolute;width:1px;height:1px;'
		'overflow:hidden;clip-path:inset(50%)}.card tbody{display:block}'
		'.card tr{display:grid;grid-template-columns:minmax(0,1fr) minmax(66px,auto) 112px;column-gap:8px;'
		'align-items:center;border-bottom:1px solid var(--grid);padding:8px 0}'
		'.card tbody th,.card td{border:0;padding:0 4px!important;min-width:0!important}'
		'.card tr.g{background:var(--b1)}.card tr.g>*{background:none}.card tbody th{grid-area:1/1;font-weight:600}'
		'.card td.sc{grid-area:1/2}.card td.s{grid-area:1/3;text-align:right}'
		'.card td.bl{grid-area:2/1}.card td.at{grid-area:2/2;white-space:normal}.card td.sp{grid-area:2/3;'
		'justify-self:end}.card td.ac{grid-area:3/1;text-align:left;white-space:normal;color:var(--mut);'
		'font-size:13px}.card td.ch{grid-area:3/2;font-size:13px}.card td.tg,.card td.wt{display:none}'
		'.card .of{display:inline}'
		'.card td:empty{display:none}.card tr.g td.ch{grid-area:2/2}}'
		'@media screen and (max-width:760px){body{padding:16px}.w{display:none}.n{display:block}'
		'.res,.two,.two.act{grid-template-columns:minmax(0,1fr);gap:20px}.acts thead{position:absolute;width:1px;'
		'height:1px;overflow:hidden;clip-path:inset(50%)}.acts tr{display:block;border-bottom:1px solid var(--grid);'
		'padding:6px 0}.mid.acts tbody th,.mid.acts td{display:inline-block;border:0;min-width:0;max-width:100%;'
		'padding:1px 14px 1px 0}.mid.acts tbody th{display:block;font-weight:600}.heat .o{display:none}'
		'.yo6{display:inline}.heat col.o{display:none}.heat col.nm{width:80px}.heat td{padding:4px 0;font-size:12px;'
		'white-space:nowrap}.heat tbody th{font-size:13px;overflow-wrap:anywhere}.heat td svg.mk{margin-right:2px;'
		'width:8px;height:8px}.hide{display:none}.mid tbody th,.mid td,.mid thead th{padding:5px 4px}'
		'.mid tbody th{min-width:96px}.mid td.r{white-space:normal;overflow-wrap:anywhere}'
		'.mid td.r:last-child{white-space:nowrap}}'
		'@media screen and (max-width:360px){body{padding:12px}.heat .oo,.yo6{display:none}.yo5{display:inline}'
		'.big{font-size:60px}.card tr{grid-template-columns:minmax(0,1fr) minmax(62px,auto) 110px;column-gap:4px}}'
$$;
COMMENT ON FUNCTION kpi_internal.page_style_narrow() IS
'Part of kpi.report_html(): of its style sheet what is otherwise on narrow screens.';

CREATE FUNCTION kpi_internal.page_style_paper()
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT '@page{size:A4;margin:12mm 13mm}@media print{body{padding:0;max-width:none;font-size:12px;line-height:1.4}'
		'nav,.skip{display:none}h1{font-size:24px}h2{font-size:16px;margin-top:22px}.sub{font-size:14px}'
		'.find{font-size:12.5px;margin-bottom:8px}'
		'.res{grid-template-columns:200px minmax(0,1fr);gap:20px;margin-top:14px}.res .w{display:none}'
		'.res .n{display:block}.big{font-size:52px;margin-bottom:8px}.big small{font-size:15px}.big.long{font-size:28px}'
		'.card td.r{padding:2px 3px}.card .wt{display:none}.card td.tg,.card td.ac{white-space:normal;'
		'overflow-wrap:anywhere;min-width:76px}.card td.at{min-width:52px}.acts td{min-width:60px}'
		'.keys{margin-top:8px}.keys li{margin:2px 0}.pic{grid-template-columns:minmax(0,1fr);gap:8px}'
		'.note p{margin:0 0 4px}.note{font-size:11.5px}'
		'table{font-size:11px}caption,.key{font-size:11px}thead th{font-size:10.5px;padding:2px 4px}'
		'tbody th,td{padding:2px 4px}.card tbody th{min-width:110px}.card td.bl svg{width:100px}'
		'.card td.sp svg{width:78px}.card td.sp,.card td.bl{padding:1px 4px}footer{break-before:avoid;margin-top:14px;'
		'font-size:10.5px}figure svg{margin:0 auto}'
		'thead{display:table-header-group}tr,figure,.pic,.keys li,.two{break-inside:avoid}h2,.find{break-after:avoid}'
		'section{break-inside:avoid}section.long{break-inside:auto}article+article{break-before:page;border:0;'
		'margin:0;padding:0}.heat td,.heat thead th{font-size:10.5px;padding:2px 1px}.heat col.nm{width:90px}}'
$$;
COMMENT ON FUNCTION kpi_internal.page_style_paper() IS
'Part of kpi.report_html(): of its style sheet what is otherwise on paper.';

CREATE FUNCTION kpi_internal.page_style()
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN kpi_internal.page_style_colours() || kpi_internal.page_style_text() || kpi_internal.page_style_tables()
		|| kpi_internal.page_style_narrow() || kpi_internal.page_style_paper();
COMMENT ON FUNCTION kpi_internal.page_style() IS
'Part of kpi.report_html(): its style sheet, for screens in the light and in the dark, and for A4.';

CREATE FUNCTION kpi_internal.page_signs()
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN '<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>'
		'<symbol id="m1" viewBox="0 0 12 12"><circle cx="6" cy="6" r="5" fill="currentColor"/></symbol>'
		'<symbol id="m0" viewBox="0 0 12 12"><path d="M6 .8 11.6 11H.4z" fill="currentColor"/></symbol>'
		'<symbol id="mb" viewBox="0 0 12 12"><path d="M1.4 1.4h9.2v9.2H1.4z" fill="currentColor"/></symbol>'
		'<symbol id="mn" viewBox="0 0 12 12"><circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" '
		'stroke-width="1.6"/></symbol></defs></svg>';
COMMENT ON FUNCTION kpi_internal.page_signs() IS
'Part of kpi.report_html(): the signs of statuses, as shapes. Characters differ in size.';

-- Contributions of nodes to the change, missing data apart.
CREATE TYPE kpi_internal.page_effect AS (
	node text,
	name text,
	effect numeric,
	missing boolean
);
COMMENT ON TYPE kpi_internal.page_effect IS 'What a node has done to the change of a score.';
COMMENT ON COLUMN kpi_internal.page_effect.node IS 'Key of the node.';
COMMENT ON COLUMN kpi_internal.page_effect.name IS 'Name of the node.';
COMMENT ON COLUMN kpi_internal.page_effect.effect IS 'Points.';
COMMENT ON COLUMN kpi_internal.page_effect.missing IS 'Whether data is missing that was there, or there again.';

CREATE FUNCTION kpi_internal.page_effects(scorecard text, unit text, "grain" text, period_start date)
	RETURNS SETOF kpi_internal.page_effect
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	SELECT e.node, max(e.node_name), sum(e.effect), e.cause = 'missing'
	FROM kpi.explain(scorecard, unit, period_start, "grain") AS e
	GROUP BY e.node, e.cause = 'missing';
END
$$;
COMMENT ON FUNCTION kpi_internal.page_effects(text, text, text, date) IS
'Part of kpi.report_html(): what kpi.explain() says, by node.';

CREATE TYPE kpi_internal.page_unit AS (
	unit text,
	name text,
	own boolean,
	period_start date,
	node text,
	node_name text,
	depth integer,
	place integer,
	score numeric,
	change numeric,
	status integer,
	status_word text
);
COMMENT ON TYPE kpi_internal.page_unit IS
'A score of a unit or of one directly below it, of the scorecard or of a part at its top.';
--@ for column | says
--@ | unit | Unit.
--@ | name | Its name in the reader''s language.
--@ | own | Whether it is the unit of the report.
--@ | period_start | First day of the period.
--@ | node | Key of the node.
--@ | node_name | Its name.
--@ | depth | 0 or 1.
--@ | place | Place in the tree.
--@ | score | Points.
--@ | change | Points gained since the period before.
--@ | status | 1, 0 or -1.
--@ | status_word | Its name.
COMMENT ON COLUMN kpi_internal.page_unit.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi_internal.page_units(scorecard text, unit text, "grain" text, period_start date)
	RETURNS SETOF kpi_internal.page_unit
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 100
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH member AS (
		SELECT page_units.unit AS unit
		UNION ALL
		SELECT CAST(p.unit AS text) FROM kpi.unit_parent AS p
		WHERE p.parent = page_units.unit AND p.valid && kpi_internal.period_days(page_units."grain",
			page_units.period_start)
	)
	SELECT m.unit, CAST(v.unit_name AS text), m.unit = page_units.unit, v.period_start, CAST(v.node AS text),
		CAST(v.node_name AS text),
		   v.depth, v.place, CAST(x.score AS numeric), CAST(x.score_change AS numeric), nullif(v.rag_order, 0) - 2,
			CAST(v.rag_label AS text)
	FROM member AS m
		JOIN kpi.v_scorecard AS v ON v.scorecard = page_units.scorecard AND v.unit = m.unit
			AND v.period_grain = page_units."grain"
			AND v.period_start BETWEEN coalesce(kpi_internal.period_step(page_units."grain", page_units.period_start,
				-12), '-infinity') AND page_units.period_start
			AND v.depth <= 1 AND (v.depth = 0 OR v.period_start = page_units.period_start)
		-- as kept, to be rounded once
		JOIN kpi.result AS x ON x.score_key = v.score_key;
END
$$;
COMMENT ON FUNCTION kpi_internal.page_units(text, text, text, date) IS
'Part of kpi.report_html(): stored scores of 13 periods, of a unit and those directly below it.';

CREATE FUNCTION kpi_internal.page_key_score(change numeric, score numeric, scores float8[], "grain" text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT kpi_internal.html_say(CASE sign(round(change, 1)) WHEN 1 THEN 'score_rose' WHEN -1 THEN 'score_fell'
										  ELSE 'score_same' END,
									 'points', '<b>' || kpi_internal.html_figure(abs(change)) || '</b>')
			|| CASE WHEN k.known > 2 AND 1 IN (k.below, k.above)
					THEN kpi_internal.html_say(CASE k.below WHEN 1 THEN 'lowest_of' ELSE 'highest_of' END,
											   'count', kpi_internal.period_count(CAST(k.known AS integer), "grain"))
					ELSE '' END
			|| kpi_internal.html_say('stop')
		FROM (SELECT count(s) AS known, count(*) FILTER (WHERE s <= score) AS below,
					 count(*) FILTER (WHERE s >= score) AS above
			  FROM unnest(scores) AS s) AS k);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_key_score(numeric, numeric, float8[], text) IS
'Part of kpi.report_html(): how the score has moved, and whether it was ever so low or high.';

CREATE FUNCTION kpi_internal.page_key(status integer, status_word text, sentence text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN format('<li>%s<span>%s</span></li>', kpi_internal.html_mark(status, status_word, false), sentence);
COMMENT ON FUNCTION kpi_internal.page_key(integer, text, text) IS
'Part of kpi.report_html(): a sentence with the sign of a status before it.';

-- the indicator that did most of the change
CREATE FUNCTION kpi_internal.page_key_cause(nodes kpi_internal.page_node[], effects kpi_internal.page_effect[],
											change numeric)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT kpi_internal.page_key(b.status, b.status_word, kpi_internal.html_say(
			CASE WHEN b.effect < 0 THEN 'blame' ELSE 'praise' END,
			'name', '<b>' || kpi_internal.html_name(b.name) || '</b>',
			'points', kpi_internal.html_figure(abs(b.effect)),
			'actual', kpi_internal.html_figure(b.actual, b.unit_of_measure, b.decimals), 'target', b.target))
		FROM (SELECT e.effect, n.*
			  FROM unnest(effects) AS e JOIN unnest(nodes) AS n ON n.node = e.node AND n.is_leaf
			  WHERE NOT e.missing AND n.actual IS NOT NULL AND sign(e.effect) = sign(page_key_cause.change)
			  ORDER BY abs(e.effect) DESC LIMIT 1) AS b
		WHERE round(abs(b.effect), 1) > 0);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_key_cause(kpi_internal.page_node[], kpi_internal.page_effect[], numeric) IS
'Part of kpi.report_html(): which indicator did most of the change. NULL for none.';

-- the unit that is last of those below
CREATE FUNCTION kpi_internal.page_key_unit(units kpi_internal.page_unit[], period_start date)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT kpi_internal.page_key(p.status, p.status_word, kpi_internal.html_say(
			CASE WHEN p.count > 2 THEN 'worst_unit' ELSE 'worst_unit_of_two' END,
			'name', '<b>' || kpi_internal.html_name(p.name) || '</b>', 'score', kpi_internal.html_figure(p.score),
			'low', kpi_internal.html_figure(p.low), 'high', kpi_internal.html_figure(p.high)))
		FROM (SELECT u.*, row_number() OVER (ORDER BY u.score, u.unit) AS rank, min(u.score) OVER w AS low,
					 max(u.score) OVER w AS high, count(*) OVER () AS count
			  FROM unnest(units) AS u
			  WHERE NOT u.own AND u.depth = 0 AND u.score IS NOT NULL AND u.period_start = page_key_unit.period_start
			  WINDOW w AS (ORDER BY u.score, u.unit ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)) AS p
		WHERE p.rank = 1 AND p.count > 1);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_key_unit(kpi_internal.page_unit[], date) IS
'Part of kpi.report_html(): which of the units below is last. NULL of less than two.';

CREATE FUNCTION kpi_internal.page_key_missing(nodes kpi_internal.page_node[])
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT kpi_internal.page_key(NULL, kpi.term('status', 'none', 'No data'), kpi_internal.html_say('are_missing',
			'names', string_agg('<b>' || kpi_internal.html_name(m.name) || '</b>',
								kpi_internal.html_comma() ORDER BY m.rank) FILTER (WHERE m.rank <= 3)
			|| CASE WHEN max(m.rank) > 3
					THEN kpi_internal.html_say('and_more', 'count', CAST(max(m.rank) - 3 AS text)) ELSE '' END))
		FROM (SELECT n.name, row_number() OVER (ORDER BY n.weight DESC, n.place) AS rank
			  FROM unnest(nodes) AS n WHERE n.is_leaf AND n.score IS NULL AND n.weight > 0) AS m
		HAVING count(*) > 0);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_key_missing(kpi_internal.page_node[]) IS
'Part of kpi.report_html(): what is missing. NULL for nothing.';

CREATE FUNCTION kpi_internal.page_keys(nodes kpi_internal.page_node[], effects kpi_internal.page_effect[],
									   units kpi_internal.page_unit[], "grain" text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT '<ul class="keys">' || nullif(concat(
			CASE WHEN r.change IS NOT NULL THEN format('<li><span aria-hidden="true">%s</span><span>%s</span></li>',
				CASE sign(r.change) WHEN 1 THEN '&#8593;' WHEN -1 THEN '&#8595;' ELSE '&#8594;' END,
				kpi_internal.page_key_score(r.change, r.score, r.scores, "grain")) END,
			kpi_internal.page_key_cause(nodes, effects, r.change),
			kpi_internal.page_key_unit(units, r.periods[cardinality(r.periods)]),
			kpi_internal.page_key_missing(nodes)), '') || '</ul>'
		FROM unnest(nodes) AS r WHERE r.depth = 0);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_keys(kpi_internal.page_node[], kpi_internal.page_effect[],
	kpi_internal.page_unit[], text) IS
'Part of kpi.report_html(): what is to be known first, in at most four sentences.';

CREATE FUNCTION kpi_internal.page_history(scorecard text, root kpi_internal.page_node, width integer)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT kpi.score_chart(kpi_internal.last_of((root).periods, 13), kpi_internal.last_of((root).scores, 13),
			b.names, b.limits, b.statuses, 100, width,
							   kpi.term('report', 'history', 'Score by period'),
								concat_ws(' ', kpi.term('heading', 'score', 'Score'), kpi.format_value((root).score, '', 1)))
		FROM (SELECT array_agg(kpi.term('status', d.code, d.name) ORDER BY d.lower_bound NULLS FIRST) AS names,
					 array_agg(CAST(d.lower_bound AS float8) ORDER BY d.lower_bound NULLS FIRST) AS limits,
					 array_agg(CAST(d.status AS float8) ORDER BY d.lower_bound NULLS FIRST) AS statuses
			  FROM kpi.scorecard AS c JOIN kpi.band AS d ON d.band_set = c.band_set
				WHERE c.scorecard = page_history.scorecard) AS b);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_history(text, kpi_internal.page_node, integer) IS
'Part of kpi.report_html(): the scores of 13 periods over their bands.';

CREATE FUNCTION kpi_internal.page_result(scorecard text, nodes kpi_internal.page_node[], keys text,
		"grain" text, id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT format(E'<section aria-labelledby="%1$s-result"><h2 class="vh" id="%1$s-result">%2$s</h2>\n<div '
			'class="res"><div><p class="big%9$s">%3$s<small>%4$s</small></p>\n<dl>%5$s</dl></div>\n'
			'<figure><div class="w">%6$s</div><div class="n">%7$s</div></figure></div>\n%8$s</section>\n', id,
				kpi_internal.html_word('result'), kpi_internal.html_figure(r.score), kpi_internal.html_word('of_100'),
			(SELECT string_agg(format('<dt>%s</dt><dd>%s</dd>', d.term, d.value), '' ORDER BY d.n)
			 FROM (VALUES (1, kpi_internal.html_word('status', 'heading'),
				kpi_internal.html_mark(r.status, r.status_word)),
						  (2, kpi_internal.html_word('change', 'heading'),
							CASE WHEN r.change IS NOT NULL THEN kpi_internal.html_say('since', 'change',
							kpi_internal.html_figure(r.change, '', 1, true), 'period',
							kpi_internal.html_text(kpi_internal.period_words("grain",
							r.periods[cardinality(r.periods) - 1]))) END),
						  (3, kpi_internal.html_word('last_year', 'heading'),
							CASE WHEN r.last_year_score IS NOT NULL
							THEN kpi_internal.html_figure(r.last_year_score) END),
						  (4, kpi_internal.html_word('coverage', 'heading'),
							kpi_internal.html_say('of_weight', 'share',
							kpi_internal.html_figure(coalesce(r.coverage, 0), '%', 1))),
						  (5, kpi_internal.html_word('reason', 'heading'), kpi_internal.html_text(r.reason))) AS d (n,
							term, value)
			 WHERE d.value IS NOT NULL),
			kpi_internal.page_history(scorecard, r, 720), kpi_internal.page_history(scorecard, r, 340),
				coalesce(keys, ''), CASE WHEN abs(r.score) >= 1000 THEN ' long' ELSE '' END)
		FROM unnest(nodes) AS r WHERE r.depth = 0);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_result(text, kpi_internal.page_node[], text, text, text) IS
'Part of kpi.report_html(): score, status, change, coverage, and how they came about.';

CREATE FUNCTION kpi_internal.page_card_row(node kpi_internal.page_node)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT format('<tr class="d%s%s"><th scope="row">%s</th>', least((node).depth, 4),
			CASE WHEN (node).is_leaf THEN '' ELSE ' g' END, kpi_internal.html_name((node).name))
			|| CASE WHEN (node).indicator IS NULL
				THEN '<td class="r ac"></td><td class="r tg"></td><td class="bl"></td><td class="r at"></td>' ELSE
				format('<td class="r ac">%s<span class="of"> %s</span></td><td class="r tg">%s</td><td '
					'class="bl">%s</td><td class="r at">%s</td>',
					CASE WHEN (node).actual IS NULL THEN '&#8211;'
						ELSE kpi_internal.html_figure((node).actual, (node).unit_of_measure, (node).decimals) END,
					kpi_internal.html_say('of_target', 'target', (node).target), (node).target,
					kpi.bullet(CAST((node).attainment AS float8), (node).limits,
						title => concat_ws(' ', kpi.term('heading', 'attainment', 'Attained'),
						kpi.format_value((node).attainment, '%', 1))),
					CASE WHEN (node).attainment IS NULL
						THEN kpi_internal.lower_first(kpi_internal.html_text(coalesce((node).reason, '')))
						 ELSE kpi_internal.html_figure((node).attainment, '%', 1) END) END
			|| format('<td class="r sc">%s</td><td class="r ch">%s</td><td class="r wt">%s</td><td class="sp">%s</td>'
				'<td class="s">%s</td></tr>',
				kpi_internal.html_figure((node).score), kpi_internal.html_figure((node).change, '', 1, true),
				CASE WHEN (node).weight IS NULL THEN '' ELSE kpi_internal.html_figure((node).weight, '%', 1) END,
				kpi.sparkline(kpi_internal.last_of(CASE WHEN (node).indicator IS NULL THEN (node).scores
					ELSE (node).actuals END, 13),
							  CASE WHEN (node).indicator IS NOT NULL THEN kpi_internal.last_of((node).targets, 13) END,
								title => kpi.term('heading', 'trend', 'Trend')),
				kpi_internal.html_mark((node).status, (node).status_word)));
END
$$;
COMMENT ON FUNCTION kpi_internal.page_card_row(kpi_internal.page_node) IS
'Part of kpi.report_html(): a node of the scorecard as a row of a table.';

CREATE FUNCTION kpi_internal.html_bound(bound numeric)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN kpi_internal.html_figure(bound, '', scale(trim_scale(bound)));
COMMENT ON FUNCTION kpi_internal.html_bound(numeric) IS
'Part of kpi.report_html(): the limit of a band with the decimals that it has.';

CREATE FUNCTION kpi_internal.page_legend(scorecard text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT '<ul class="key">' || string_agg(format('<li>%s %s</li>', kpi_internal.html_mark(b.status, b.word),
				CASE WHEN b.lower_bound IS NULL
					THEN coalesce(kpi_internal.html_say('below', 'score', kpi_internal.html_bound(b.upper)),
					'')
					 ELSE kpi_internal.html_say('from', 'score', kpi_internal.html_bound(b.lower_bound)) END),
						'' ORDER BY b.lower_bound DESC NULLS LAST)
			|| format('<li>%s</li><li>%s %s</li><li>%s %s</li><li>%s %s</li></ul>',
				kpi_internal.html_mark(NULL, kpi.term('status', 'none', 'No data')),
				kpi_internal.html_sample('<path class="bar" d="M0 3h30v6H0z"/>'),
					kpi_internal.lower_first(kpi_internal.html_word('attainment', 'heading')),
				kpi_internal.html_sample('<path class="ink" d="M14 0h2v12h-2z"/>'),
					kpi_internal.lower_first(kpi_internal.html_word('target', 'heading')),
				kpi_internal.html_sample('<path class="b3" d="M0 0h10v12H0z"/><path class="b2" d="M10 0h10v12H10z"/>'
					'<path class="b1" d="M20 0h10v12H20z"/>'),
				kpi_internal.html_word('bands_note'))
		FROM (SELECT d.*, kpi.term('status', d.code, d.name) AS word,
			lead(d.lower_bound) OVER (ORDER BY d.lower_bound NULLS FIRST) AS upper
			  FROM kpi.scorecard AS c JOIN kpi.band AS d ON d.band_set = c.band_set
				WHERE c.scorecard = page_legend.scorecard) AS b);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_legend(text) IS
'Part of kpi.report_html(): what the signs and shades of the scorecard mean.';

CREATE FUNCTION kpi_internal.page_card(scorecard text, nodes kpi_internal.page_node[], "grain" text, id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT replace(kpi_internal.html_section(id || '-card', kpi_internal.html_word('scorecard', 'heading'),
			kpi_internal.html_say('count_status', 'count', (SELECT CAST(count(*) AS text) FROM unnest(nodes) AS n
				WHERE n.is_leaf AND n.depth > 0), 'list',
				(SELECT string_agg(format('%s %s', s.count, kpi_internal.html_text(s.word)), kpi_internal.html_comma()
					ORDER BY s.status DESC NULLS LAST)
				 FROM (SELECT n.status, n.status_word AS word, count(*) AS count FROM unnest(nodes) AS n
					WHERE n.is_leaf AND n.depth > 0 GROUP BY n.status, n.status_word) AS s)),
			format(E'<table class="card"><thead><tr><th scope="col">%s</th><th scope="col" class="r">%s</th><th '
				'scope="col" class="r">%s</th><th scope="col">%s</th><th scope="col" class="r">%s</th>'
				'<th scope="col" class="r">%s</th><th scope="col" class="r">%s</th><th scope="col" class="r '
					'wt">%s</th><th scope="col">%s</th><th scope="col">%s</th></tr></thead>\n<tbody>%s</tbody>'
					'</table>%s',
				kpi_internal.html_word('indicator', 'heading'), kpi_internal.html_word('actual', 'heading'),
					kpi_internal.html_word('target', 'heading'), kpi_internal.html_word('attained_scale'),
				kpi_internal.html_word('of_target_share'), kpi_internal.html_word('score', 'heading'),
					kpi_internal.html_word('change', 'heading'), kpi_internal.html_word('weight', 'heading'),
				kpi_internal.period_count(13, "grain"), kpi_internal.html_word('status', 'heading'),
					string_agg(kpi_internal.page_card_row(n), E'\n' ORDER BY n.place),
				kpi_internal.page_legend(scorecard))), '<section ', '<section class="long" ')
		FROM unnest(nodes) AS n WHERE n.depth > 0
		HAVING count(*) > 0);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_card(text, kpi_internal.page_node[], text, text) IS
'Part of kpi.report_html(): the scorecard.';

CREATE FUNCTION kpi_internal.page_change_finding(effects kpi_internal.page_effect[], change numeric)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT coalesce((
			SELECT kpi_internal.html_say('largest_effect', 'name', kpi_internal.html_name(x.name),
				'effect', kpi_internal.html_figure(x.effect, '', 1, true), 'change', c.shown)
			FROM unnest(effects) AS x WHERE NOT x.missing AND sign(x.effect) = sign(page_change_finding.change)
			ORDER BY abs(x.effect) DESC LIMIT 1), kpi_internal.html_say('no_large_effect', 'change', c.shown))
		FROM (SELECT kpi_internal.html_figure(page_change_finding.change, '', 1, true) AS shown) AS c);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_change_finding(kpi_internal.page_effect[], numeric) IS
'Part of kpi.report_html(): what did most of a change.';

CREATE FUNCTION kpi_internal.page_change_note(units kpi_internal.page_unit[], period_start date, missing float8)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT concat('<p>' || kpi_internal.html_say('by_unit', 'list', (
				SELECT string_agg(format('<bdi>%s</bdi>&#160;%s', kpi_internal.html_text(u.name),
										 kpi_internal.html_figure(u.change, '', 1, true)),
								  kpi_internal.html_comma() ORDER BY u.change, u.unit)
				FROM unnest(units) AS u
				WHERE NOT u.own AND u.depth = 0 AND u.period_start = page_change_note.period_start
					AND u.change IS NOT NULL))
				|| '</p>',
			CASE WHEN page_change_note.missing <> 0 THEN '<p>' || kpi_internal.html_say('missing_note') || '</p>' END,
			'<p>' || kpi_internal.html_word('adds_up') || '</p>'));
END
$$;
COMMENT ON FUNCTION kpi_internal.page_change_note(kpi_internal.page_unit[], date, float8) IS
'Part of kpi.report_html(): the change of each unit below, and how to read the bridge.';

CREATE FUNCTION kpi_internal.page_change(nodes kpi_internal.page_node[], effects kpi_internal.page_effect[],
										 units kpi_internal.page_unit[], "grain" text, id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		WITH root AS (
			SELECT r.*, cardinality(r.periods) AS last
			FROM unnest(nodes) AS r WHERE r.depth = 0 AND r.change IS NOT NULL AND cardinality(nodes) > 2
		), e AS (
			SELECT array_agg(x.name ORDER BY x.name) FILTER (WHERE NOT x.missing) AS names,
				   array_agg(CAST(x.effect AS float8) ORDER BY x.name) FILTER (WHERE NOT x.missing) AS effects,
				   CAST(sum(x.effect) FILTER (WHERE x.missing) AS float8) AS missing, count(*) AS count
			FROM unnest(effects) AS x
		)
		SELECT kpi_internal.html_section(id || '-change', kpi_internal.html_word('what_changed'),
			kpi_internal.page_change_finding(page_change.effects, r.change),
			kpi_internal.html_picture(w.pictures[1], w.pictures[2],
				kpi_internal.page_change_note(units, r.periods[r.last], e.missing)))
		FROM root AS r CROSS JOIN e
			CROSS JOIN LATERAL (
				SELECT array_agg(kpi.bridge(e.names, e.effects, CAST(r.previous_score AS float8),
					kpi_internal.period_words("grain", r.periods[r.last - 1]),
					kpi_internal.period_words("grain", r.periods[r.last]),
					e.missing, s.width, kpi.term('report', 'what_changed', 'What changed'),
					concat(kpi.format_value(r.previous_score, '', 1), ' - ', kpi.format_value(r.score, '', 1))) ORDER BY s.width DESC) AS pictures
				FROM (VALUES (720), (340)) AS s (width)) AS w
		WHERE e.count > 0);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_change(kpi_internal.page_node[], kpi_internal.page_effect[],
	kpi_internal.page_unit[], text, text) IS
'Part of kpi.report_html(): what changed since the period before, and why.';

CREATE FUNCTION kpi_internal.page_list(nodes kpi_internal.page_node[], scored boolean, caption text, last text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT format('<table class="mid"><caption>%s</caption><thead><tr><th scope="col">%s</th><th scope="col" '
			'class="r">%s</th><th scope="col" class="r hide">%s</th><th scope="col" class="r">%s</th></tr></thead>'
			'<tbody>%s</tbody></table>',
			caption, kpi_internal.html_word('indicator', 'heading'), kpi_internal.html_word('actual', 'heading'),
				kpi_internal.html_word('target', 'heading'), last,
			string_agg(format('<tr><th scope="row">%s %s</th><td class="r">%s</td><td class="r hide">%s</td><td '
				'class="r"><b>%s</b></td></tr>', kpi_internal.html_mark(n.status, n.status_word, false),
				kpi_internal.html_name(n.name), kpi_internal.html_figure(n.actual, n.unit_of_measure, n.decimals),
					n.target, kpi_internal.html_figure(f.figure)), '' ORDER BY f.figure DESC, n.place))
		FROM unnest(nodes) AS n
			CROSS JOIN LATERAL (SELECT CASE WHEN scored THEN n.score ELSE n.lost END AS figure) AS f);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_list(kpi_internal.page_node[], boolean, text, text) IS
'Part of kpi.report_html(): some indicators with what they score, or else what they cost. The most first.';

CREATE FUNCTION kpi_internal.page_extremes(nodes kpi_internal.page_node[], id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		WITH leaf AS (
			SELECT n FROM unnest(nodes) AS n WHERE n.is_leaf AND n.depth > 0 AND n.score IS NOT NULL
		), chosen AS (
			SELECT ARRAY(SELECT l.n FROM leaf AS l WHERE round((l.n).lost, 1) > 0
						 ORDER BY (l.n).lost DESC, (l.n).place LIMIT 5) AS worst,
				ARRAY(SELECT l.n FROM leaf AS l WHERE (l.n).status = 1
					  ORDER BY (l.n).score DESC, (l.n).place LIMIT 5) AS best
		)
		SELECT kpi_internal.html_section(id || '-worst', kpi_internal.html_word('worst_and_best'),
			kpi_internal.html_say('lost_total', 'points',
				kpi_internal.html_figure((SELECT 100 - r.score FROM unnest(nodes) AS r WHERE r.depth = 0))),
			format('<div class="two"><div>%s</div><div>%s</div></div>',
				kpi_internal.page_list(c.worst, false, kpi_internal.html_word('most_lost'),
					kpi_internal.html_word('lost')),
				kpi_internal.page_list(c.best, true, kpi_internal.html_word('highest_scores'),
					kpi_internal.html_word('score', 'heading'))))
		FROM chosen AS c WHERE cardinality(c.worst) + cardinality(c.best) > 0);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_extremes(kpi_internal.page_node[], text) IS
'Part of kpi.report_html(): what costs most points, and what scores best.';

CREATE FUNCTION kpi_internal.page_missing(nodes kpi_internal.page_node[], id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT kpi_internal.html_section(id || '-missing', kpi_internal.html_word('what_is_missing'),
			CASE count(*) WHEN 0 THEN kpi_internal.html_word('nothing_missing')
				ELSE kpi_internal.html_say('missing_weight', 'count', CAST(count(*) AS text), 'share',
				kpi_internal.html_figure(sum(m.weight), '%', 1)) END,
			CASE count(*) WHEN 0 THEN ''
				ELSE format('<table class="mid"><thead><tr><th scope="col">%s</th><th scope="col" class="r">%s</th>'
				'<th scope="col" class="r hide">%s</th><th scope="col" class="r hide">%s</th><th scope="col">%s</th>'
				'</tr></thead><tbody>%s</tbody></table>',
				kpi_internal.html_word('indicator', 'heading'), kpi_internal.html_word('weight', 'heading'),
					kpi_internal.html_word('previous', 'heading'), kpi_internal.html_word('score_then'),
					kpi_internal.html_word('reason', 'heading'),
				string_agg(format('<tr><th scope="row">%s %s</th><td class="r">%s</td><td class="r hide">%s</td><td '
					'class="r hide">%s</td><td>%s</td></tr>', kpi_internal.html_mark(NULL, m.status_word, false),
					kpi_internal.html_name(m.name),
					kpi_internal.html_figure(m.weight, '%', 1),
						kpi_internal.html_figure(m.previous_actual, m.unit_of_measure, m.decimals),
						kpi_internal.html_figure(m.previous_score), kpi_internal.html_text(coalesce(m.reason, ''))), ''
						ORDER BY m.place)) END)
		FROM unnest(nodes) AS m WHERE m.is_leaf AND m.depth > 0 AND m.score IS NULL AND m.weight > 0);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_missing(kpi_internal.page_node[], text) IS
'Part of kpi.report_html(): what has no score, and why.';

-- no decimals, but one where rounding would bring a score across a band
CREATE FUNCTION kpi_internal.score_words(score numeric, limits numeric[])
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN kpi_internal.html_figure(score, '', CASE WHEN (SELECT bool_or((score >= l) <> (round(score) >= l))
		FROM unnest(limits) AS l) THEN 1 ELSE 0 END);
COMMENT ON FUNCTION kpi_internal.score_words(numeric, numeric[]) IS
'A score without decimals, but with one where rounding would bring it across a limit.';

-- month and year on two lines; the year where it begins, and with the first that a narrow page shows
CREATE FUNCTION kpi_internal.page_heat_head("grain" text, period_start date, n bigint, age bigint)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE WHEN "grain" <> 'month' THEN kpi_internal.html_text(kpi.period_label("grain", period_start))
		ELSE split_part(kpi_internal.html_word('short_months'), ' ', CAST(extract(month FROM period_start) AS integer))
			|| CASE WHEN n = 1 OR extract(month FROM period_start) = 1
					THEN format('<br>%s', extract(year FROM period_start))
					WHEN age IN (5, 6)
					THEN format('<span class="yo%s"><br>%s</span>', age, extract(year FROM period_start))
					ELSE '' END END;
COMMENT ON FUNCTION kpi_internal.page_heat_head(text, date, bigint, bigint) IS
'Part of kpi.report_html(): the head of a period. n counts those shown from the first on, age from the last.';

CREATE FUNCTION kpi_internal.page_heat_cell(cell kpi_internal.page_unit, limits numeric[], class text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE WHEN (cell).score IS NULL THEN format('<td class="f0%s">&#8211;</td>', class)
		ELSE format('<td class="%s%s">%s%s</td>',
			CASE (cell).status WHEN 1 THEN 'fg' WHEN 0 THEN 'fa' WHEN -1 THEN 'fr' ELSE 'f0' END, class,
			kpi_internal.html_mark((cell).status, (cell).status_word, false),
			kpi_internal.score_words((cell).score, limits)) END;
COMMENT ON FUNCTION kpi_internal.page_heat_cell(kpi_internal.page_unit, numeric[], text) IS
'Part of kpi.report_html(): a score and its status as a cell.';

CREATE FUNCTION kpi_internal.page_heat(units kpi_internal.page_unit[], limits numeric[], "grain" text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		WITH period AS (
			SELECT p.period_start, row_number() OVER (ORDER BY p.period_start DESC) AS age,
				   row_number() OVER (ORDER BY p.period_start) AS n
			FROM (SELECT DISTINCT u.period_start FROM unnest(units) AS u) AS p
		), age AS (
			SELECT p.*, CASE WHEN p.age > 6 THEN ' o' WHEN p.age > 5 THEN ' oo' ELSE '' END AS class,
				   kpi_internal.page_heat_head("grain", p.period_start, p.n, p.age) AS head
			FROM period AS p
		), member AS (
			SELECT u.unit, u.name, u.own,
				   min(u.score) FILTER (WHERE u.period_start = (SELECT max(p.period_start) FROM period AS p)) AS last
			FROM unnest(units) AS u WHERE u.depth = 0 GROUP BY u.unit, u.name, u.own
		), cell AS (
			SELECT m.unit, m.name, m.own, m.last,
				   string_agg(kpi_internal.page_heat_cell(u, limits, a.class), '' ORDER BY a.n) AS cells
			FROM member AS m CROSS JOIN age AS a
				LEFT JOIN unnest(units) AS u ON u.unit = m.unit AND u.period_start = a.period_start AND u.depth = 0
			GROUP BY m.unit, m.name, m.own, m.last
		)
		SELECT format('<table class="heat"><caption>%s</caption><colgroup><col class="nm">%s</colgroup><thead><tr>'
					  '<th scope="col">%s</th>%s</tr></thead><tbody>%s</tbody></table>',
			kpi_internal.html_word('by_unit_and_period'),
			(SELECT string_agg(format('<col class="x%s">', a.class), '' ORDER BY a.n) FROM age AS a),
			kpi_internal.html_word('unit', 'heading'),
			(SELECT string_agg(format('<th scope="col" class="x%s">%s</th>', a.class, a.head), '' ORDER BY a.n)
			 FROM age AS a),
			(SELECT string_agg(format(CASE WHEN c.own THEN '<tr><th scope="row"><b>%s</b></th>%s</tr>'
										   ELSE '<tr><th scope="row">%s</th>%s</tr>' END,
									  kpi_internal.html_name(c.name), c.cells),
							   E'\n' ORDER BY c.own DESC, c.last, c.unit)
			 FROM cell AS c)));
END
$$;
COMMENT ON FUNCTION kpi_internal.page_heat(kpi_internal.page_unit[], numeric[], text) IS
'Part of kpi.report_html(): scores and statuses by unit and period.';

CREATE FUNCTION kpi_internal.page_parts(units kpi_internal.page_unit[])
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		WITH now AS (
			SELECT u.* FROM unnest(units) AS u
				WHERE u.period_start = (SELECT max(p.period_start) FROM unnest(units) AS p)
		), part AS (
			SELECT n.node, min(n.place) AS place, min(n.node_name) AS name FROM now AS n WHERE n.depth = 1
				GROUP BY n.node ORDER BY 2 LIMIT 6
		), line AS (
			SELECT n.unit, n.own, n.score,
				format('<tr><th scope="row">%s</th><td class="r"><b>%s</b> %s</td><td class="r">%s</td>%s</tr>',
				kpi_internal.html_name(n.name), kpi_internal.html_figure(n.score),
				kpi_internal.html_mark(n.status, n.status_word, false),
					kpi_internal.html_figure(n.change, '', 1, true),
				(SELECT string_agg(format('<td class="r hide">%s %s</td>', kpi_internal.html_figure(x.score),
					kpi_internal.html_mark(x.status, x.status_word, false)), '' ORDER BY p.place)
				 FROM part AS p LEFT JOIN now AS x ON x.unit = n.unit AND x.node = p.node)) AS row
			FROM now AS n WHERE n.depth = 0
		)
		SELECT format('<table class="mid"><caption>%s</caption><thead><tr><th scope="col">%s</th><th scope="col" '
			'class="r">%s</th><th scope="col" class="r">%s</th>%s</tr></thead><tbody>%s</tbody></table>',
			kpi_internal.html_word('by_unit_and_part'), kpi_internal.html_word('unit', 'heading'),
				kpi_internal.html_word('score', 'heading'), kpi_internal.html_word('change', 'heading'),
			(SELECT string_agg(format('<th scope="col" class="r hide">%s</th>', kpi_internal.html_name(p.name)), ''
				ORDER BY p.place) FROM part AS p),
			(SELECT string_agg(l.row, E'\n' ORDER BY l.own, l.score NULLS LAST, l.unit) FROM line AS l)));
END
$$;
COMMENT ON FUNCTION kpi_internal.page_parts(kpi_internal.page_unit[]) IS
'Part of kpi.report_html(): scores by unit and by part of the scorecard, the worst first.';

CREATE FUNCTION kpi_internal.page_unit_section(scorecard text, units kpi_internal.page_unit[], "grain" text, id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT kpi_internal.html_section(id || '-units', kpi_internal.html_word('units'),
			kpi_internal.html_say('worst_of_units', 'name', kpi_internal.html_name(w.name), 'score',
				kpi_internal.html_figure(w.score), 'change', kpi_internal.html_figure(w.change, '', 1, true)),
			kpi_internal.page_heat(units, (SELECT array_agg(b.lower_bound) FROM kpi.scorecard AS c
				JOIN kpi.band AS b ON b.band_set = c.band_set WHERE c.scorecard = page_unit_section.scorecard),
				"grain") || E'\n' || kpi_internal.page_parts(units))
		FROM (SELECT u.* FROM unnest(units) AS u
			  WHERE NOT u.own AND u.depth = 0 AND u.score IS NOT NULL AND u.period_start = (SELECT max(p.period_start)
				FROM unnest(units) AS p)
			  ORDER BY u.score, u.unit LIMIT 1) AS w);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_unit_section(text, kpi_internal.page_unit[], text, text) IS
'Part of kpi.report_html(): the units directly below.';

-- the indicator that costs most among those whose last value is a signal
CREATE FUNCTION kpi_internal.page_signal(nodes kpi_internal.page_node[], "grain" text, id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		WITH candidate AS (
			SELECT n.*, (SELECT kpi.series(u.p, u.v) FROM unnest(n.periods, n.actuals) AS u (p, v)) AS series,
				(SELECT count(v) FROM unnest(n.actuals) AS v) AS known
			FROM unnest(nodes) AS n WHERE n.is_leaf AND n.actual IS NOT NULL AND n.lost > 0
				ORDER BY n.lost DESC, n.place LIMIT 4
		), found AS (
			SELECT c.*, x.baseline,
				(SELECT CAST(count(*) AS text) FROM kpi_internal.xmr_points(c.series, x.baseline) AS p
				WHERE p.rule = 1 AND p.period > kpi_internal.period_step("grain", c.periods[cardinality(c.periods)],
				-6)) AS outside
			FROM candidate AS c CROSS JOIN LATERAL (SELECT CASE WHEN c.known >= 18 THEN 12.0
				ELSE c.known END AS baseline) AS x
			WHERE c.known >= 6 AND (SELECT p.rule IS NOT NULL FROM kpi_internal.xmr_points(c.series, x.baseline) AS p
				ORDER BY p.period DESC LIMIT 1)
			ORDER BY c.lost DESC, c.place LIMIT 1
		)
		SELECT kpi_internal.html_section(id || '-signal',
			kpi_internal.html_say('signal', 'name', kpi_internal.html_name(f.name)),
			kpi_internal.html_say('signal_found', 'count', f.outside),
			kpi_internal.html_picture(w.wide, w.narrow,
				'<p>' || kpi_internal.html_say('limits_note', 'count',
				kpi_internal.html_figure(CAST(f.baseline AS numeric), '', 0)) || '</p><p>'
				|| kpi_internal.html_word('rules_note') || '</p>'))
		FROM found AS f
			CROSS JOIN LATERAL (SELECT f.targets[cardinality(f.targets)] AS target,
				CASE WHEN (SELECT min(v) FROM unnest(f.actuals) AS v) >= 0 THEN 0.0 END AS lowest) AS t
			CROSS JOIN LATERAL (SELECT kpi.xmr_chart(f.series, f.baseline, t.target, t.lowest, f.unit_of_measure,
				f.decimals, 720, f.name) AS wide,
									   kpi.xmr_chart(f.series, f.baseline, t.target, t.lowest, f.unit_of_measure,
										f.decimals, 340, f.name) AS narrow) AS w);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_signal(kpi_internal.page_node[], text, text) IS
'Part of kpi.report_html(): the costliest indicator whose last value is a signal, on its chart.';

-- An indicator that adds up over the year, and has the rest of it still before it.
CREATE TYPE kpi_internal.page_year AS (
	name text,
	unit_of_measure text,
	decimals integer,
	series kpi.series,
	known bigint,
	periods_left bigint,
	done float8,
	target float8,
	targets float8[],
	recent float8
);
COMMENT ON TYPE kpi_internal.page_year IS 'What a year has brought so far, for kpi.report_html().';
--@ for column | says
--@ | name | Name of the indicator.
--@ | unit_of_measure | Unit of measure in the reader''s language.
--@ | decimals | Digits after the point.
--@ | series | Its values.
--@ | known | How many of these there are.
--@ | periods_left | Periods of the year that are still to come.
--@ | done | Sum of the values of the year so far.
--@ | target | Target of the year.
--@ | targets | Targets of the periods, those to come included.
--@ | recent | Mean of the last three values.
COMMENT ON COLUMN kpi_internal.page_year.@column@ IS '@says@';
--@ end

CREATE FUNCTION kpi_internal.page_year_of(nodes kpi_internal.page_node[], unit text, "grain" text, period_start date)
	RETURNS kpi_internal.page_year
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH rest AS MATERIALIZED (
		SELECT CAST(p.period_start AS date) AS period_start
		FROM generate_series(1, 11) AS s (n)
			CROSS JOIN LATERAL kpi_internal.period_step("grain", page_year_of.period_start, s.n) AS p (period_start)
		WHERE p.period_start < date_trunc('year', page_year_of.period_start) + interval '1 year'
	), chosen AS MATERIALIZED (
		SELECT n.*, k.known
		FROM unnest(nodes) AS n
			JOIN kpi.indicator AS i ON i.indicator = n.indicator
			CROSS JOIN LATERAL (SELECT count(v) AS known FROM unnest(n.actuals) AS v) AS k
		WHERE n.is_leaf AND n.actual IS NOT NULL AND kpi_internal.target_rule(i) = 'spread' AND k.known > 2
			AND "grain" IN ('month', 'quarter') AND EXISTS (SELECT FROM rest AS r)
		ORDER BY k.known < 12, n.lost DESC NULLS LAST, n.place LIMIT 1
	), coming AS MATERIALIZED (
		SELECT count(*) AS count, array_agg(CAST((t.found).target AS float8) ORDER BY r.period_start) AS targets
		FROM chosen AS c CROSS JOIN rest AS r
			CROSS JOIN LATERAL (
				SELECT kpi_internal.target_for(c.indicator, unit, "grain", r.period_start) AS found OFFSET 0) AS t
	)
	SELECT c.name, c.unit_of_measure, c.decimals,
		(SELECT kpi.series(u.p, u.v) FROM unnest(c.periods, c.actuals) AS u (p, v)),
		   c.known, f.count, y.done,
			coalesce(CAST((t.found).target AS float8), y.target + (SELECT sum(v) FROM unnest(f.targets) AS v)),
		   c.targets || f.targets, (SELECT avg(v) FROM unnest(kpi_internal.last_of(c.actuals, 3)) AS v)
	FROM chosen AS c CROSS JOIN coming AS f
		CROSS JOIN LATERAL (
			SELECT kpi_internal.target_for(c.indicator, unit, 'year',
				page_year_of.period_start) AS found OFFSET 0) AS t
		CROSS JOIN LATERAL (
			SELECT sum(u.v) AS done, sum(u.t) AS target FROM unnest(c.periods, c.actuals, c.targets) AS u (p, v, t)
			WHERE u.p >= date_trunc('year', page_year_of.period_start)) AS y
$$;
COMMENT ON FUNCTION kpi_internal.page_year_of(kpi_internal.page_node[], text, text, date) IS
'Part of kpi.report_html(): what adds up over the year and costs most points. What has 12 values comes first.';

-- of the year: figures in the way of the indicator
CREATE FUNCTION kpi_internal.page_amount(year kpi_internal.page_year, value float8, more integer DEFAULT 0)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN kpi_internal.html_figure(CAST(value AS numeric), (year).unit_of_measure, (year).decimals + more);
COMMENT ON FUNCTION kpi_internal.page_amount(kpi_internal.page_year, float8, integer) IS
'Part of kpi.report_html(): an amount of an indicator, with so many more digits.';

CREATE FUNCTION kpi_internal.page_year_end(year kpi_internal.page_year, whole float8)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN kpi_internal.html_say(CASE WHEN (year).target > 0 THEN 'year_end' ELSE 'year_end_plain' END,
		'forecast', kpi_internal.page_amount(year, whole), 'target', kpi_internal.page_amount(year, (year).target),
		'share', kpi_internal.html_figure(CAST(whole / nullif((year).target, 0) AS numeric), '%', 1));
COMMENT ON FUNCTION kpi_internal.page_year_end(kpi_internal.page_year, float8) IS
'Part of kpi.report_html(): with what a year is likely to end.';

CREATE FUNCTION kpi_internal.page_year_note(year kpi_internal.page_year, whole float8)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN concat(
		CASE WHEN (year).target > 0 AND whole > 0
			 THEN kpi.bullet(whole / (year).target, '{}', title => kpi.term('heading', 'attainment', 'Attained')) END,
		'<p>', kpi_internal.html_say('to_date', 'done', kpi_internal.page_amount(year, (year).done)), '</p>',
		CASE WHEN (year).target > (year).done THEN concat('<p>', kpi_internal.html_say('needed',
			'needed', kpi_internal.page_amount(year, ((year).target - (year).done) / (year).periods_left, 1),
			'count', CAST((year).periods_left AS text), 'mean', kpi_internal.page_amount(year, (year).recent, 1)),
				'</p>') END);
COMMENT ON FUNCTION kpi_internal.page_year_note(kpi_internal.page_year, float8) IS
'Part of kpi.report_html(): what a year has brought so far, and what it still needs.';

CREATE FUNCTION kpi_internal.page_model_note(model_used text, note text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN kpi_internal.html_say(
		CASE WHEN note !~ 'loses to' THEN 'forecast_by' WHEN model_used = 'seasonal_naive' THEN 'fallback_to_season'
			 ELSE 'fallback_to_last' END,
		'model', kpi_internal.html_text(replace(model_used, '_', ' ')));
COMMENT ON FUNCTION kpi_internal.page_model_note(text, text) IS
'Part of kpi.report_html(): what a forecast is made by, and why it is not the model that was fitted.';

-- the year, drawn twice of one forecast
CREATE FUNCTION kpi_internal.page_forecast(year kpi_internal.page_year, id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		WITH coming AS MATERIALIZED (
			SELECT f.* FROM kpi.forecast((year).series, (year).periods_left) AS f
		), point AS (
			SELECT p.period, p.value, NULL AS forecast, NULL AS low, NULL AS high, NULL AS inner_low,
				NULL AS inner_high
			FROM kpi.points((year).series) AS p
			UNION ALL
			SELECT f.period, NULL, f.forecast, f.low, f.high, f.inner_low, f.inner_high FROM coming AS f
		), total AS (
			SELECT (year).done + sum(f.forecast) AS whole, min(f.model_used) AS model_used,
				coalesce(min(f.note), '') AS note
			FROM coming AS f HAVING count(*) > 0
		), drawn AS (
			SELECT array_agg(kpi_internal.draw_forecast(d.periods, d."values", d.forecasts, d.lows, d.highs,
				d.inner_lows,
				d.inner_highs, (year).targets, (year).unit_of_measure, (year).decimals, w.width, (year).name, NULL)
				ORDER BY w.width DESC) AS pictures
			FROM (SELECT array_agg(p.period ORDER BY p.period) AS periods,
				array_agg(p.value ORDER BY p.period) AS "values",
						 array_agg(p.forecast ORDER BY p.period) AS forecasts,
							array_agg(p.low ORDER BY p.period) AS lows,
						 array_agg(p.high ORDER BY p.period) AS highs,
							array_agg(p.inner_low ORDER BY p.period) AS inner_lows,
						 array_agg(p.inner_high ORDER BY p.period) AS inner_highs
				  FROM point AS p) AS d
				CROSS JOIN (VALUES (720), (340)) AS w (width)
		)
		SELECT kpi_internal.html_section(id || '-outlook',
			kpi_internal.html_say('outlook', 'name', kpi_internal.html_name((year).name)),
			kpi_internal.page_year_end(year, t.whole),
			kpi_internal.html_picture(d.pictures[1], d.pictures[2],
				concat(kpi_internal.page_year_note(year, t.whole), '<p>',
					kpi_internal.page_model_note(t.model_used, t.note),
					   '</p><p>', kpi_internal.html_word('outlook_note'), '</p>')))
		FROM total AS t CROSS JOIN drawn AS d);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_forecast(kpi_internal.page_year, text) IS
'Part of kpi.report_html(): the forecast of a year. NULL for none.';

CREATE FUNCTION kpi_internal.page_outlook(nodes kpi_internal.page_node[], unit text, "grain" text,
		period_start date, id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	year CONSTANT kpi_internal.page_year := kpi_internal.page_year_of(nodes, unit, "grain", period_start);
BEGIN
	IF year.known < 12 THEN
		RETURN kpi_internal.html_section(id || '-outlook',
			kpi_internal.html_say('outlook', 'name', kpi_internal.html_name(year.name)),
			kpi_internal.html_say('no_forecast', 'count', CAST(year.known AS text)),
			kpi_internal.page_year_note(year, NULL));
	END IF;
	RETURN kpi_internal.page_forecast(year, id);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_outlook(kpi_internal.page_node[], text, text, date, text) IS
'Part of kpi.report_html(): how the year is likely to end, or why nobody knows. Of what adds up and costs most points.';

CREATE FUNCTION kpi_internal.page_fishbone(nodes kpi_internal.page_node[], id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		WITH RECURSIVE root AS (
			SELECT r.* FROM unnest(nodes) AS r WHERE r.depth = 0 AND r.score IS NOT NULL
		), below (node, bone, place, name) AS (
			SELECT n.node, n.name, n.place, n.name FROM unnest(nodes) AS n WHERE n.depth = 1
			UNION ALL
			SELECT n.node, b.bone, n.place, n.name FROM below AS b JOIN unnest(nodes) AS n ON n.parent_node = b.node
		), row AS (
			SELECT b.bone, CASE WHEN n.depth > 1 THEN n.name END AS cause, n.lost, n.status, b.place, n.is_leaf,
				n.depth
			FROM below AS b JOIN unnest(nodes) AS n ON n.node = b.node WHERE n.is_leaf OR n.depth = 1
		), bone AS (
			SELECT r.bone AS name, sum(r.lost) AS lost FROM row AS r GROUP BY r.bone ORDER BY 2 DESC NULLS LAST LIMIT 1
		), given AS (
			SELECT array_agg(r.bone ORDER BY r.place) AS bones, array_agg(r.cause ORDER BY r.place) AS causes,
				array_agg(CAST(r.lost AS float8) ORDER BY r.place) AS lost,
				   array_agg(CAST(r.status AS float8) ORDER BY r.place) AS statuses,
					count(*) FILTER (WHERE r.depth = 1) AS bone_count,
					count(*) FILTER (WHERE r.cause IS NOT NULL) AS cause_count FROM row AS r
		)
		SELECT kpi_internal.html_section(id || '-lost', kpi_internal.html_word('where_lost'),
			kpi_internal.html_say('most_lost_in', 'name', kpi_internal.html_name(b.name), 'points',
				kpi_internal.html_figure(b.lost), 'total', kpi_internal.html_figure(100 - r.score)),
			kpi_internal.html_picture(w.wide, w.narrow, '<p>' || kpi_internal.html_word('fishbone_note') || '</p>'))
		FROM root AS r CROSS JOIN bone AS b CROSS JOIN given AS g
			CROSS JOIN LATERAL (SELECT kpi_internal.fill_text(kpi.term('report', 'points_lost',
				'{points} points lost'),
				jsonb_build_object('points', kpi.format_value(100 - r.score, '', 1))) AS caption) AS c
			CROSS JOIN LATERAL (SELECT kpi.fishbone(kpi.term('heading', 'score', 'Score'), CAST(r.score AS float8),
				g.bones, g.causes, g.lost, g.statuses, c.caption, width => 720,
				title => kpi.term('report', 'where_lost', 'Where the points are lost')) AS wide,
									   kpi.fishbone(kpi.term('heading', 'score', 'Score'), CAST(r.score AS float8),
										g.bones, g.causes, g.lost, g.statuses, c.caption, width => 340,
										title => kpi.term('report', 'where_lost',
										'Where the points are lost')) AS narrow) AS w
		WHERE g.bone_count > 1 AND g.cause_count > 1 AND r.score < 100);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_fishbone(kpi_internal.page_node[], text) IS
'Part of kpi.report_html(): where the points are lost, as a fishbone of the scorecard.';

-- a lane for each perspective, those without one last; of several indicators the score is their weighted mean
CREATE FUNCTION kpi_internal.page_objectives(nodes kpi_internal.page_node[], days daterange)
	RETURNS TABLE (objective text, name text, lane text, place bigint, score float8, status integer)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH leaf AS (
		SELECT n.* FROM unnest(nodes) AS n WHERE n.is_leaf AND n.indicator IS NOT NULL
	)
	SELECT CAST(o.objective AS text), kpi.term('objective', o.objective, o.name),
		coalesce(kpi.term('perspective', o.perspective, p.name), ''),
		row_number() OVER (ORDER BY p.position, o.position, o.objective),
		CAST(sum(l.score * l.weight) / nullif(sum(l.weight) FILTER (WHERE l.score IS NOT NULL), 0) AS float8),
		min(l.status)
	FROM kpi.objective AS o
		JOIN kpi.objective_indicator AS i ON i.objective = o.objective
		JOIN leaf AS l ON l.indicator = i.indicator
		LEFT JOIN kpi.perspective AS p ON p.perspective = o.perspective
	WHERE o.valid && days
	GROUP BY o.objective, o.name, o.perspective, p.name, p.position, o.position;
END
$$;
COMMENT ON FUNCTION kpi_internal.page_objectives(kpi_internal.page_node[], daterange) IS
'Part of kpi.report_html(): the objectives of these days that are measured, in the order of a map. With the worst status of '
'these.';

CREATE FUNCTION kpi_internal.page_strategy(nodes kpi_internal.page_node[], days daterange, id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		WITH objective AS MATERIALIZED (
			SELECT o.* FROM kpi_internal.page_objectives(nodes, days) AS o
		), given AS (
			SELECT array_agg(o.objective ORDER BY o.place) AS keys, array_agg(o.lane ORDER BY o.place) AS lanes,
				array_agg(o.name ORDER BY o.place) AS names, array_agg(o.score ORDER BY o.place) AS scores,
				array_agg(CAST(o.status AS float8) ORDER BY o.place) AS statuses,
				count(*) AS count, count(*) FILTER (WHERE o.status = 1) AS good
			FROM objective AS o
		), link AS (
			SELECT array_agg(CAST(k.cause AS text) ORDER BY k.cause, k.effect) AS causes,
				array_agg(CAST(k.effect AS text) ORDER BY k.cause, k.effect) AS effects
			FROM kpi.objective_link AS k
			WHERE k.cause IN (SELECT o.objective FROM objective AS o)
				AND k.effect IN (SELECT o.objective FROM objective AS o)
		)
		SELECT kpi_internal.html_section(id || '-strategy', kpi_internal.html_word('strategy'),
			kpi_internal.html_say('strategy_found', 'count', CAST(g.count AS text), 'good', CAST(g.good AS text)),
			kpi_internal.html_picture(w.wide, w.narrow, '<p>' || kpi_internal.html_word('strategy_note') || '</p>'))
		FROM given AS g CROSS JOIN link AS k
			CROSS JOIN LATERAL (SELECT kpi.term('report', 'strategy', 'Strategy') AS title) AS t
			CROSS JOIN LATERAL (
				SELECT kpi.strategy_map(g.keys, g.lanes, g.names, g.scores, g.statuses, k.causes, k.effects, 720,
					t.title) AS wide,
					   kpi.strategy_map(g.keys, g.lanes, g.names, g.scores, g.statuses, k.causes, k.effects, 340,
						t.title) AS narrow) AS w
		WHERE g.count > 1);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_strategy(kpi_internal.page_node[], daterange, text) IS
'Part of kpi.report_html(): the objectives that the indicators measure, and what helps what. Those of the days.';

-- of an action: what it is to move, and by how much
CREATE FUNCTION kpi_internal.page_expected(action kpi.action, nodes kpi_internal.page_node[])
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT coalesce((
			SELECT kpi_internal.html_name(n.name)
				|| coalesce(' ' || CASE WHEN (action).expected IS NULL THEN NULL
					-- a rate that is to rise from 2 % to 3 % gains a point, not 1 %
					WHEN n.unit_of_measure = '%' THEN kpi_internal.html_figure((action).expected * 100,
						kpi.term('unit_of_measure', 'pp', 'pp'), n.decimals, true)
					ELSE kpi_internal.html_figure((action).expected, n.unit_of_measure, n.decimals, true) END, '')
			FROM unnest(nodes) AS n WHERE n.indicator = (action).indicator ORDER BY n.place LIMIT 1), (
			SELECT kpi_internal.html_name(kpi.term('objective', o.objective, o.name))
			FROM kpi.objective AS o WHERE o.objective = (action).objective), ''));
END
$$;
COMMENT ON FUNCTION kpi_internal.page_expected(kpi.action, kpi_internal.page_node[]) IS
'Part of kpi.report_html(): what an action is to move, and by how much.';

-- open actions about what the scorecard shows, and those about nothing in particular
CREATE FUNCTION kpi_internal.page_actions(nodes kpi_internal.page_node[], units text[])
	RETURNS TABLE (count bigint, overdue bigint, listed text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH open AS (
		SELECT a, a.action, a.due, a.due < current_date AS late
		FROM kpi.action AS a
		WHERE a.unit = ANY (units) AND a.state NOT IN ('done', 'dropped')
			AND (a.indicator IS NULL OR a.indicator IN (SELECT n.indicator FROM unnest(nodes) AS n))
	), line AS (
		SELECT count(*) OVER () AS count, count(*) FILTER (WHERE o.late) OVER () AS overdue, o.*
		FROM open AS o ORDER BY o.due, o.action LIMIT 12
	)
	SELECT max(l.count), max(l.overdue), kpi_internal.html_table('mid acts', kpi_internal.html_word('actions_open'),
		ARRAY[kpi_internal.html_word('action'), kpi_internal.html_word('who'), kpi_internal.html_word('due_by'),
			  kpi_internal.html_word('expected'), kpi_internal.html_word('status', 'heading')],
		string_agg(kpi_internal.html_row(ARRAY[kpi_internal.html_name(kpi.term('action', (l.a).action, (l.a).name)),
			coalesce(kpi_internal.html_name((l.a).responsible), '&#8211;'),
			format('<span class="nw">%s</span>', to_char(l.due, 'YYYY-MM-DD')), kpi_internal.page_expected(l.a, nodes),
			kpi_internal.html_word('state_' || (l.a).state)
				|| CASE WHEN l.late THEN format(' <b class="red">%s</b>', kpi_internal.html_word('overdue'))
					ELSE '' END]),
			'' ORDER BY l.due, l.action))
	FROM line AS l HAVING count(*) > 0;
END
$$;
COMMENT ON FUNCTION kpi_internal.page_actions(kpi_internal.page_node[], text[]) IS
'Part of kpi.report_html(): actions that are open, at most 12 of them.';

-- values that are missing and somebody is to enter, judge or approve
CREATE FUNCTION kpi_internal.page_tasks(nodes kpi_internal.page_node[], units text[], period_end date)
	RETURNS TABLE (count bigint, overdue bigint, listed text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH task AS (
		SELECT d.task_label, d.indicator_name, d.due_on, d.is_overdue, count(DISTINCT d.unit) AS count,
			CASE count(*) WHEN 1 THEN min(coalesce(d.rater, d.unit_name)) ELSE min(d.unit_name) END AS who
		FROM kpi.v_due AS d
		WHERE d.indicator = ANY (ARRAY(SELECT n.indicator FROM unnest(nodes) AS n
									   WHERE n.indicator IS NOT NULL AND n.actual IS NULL))
			AND d.unit = ANY (units) AND d.period_end <= page_tasks.period_end
		GROUP BY d.task, d.task_label, d.indicator_name, d.due_on, d.is_overdue
	), line AS (
		SELECT count(*) OVER () AS tasks, sum(t.is_overdue) OVER () AS overdue, t.*
		FROM task AS t ORDER BY t.due_on, t.indicator_name LIMIT 12
	)
	SELECT max(l.tasks), max(l.overdue), kpi_internal.html_table('mid', kpi_internal.html_word('values_due'),
		ARRAY[kpi_internal.html_word('what'), kpi_internal.html_word('whom'), kpi_internal.html_word('due_by'),
			  kpi_internal.html_word('status', 'heading')],
		string_agg(kpi_internal.html_row(ARRAY[
			format('%s: %s', kpi_internal.html_text(l.task_label), kpi_internal.html_name(l.indicator_name)),
			CASE l.count WHEN 1 THEN kpi_internal.html_name(l.who)
				 ELSE '<span class="nw">' || kpi_internal.html_say('count_units', 'count', CAST(l.count AS text))
					|| '</span>' END,
			format('<span class="nw">%s</span>', to_char(l.due_on, 'YYYY-MM-DD')),
			CASE l.is_overdue WHEN 1 THEN format('<b class="red">%s</b>', kpi_internal.html_word('overdue'))
				ELSE kpi_internal.html_word('open') END]),
			'' ORDER BY l.due_on, l.indicator_name))
	FROM line AS l HAVING count(*) > 0;
END
$$;
COMMENT ON FUNCTION kpi_internal.page_tasks(kpi_internal.page_node[], text[], date) IS
'Part of kpi.report_html(): what people have to do for what is missing, at most 12 tasks.';

CREATE FUNCTION kpi_internal.page_due(nodes kpi_internal.page_node[], units text[], period_end date, id text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT kpi_internal.html_section(id || '-due', kpi_internal.html_word('what_is_due'),
		concat(kpi_internal.html_say('actions_found', 'count', CAST(a.count AS text), 'overdue',
			CAST(a.overdue AS text)),
				  kpi_internal.html_say('due_count', 'count', CAST(t.count AS text), 'overdue',
					CAST(t.overdue AS text))),
		CASE WHEN a.count > 0 AND t.count > 0
			 THEN format('<div class="two act"><div>%s</div><div>%s</div></div>', a.listed, t.listed)
			 ELSE concat(a.listed, t.listed) END)
	FROM kpi_internal.page_actions(nodes, units) AS a
		FULL JOIN kpi_internal.page_tasks(nodes, units, period_end) AS t ON true
$$;
COMMENT ON FUNCTION kpi_internal.page_due(kpi_internal.page_node[], text[], date, text) IS
'Part of kpi.report_html(): open actions, and what people have to do for what is missing.';

-- risks whose trigger is reached
CREATE FUNCTION kpi_internal.page_risks(nodes kpi_internal.page_node[], units text[], period_end date, id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT kpi_internal.html_section(id || '-risks', kpi_internal.html_word('risks'),
			kpi_internal.html_say('risks_found', 'count', CAST(count(*) AS text)),
			'<ul>' || string_agg('<li>' || kpi_internal.html_say('risk_found', 'risk',
				'<b>' || kpi_internal.html_name(r.risk_name) || '</b>',
				'indicator', kpi_internal.html_name(n.name), 'actual',
					kpi_internal.html_figure(r.actual, n.unit_of_measure, n.decimals),
				'trigger', kpi_internal.html_figure(r.trigger_value, n.unit_of_measure, n.decimals))
				|| coalesce(kpi_internal.html_say('risk_action', 'action', kpi_internal.html_name((
					SELECT kpi.term('action', a.action, a.name) FROM kpi.action AS a WHERE a.action = r.action))),
					kpi_internal.html_word('risk_no_action')) || '</li>', '' ORDER BY r.n) || '</ul>')
		FROM kpi.risks(page_risks.period_end - 1) WITH ORDINALITY
				AS r (risk, risk_name, unit, indicator, period_label, actual, trigger_value, is_triggered,
					expected_loss, action, action_state, n)
			CROSS JOIN LATERAL (SELECT * FROM unnest(nodes) AS m WHERE m.indicator = r.indicator
				ORDER BY m.place LIMIT 1) AS n
		WHERE r.is_triggered AND r.unit = ANY (units)
		HAVING count(*) > 0);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_risks(kpi_internal.page_node[], text[], date, text) IS
'Part of kpi.report_html(): risks that have come true by the end of the period. With what is done about them.';

-- remarks on the period, each followed by its answers, of whatever period these are
CREATE FUNCTION kpi_internal.page_thread(scorecard text, unit text, "grain" text, period_start date,
		nodes kpi_internal.page_node[])
	RETURNS TABLE (remark kpi.remark, about text, path bigint[])
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH RECURSIVE said (remark, about, path) AS (
		SELECT m, coalesce(n.name, kpi.term('action', a.action, a.name)), ARRAY[m.remark]
		FROM kpi.remark AS m
			LEFT JOIN LATERAL (SELECT * FROM unnest(nodes) AS x
				WHERE x.node = m.node OR m.node IS NULL AND x.indicator = m.indicator
							   ORDER BY x.place LIMIT 1) AS n ON true
			LEFT JOIN kpi.action AS a ON a.action = m.action
		WHERE m.unit = page_thread.unit AND m.grain = page_thread."grain"
			AND m.period_start = page_thread.period_start
			AND (m.scorecard = page_thread.scorecard
				 OR m.scorecard IS NULL AND (n.node IS NOT NULL OR m.indicator IS NULL AND m.answers IS NULL))
		UNION ALL
		SELECT m, NULL, s.path || m.remark FROM said AS s
			JOIN kpi.remark AS m ON m.answers = (s.remark).remark AND m.remark <> ALL (s.path)
	)
	SELECT s.remark, s.about, s.path
	-- what answers another one of them is there twice
	FROM (SELECT x.*, row_number() OVER (PARTITION BY (x.remark).remark ORDER BY cardinality(x.path) DESC) AS n
		  FROM said AS x) AS s
	WHERE s.n = 1;
END
$$;
COMMENT ON FUNCTION kpi_internal.page_thread(text, text, text, date, kpi_internal.page_node[]) IS
'Part of kpi.report_html(): the remarks on a period with what they are about, and their answers. In the order of path.';

CREATE FUNCTION kpi_internal.page_remark(remark kpi.remark, about text, is_answered boolean)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN concat('<li>', CASE WHEN (remark).answers IS NOT NULL
			THEN '<span class="mut">' || kpi_internal.html_word('remark_answer') || '</span> ' END,
		'<b>' || kpi_internal.html_name(about) || '</b> ', kpi_internal.html_name((remark).says),
		format(' <span class="mut">%s</span></li>', concat_ws(', ', kpi_internal.html_name((remark).written_by),
			to_char((remark).written_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
			kpi_internal.html_say('remark_for', 'name', kpi_internal.html_name((remark).addressed_to)),
			CASE WHEN NOT is_answered THEN kpi_internal.html_say('answer_by', 'day',
				to_char((remark).answer_by, 'YYYY-MM-DD')) END)));
COMMENT ON FUNCTION kpi_internal.page_remark(kpi.remark, text, boolean) IS
'Part of kpi.report_html(): what somebody has said, when and to whom. And until when an answer is wanted, unless there is one.';

CREATE FUNCTION kpi_internal.page_remarks(scorecard text, unit text, "grain" text, period_start date,
		nodes kpi_internal.page_node[],
										  id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT kpi_internal.html_section(id || '-remarks', kpi_internal.html_word('remarks'),
			kpi_internal.html_say('remarks_found', 'count', CAST(count(*) AS text)),
			'<ul>' || string_agg(kpi_internal.page_remark(t.remark, t.about,
				EXISTS (SELECT FROM kpi.remark AS o WHERE o.answers = (t.remark).remark)), '' ORDER BY t.path) || '</ul>')
		FROM kpi_internal.page_thread(scorecard, unit, "grain", period_start, nodes) AS t
		HAVING count(*) > 0);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_remarks(text, text, text, date, kpi_internal.page_node[], text) IS
'Part of kpi.report_html(): what people have said about the period.';

CREATE FUNCTION kpi_internal.page_quality(scorecard text, unit text, "grain" text, period_start date,
		nodes kpi_internal.page_node[], id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		WITH gap AS (
			SELECT n.place, n.name, count(*) FILTER (WHERE a.v IS NULL) AS count, count(*) AS known
			FROM unnest(nodes) AS n CROSS JOIN LATERAL unnest(kpi_internal.last_of(n.actuals, 13)) AS a (v)
			WHERE n.is_leaf AND n.indicator IS NOT NULL
			GROUP BY n.place, n.name HAVING count(*) > count(a.v)
		), found (kind, place, say) AS (
			SELECT 1, g.place, kpi_internal.html_say('gaps_found', 'name', '<b>' || kpi_internal.html_name(g.name)
				|| '</b>', 'count', CAST(g.count AS text), 'periods', CAST(g.known AS text)) FROM gap AS g
			UNION ALL
			SELECT 2, 0, kpi_internal.html_say('provisional_found', 'count', CAST(count(*) AS text))
				FROM unnest(nodes) AS n WHERE n.is_leaf AND n.is_provisional = 1 HAVING count(*) > 0
			UNION ALL
			SELECT 3, 0, kpi_internal.html_word('stale_found') FROM unnest(nodes) AS n
				WHERE n.depth = 0 AND n.is_stale = 1
			UNION ALL
			SELECT 4, v.place, kpi_internal.html_say('restated_found', 'name',
				'<b>' || kpi_internal.html_name(v.node_name) || '</b>', 'final',
				kpi_internal.html_figure(v.final_score), 'now', kpi_internal.html_figure(v.restated_score), 'cause',
				kpi_internal.html_text(v.cause_label))
			FROM kpi.v_restatement AS v WHERE v.scorecard = page_quality.scorecard AND v.unit = page_quality.unit
				AND v.period_grain = page_quality."grain" AND v.period_start = page_quality.period_start
			UNION ALL
			-- what the last collection could not place, as in v_data_quality
			SELECT 5, min(n.place), replace(replace(kpi_internal.html_word(q.finding, 'finding'), '{indicator}',
				'<b>' || kpi_internal.html_name(min(n.name)) || '</b>'), '{count}', CAST(q.met AS text))
			FROM unnest(nodes) AS n
				CROSS JOIN LATERAL (SELECT x.* FROM kpi.run_step AS x WHERE x.indicator = n.indicator
									ORDER BY x.run DESC LIMIT 1) AS s
				CROSS JOIN LATERAL (VALUES ('unassigned_rows', s.unassigned_rows), ('untimed_rows', s.untimed_rows))
					AS q (finding, met)
			WHERE n.is_leaf AND q.met > 0
			GROUP BY n.indicator, q.finding, q.met
		)
		SELECT kpi_internal.html_section(id || '-quality', kpi_internal.html_word('data_quality'),
			CASE count(*) WHEN 0 THEN kpi_internal.html_word('no_findings')
			ELSE kpi_internal.html_say('count_findings', 'count', CAST(count(*) AS text)) END,
			coalesce('<ul>' || string_agg('<li>' || f.say || '</li>', '' ORDER BY f.kind, f.place) || '</ul>', ''))
		FROM found AS f);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_quality(text, text, text, date, kpi_internal.page_node[], text) IS
'Part of kpi.report_html(): gaps, rows of no unit, what is provisional or stale. And what differs from what was made '
'final.';

CREATE FUNCTION kpi_internal.page_foot(root kpi_internal.page_node, id text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN format('<footer><p>%s%s</p></footer>',
		kpi_internal.html_say('stored_at', 'time', to_char((root).evaluated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')),
		CASE WHEN (root).is_final = 1 THEN ' ' || kpi_internal.html_word('is_final_note') ELSE '' END);
COMMENT ON FUNCTION kpi_internal.page_foot(kpi_internal.page_node, text) IS
'Part of kpi.report_html(): of when the figures are.';

CREATE FUNCTION kpi_internal.page_article(scorecard text, unit text, "grain" text, period_start date, id text)
	RETURNS text[]
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	nodes CONSTANT kpi_internal.page_node[] := ARRAY(SELECT n
		FROM kpi_internal.page_nodes(scorecard, unit, "grain", period_start) AS n);
	period_end CONSTANT date := kpi_internal.period_end("grain", period_start);
	effects kpi_internal.page_effect[];
	units kpi_internal.page_unit[];
	members text[];
BEGIN
	IF nodes[1].node IS NULL THEN
		RETURN ARRAY['', kpi_internal.html_section(id || '-none', kpi_internal.html_word('no_results'),
			kpi_internal.html_word('no_results_hint'), '')];
	END IF;
	effects := ARRAY(SELECT e FROM kpi_internal.page_effects(scorecard, unit, "grain", period_start) AS e
		WHERE nodes[1].change IS NOT NULL);
	units := ARRAY(SELECT u FROM kpi_internal.page_units(scorecard, unit, "grain", period_start) AS u);
	members := ARRAY(SELECT DISTINCT u.unit FROM unnest(units) AS u);
	RETURN ARRAY[
		kpi_internal.page_result(scorecard, nodes, kpi_internal.page_keys(nodes, effects, units, "grain"), "grain",
			id),
		kpi_internal.page_card(scorecard, nodes, "grain", id),
		kpi_internal.page_change(nodes, effects, units, "grain", id),
		kpi_internal.page_extremes(nodes, id),
		kpi_internal.page_missing(nodes, id),
		kpi_internal.page_unit_section(scorecard, units, "grain", id),
		kpi_internal.page_signal(nodes, "grain", id),
		kpi_internal.page_outlook(nodes, unit, "grain", period_start, id),
		kpi_internal.page_fishbone(nodes, id),
		kpi_internal.page_strategy(nodes, kpi_internal.period_days("grain", period_start), id),
		kpi_internal.page_risks(nodes, members, period_end, id),
		kpi_internal.page_due(nodes, members, period_end, id),
		kpi_internal.page_remarks(scorecard, unit, "grain", period_start, nodes, id),
		kpi_internal.page_quality(scorecard, unit, "grain", period_start, nodes, id),
		kpi_internal.page_foot(nodes[1], id)];
END
$$;
COMMENT ON FUNCTION kpi_internal.page_article(text, text, text, date, text) IS
'Part of kpi.report_html(): the sections of a unit, NULL for those that have nothing to say.';

CREATE FUNCTION kpi_internal.page_contents(sections text[])
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN (
		SELECT format('<nav aria-label="%s"><ul>%s</ul></nav>', kpi_internal.html_word('contents'),
			string_agg(format('<li><a href="#%s">%s</a></li>', m.part[1], m.part[2]), '' ORDER BY s.n))
		FROM unnest(sections) WITH ORDINALITY AS s (section, n)
			CROSS JOIN LATERAL regexp_match(left(s.section, 2000), '<h2 id="([a-z0-9-]+)">(.*?)</h2>') AS m (part)
		WHERE m.part IS NOT NULL);
END
$$;
COMMENT ON FUNCTION kpi_internal.page_contents(text[]) IS
'Part of kpi.report_html(): links to the sections there are. NULL for none.';

CREATE FUNCTION kpi_internal.page_unit_article(scorecard text, unit text, "grain" text, period_start date, id text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	sections CONSTANT text[] := kpi_internal.page_article(scorecard, unit, "grain", period_start, id);
BEGIN
	RETURN format(E'<article id="%s">\n<header class="mast"><p class="kick">%s</p><h1>%s</h1><p class="sub">%s &#183; '
		'%s</p></header>\n%s\n%s</article>\n', id, kpi_internal.html_word('kicker'),
		(SELECT kpi_internal.html_name(kpi.term('scorecard', s.scorecard, s.name)) FROM kpi.scorecard AS s
			WHERE s.scorecard = page_unit_article.scorecard),
		(SELECT kpi_internal.html_name(kpi.term('unit', u.unit, u.name)) FROM kpi.unit AS u
			WHERE u.unit = page_unit_article.unit),
		kpi_internal.html_text(kpi_internal.period_words("grain", period_start)), kpi_internal.page_contents(sections),
			array_to_string(sections, ''));
END
$$;
COMMENT ON FUNCTION kpi_internal.page_unit_article(text, text, text, date, text) IS
'Part of kpi.report_html(): the whole of a unit.';

-- relative luminance as WCAG has it
CREATE FUNCTION kpi_internal.luminance(colour text)
	RETURNS float8
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN colour ~ '^#[0-9a-fA-F]{6}$' THEN (
		SELECT sum(p.share * CASE WHEN p.part <= 0.04045 THEN p.part / 12.92 ELSE ((p.part + 0.055) / 1.055) ^ 2.4 END)
		FROM (SELECT w.share, get_byte(decode(substr(colour, 2), 'hex'), w.place) / CAST(255 AS float8) AS part
			  FROM (VALUES (0, 0.2126), (1, 0.7152), (2, 0.0722)) AS w (place, share)) AS p) END
$$;
COMMENT ON FUNCTION kpi_internal.luminance(text) IS
'How light a colour such as #2e7d32 is, from 0 to 1. NULL for any other way to write one.';

CREATE FUNCTION kpi_internal.page_band_style(scorecard text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH own AS (
		SELECT CASE b.status WHEN 1 THEN 'green' WHEN 0 THEN 'amber' ELSE 'red' END AS class, min(b.colour) AS colour
		FROM kpi.scorecard AS c JOIN kpi.band AS b ON b.band_set = c.band_set
		WHERE c.scorecard = page_band_style.scorecard
		GROUP BY b.status HAVING count(*) = 1 AND NOT bool_or(b.shipped)
	), rule AS (
		SELECT p.media, string_agg(format('.st.%1$s .mk,svg :not(text).%1$s{color:%2$s}', o.class, o.colour), ''
			ORDER BY o.class) AS rules
		FROM own AS o CROSS JOIN LATERAL (SELECT kpi_internal.luminance(o.colour) + 0.05 AS light) AS l
			JOIN (VALUES ('print,screen and (prefers-color-scheme:light)', '#ffffff'),
						 ('screen and (prefers-color-scheme:dark)', '#11161c')) AS p (media, page)
				ON greatest(l.light, kpi_internal.luminance(p.page) + 0.05)
				>= 3 * least(l.light, kpi_internal.luminance(p.page) + 0.05)
		GROUP BY p.media
	)
	SELECT coalesce(string_agg(format('@media %s{%s}', r.media, r.rules), '' ORDER BY r.media), '') FROM rule AS r
$$;
COMMENT ON FUNCTION kpi_internal.page_band_style(text) IS
'Part of kpi.report_html(): colours of the bands of a scorecard for its signs. '
'Those of one''s own bands, one for each status, that stand out from the page by 3:1; of others the page has its own.';

CREATE FUNCTION kpi_internal.page_language()
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN kpi_internal.language() LIKE 'zh%' THEN 'zh-Hans'
				WHEN EXISTS (SELECT FROM kpi.translation AS t
							 WHERE t.topic = 'report' AND lower(t.language) = ANY (kpi_internal.languages()))
				THEN kpi_internal.html_text(kpi_internal.language()) ELSE 'en' END
$$;
COMMENT ON FUNCTION kpi_internal.page_language() IS
'Part of kpi.report_html(): the language its sentences are in. English where there are none in that of the reader.';

CREATE FUNCTION kpi_internal.page_document(title text, style text, body text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN format(E'<!DOCTYPE html>\n<html lang="%s">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" '
		'content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
		'<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n%s<a class="skip" '
			'href="#content">%s</a>\n%s</body>\n</html>\n',
		kpi_internal.page_language(), title, kpi_internal.page_style() || style,
			kpi_internal.page_signs(),
		kpi_internal.html_word('to_content'), body);
COMMENT ON FUNCTION kpi_internal.page_document(text, text, text) IS
'Part of kpi.report_html(): a whole file.';

CREATE FUNCTION kpi.report_html(scorecard text, units text[], period text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000
	SET search_path = pg_catalog, pg_temp
	SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	p record;
	unit text;
	articles text[] := CAST('{}' AS text[]);
	contents text;
BEGIN
	SELECT * INTO p FROM kpi_internal.read_period(period);
	IF coalesce(cardinality(units), 0) = 0 THEN
		PERFORM kpi_internal.fail('22023', 'units has no element', 'Name at least one unit.');
	END IF;
	FOREACH unit IN ARRAY units LOOP
		PERFORM kpi_internal.read_card(scorecard, unit, p.grain, period);
		PERFORM kpi_internal.require_reader(unit, p.grain, p.period_start);
		articles := articles || kpi_internal.page_unit_article(scorecard, unit, p.grain, p.period_start,
			'u' || (cardinality(articles) + 1));
	END LOOP;
	IF cardinality(units) > 1 THEN
		SELECT format(E'<nav aria-label="%s"><ul>%s</ul></nav>\n', kpi_internal.html_word('units'),
			string_agg(format('<li><a href="#u%s">%s</a></li>', a.n,
			kpi_internal.html_name(kpi.term('unit', u.unit, u.name))), '' ORDER BY a.n)) INTO contents
		FROM unnest(units) WITH ORDINALITY AS a (unit, n) JOIN kpi.unit AS u ON u.unit = a.unit;
	END IF;
	RETURN (SELECT kpi_internal.page_document(concat_ws(' &#183; ',
		kpi_internal.html_text(kpi.term('scorecard', s.scorecard, s.name)),
			CASE cardinality(units) WHEN 1 THEN (SELECT kpi_internal.html_text(kpi.term('unit', u.unit, u.name))
				FROM kpi.unit AS u WHERE u.unit = units[1]) END,
			kpi_internal.html_text(kpi_internal.period_words(p.grain, p.period_start))),
				kpi_internal.page_band_style(report_html.scorecard),
				concat(contents, E'<main id="content">\n', array_to_string(articles, ''), E'</main>\n'))
		FROM kpi.scorecard AS s WHERE s.scorecard = report_html.scorecard);
END
$$;
COMMENT ON FUNCTION kpi.report_html(text, text[], text) IS
'The same for several units, with contents by unit; each begins a page of its own when it is printed.';

CREATE FUNCTION kpi.report_html(scorecard text, unit text, period text)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	IF unit LIKE '{%}' THEN
		PERFORM kpi_internal.fail('22023', format('unit "%s" is a list', unit),
			'Pass several units as an array: ARRAY[''north'', ''south''].');
	END IF;
	RETURN (
		SELECT kpi.report_html(scorecard, ARRAY[unit], period));
END
$$;
COMMENT ON FUNCTION kpi.report_html(text, text, text) IS
'A scorecard of a unit and period as a page of HTML in one file, for screens and for print. '
'period: 2011-11, 2011-Q4, 2011. From stored results: score and status, the tree with bullets and trends, what '
'changed and why, worst and best, what is '
'missing, units below, signals, outlook, where points are lost, what is due, and the quality of the data; a section '
'with nothing to say is left out. In the language of the setting kpi.language. Errors: those of kpi.evaluate().';
--@ dated | report_html | scorecard text, unit text | scorecard, unit | | | text, text, date, text | text | STABLE PARALLEL SAFE COST 100000 | A scorecard of a unit and period as a page of HTML in one file.
--@ dated | report_html | scorecard text, units text[] | scorecard, units | | | text, text[], date, text | text | STABLE PARALLEL SAFE COST 100000 | A scorecard of several units and a period as pages of HTML in one file.
