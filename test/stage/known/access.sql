-- A role to grant to, which the harness makes and nobody else needs.
INSERT INTO harness.beside_demo VALUES ('access', 'CREATE ROLE harness_granted');
INSERT INTO harness.argument_rule VALUES
	('^(grant_|revoke_access|require_grantee)', 'role', 'text', '''harness_granted''::text'),
	('^(grant_|privileges_of)', 'may', 'text', '''view''::text'),
	('^grant_', 'units', 'text[]', '''{acme}''::text[]');
INSERT INTO harness.firing VALUES ('kpi_forget_rows', 'DELETE FROM kpi.access WHERE false');
-- what it puts together is quoted by format()
INSERT INTO harness.on_purpose VALUES ('plpgsql', 'grant_access', 'text type variable is not sanitized'),
	('plpgsql', 'revoke_access', 'text type variable is not sanitized'),
	('plpgsql', 'grant_access', 'the expression is not SQL injection safe'),
	('plpgsql', 'revoke_access', 'the expression is not SQL injection safe');
