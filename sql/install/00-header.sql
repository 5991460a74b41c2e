-- complain if the script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION kpi CASCADE" to load this file. \quit

-- The measures are for everybody; tables and views are granted one by one.
GRANT USAGE ON SCHEMA kpi TO PUBLIC;

