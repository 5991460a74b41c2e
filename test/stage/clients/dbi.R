# R: DBI and RPostgreSQL, which reads numeric as double
suppressMessages(library(DBI))
db <- dbConnect(RPostgreSQL::PostgreSQL(), host = Sys.getenv("PGHOST"), port = Sys.getenv("PGPORT"),
	dbname = Sys.getenv("PGDATABASE"), user = "kpi_reader")
ask <- function(query, ...) dbGetQuery(db, query, ...)

key <- "WHERE score_key = $1"
cat("count=", ask("SELECT count(*) AS n FROM kpi.v_scorecard")$n, "\n", sep = "")
cat("units=", paste(ask("SELECT DISTINCT unit FROM kpi.v_scorecard")$unit, collapse = ","), "\n", sep = "")
row <- ask(paste("SELECT * FROM kpi.v_scorecard", key), "card/north/2011-11/sales")
cat("row=", paste(row$score_key, row$node_name, sprintf("%.6f", row$actual), sprintf("%.6f", row$target),
	sprintf("%.2f", row$score), row$rag, row$rag_order, row$period_start, row$is_stale, sep = "|"), "\n", sep = "")
missing <- ask(paste("SELECT score, score_reason FROM kpi.v_scorecard", key), "card/north/2011-11/wait")
cat("null=", tolower(is.na(missing$score)), "|", missing$score_reason, "\n", sep = "")
cat("evaluate=", nrow(ask("SELECT node FROM kpi.evaluate($1, $2, $3)", list("card", "north", "2011-11"))), "\n",
	sep = "")
cat("exact=", ask("SELECT kpi.attainment($1::numeric, $2::numeric)::text AS x", list("0.1", "0.3"))$x, "\n", sep = "")
cat("columns=", ncol(row), "\n", sep = "")
invisible(dbExecute(db, "SET kpi.language = 'zh'"))
cat("label=", ask(paste("SELECT rag_label FROM kpi.v_scorecard", key), "card/north/2011-11/sales")$rag_label, "\n",
	sep = "")
