-- Words in other languages.

CREATE TABLE kpi.translation (
	language text NOT NULL CHECK (language OPERATOR(pg_catalog.~) '^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$'),
	topic text NOT NULL
		CHECK (topic OPERATOR(pg_catalog.=) ANY (ARRAY['perspective', 'dimension', 'unit', 'indicator', 'scorecard', 'node', 'status', 'reason', 'trend', 'unit_of_measure', 'heading'])),
	code text NOT NULL,
	name text NOT NULL CHECK (name OPERATOR(pg_catalog.<>) ''),
	shipped boolean NOT NULL DEFAULT false,
	PRIMARY KEY (language, topic, code, shipped)
);

COMMENT ON TABLE kpi.translation IS
'A name or word in another language. Your row goes before the shipped one.';
COMMENT ON COLUMN kpi.translation.language IS 'Language tag, such as zh or zh-HK; upper and lower case are alike.';
COMMENT ON COLUMN kpi.translation.topic IS 'What the code is a key of.';
COMMENT ON COLUMN kpi.translation.code IS 'The key or word that is translated.';
COMMENT ON COLUMN kpi.translation.name IS 'The translation.';
COMMENT ON COLUMN kpi.translation.shipped IS 'Row of the extension itself: not edited, not dumped.';

INSERT INTO kpi.translation (language, topic, code, name, shipped) VALUES
	('en', 'status', 'none', 'No data', true),
	('en', 'reason', 'no_actual', 'No actual', true),
	('en', 'reason', 'no_target', 'No target', true),
	('en', 'reason', 'partial_target', 'Targets cover only a part of the period', true),
	('en', 'reason', 'no_baseline', 'No baseline', true),
	('en', 'reason', 'invalid', 'Value is not a number', true),
	('en', 'reason', 'zero_target', 'Target is 0', true),
	('en', 'reason', 'sign', 'Actual or target is not positive', true),
	('en', 'reason', 'zero_span', 'Target equals baseline', true),
	('en', 'reason', 'no_data', 'No data', true),
	('en', 'reason', 'no_weight', 'No weight', true),
	('en', 'reason', 'missing_child', 'A part is missing', true),
	('en', 'reason', 'low_coverage', 'Too much is missing', true),
	('en', 'reason', 'stale', 'Value is out of date', true),
	('en', 'reason', 'veto', 'Veto', true),
	('en', 'reason', 'collection_failed', 'Collection failed', true),
	('en', 'reason', 'unassigned_rows', 'Rows without a known unit', true),
	('en', 'reason', 'never_collected', 'Never collected', true),
	('en', 'reason', 'provisional', 'Period not over', true),
	('en', 'reason', 'gap', 'Measurement missing in between', true),
	('en', 'reason', 'weight_sum', 'Weights do not sum to 1 or 100', true),
	('en', 'reason', 'without_weight', 'Shown without weight', true),
	('en', 'trend', 'improving', 'Improving', true),
	('en', 'trend', 'unchanged', 'Unchanged', true),
	('en', 'trend', 'worsening', 'Worsening', true),
	('en', 'heading', 'scorecard', 'Scorecard', true),
	('en', 'heading', 'perspective', 'Perspective', true),
	('en', 'heading', 'indicator', 'Indicator', true),
	('en', 'heading', 'unit', 'Unit', true),
	('en', 'heading', 'period', 'Period', true),
	('en', 'heading', 'actual', 'Actual', true),
	('en', 'heading', 'target', 'Target', true),
	('en', 'heading', 'baseline', 'Baseline', true),
	('en', 'heading', 'attainment', 'Attained', true),
	('en', 'heading', 'score', 'Score', true),
	('en', 'heading', 'weight', 'Weight', true),
	('en', 'heading', 'coverage', 'Coverage', true),
	('en', 'heading', 'missing', 'Missing', true),
	('en', 'heading', 'status', 'Status', true),
	('en', 'heading', 'reason', 'Reason', true),
	('en', 'heading', 'previous', 'Previous period', true),
	('en', 'heading', 'change', 'Change', true),
	('en', 'heading', 'trend', 'Trend', true),
	('en', 'heading', 'last_year', 'Last year', true),
	('en', 'heading', 'worst', 'Worst', true),
	('en', 'heading', 'next', 'Next', true);

