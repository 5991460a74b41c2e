-- Runs a list of harness.sample: each statement in a transaction of its own, for ten
-- minutes at most; one that fails does not stop the others.
\set ON_ERROR_STOP 0
\set ECHO errors
SET client_min_messages = error;
SET statement_timeout = '600s';
SELECT format('CALL harness.turn(%L, %L)', list, what) FROM harness.sample WHERE list = :'list' ORDER BY place
\gexec
