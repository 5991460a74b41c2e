-- What is drawn for a terminal: signs, bars and tables of characters.
--
-- It needs a database in UTF8 and a client that can show it; any other gets plain
-- characters.  Status is shown by a sign and a word, never by a colour.

CREATE FUNCTION kpi_internal.glyph(code integer, plain text)
	RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- SQL_ASCII takes what comes
	IF getdatabaseencoding() = 'UTF8' AND pg_client_encoding() IN ('UTF8', 'GB18030', 'SQL_ASCII') THEN
		RETURN chr(code);
	END IF;
	RETURN plain;
END
$$;
COMMENT ON FUNCTION kpi_internal.glyph(integer, text) IS
'The character with this code point, or the plain one. '
'That is where the encoding of the database or the client has none. NULL for NULL.';

CREATE FUNCTION kpi_internal.text_width(string text)
	RETURNS integer
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- East Asian wide and fullwidth characters and pictures; combining and invisible ones
	wide CONSTANT text := E'[\\u1100-\\u115F\\u2E80-\\u303E\\u3041-\\uA4CF\\uAC00-\\uD7A3\\uF900-\\uFAFF\\uFE30-\\uFE6F'
		'\\uFF00-\\uFF60\\uFFE0-\\uFFE6\\U0001F300-\\U0001F64F\\U0001F900-\\U0001F9FF\\U00020000-\\U0003FFFD]';
	narrow CONSTANT text := E'[\\u0300-\\u036F\\u200B-\\u200F\\uFE00-\\uFE0F]';
BEGIN
	IF getdatabaseencoding() <> 'UTF8' OR octet_length(string) = length(string) THEN
		RETURN length(string);
	END IF;
	RETURN length(string) + regexp_count(string, wide) - regexp_count(string, narrow);
END
$$;
COMMENT ON FUNCTION kpi_internal.text_width(text) IS
'Columns that a text takes in a terminal: East Asian wide characters take two, combining ones none. NULL for NULL.';

CREATE FUNCTION kpi_internal.head_text(string text, width integer)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	few integer := 0;
	many integer := length(string);
	middle integer;
BEGIN
	WHILE few < many LOOP
		middle := (few + many + 1) / 2;
		IF kpi_internal.text_width(left(string, middle)) > width THEN
			many := middle - 1;
		ELSE
			few := middle;
		END IF;
	END LOOP;
	RETURN left(string, few);
END
$$;
COMMENT ON FUNCTION kpi_internal.head_text(text, integer) IS
'The longest beginning of a text that fits into so many terminal columns.';

CREATE FUNCTION kpi_internal.pad_text(string text, width integer, side text DEFAULT 'left')
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	fitting text := coalesce(string, '');
	spare integer := width - kpi_internal.text_width(fitting);
BEGIN
	PERFORM kpi_internal.require_word('side', side, 'left', 'right');
	IF spare < 0 THEN
		fitting := left(kpi_internal.head_text(fitting, width - 1) || kpi_internal.glyph(8230, '.'), width);
		spare := width - kpi_internal.text_width(fitting);
	END IF;
	RETURN CASE side WHEN 'left' THEN fitting || repeat(' ', spare) ELSE repeat(' ', spare) || fitting END;
END
$$;
COMMENT ON FUNCTION kpi_internal.pad_text(text, integer, text) IS
'A text brought to a width in terminal columns: filled with spaces, or cut and marked. '
'side: left or right, where the text stands. NULL counts as empty. Error: another side.';

CREATE FUNCTION kpi.bullet_text(value numeric, width float8 DEFAULT 20, target numeric DEFAULT 1)
	RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	columns CONSTANT integer := kpi_internal.whole('width', width);
	before CONSTANT integer := round((columns - 1) / 1.2);
	eighths integer;
	bar text;
BEGIN
	IF columns < 3 OR columns > 1000 THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('width %s is not from 3 to 1000', columns),
			hint = 'Say how many columns the bar takes, its mark included.';
	ELSIF target <= 0 OR target IN ('NaN', 'Infinity') THEN
		RAISE EXCEPTION USING errcode = 'invalid_parameter_value', message = format('target %s of a bar is not positive', target),
			hint = 'Pass the attainment and leave the target at 1.';
	ELSIF value IS NULL OR value IN ('NaN', 'Infinity', '-Infinity') THEN
		RETURN repeat(' ', columns);
	END IF;
	eighths := least(greatest(floor(value / target * before * 8), 0), (columns - 1) * 8);
	bar := repeat(kpi_internal.glyph(9608, '#'), eighths / 8)
		|| CASE WHEN eighths % 8 > 0 THEN kpi_internal.glyph(9616 - eighths % 8, ' ') ELSE '' END;
	bar := rpad(bar, columns - 1);
	RETURN left(bar, before) || kpi_internal.glyph(9474, '|') || substr(bar, before + 1);