-- in escapes, so that this script reads alike in every encoding; of those of a
-- database only UTF8 is sure to have the characters
INSERT INTO kpi.translation (language, topic, code, name, shipped)
SELECT 'zh', v.topic, v.code, pg_catalog.unistr(v.name), true
FROM (VALUES
	('perspective', 'financial', '\8D22\52A1'),
	('perspective', 'customer', '\5BA2\6237'),
	('perspective', 'process', '\5185\90E8\6D41\7A0B'),
	('perspective', 'learning', '\5B66\4E60\4E0E\6210\957F'),
	('status', 'red', '\7EA2\8272'),
	('status', 'amber', '\9EC4\8272'),
	('status', 'green', '\7EFF\8272'),
	('status', 'none', '\65E0\6570\636E'),
	('reason', 'no_actual', '\7F3A\5C11\5B9E\9645\503C'),
	('reason', 'no_target', '\7F3A\5C11\76EE\6807\503C'),
	('reason', 'partial_target', '\76EE\6807\503C\672A\8986\76D6\6574\4E2A\671F\95F4'),
	('reason', 'no_baseline', '\7F3A\5C11\57FA\51C6\503C'),
	('reason', 'invalid', '\6570\503C\65E0\6548'),
	('reason', 'zero_target', '\76EE\6807\503C\4E3A\96F6'),
	('reason', 'sign', '\5B9E\9645\503C\6216\76EE\6807\503C\4E0D\4E3A\6B63\6570'),
	('reason', 'zero_span', '\76EE\6807\503C\7B49\4E8E\57FA\51C6\503C'),
	('reason', 'no_data', '\65E0\6570\636E'),
	('reason', 'no_weight', '\65E0\6743\91CD'),
	('reason', 'missing_child', '\4E0B\7EA7\6307\6807\7F3A\5C11\5F97\5206'),
	('reason', 'low_coverage', '\6743\91CD\8986\76D6\7387\4E0D\8DB3'),
	('reason', 'stale', '\6570\636E\5DF2\8FC7\671F'),
	('reason', 'veto', '\4E00\7968\5426\51B3'),
	('reason', 'collection_failed', '\91C7\96C6\5931\8D25'),
	('reason', 'unassigned_rows', '\5B58\5728\672A\5F52\5C5E\5355\4F4D\7684\884C'),
	('reason', 'never_collected', '\4ECE\672A\91C7\96C6'),
	('reason', 'provisional', '\671F\95F4\672A\7ED3\675F'),
	('reason', 'gap', '\4E2D\95F4\671F\95F4\7F3A\5C11\6570\636E'),
	('reason', 'weight_sum', '\6743\91CD\4E4B\548C\4E0D\4E3A 1 \6216 100'),
	('reason', 'without_weight', '\672A\8BBE\6743\91CD'),
	('trend', 'improving', '\6539\5584'),
	('trend', 'unchanged', '\6301\5E73'),
	('trend', 'worsening', '\4E0B\6ED1'),
	('unit_of_measure', 'days', '\5929'),
	('unit_of_measure', 'hours', '\5C0F\65F6'),
	('unit_of_measure', 'minutes', '\5206\949F'),
	('unit_of_measure', 'months', '\4E2A\6708'),
	('unit_of_measure', 'points', '\5206'),
	('unit_of_measure', 'persons', '\4EBA'),
	('unit_of_measure', 'customers', '\4F4D\5BA2\6237'),
	('unit_of_measure', 'orders', '\5355'),
	('unit_of_measure', 'items', '\4EF6'),
	('unit_of_measure', 'times', '\6B21'),
	('unit_of_measure', 'GBP', '\82F1\9551'),
	('unit_of_measure', 'EUR', '\6B27\5143'),
	('unit_of_measure', 'USD', '\7F8E\5143'),
	('unit_of_measure', 'CNY', '\5143'),
	('heading', 'scorecard', '\8BB0\5206\5361'),
	('heading', 'perspective', '\7EF4\5EA6'),
	('heading', 'indicator', '\6307\6807'),
	('heading', 'unit', '\5355\4F4D'),
	('heading', 'period', '\671F\95F4'),
	('heading', 'actual', '\5B9E\9645\503C'),
	('heading', 'target', '\76EE\6807\503C'),
	('heading', 'baseline', '\57FA\51C6\503C'),
	('heading', 'attainment', '\5B8C\6210\7387'),
	('heading', 'score', '\5F97\5206'),
	('heading', 'weight', '\6743\91CD'),
	('heading', 'coverage', '\8986\76D6\7387'),
	('heading', 'missing', '\7F3A\5931'),
	('heading', 'status', '\72B6\6001'),
	('heading', 'reason', '\539F\56E0'),
	('heading', 'previous', '\4E0A\671F'),
	('heading', 'change', '\53D8\5316'),
	('heading', 'trend', '\8D8B\52BF'),
	('heading', 'last_year', '\4E0A\5E74\540C\671F'),
	('heading', 'worst', '\6700\5DEE'),
	('heading', 'next', '\4E0B\4E00\6B65')
) AS v (topic, code, name)
WHERE pg_catalog.getdatabaseencoding() OPERATOR(pg_catalog.=) 'UTF8';

CREATE TRIGGER guard_shipped
	BEFORE UPDATE OR DELETE ON kpi.translation
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION kpi_internal.guard_shipped();
COMMENT ON TRIGGER guard_shipped ON kpi.translation IS
'Shipped rows are neither changed nor deleted.';

CREATE TRIGGER guard_shipping
	BEFORE INSERT OR UPDATE ON kpi.translation
	FOR EACH ROW WHEN (NEW.shipped) EXECUTE FUNCTION kpi_internal.guard_shipped();
COMMENT ON TRIGGER guard_shipping ON kpi.translation IS
'Only the extension ships rows.';

SELECT pg_catalog.pg_extension_config_dump('kpi.translation', 'WHERE NOT shipped');
