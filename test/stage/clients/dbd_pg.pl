# DBD::Pg
use strict;
use warnings;
use utf8;
use DBI;

binmode STDOUT, ':utf8';
my $db = DBI->connect('dbi:Pg:', 'kpi_reader', '', { RaiseError => 1, PrintError => 0 });

sub ask
{
	my ($query, @parameters) = @_;
	return $db->selectrow_array($query, undef, @parameters);
}

my $key = 'card/north/2011-11/sales';
print 'count=', ask('SELECT count(*) FROM kpi.v_scorecard'), "\n";
print 'units=', ask(q{SELECT string_agg(DISTINCT unit, ',') FROM kpi.v_scorecard}), "\n";
print 'row=', join('|', ask('SELECT score_key, node_name, actual, target, score, rag, rag_order, period_start, is_stale
	FROM kpi.v_scorecard WHERE score_key = ?', $key)), "\n";
my ($score, $reason) = ask('SELECT score, score_reason FROM kpi.v_scorecard WHERE score_key = ?',
	'card/north/2011-11/wait');
print 'null=', defined $score ? 'false' : 'true', "|$reason\n";
print 'evaluate=', ask('SELECT count(*) FROM kpi.evaluate(?, ?, ?)', 'card', 'north', '2011-11'), "\n";
print 'exact=', ask('SELECT kpi.attainment(?::numeric, ?::numeric)', '0.1', '0.3'), "\n";
my $view = $db->table_info(undef, 'kpi', 'v_scorecard', 'VIEW')->fetchrow_hashref;
print 'comment=', (split /\. /, $view->{REMARKS})[0], "\n";
print 'columns=', scalar @{ $db->column_info(undef, 'kpi', 'v_scorecard', '%')->fetchall_arrayref }, "\n";
$db->do(q{SET kpi.language = 'zh'});
print 'label=', ask('SELECT rag_label FROM kpi.v_scorecard WHERE score_key = ?', $key), "\n";
