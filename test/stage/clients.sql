-- What the clients read: a card of two units, one of which the reader may see.
SET client_min_messages = warning;
SELECT kpi.define_unit('company'), kpi.define_unit('north', parent => 'company', name => 'North'),
	kpi.define_unit('south', parent => 'company');
SELECT kpi.define_indicator('sales', perspective => 'financial', combine => 'sum', unit_of_measure => 'GBP'),
	kpi.define_indicator('wait', perspective => 'customer', direction => 'lower', combine => 'average');
SELECT kpi.set_target('sales', unit, '2011-Q4', 9000), kpi.set_target('wait', unit, '2011', 4) FROM kpi.unit;
SELECT kpi.define_scorecard('card', name => 'Card');
SELECT kpi.set_weight('card', 'sales', 0.6), kpi.set_weight('card', 'wait', 0.4);
SELECT kpi.enter('sales', 'north', '2011-10', 2500), kpi.enter('sales', 'north', '2011-11', 2700),
	kpi.enter('sales', 'south', '2011-11', 3300), kpi.enter('wait', 'south', '2011-11', 4);
SELECT kpi.refresh_results();

-- one call is all that a role needs
CREATE ROLE kpi_reader LOGIN;
SELECT kpi.grant_viewer('kpi_reader', '{north}');
CREATE ROLE kpi_runner LOGIN;
SELECT kpi.grant_collector('kpi_runner');
CREATE SCHEMA reports;
SELECT kpi.publish_views('reports');
