"""The DB-API of Python: dbapi.py psycopg2|psycopg|pyodbc."""
import importlib
import os
import sys

driver = importlib.import_module(sys.argv[1])
mark = "?" if driver.paramstyle == "qmark" else "%s"
if sys.argv[1] == "pyodbc":
    connection = driver.connect(
        "Driver={{PostgreSQL Unicode}};Servername={PGHOST};Port={PGPORT};Database={PGDATABASE};Username=kpi_reader;"
        .format(**os.environ))
else:
    connection = driver.connect("user=kpi_reader")
cursor = connection.cursor()


def ask(query, *parameters):
    cursor.execute(query.replace("$", mark), parameters)
    return cursor.fetchall()


print("count=%s" % ask("SELECT count(*) FROM kpi.v_scorecard")[0][0])
print("units=" + ",".join(row[0] for row in ask("SELECT DISTINCT unit FROM kpi.v_scorecard ORDER BY unit")))
print("row=" + "|".join(str(value) for value in ask(
    "SELECT score_key, node_name, actual, target, score, rag, rag_order, period_start, is_stale"
    " FROM kpi.v_scorecard WHERE score_key = $", "card/north/2011-11/sales")[0]))
score, reason = ask("SELECT score, score_reason FROM kpi.v_scorecard WHERE score_key = $",
                    "card/north/2011-11/wait")[0]
print("null=%s|%s" % (str(score is None).lower(), reason))
print("evaluate=%s" % ask("SELECT count(*) FROM kpi.evaluate($, $, $)", "card", "north", "2011-11")[0][0])
print("exact=%s" % ask("SELECT kpi.attainment(CAST($ AS numeric), CAST($ AS numeric))", "0.1", "0.3")[0][0])
if sys.argv[1] == "pyodbc":
    print("columns=%d" % len(list(cursor.columns(schema="kpi", table="v_scorecard"))))
else:
    cursor.execute("SELECT * FROM kpi.v_scorecard LIMIT 0")
    print("columns=%d" % len(cursor.description))
cursor.execute("SET kpi.language = 'zh'")
print("label=%s" % ask("SELECT rag_label FROM kpi.v_scorecard WHERE score_key = $", "card/north/2011-11/sales")[0][0])
