-- Whatever of pg_catalog can be written down, once more in another schema, and
-- what fits the types of a call better than pg_catalog does: functions,
-- operators, aggregates and types that raise when they are used.
CREATE SCHEMA planter;
GRANT USAGE ON SCHEMA planter TO PUBLIC;

CREATE PROCEDURE planter.function(place name, name name, arguments regtype[], result text, operator name DEFAULT NULL)
	LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE FUNCTION %I.%I(%s) RETURNS %s LANGUAGE plpgsql IMMUTABLE AS ''BEGIN
		RAISE EXCEPTION ''''planted %2$s''''; END''',
		place, name, array_to_string(arguments, ','), result);
	IF operator IS NOT NULL THEN
		EXECUTE format('CREATE OPERATOR %I.%s (FUNCTION = %I.%I, %s RIGHTARG = %s)', place, operator, place, name,
			CASE cardinality(arguments) WHEN 2 THEN format('LEFTARG = %s,', arguments[1]) END,
				arguments[cardinality(arguments)]);
	END IF;
EXCEPTION WHEN duplicate_function OR invalid_function_definition OR wrong_object_type OR undefined_function
	OR datatype_mismatch OR invalid_parameter_value OR syntax_error THEN NULL;
END $$;

CREATE PROCEDURE planter.plant(place name) LANGUAGE plpgsql AS $$
DECLARE
	p record;
	nearer regtype[];
	known regtype[] := '{text,int4,int8,int2,numeric,float8,boolean,date,timestamp,timestamptz,interval,
		daterange,text[],anyarray,anyelement,anycompatible,anycompatiblearray,anynonarray,
		anyrange,name,oid,regclass,regproc,regprocedure,regtype,regrole,json,jsonb,"\"char\"",
		record,int4range,numrange,"numeric[]","oid[]","name[]",void,trigger}';
BEGIN
	EXECUTE format('CREATE FUNCTION %I.boom(integer, anyelement) RETURNS integer LANGUAGE plpgsql AS ''BEGIN
		RAISE EXCEPTION ''''planted''''; END''', place);
	FOR p IN SELECT q.oid, q.proname, q.prokind, q.proretset, q.prorettype::regtype AS result, o.oprname,
		ARRAY(SELECT unnest(q.proargtypes))::regtype[] AS types
			 FROM pg_proc AS q LEFT JOIN pg_operator AS o ON o.oprcode = q.oid
				AND o.oprnamespace = 'pg_catalog'::regnamespace
			 WHERE q.pronamespace = 'pg_catalog'::regnamespace AND q.proargtypes::oid[] <@ known::oid[]
				AND q.prorettype = ANY (known::oid[])
			   AND q.prokind IN ('f', 'a') AND q.proargmodes IS NULL AND q.proname !~ '^(pg_|binary_upgrade)' LOOP
		IF p.prokind = 'a' THEN
			BEGIN
				EXECUTE format('CREATE AGGREGATE %I.%I(%s) (SFUNC = %1$I.boom, STYPE = integer)', place,
					p.proname, p.types[1]);
			EXCEPTION WHEN OTHERS THEN NULL;
			END;
		ELSE
			CALL planter.function(place, p.proname, p.types,
				concat(CASE WHEN p.proretset THEN 'SETOF ' END, p.result), p.oprname);
			IF p.oprname IS NULL AND p.types && '{text,numeric,timestamp,float8}' THEN
				nearer := array_replace(array_replace(array_replace(array_replace(p.types, 'text', 'varchar'),
					'numeric', 'int4'), 'timestamp', 'date'), 'float8', 'int4');
				CALL planter.function(place, p.proname, nearer,
					concat(CASE WHEN p.proretset THEN 'SETOF ' END, p.result));
			END IF;
		END IF;
	END LOOP;
	FOR p IN SELECT o.name, l.type AS l, r.type AS r
			 FROM unnest('{=,<>,<,<=,>,>=,+,-,*,/,||,~,->>}'::text[]) AS o(name),
				unnest('{text,varchar,int4,int8,numeric,float8,date,timestamp,interval}'::regtype[]) AS l(type),
				unnest('{text,varchar,int4,int8,numeric,float8,date,timestamp,interval}'::regtype[]) AS r(type)
			 WHERE NOT EXISTS (SELECT FROM pg_operator AS x WHERE x.oprnamespace = 'pg_catalog'::regnamespace
				AND (x.oprname, x.oprleft, x.oprright) = (o.name, l.type, r.type)) LOOP
		CALL planter.function(place, format('nearer_%s_%s_%s', p.name, p.l, p.r)::name, ARRAY[p.l, p.r],
			CASE WHEN p.name ~ '^[=<>~]' THEN 'boolean' ELSE p.l::text END, p.name);
	END LOOP;
	FOR p IN SELECT unnest('{text,numeric,int4,date,daterange,timestamp,bool,regclass,name}'::text[]) AS type LOOP
		EXECUTE format('CREATE DOMAIN %I.%I AS pg_catalog.%2$I CHECK (false)', place, p.type);
	END LOOP;
	SELECT count(*) AS operators,
		(SELECT count(*) FROM pg_proc WHERE pronamespace = place::regnamespace) AS functions INTO p
	FROM pg_operator WHERE oprnamespace = place::regnamespace;
	IF p.operators < 900 OR p.functions < 1500 THEN
		RAISE EXCEPTION 'only % operators and % functions are planted', p.operators, p.functions;
	END IF;
END $$;
