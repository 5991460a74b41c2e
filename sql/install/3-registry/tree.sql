-- One editor at a time, and what tables that are trees have in common.

CREATE FUNCTION kpi_internal.lock_key(relation regclass, key text)
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_lock_key'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kpi_internal.lock_key(regclass, text) IS
'Lets one transaction at a time work on a key of a table, until it ends. '
'Without the right to write the table an error. Nothing happens for NULL.';

-- each of two sessions at once may do what is legal alone and not together
CREATE FUNCTION kpi_internal.lock_tree(tree regclass)
	RETURNS void
	AS 'MODULE_PATHNAME', 'kpi_lock_tree'
	LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kpi_internal.lock_tree(regclass) IS
'Lets one transaction at a time edit a table that is a tree, until it ends. '
'Under repeatable read and serializable an error where others have changed the table meanwhile; without the right to '
'write it an error. Nothing happens for NULL.';

CREATE FUNCTION kpi_internal.guard_tree()
	RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM kpi_internal.lock_tree(coalesce(CAST(TG_ARGV[0] AS regclass), CAST(TG_RELID AS regclass)));
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION kpi_internal.guard_tree() IS
'Trigger: one transaction at a time edits a table that is a tree, by default the one it stands on.';
