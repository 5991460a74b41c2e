-- Profiles: how a target of a year is shared out over its months.

CREATE FUNCTION kpi_internal.are_shares(shares numeric[])
	RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_ndims(shares) = 1 AND count(share) = 12 AND count(*) = 12 AND bool_and(share >= 0 AND share < 1e100) AND sum(share) > 0
	FROM unnest(shares) AS share
$$;
COMMENT ON FUNCTION kpi_internal.are_shares(numeric[]) IS
'Whether an array can share something out over months. Twelve numbers of at least 0, not all of them 0.';

CREATE TABLE kpi.target_profile (
	target_profile kpi.key PRIMARY KEY,
	shares numeric[] NOT NULL CONSTRAINT target_profile_shares CHECK (kpi_internal.are_shares(shares)),
	in_decimals boolean NOT NULL DEFAULT false,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) '')
);
COMMENT ON TABLE kpi.target_profile IS
'How targets are shared out over the months of a year.';
COMMENT ON COLUMN kpi.target_profile.target_profile IS 'Key.';
COMMENT ON COLUMN kpi.target_profile.shares IS 'The share of each month, January first, on any scale.';
COMMENT ON COLUMN kpi.target_profile.in_decimals IS
'Whether months come in the decimals of the indicator. Rounded towards zero, the rest by largest remainder.';
COMMENT ON COLUMN kpi.target_profile.name IS 'Name as people read it.';
--@ rule | target_profile | shares | Twelve shares of at least 0, not all of them 0. Write one a month, from January on.
--@ named | target_profile
--@ checked | target_profile
--@ referenced | target_profile

SELECT pg_catalog.pg_extension_config_dump('kpi.target_profile', '');

--@ known | target_profile | target profile | use kpi.define_target_profile()

CREATE FUNCTION kpi.define_target_profile(target_profile text, shares anycompatiblearray DEFAULT CAST(NULL AS numeric[]),
										  in_decimals boolean DEFAULT NULL, name text DEFAULT NULL)
	RETURNS text
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	old kpi.target_profile;
	wanted numeric[] := kpi_internal.numbers(shares);
BEGIN
	PERFORM kpi_internal.require_key('target_profile', target_profile);
	PERFORM kpi_internal.require_text('name', name);
	SELECT * INTO old FROM kpi.target_profile AS p WHERE p.target_profile = define_target_profile.target_profile;
	wanted := coalesce(wanted, old.shares);
	IF kpi_internal.are_shares(wanted) IS NOT TRUE THEN
		PERFORM kpi_internal.fail('22023',
			format('shares %s of target profile "%s" are not twelve numbers of at least 0', coalesce(CAST(wanted AS text), 'NULL'), target_profile),
			'Write one for each month, January first, on any scale: shares => ''{5,5,10,10,10,10,5,5,10,10,10,10}''. They are not all 0.');
	END IF;
	INSERT INTO kpi.target_profile AS p (target_profile, shares, in_decimals, name)
	VALUES (define_target_profile.target_profile, wanted, coalesce(define_target_profile.in_decimals, old.in_decimals, false),
			coalesce(define_target_profile.name, old.name, kpi_internal.default_name(define_target_profile.target_profile)))
	ON CONFLICT ON CONSTRAINT target_profile_pkey DO UPDATE
	SET shares = excluded.shares, in_decimals = excluded.in_decimals, name = excluded.name
	WHERE (p.shares, p.in_decimals, p.name) IS DISTINCT FROM (excluded.shares, excluded.in_decimals, excluded.name);
	RETURN target_profile;
END
$$;
COMMENT ON FUNCTION kpi.define_target_profile(text, anycompatiblearray, boolean, text) IS
'Adds or changes a profile of shares by month and returns its key. '
'By it targets are shared out over the months of a year. shares: twelve numbers, January first, on any scale. '
'in_decimals: whether months come in the decimals of the indicator, rounded towards zero and the rest by largest '
'remainder. What is left out stays.';
