-- Rows that come with the extension.
--
-- Dump and restore: triggers fire while a dump is restored, so none of them
-- writes on INSERT, none plans a source, and what looks at other rows holds in
-- any order of rows; restore.sql sees to any order of tables.  Shipped rows are
-- left out of a dump by their flag.

-- shipped rows are not dumped, so a change of one would be lost
CREATE FUNCTION kpi_internal.guard_shipped()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.fail('23001',
		CASE
			WHEN TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND OLD.shipped
				THEN format('this row of kpi.%s belongs to the extension', TG_TABLE_NAME)
			ELSE format('a row of kpi.%s that is shipped comes with the extension only', TG_TABLE_NAME)
		END,
		CASE TG_TABLE_NAME
			WHEN 'perspective' THEN 'Add a perspective of your own with kpi.define_perspective(), or rename this one in '
				'kpi.translation.'
			WHEN 'dimension' THEN 'Add a dimension of your own with kpi.define_dimension(), or rename this one in '
				'kpi.translation.'
			WHEN 'grain' THEN 'Add grains of your own with kpi.define_calendar().'
			WHEN 'translation' THEN 'Add a row of your own, with shipped = false: it goes before the shipped one.'
			ELSE 'Add a band set of your own and name it in kpi.define_scorecard().'
		END);
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_shipped() IS
'Trigger: shipped rows are neither changed nor deleted, and nobody adds any.';
