// node-postgres, alone and below knex, and postgres.js: node.js pg|knex|postgres
const host = process.env.PGHOST, database = process.env.PGDATABASE, port = process.env.PGPORT, user = 'kpi_reader'

// a day is a day, in whatever zone
const asText = value => value
let ask, end
if (process.argv[2] === 'postgres') {
	const sql = require('postgres')({
		host, port, database, user, max: 1, onnotice: () => {},
		types: { date: { to: 1082, from: [1082], serialize: asText, parse: asText } } })
	ask = (query, parameters = []) => sql.unsafe(query, parameters)
	end = () => sql.end()
} else {
	require('pg').types.setTypeParser(1082, asText)
	if (process.argv[2] === 'knex') {
		const connection = { host, port: +port, database, user }
		const knex = require('knex')({ client: 'pg', connection, pool: { min: 0, max: 1 } })
		ask = async (query, parameters = []) => (await knex.raw(query.replace(/\$\d/g, '?'), parameters)).rows
		end = () => knex.destroy()
	} else {
		const client = new (require('pg').Client)({ host, port: +port, database, user })
		const connected = client.connect()
		ask = async (query, parameters = []) => { await connected; return (await client.query(query, parameters)).rows }
		end = () => client.end()
	}
}

async function main() {
	const key = ['card/north/2011-11/sales']
	const [{ count }] = await ask('SELECT count(*) FROM kpi.v_scorecard')
	console.log('count=' + count)
	console.log('units=' + (await ask('SELECT DISTINCT unit FROM kpi.v_scorecard')).map(row => row.unit).join(','))
	const [row] = await ask('SELECT score_key, node_name, actual, target, score, rag, rag_order, period_start, ' +
		'is_stale FROM kpi.v_scorecard WHERE score_key = $1', key)
	console.log('row=' + Object.values(row).join('|'))
	const [missing] = await ask('SELECT score, score_reason FROM kpi.v_scorecard WHERE score_key = $1',
		['card/north/2011-11/wait'])
	console.log('null=' + (missing.score === null) + '|' + missing.score_reason)
	const rows = await ask('SELECT * FROM kpi.evaluate($1, $2, $3)', ['card', 'north', '2011-11'])
	console.log('evaluate=' + rows.length)
	const [{ exact }] = await ask('SELECT kpi.attainment($1::numeric, $2::numeric) AS exact', ['0.1', '0.3'])
	console.log('exact=' + exact)
	const [all] = await ask('SELECT * FROM kpi.v_scorecard LIMIT 1')
	console.log('columns=' + Object.keys(all).length)
	await ask("SET kpi.language = 'zh'")
	const [{ rag_label }] = await ask('SELECT rag_label FROM kpi.v_scorecard WHERE score_key = $1', key)
	console.log('label=' + rag_label)
	await end()
}

main().catch(error => { console.error(error); process.exit(1) })
