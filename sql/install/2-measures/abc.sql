-- Shares of a whole partition, and ABC classes by cumulated shares.

--@ for num | exact
--@ | numeric | , exact
--@ | float8 |
CREATE FUNCTION kpi.share_of_total(value @num@) RETURNS @num@
	AS 'MODULE_PATHNAME', 'kpi_share_of_total_@num@' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.share_of_total(@num@) IS
'Share of a row in its whole partition, whatever the frame@exact@: value / sum(value). NULL for NULL, where the sum '
'is 0 and where a value of the partition is NaN or infinite.';
--@ for arguments | types | says
--@ | cuts anycompatiblearray DEFAULT '{0.8,0.95}'::numeric[] | anycompatiblearray | Each row is one member.
--@ | cuts anycompatiblearray, weight @num@ | anycompatiblearray, @num@ | weight: how many members of its value a row is, none for NULL.
CREATE FUNCTION kpi.abc_class(value @num@, @arguments@) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_abc_class_@num@' LANGUAGE C WINDOW IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi.abc_class(@num@, @types@) IS
'Class of a row in its whole partition, the largest values first. A until the cumulated share before a value '
'reaches the first of the cuts, B until the second, and so on. Equal values share a class; what is not above 0 is '
'in the last. NULL for NULL, NaN or infinity and where nothing is above 0. cuts: rising shares between 0 and 1, '
'else an error. @says@';
--@ end
--@ end
