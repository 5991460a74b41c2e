-- Tells in present whether the file of real data named in file can be read.
\set data ''
\getenv data KPI_DATA
\set path :data '/' :file
\set present `test -r :'path' && echo on || echo off`
