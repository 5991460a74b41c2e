// PostGraphile over published views, in the way of its middleware.
const { Pool } = require('pg')
const { createPostGraphileSchema, withPostGraphileContext } = require('postgraphile')
const { graphql } = require('graphql')

const pool = new Pool({
	host: process.env.PGHOST, port: +process.env.PGPORT, database: process.env.PGDATABASE, user: 'kpi_reader' })

async function main() {
	const schema = await createPostGraphileSchema(pool, ['reports'])
	const ask = async (query, pgSettings = {}) => {
		const { data, errors } = await withPostGraphileContext({ pgPool: pool, pgSettings },
			context => graphql(schema, query, null, context))
		if (errors)
			throw errors[0]
		return data
	}
	const of = key => `allVScorecards(condition: { scoreKey: "card/north/2011-11/${key}" })`
	const all = (await ask('{ allVScorecards { totalCount nodes { unit } } }')).allVScorecards
	console.log('count=' + all.totalCount)
	console.log('units=' + [...new Set(all.nodes.map(node => node.unit))].join(','))
	const names = ['scoreKey', 'nodeName', 'actual', 'target', 'score', 'rag', 'ragOrder', 'periodStart', 'isStale']
	const [row] = (await ask(`{ ${of('sales')} { nodes { ${names.join(' ')} } } }`)).allVScorecards.nodes
	console.log('row=' + names.map(name => row[name]).join('|'))
	const [missing] = (await ask(`{ ${of('wait')} { nodes { score scoreReason } } }`)).allVScorecards.nodes
	console.log('null=' + (missing.score === null) + '|' + missing.scoreReason)
	const type = (await ask('{ __type(name: "VScorecard") { description fields { name } } }')).__type
	console.log('columns=' + type.fields.length)
	console.log('comment=' + type.description.split('. ')[0])
	const chinese = await ask(`{ ${of('sales')} { nodes { ragLabel } } }`, { 'kpi.language': 'zh' })
	const [label] = chinese.allVScorecards.nodes
	console.log('label=' + label.ragLabel)
	await pool.end()
}

main().catch(error => { console.error(error); process.exit(1) })
