"""Django: the models that inspectdb makes of published views, and a query over them."""
import io
import os
import sys

# this file has the name of what it tries
sys.path.pop(0)
import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

settings.configure(DATABASES={"default": {
    "ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PGDATABASE"], "USER": "kpi_reader",
    "HOST": os.environ["PGHOST"], "PORT": os.environ["PGPORT"],
    "OPTIONS": {"options": "-c search_path=reports"}}}, DEFAULT_AUTO_FIELD="django.db.models.AutoField")
django.setup()
code = io.StringIO()
call_command("inspectdb", "v_scorecard", include_views=True, stdout=code)
names = {"__name__": "reports.models"}
exec(code.getvalue().replace(
    "\n        managed = False", "\n        managed = False\n        app_label = 'reports'"), names)
view = names["VScorecard"]
fields = [field.name for field in view._meta.fields if not field.primary_key]
rows = view.objects.all()
print("count=%d" % rows.count())
print("units=" + ",".join(rows.values_list("unit", flat=True).distinct().order_by("unit")))
print("row=" + "|".join(str(value) for value in rows.values_list(
    "score_key", "node_name", "actual", "target", "score", "rag", "rag_order", "period_start", "is_stale").get(
        score_key="card/north/2011-11/sales")))
score, reason = rows.values_list("score", "score_reason").get(score_key="card/north/2011-11/wait")
print("null=%s|%s" % (str(score is None).lower(), reason))
print("columns=%d" % len(fields))
