"""LibreOffice, by its own PostgreSQL driver: libreoffice.py FOLDER, in which it keeps its profile."""
import os
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue

PIPE = "kpi%d" % os.getpid()
office = subprocess.Popen(
    ["soffice", "--headless", "--norestore", "--nologo", "-env:UserInstallation=file://" + sys.argv[1],
     "--accept=pipe,name=%s;urp;" % PIPE], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def reach():
    """Its component context, once it listens."""
    resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(300):
        try:
            return resolver.resolve("uno:pipe,name=%s;urp;StarOffice.ComponentContext" % PIPE)
        except Exception:  # pylint: disable=broad-except
            if office.poll() is not None:
                raise
            time.sleep(0.2)
    raise TimeoutError("LibreOffice does not answer")


def connect(context):
    manager = context.ServiceManager.createInstance("com.sun.star.sdbc.DriverManager")
    return manager.getConnectionWithInfo(
        "sdbc:postgresql:host={PGHOST} port={PGPORT} dbname={PGDATABASE}".format(**os.environ),
        (PropertyValue("user", 0, "kpi_reader", 0),))


def ask(connection, query, key=None):
    statement = connection.prepareStatement(query)
    if key is not None:
        statement.setString(1, key)
    result = statement.executeQuery()
    rows = []
    while result.next():
        row = []
        for n in range(1, result.MetaData.ColumnCount + 1):
            value = result.getString(n)
            row.append(None if result.wasNull() else value)
        rows.append(row)
    return rows


def main():
    connection = connect(reach())
    print("count=%s" % ask(connection, "SELECT count(*) FROM kpi.v_scorecard")[0][0])
    print("units=" + ",".join(row[0] for row in ask(connection, "SELECT DISTINCT unit FROM kpi.v_scorecard")))
    print("row=" + "|".join(ask(
        connection, "SELECT score_key, node_name, actual, target, score, rag, rag_order, period_start, is_stale"
        " FROM kpi.v_scorecard WHERE score_key = ?", "card/north/2011-11/sales")[0]))
    score, reason = ask(connection, "SELECT score, score_reason FROM kpi.v_scorecard WHERE score_key = ?",
                        "card/north/2011-11/wait")[0]
    print("null=%s|%s" % (str(score is None).lower(), reason))
    columns = connection.MetaData.getColumns(None, "kpi", "v_scorecard", "%")
    count = 0
    while columns.next():
        count += 1
    print("columns=%d" % count)
    connection.createStatement().execute("SET kpi.language = 'zh'")
    print("label=%s" % ask(connection, "SELECT rag_label FROM kpi.v_scorecard WHERE score_key = ?",
                           "card/north/2011-11/sales")[0][0])
    connection.close()


try:
    main()
finally:
    office.terminate()
    office.wait()
