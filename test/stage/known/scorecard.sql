INSERT INTO harness.argument_rule VALUES
	('^(set_weight|define_node)$', 'node', 'text', '''acme_revenue''::text'),
	('^(set_weight|define_node)$', 'parent', 'text', '''financial''::text'),
	('^(set_weight|define_node)$', 'method', 'text', 'NULL::text'),
	('^(set_weight|define_node)$', 'missing', 'text', 'NULL::text'),
	('^(set_weight|define_node)$', 'role', 'text', 'NULL::text'),
	('^check_role$', 'role', 'text', '''bonus''::text'),
	('^(set_weight|define_node)$', 'role_limit', 'numeric', 'NULL::numeric'),
	('^(set_weight|define_node)$', 'min_coverage', 'numeric', 'NULL::numeric');
INSERT INTO harness.on_purpose VALUES ('refused', 'fail_node', 'it only fails');
