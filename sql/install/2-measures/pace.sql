-- How fast a target is neared, how it is shared out, what it might be, and whether it will be reached.

--@ for num | exact
--@ | numeric | , exact
--@ | float8 |
CREATE FUNCTION kpi.run_rate(to_date @num@, elapsed @num@, total @num@ DEFAULT 1) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_run_rate_@num@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.run_rate(@num@, @num@, @num@) IS
'What comes of a whole at the rate so far@exact@: to_date / elapsed * total. '
'elapsed and total are numbers of periods or shares of a season; without a total it is the rate itself. NULL for '
'NULL, an amount that is NaN or infinite, or nothing elapsed; periods that are not finite or below 0 are an error.';

CREATE FUNCTION kpi.pace(to_date @num@, target @num@, elapsed @num@, direction text DEFAULT 'higher') RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_pace_@num@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi.pace(@num@, @num@, @num@, text) IS
'What there is over what is due by now@exact@: 1 is on pace, more is better. '
'elapsed is the share of the target that is due, such as elapsed_share() gives. direction: higher, or lower for due '
'over what there is. NULL for NULL, NaN, infinity, nothing due, and of lower for amounts that are not above 0.';
--@ function | kpi.required_run_rate(target @num@, to_date @num@, remaining @num@) | @num@ | kpi_required_run_rate_@num@ | STRICT | What each remaining period has to bring@exact@: (target - to_date) / remaining. Where lower is better, what each may bring. NULL for NULL, NaN, infinity or nothing remaining; periods that are not finite or below 0 are an error.
--@ end
--@ function | kpi.elapsed_share(shares float8[], elapsed float8) | float8 | kpi_elapsed_share | STRICT | The share of a season that is due after so many periods, by the shares of these. Of a period that has begun a part counts. NULL for NULL and where all shares are 0; a share below 0 and more periods than shares are errors.

-- not STRICT: even shares where there are none
--@ for num
--@ | numeric
--@ | float8
CREATE FUNCTION kpi.target_phasing(total @num@, shares float8[] DEFAULT NULL, parts float8 DEFAULT NULL,
	decimals float8 DEFAULT 2)
	RETURNS TABLE (part integer, share float8, target numeric, cumulative numeric, cumulative_share float8)
	AS 'MODULE_PATHNAME', 'kpi_target_phasing_@num@' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 12;
COMMENT ON FUNCTION kpi.target_phasing(@num@, float8[], float8, float8) IS
'A target shared out over the parts of its period, so that they add up to it exactly. '
'By shares on any scale, such as seasonal_shares() gives, or evenly over so many parts, by default 12. Rounded to '
'decimals by largest remainder. No rows for NULL, NaN or infinity; shares below 0 or all 0 are errors.';
--@ end

CREATE TYPE kpi.season_shares AS (
	shares float8[],
	method_used text,
	seasons integer,
	n integer,
	n_missing integer,
	note text
);
COMMENT ON TYPE kpi.season_shares IS 'What share of a season each of its periods has.';
--@ for column | says
--@ | shares | The shares in the order of the periods; they sum to 1.
--@ | method_used | How they were found: the method that was asked for, or what stands in for it.
--@ | seasons | Seasons that they are made of; 0 for even shares.
--@ | n | Values that the series has.
--@ | n_missing | Gaps between them that were filled before.
--@ | note | What to know of it: gaps filled, another method in the place of the one that was asked for.
COMMENT ON COLUMN kpi.season_shares.@column@ IS '@says@';
--@ end

-- STABLE where a series is read: the step of timestamptz is of the time zone of the session
CREATE FUNCTION kpi.seasonal_shares(series kpi.series, method text DEFAULT 'mean', first float8 DEFAULT 1,
	seasonality float8 DEFAULT NULL)
	RETURNS kpi.season_shares
	AS 'MODULE_PATHNAME', 'kpi_seasonal_shares' LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION kpi.seasonal_shares(kpi.series, text, float8, float8) IS
'What share of a season each of its periods has: of the year its months. '
'method: mean of the whole seasons, stl, forecast or equal. They begin with January, or with another place of the '
'season: first => 4 for April. Too few values give even shares, and the note says so. NULL for NULL.';

