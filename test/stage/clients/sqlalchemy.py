"""SQLAlchemy and pandas: reflection with comments, and a data frame."""
import os
import sys
import warnings

# this file has the name of what it tries
sys.path.pop(0)
import pandas  # noqa: E402
import sqlalchemy  # noqa: E402

warnings.simplefilter("ignore")
engine = sqlalchemy.create_engine("postgresql+psycopg2://kpi_reader@/%(PGDATABASE)s?host=%(PGHOST)s" % os.environ)
meta = sqlalchemy.MetaData()
view = sqlalchemy.Table("v_scorecard", meta, schema="kpi", autoload_with=engine)
unknown = [column.name for column in view.columns if isinstance(column.type, sqlalchemy.types.NullType)]
key = view.c.score_key
with engine.connect() as connection:
    def value(statement):
        return connection.execute(statement).scalar()

    print("count=%s" % value(sqlalchemy.select(sqlalchemy.func.count()).select_from(view)))
    print("units=" + ",".join(row[0] for row in connection.execute(
        sqlalchemy.select(view.c.unit).distinct().order_by(view.c.unit))))
    row = connection.execute(sqlalchemy.select(
        key, view.c.node_name, view.c.actual, view.c.target, view.c.score, view.c.rag, view.c.rag_order,
        view.c.period_start, view.c.is_stale).where(key == "card/north/2011-11/sales")).one()
    print("row=" + "|".join(str(item) for item in row))
    row = connection.execute(sqlalchemy.select(view.c.score, view.c.score_reason).where(
        key == "card/north/2011-11/wait")).one()
    print("null=%s|%s" % (str(row[0] is None).lower(), row[1]))
    print("evaluate=%s" % len(pandas.read_sql(
        sqlalchemy.text("SELECT * FROM kpi.evaluate(:scorecard, :unit, :period)"), connection,
        params={"scorecard": "card", "unit": "north", "period": "2011-11"})))
    frame = pandas.read_sql("SELECT * FROM kpi.v_scorecard", connection)
    print("columns=%d" % (len(frame.columns) if len(view.columns) == len(frame.columns) and not unknown else -1))
    print("comment=%s" % sqlalchemy.inspect(engine).get_table_comment("v_scorecard", "kpi")["text"].split(". ")[0])
    connection.execute(sqlalchemy.text("SET kpi.language = 'zh'"))
    print("label=%s" % value(sqlalchemy.select(view.c.rag_label).where(key == "card/north/2011-11/sales")))
