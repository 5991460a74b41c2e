"""asyncpg, whose parameters have types."""
import asyncio
import os
import sys
from decimal import Decimal

# this file has the name of what it tries
sys.path.pop(0)
import asyncpg  # noqa: E402


async def main():
    connection = await asyncpg.connect(host=os.environ["PGHOST"], user="kpi_reader")
    key = "card/north/2011-11/sales"
    print("count=%s" % await connection.fetchval("SELECT count(*) FROM kpi.v_scorecard"))
    units = await connection.fetch("SELECT DISTINCT unit FROM kpi.v_scorecard ORDER BY unit")
    print("units=" + ",".join(row["unit"] for row in units))
    row = await connection.fetchrow(
        "SELECT score_key, node_name, actual, target, score, rag, rag_order, period_start, is_stale"
        " FROM kpi.v_scorecard WHERE score_key = $1", key)
    print("row=" + "|".join(str(value) for value in row.values()))
    row = await connection.fetchrow("SELECT score, score_reason FROM kpi.v_scorecard WHERE score_key = $1",
                                    "card/north/2011-11/wait")
    print("null=%s|%s" % (str(row["score"] is None).lower(), row["score_reason"]))
    print("evaluate=%s" % await connection.fetchval("SELECT count(*) FROM kpi.evaluate($1, $2, $3)",
                                                    "card", "north", "2011-11"))
    print("exact=%s" % await connection.fetchval("SELECT kpi.attainment($1::numeric, $2::numeric)",
                                                 Decimal("0.1"), Decimal("0.3")))
    await connection.execute("SET kpi.language = 'zh'")
    print("label=%s" % await connection.fetchval("SELECT rag_label FROM kpi.v_scorecard WHERE score_key = $1", key))


asyncio.run(main())
