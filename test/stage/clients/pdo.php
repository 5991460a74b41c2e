<?php
// PDO
[$host, $port, $name] = [getenv('PGHOST'), getenv('PGPORT'), getenv('PGDATABASE')];
$db = new PDO("pgsql:host=$host;port=$port;dbname=$name", 'kpi_reader');

function ask($query, ...$parameters)
{
	global $db;
	$statement = $db->prepare($query);
	$statement->execute($parameters);
	return $statement->fetch(PDO::FETCH_NUM);
}

$key = 'card/north/2011-11/sales';
echo 'count=', ask('SELECT count(*) FROM kpi.v_scorecard')[0], "\n";
echo 'units=', ask("SELECT string_agg(DISTINCT unit, ',') FROM kpi.v_scorecard")[0], "\n";
echo 'row=', implode('|', ask('SELECT score_key, node_name, actual, target, score, rag, rag_order, period_start,
	is_stale FROM kpi.v_scorecard WHERE score_key = ?', $key)), "\n";
[$score, $reason] = ask('SELECT score, score_reason FROM kpi.v_scorecard WHERE score_key = ?',
	'card/north/2011-11/wait');
echo 'null=', $score === null ? 'true' : 'false', "|$reason\n";
echo 'evaluate=', ask('SELECT count(*) FROM kpi.evaluate(?, ?, ?)', 'card', 'north', '2011-11')[0], "\n";
echo 'exact=', ask('SELECT kpi.attainment(CAST(? AS numeric), CAST(? AS numeric))', '0.1', '0.3')[0], "\n";
echo 'columns=', count(ask('SELECT * FROM kpi.v_scorecard LIMIT 1')), "\n";
$db->exec("SET kpi.language = 'zh'");
echo 'label=', ask('SELECT rag_label FROM kpi.v_scorecard WHERE score_key = ?', $key)[0], "\n";