END
$$;
COMMENT ON FUNCTION kpi.bullet_text(numeric, float8, numeric) IS
'A bar of blocks from 0 to about 120 % of the target, with a mark where the target is met. '
'It goes by eighths of a column, rounded down. value: an attainment, or anything measured on the scale of target. '
'Spaces for NULL, NaN or infinity. Errors: width outside 3 to 1000, a target that is not positive.';

CREATE FUNCTION kpi.bullet_text(value float8, width float8 DEFAULT 20, target float8 DEFAULT 1)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN kpi.bullet_text(kpi_internal.shortest(value), width, kpi_internal.shortest(target));
COMMENT ON FUNCTION kpi.bullet_text(float8, float8, float8) IS
'The same with float8, of which the shortest decimal number is taken.';

CREATE FUNCTION kpi.sparkline_text(series anycompatiblearray)
	RETURNS text
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RETURN (
		SELECT coalesce(string_agg(
			CASE WHEN s.v IS NULL THEN kpi_internal.glyph(183, '.')
				 WHEN s.high = s.low THEN kpi_internal.glyph(9604, '4')
				 ELSE kpi_internal.glyph(9601 + s.step, CAST(1 + s.step AS text)) END, '' ORDER BY s.i), '')
		FROM (SELECT f.i, f.v, f.low, f.high, CAST(floor((f.v - f.low) / nullif(f.high - f.low, 0) * 7 + 0.5) AS integer) AS step
			  FROM (SELECT u.i, g.v, min(g.v) OVER () AS low, max(g.v) OVER () AS high
					FROM unnest(kpi_internal.numbers(series)) WITH ORDINALITY u (v, i)
						CROSS JOIN LATERAL (SELECT CASE WHEN u.v > '-Infinity' AND u.v < 'Infinity' THEN u.v END AS v) g) f) s);
END
$$;
COMMENT ON FUNCTION kpi.sparkline_text(anycompatiblearray) IS
'A series as a row of blocks from its least to its greatest value, one column each. '
'It keeps the order of the array, with a dot for NULL, NaN or infinity. NULL for NULL, empty for an empty array.';

CREATE FUNCTION kpi_internal.status_text(status integer, word text)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE status WHEN 1 THEN kpi_internal.glyph(9679, '+') WHEN 0 THEN kpi_internal.glyph(9650, '~')
					   WHEN -1 THEN kpi_internal.glyph(9632, '!') ELSE kpi_internal.glyph(9675, '?') END || ' ' || coalesce(word, '');
COMMENT ON FUNCTION kpi_internal.status_text(integer, text) IS
'A status (1, 0, -1, NULL for none) as a sign of its own shape and a word.';

CREATE FUNCTION kpi_internal.arrow_text(change numeric)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN CASE sign(change) WHEN 1 THEN kpi_internal.glyph(8593, '^') WHEN -1 THEN kpi_internal.glyph(8595, 'v')
							 WHEN 0 THEN kpi_internal.glyph(8594, '=') ELSE ' ' END;
COMMENT ON FUNCTION kpi_internal.arrow_text(numeric) IS
'An arrow up, down or level by the sign of a change; a space for NULL or NaN.';

CREATE FUNCTION kpi_internal.signed_text(x numeric, decimals integer)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN round(x, decimals) > 0 THEN '+' ELSE '' END || kpi.format_value(x, '', decimals);
COMMENT ON FUNCTION kpi_internal.signed_text(numeric, integer) IS
'A change as people read it, with its sign; what rounds to nothing has none. NULL for NULL, NaN or infinity.';

CREATE FUNCTION kpi_internal.wrap_text(string text, width integer)
	RETURNS SETOF text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- the indent and one wide character, or a line would never end; and no line is so long that a text takes its square
	columns CONSTANT integer := least(greatest(width, 4), 1000);
	line text := '';
	word text;
	character text;
	used integer;
BEGIN
	FOREACH word IN ARRAY string_to_array(string, ' ') LOOP
		IF line <> '' AND kpi_internal.text_width(line || ' ' || word) > columns THEN
			RETURN NEXT line;
			line := '  ';
		ELSIF line <> '' THEN
			line := line || ' ';
		END IF;
		used := kpi_internal.text_width(line);
		IF used + kpi_internal.text_width(word) <= columns THEN
			line := line || word;
			CONTINUE;
		END IF;
		-- a word that is longer than a line, and text that knows no spaces
		FOREACH character IN ARRAY string_to_array(word, NULL) LOOP
			IF used + kpi_internal.text_width(character) > columns THEN
				RETURN NEXT line;
				line := '  ';
				used := 2;
			END IF;
			line := line || character;
			used := used + kpi_internal.text_width(character);
		END LOOP;
	END LOOP;
	RETURN NEXT line;
END
$$;
COMMENT ON FUNCTION kpi_internal.wrap_text(text, integer) IS
'A text as lines of at most width terminal columns, but no less than 4 and no more than 1000. '
'The second and later ones are indented by two; broken at spaces, and within a word only where it is longer than a '
'line.';
