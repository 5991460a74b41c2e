#!/bin/bash
# Observable Framework: a page whose data a loader reads when the site is built. observable.sh FOLDER
set -eu
mkdir -p "$1/src/data"
cd "$1"
ln -sfn "$NODE_PATH" node_modules
cat >src/index.md <<'END'
# Scores
END
cat >package.json <<'END'
{"name": "scores", "private": true, "type": "module"}
END
cat >observablehq.config.js <<'END'
export default { title: 'Scores', root: 'src', dynamicPaths: ['/data/scores.txt'] }
END
cat >src/data/scores.txt.js <<'END'
import pg from 'pg'

const client = new pg.Client({
	host: process.env.PGHOST, port: +process.env.PGPORT, database: process.env.PGDATABASE, user: 'kpi_reader' })
pg.types.setTypeParser(1082, day => day)
await client.connect()
const ask = async query => (await client.query(query)).rows
const [{ count }] = await ask('SELECT count(*) FROM kpi.v_scorecard')
const units = await ask('SELECT DISTINCT unit FROM kpi.v_scorecard')
const [row] = await ask(`SELECT score_key, node_name, actual, target, score, rag, rag_order, period_start, is_stale
	FROM kpi.v_scorecard WHERE score_key = 'card/north/2011-11/sales'`)
const facts = { count, units: units.map(row => row.unit).join(','), row: Object.values(row).join('|') }
process.stdout.write(Object.entries(facts).map(([name, fact]) => `${name}=${fact}\n`).join(''))
await client.end()
END
node "$NODE_PATH/@observablehq/framework/dist/bin/observable.js" build >build.log 2>&1 ||
	{ cat build.log >&2; exit 1; }
cat dist/data/scores.txt