CREATE TYPE kpi.attainment_forecast AS (
	expected float8,
	deviation float8,
	low float8,
	high float8,
	gap float8,
	probability float8,
	model text,
	mase float8,
	n integer,
	n_missing integer,
	note text
);
COMMENT ON TYPE kpi.attainment_forecast IS
'What is there in the end of a target''s period, and how probably it is enough.';
--@ for column | says
--@ | expected | What is there in the end: to date and the forecast of what remains, or the last forecast.
--@ | deviation | Its standard deviation; 0 where nothing remains.
--@ | low | Lower bound of it with the confidence that was asked for.
--@ | high | Upper bound of it.
--@ | gap | What is expected less the target.
--@ | probability | How probably the target is reached, 0 to 1.
--@ | model | The model of the forecast; NULL where nothing remains.
--@ | mase | Its error against the seasonal naive forecast.
--@ | n | Values that the series has.
--@ | n_missing | Gaps between them that were filled before.
--@ | note | What to know of the forecast.
COMMENT ON COLUMN kpi.attainment_forecast.@column@ IS '@says@';
--@ end

-- not STRICT: of what does not add up nothing is needed to date
CREATE FUNCTION kpi.attainment_forecast(series kpi.series, target float8, to_date float8, remaining float8,
	direction text DEFAULT 'higher', combine text DEFAULT 'sum', model text DEFAULT 'auto',
	confidence float8 DEFAULT 0.8, seasonality float8 DEFAULT NULL)
	RETURNS kpi.attainment_forecast
	AS 'MODULE_PATHNAME', 'kpi_attainment_forecast' LANGUAGE C STABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION kpi.attainment_forecast(kpi.series, float8, float8, float8, text, text, text, float8, float8) IS
'What will be there when the remaining periods are over, and how probably a target is reached. '
'combine: sum for amounts that add up to what there is to date, last for stocks. direction: higher, lower. What is '
'not known is NULL, and all for a NULL argument other than to_date and seasonality; wrong parameters are errors.';

CREATE FUNCTION kpi.attainment_probability(series kpi.series, target float8, to_date float8, remaining float8,
	direction text DEFAULT 'higher', combine text DEFAULT 'sum', model text DEFAULT 'auto',
	seasonality float8 DEFAULT NULL)
	RETURNS float8
	AS 'MODULE_PATHNAME', 'kpi_attainment_probability' LANGUAGE C STABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION kpi.attainment_probability(kpi.series, float8, float8, float8, text, text, text, float8) IS
'How probably a target is reached when the remaining periods are over, by the forecast of the series. '
'combine: sum for amounts that add up to what there is to date, last for stocks. direction: higher, lower. NULL for '
'NULL, without a value, and for a single one that does not say how far it varies; wrong parameters are errors.';

-- not STRICT: by the pace where there is no probability
CREATE FUNCTION kpi.target_status(probability float8, pace float8 DEFAULT NULL, previous text DEFAULT NULL,
	limits float8[] DEFAULT '{0.8,0.5}', pace_limits float8[] DEFAULT '{1,0.9}', margin float8 DEFAULT 0.05)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_target_status' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.target_status(float8, float8, text, float8[], float8[], float8) IS
'Whether a target will be reached: on_track, at_risk or off_track. '
'By the probability or, where that is NULL, by the pace; limits say where on track and at risk begin. A status better '
'than the previous one begins a margin later. NULL where both are NULL; wrong limits and words are errors.';

-- not STRICT: without peers there is no target by industry
CREATE FUNCTION kpi.suggest_target(series kpi.series, peers float8[] DEFAULT NULL, direction text DEFAULT 'higher',
	periods float8 DEFAULT 1, combine text DEFAULT 'sum', history text DEFAULT 'quantile', model text DEFAULT 'auto',
	quantile float8 DEFAULT 0.75, growth float8 DEFAULT 0, spread float8 DEFAULT 1, speed float8 DEFAULT 1,
	weights float8[] DEFAULT '{0.4,0.3,0.3}', seasonality float8 DEFAULT NULL)
	RETURNS TABLE (basis text, target float8, weight float8, probability float8, n integer, note text)
	AS 'MODULE_PATHNAME', 'kpi_suggest_target' LANGUAGE C STABLE PARALLEL SAFE COST 10000 ROWS 5;
COMMENT ON FUNCTION kpi.suggest_target(kpi.series, float8[], text, float8, text, text, text, float8, float8, float8,
	float8, float8[], float8) IS
'What the target of the next periods might be: by history, peers, forecast, and all of them. '
'With a stretch goal, each with how probably it is reached. history: quantile, growth, spread or best; weights: of '
'the three; direction: higher, lower. What cannot be had is NULL. No rows for NULL other than peers and seasonality; '
'wrong parameters are errors.';
