-- History: what the rows of a table were at any time.

CREATE FUNCTION kpi_internal.keep_history()
	RETURNS trigger
	AS 'MODULE_PATHNAME', 'kpi_keep_history'
	LANGUAGE C;
COMMENT ON FUNCTION kpi_internal.keep_history() IS
'Trigger: the versions of the rows of a table go to its history. Its argument tells which version h is of a row r.';

-- key: what tells the versions of a row, index: the same for the index; of history alone
--@ for table | key | index
--@ | unit | (h.version).unit = r.unit | ((version).unit)
--@ | unit_parent | (h.version).unit = r.unit AND (h.version).valid = r.valid | ((version).unit), ((version).valid)
--@ | indicator | (h.version).indicator = r.indicator | ((version).indicator)
--@ | scorecard | (h.version).scorecard = r.scorecard | ((version).scorecard)
--@ | scorecard_node | (h.version).scorecard = r.scorecard AND (h.version).node = r.node AND (h.version).valid = r.valid | ((version).scorecard), ((version).node), ((version).valid)
--@ | target | (h.version).indicator = r.indicator AND (h.version).unit = r.unit AND coalesce((h.version).grain, '''') = coalesce(r.grain, '''') AND (h.version).period = r.period | ((version).indicator), ((version).unit), ((version).period)
--@ | perspective | (h.version).perspective = r.perspective | ((version).perspective)
--@ | band_set | (h.version).band_set = r.band_set | ((version).band_set)
--@ | band | (h.version).band_set = r.band_set AND (h.version).code = r.code | ((version).band_set), ((version).code)
--@ | target_profile | (h.version).target_profile = r.target_profile | ((version).target_profile)
--@ | benchmark | (h.version).indicator = r.indicator AND (h.version).peer = r.peer AND coalesce((h.version).grain, '''') = coalesce(r.grain, '''') AND (h.version).period = r.period | ((version).indicator), ((version).peer)
--@ | alert_rule | (h.version).alert_rule = r.alert_rule | ((version).alert_rule)
--@ | entry | (h.version).indicator = r.indicator AND (h.version).unit = r.unit AND (h.version).grain = r.grain AND (h.version).period_start = r.period_start | ((version).indicator), ((version).unit), ((version).grain), ((version).period_start)
--@ | rater | (h.version).indicator = r.indicator AND (h.version).rater = r.rater AND coalesce((h.version).unit, '''') = coalesce(r.unit, '''') AND (h.version).valid = r.valid | ((version).indicator), ((version).rater)
--@ | rating | (h.version).indicator = r.indicator AND (h.version).unit = r.unit AND (h.version).grain = r.grain AND (h.version).period_start = r.period_start AND (h.version).rater = r.rater | ((version).indicator), ((version).unit), ((version).grain), ((version).period_start)
--@ | objective | (h.version).objective = r.objective | ((version).objective)
--@ | success_factor | (h.version).success_factor = r.success_factor | ((version).success_factor)
--@ | objective_link | (h.version).cause = r.cause AND (h.version).effect = r.effect | ((version).cause), ((version).effect)
--@ | objective_indicator | (h.version).objective = r.objective AND (h.version).indicator = r.indicator | ((version).objective), ((version).indicator)
--@ | action | (h.version).action = r.action | ((version).action)
--@ | remark | (h.version).remark = r.remark | ((version).remark)
--@ | risk | (h.version).risk = r.risk | ((version).risk)
--@ | measurement | (h.version).indicator = r.indicator AND (h.version).unit = r.unit AND (h.version).grain = r.grain AND (h.version).period_start = r.period_start | ((version).indicator), ((version).unit), ((version).grain), ((version).period_start)

CREATE TABLE kpi_internal.@table@_history (
	version kpi.@table@ NOT NULL,
	since timestamptz NOT NULL,
	until timestamptz NOT NULL,
	set_by name NOT NULL,
	ended_by name
);
CREATE INDEX @table@_history_idx ON kpi_internal.@table@_history (@index@);
COMMENT ON TABLE kpi_internal.@table@_history IS
'What the rows of kpi.@table@ were, each version with its time.';
COMMENT ON COLUMN kpi_internal.@table@_history.version IS 'The row.';
COMMENT ON COLUMN kpi_internal.@table@_history.since IS 'From when it was so: the begin of the transaction that wrote it.';
COMMENT ON COLUMN kpi_internal.@table@_history.until IS 'Until when, not included; infinity while it is.';
COMMENT ON COLUMN kpi_internal.@table@_history.set_by IS 'Who wrote it.';
COMMENT ON COLUMN kpi_internal.@table@_history.ended_by IS 'Who changed or deleted it; NULL while it is, and where that was in the transaction that wrote it.';

SELECT pg_catalog.pg_extension_config_dump('kpi_internal.@table@_history', '');

--@ for event | rows
--@ | insert | REFERENCING NEW TABLE AS changed
--@ | update | REFERENCING OLD TABLE AS former NEW TABLE AS changed
--@ | delete | REFERENCING OLD TABLE AS former
--@ | truncate |

CREATE TRIGGER keep_@event@
	AFTER @event@ ON kpi.@table@ @rows@
	FOR EACH STATEMENT EXECUTE FUNCTION kpi_internal.keep_history('@key@');
COMMENT ON TRIGGER keep_@event@ ON kpi.@table@ IS
'What the rows were is kept.';
--@ end

--@ end

-- not STRICT, so that a query over it can use the indexes of the history
--@ for table
--@ | unit
--@ | unit_parent
--@ | indicator
--@ | scorecard
--@ | scorecard_node
--@ | target
--@ | target_profile
--@ | benchmark
--@ | alert_rule
--@ | entry
--@ | rater
--@ | rating
--@ | objective
--@ | success_factor
--@ | objective_link
--@ | objective_indicator
--@ | action
--@ | remark
--@ | risk
--@ | measurement
CREATE FUNCTION kpi_internal.@table@_at(at timestamptz)
	RETURNS SETOF kpi.@table@
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT (h.version).* FROM kpi_internal.@table@_history AS h WHERE h.since <= @table@_at.at AND h.until > @table@_at.at;
END;
COMMENT ON FUNCTION kpi_internal.@table@_at(timestamptz) IS
'The rows of kpi.@table@ as they were at a time. That is what transactions had written that began by then. No rows for NULL.';
--@ end

-- shipped rows, which nobody changes, have no history: they were always so
--@ for table
--@ | perspective
--@ | band_set
--@ | band
CREATE FUNCTION kpi_internal.@table@_at(at timestamptz)
	RETURNS SETOF kpi.@table@
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT (h.version).* FROM kpi_internal.@table@_history AS h WHERE h.since <= @table@_at.at AND h.until > @table@_at.at
	UNION ALL
	SELECT t.* FROM kpi.@table@ AS t WHERE t.shipped AND @table@_at.at IS NOT NULL;
END;
COMMENT ON FUNCTION kpi_internal.@table@_at(timestamptz) IS
'The rows of kpi.@table@ as they were at a time. That is what transactions had written that began by then, and what is shipped. No rows for NULL.';
--@ end

--@ for table
--@ | unit
--@ | unit_parent
--@ | indicator
--@ | scorecard
--@ | scorecard_node
--@ | target
--@ | measurement
CREATE FUNCTION kpi.@table@_at(at timestamptz)
	RETURNS SETOF kpi.@table@
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT t.* FROM kpi_internal.@table@_at(@table@_at.at) AS t;
END;
COMMENT ON FUNCTION kpi.@table@_at(timestamptz) IS
'The rows of kpi.@table@ as they were at a time. That is what transactions had written that began by then. No rows for NULL.';
--@ end
