-- Calls a procedure for each aggregate, in a transaction and five minutes of
-- its own; with MATCH=pattern in the environment, for those whose names match,
-- but rows are made for all, since states of some are arguments of others.
\set ON_ERROR_STOP 0
\set match .
\getenv match MATCH
SET client_min_messages = error;
SET statement_timeout = '300s';
SELECT format('CALL harness.%s(%s) -- %s', :'procedure', n, name) FROM harness.in_order
WHERE :'procedure' = 'generate' OR name ~ :'match' ORDER BY place
\gexec
