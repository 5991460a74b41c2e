-- Words in other languages.

CREATE TABLE kpi.translation (
	language text NOT NULL CHECK (language OPERATOR(pg_catalog.~) '^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$'),
	topic text NOT NULL
		CHECK (topic OPERATOR(pg_catalog.=) ANY (ARRAY['perspective', 'dimension', 'unit', 'indicator', 'scorecard', 'node', 'status', 'reason', 'trend', 'target_status', 'unit_of_measure', 'heading', 'finding', 'task', 'cause', 'report', 'template', 'template_rule', 'template_question', 'template_input', 'objective', 'success_factor', 'action', 'risk'])),
	code text NOT NULL CHECK (code OPERATOR(pg_catalog.<>) ''),
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
--@ rule | translation | language_check | It is a tag of letters and hyphens. Write zh, or zh-HK for a region.
--@ | translation | topic_check | It is what the code is a key of. Write perspective, dimension, unit, indicator, scorecard, node, status, reason, trend, target_status, unit_of_measure, heading, finding, task, cause, report, template, template_rule, template_question, template_input, objective, success_factor, action or risk.
--@ | translation | code_check | It is the key or word that is translated. Write at least one character.
--@ named | translation
--@ checked | translation

SELECT pg_catalog.pg_extension_config_dump('kpi.translation', 'WHERE NOT shipped');
