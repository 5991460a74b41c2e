-- Calls a procedure for each aggregate, in a transaction and a minute of its own.
\set ON_ERROR_STOP 0
SET client_min_messages = error;
SET statement_timeout = '60s';
SELECT format('CALL harness.%s(%s) -- %s', :'procedure', n, name) FROM harness.in_order ORDER BY place
\gexec
