-- A result that is there and not final, and one that is.
INSERT INTO harness.beside_demo VALUES ('final', $$
	SELECT kpi.refresh_results();
	SELECT kpi.finalize('acme_marketing', 'acme', '2025-06', provisional => true)$$);
INSERT INTO harness.argument_rule VALUES
	('^finalize$', 'period', 'text', '''2025-07'''),
	('^finalize$', 'day', 'date', '''2025-07-01''::date'),
	('^finalize$', 'provisional', 'boolean', 'true'),
	('^reopen$', 'period', 'text', '''2025-06'''),
	('^reopen$', 'day', 'date', '''2025-06-01''::date'),
	('^reopen$', 'reason', 'text', '''late'''),
	('^explained_(rows|for_reader)$', 'before', 'kpi_internal.cell',
		$$(SELECT ROW('acme_marketing', 'acme', 'month', '2025-06-01', NULL)::kpi_internal.cell)$$),
	('^explained_(rows|for_reader)$', 'after', 'kpi_internal.cell',
		$$(SELECT ROW('acme_marketing', 'acme', 'month', '2025-07-01', NULL)::kpi_internal.cell)$$),
	('^known_for_parts$', 'cell', 'kpi_internal.cell',
		$$(SELECT ROW('acme_marketing', 'acme', 'month', '2025-06-01', NULL)::kpi_internal.cell)$$);
INSERT INTO harness.argument_rule
SELECT '^(evaluate|explain|named|node_inputs|evaluated|evaluated_for_reader|read_card_at|explained_.*)$', argument,
	'timestamptz'::regtype, '''infinity''::timestamptz'
FROM unnest('{known_at,before_known,after_known,against_known_at}'::text[]) AS a (argument);
