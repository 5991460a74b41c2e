-- Templates: the indicators of marketing and customer departments, to be adopted as one's own.

-- The definition has the columns of kpi.indicator that are not left to their defaults; a name in braces is an
-- input: in expressions something of the source, in formulas another indicator or a number.
CREATE FUNCTION kpi_internal.templates()
	RETURNS TABLE (number text, template text, name text, perspective text, definition jsonb, rule text, question text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 90
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT t.number, t.template, t.name, t.perspective,
		CASE WHEN t.definition LIKE '%"scale"%' THEN '{}'::jsonb ELSE '{"scale": "linear(0:0, 0.8:60, 1:100, 1.2:120)"}' END
			|| t.definition::jsonb, t.rule, t.question
	FROM (VALUES
	('1', 'satisfaction', 'Customer satisfaction', 'customer',
	 '{"grain": "quarter", "numerator": "count(*) FILTER (WHERE {satisfied})", "denominator": "count(*)", '
	 '"unit_of_measure": "%", "decimals": 1, "target_rule": "hold"}',
	 'Satisfied respondents / respondents.',
	 'Which answers count as satisfied, and how many answers make a quarter trustworthy?'),
	('1', 'satisfaction_rating', 'Satisfaction rating', 'customer',
	 '{"grain": "quarter", "numerator": "sum({rating})", "denominator": "count({rating})", "unit_of_measure": '
	 '"points", "target_rule": "hold"}',
	 'Sum of the ratings / ratings given.',
	 'On which scale is rated, and has it stayed the same?'),
	('2', 'callback_satisfaction', 'Follow-up satisfaction', 'customer',
	 '{"numerator": "count(*) FILTER (WHERE {satisfied})", "denominator": "count(*)", "unit_of_measure": "%", '
	 '"decimals": 1, "target_rule": "hold"}',
	 'Satisfied customers / served customers called back.',
	 'Who is called back: all served customers, or a sample drawn by chance?'),
	('3', 'complaint_timeliness', 'Complaint timeliness', 'process',
	 '{"numerator": "count(*) FILTER (WHERE {closed} <= {due})", "denominator": "count(*)", "unit_of_measure": '
	 '"%", "decimals": 1, "scale": "linear(0.6:0, 0.9:80, 1:100)", "target_rule": "hold"}',
	 'Complaints closed when due / complaints.',
	 'Which time is promised, and does a complaint count when it is opened or when it is due?'),
	('3b', 'complaints', 'Complaints', 'process',
	 '{"numerator": "count(*)", "empty": "zero", "zero_target": "met", "decimals": 0, "direction": "lower", '
	 '"target_rule": "spread"}',
	 'Number of complaints.',
	 'Do more customers bring more complaints, so that a rate would be fairer?'),
	('3b', 'handling_hours', 'Handling time', 'process',
	 '{"numerator": "sum(extract(epoch FROM {closed} - {opened})) / 3600", "denominator": "count({closed})", '
	 '"unit_of_measure": "hours", "decimals": 1, "direction": "lower", "target_rule": "hold"}',
	 'Hours from opening to closing / complaints closed.',
	 'Does the clock stop at night, at weekends and while the customer is asked?'),
	('4', 'churn_rate', 'Customer churn', 'customer',
	 '{"numerator": "count(*) FILTER (WHERE {lost})", "denominator": "count(*)", "unit_of_measure": "%", '
	 '"decimals": 1, "direction": "lower", "combine": "compound_loss", "combine_units": "ratio", "scale": '
	 '"linear(0:0, 0.8:60, 1:100, 1.1:110)", "target_rule": "compound"}',
	 'Customers lost in the month / customers at its begin; months are compounded.',
	 'When is a customer lost: on notice, at the end of the contract, or after how long without a purchase?'),
	('5', 'retention_rate', 'Customer retention', 'customer',
	 '{"formula": "1 - {churn_rate}", "target_rule": "hold", "unit_of_measure": "%", "decimals": 1}',
	 '1 - churn: customers kept / customers at the begin.',
	 'Are new customers left out of both sides?'),
	('6', 'renewal_rate', 'Renewal', 'customer',
	 '{"numerator": "count(*) FILTER (WHERE {renewed})", "denominator": "count(*)", "unit_of_measure": "%", '
	 '"decimals": 1, "target_rule": "hold"}',
	 'Contracts renewed / contracts up for renewal.',
	 'Does a late renewal count for the period in which the contract ended?'),
	('6', 'renewal_value_rate', 'Renewal by value', 'customer',
	 '{"numerator": "sum({value}) FILTER (WHERE {renewed})", "denominator": "sum({value})", "unit_of_measure": '
	 '"%", "decimals": 1, "target_rule": "hold"}',
	 'Value of contracts renewed / value up for renewal.',
	 'Is it the old value that is kept, or the new one that is agreed?'),
	('7', 'tenure', 'Customer tenure', 'customer',
	 '{"grain": "year", "numerator": "(kpi.mean_survival(kpi.survival({days}, {lost}))).estimate", '
	 '"unit_of_measure": "days", "decimals": 0, "target_rule": "hold"}',
	 'Mean time from the first deal to the loss, by the survival of all customers.',
	 'Are customers who are still there among the rows? Without them it is far too short.'),
	('8', 'loyalty', 'Loyalty', 'customer',
	 '{"grain": "year", "numerator": "sum({loyalty})", "denominator": "count({loyalty})", "unit_of_measure": '
	 '"points", "target_rule": "hold"}',
	 'Sum of the loyalty answers / answers.',
	 'Is loyalty what customers say, or what they buy again?'),
	('9', 'repeat_rate', 'Repeat purchase', 'customer',
	 '{"grain": "quarter", "numerator": "kpi.repeat_rate({customer})", "unit_of_measure": "%", "decimals": 1, '
	 '"target_rule": "hold"}',
	 'Buyers with two orders or more / buyers, counted anew for each period.',
	 'Within which time is a second order a repeat?'),
	('10', 'customers', 'Customers', 'customer',
	 '{"numerator": "sum({customers})", "combine": "last", "unit_of_measure": "customers", "decimals": 0, '
	 '"target_rule": "end"}',
	 'Customers at the end of the period.',
	 'Who is a customer: with a contract, or with a purchase in how many months?'),
	('11', 'new_customers', 'New customers', 'customer',
	 '{"numerator": "count(*)", "empty": "zero", "unit_of_measure": "customers", "decimals": 0, "target_rule": '
	 '"spread"}',
	 'Customers with their first purchase in the period.',
	 'Is a customer who comes back after years a new one?'),
	('12', 'new_customer_share', 'New customers of all', 'customer',
	 '{"formula": "{new_customers} / {customers}", "target_rule": "hold", "unit_of_measure": "%", "decimals": 1}',
	 'New customers / customers.',
	 'Is this growth, or does it only replace who was lost?'),
	('12', 'customer_growth', 'Customer growth', 'customer',
	 '{"formula": "({customers} - previous({customers})) / previous({customers})", "target_rule": "hold", '
	 '"unit_of_measure": "%", "decimals": 1}',
	 '(Customers at the end - at the begin) / customers at the begin.',
	 'Are units that were bought or sold left out?'),
	('13', 'acquisition_growth', 'Acquisition growth', 'customer',
	 '{"formula": "({new_customers} - previous({new_customers})) / previous({new_customers})", "target_rule": '
	 '"hold", "unit_of_measure": "%", "decimals": 1}',
	 '(New customers - those of the period before) / those of the period before.',
	 'Does the season make it, so that last year is the better base?'),
	('14', 'customer_quality', 'New-customer quality', 'customer',
	 '{"kind": "rated", "grain": "quarter", "rating_scale": "high:100, middle:60, low:20", "unit_of_measure": '
	 '"points", "decimals": 1, "target_rule": "hold"}',
	 'Weighted mean of judgements: rank in the industry, need, potential.',
	 'Who judges, and are they paid by the number of new customers?'),
	('15', 'acquisition_cost', 'Customer acquisition cost', 'financial',
	 '{"formula": "{marketing_cost} / {new_customers}", "target_rule": "hold", "unit_of_measure": "money", '
	 '"decimals": 0, "direction": "lower"}',
	 'Spend on acquisition / new customers.',
	 'Which costs belong to it, and how late do customers follow the spend?'),
	('16', 'lifetime_value', 'Customer lifetime value', 'financial',
	 '{"formula": "kpi.clv_simple({profit} / {customers}, {retention_rate}, {discount})", "target_rule": "hold", '
	 '"unit_of_measure": "money", "decimals": 0}',
	 'Margin of a customer x retention, discounted, without end.',
	 'Is the margin after the cost of serving, and is retention that of the same periods?'),
	('17', 'engagement', 'Engagement', 'customer',
	 '{"numerator": "count(*) FILTER (WHERE {took_part})", "denominator": "count(*)", "unit_of_measure": "%", '
	 '"decimals": 1, "target_rule": "hold"}',
	 'Active participants / persons reached.',
	 'What counts as taking part: a click, or something that takes time?'),
	('18', 'step_conversion', 'Step conversion', 'process',
	 '{"numerator": "count(*) FILTER (WHERE {step} AND {next_step})", "denominator": "count(*) FILTER (WHERE '
	 '{step})", "unit_of_measure": "%", "decimals": 1, "target_rule": "hold"}',
	 'Who reached the next step / who reached the step.',
	 'Within which time does the next step follow?'),
	('19', 'market_sales', 'Sales of the market', 'customer',
	 '{"grain": "quarter", "numerator": "sum({market_sales})", "inherit": true, "unit_of_measure": "money", '
	 '"decimals": 0, "target_rule": "spread"}',
	 'Sales of all suppliers in the market.',
	 'Who estimates the market, and when is the number final?'),
	('19', 'market_share', 'Market share', 'customer',
	 '{"formula": "{sales} / {market_sales}", "target_rule": "hold", "unit_of_measure": "%", "decimals": 1}',
	 'Own sales / sales of the market.',
	 'Do both sides have the same products, regions and prices?'),
	('20', 'share_change', 'Change of market share', 'customer',
	 '{"formula": "100 * ({market_share} - previous({market_share}))", "target_rule": "hold", "unit_of_measure": '
	 '"pp", "decimals": 1}',
	 'Market share - that of the period before, in points.',
	 'Was the market measured in the same way both times?'),
	('21', 'new_product_sales', 'Sales of new products', 'financial',
	 '{"numerator": "sum({amount})", "filter": "{is_new_product}", "unit_of_measure": "money", "decimals": 0, '
	 '"target_rule": "spread"}',
	 'Sales of products that are new.',
	 'For how long is a product new?'),
	('21', 'segment_sales', 'Sales of the segment', 'customer',
	 '{"grain": "quarter", "numerator": "sum({segment_sales})", "unit_of_measure": "money", "decimals": 0, '
	 '"target_rule": "spread"}',
	 'Sales of all suppliers in the segment.',
	 'Is the segment drawn as the market sees it, or as we would like it?'),
	('21', 'new_product_share', 'New-product share', 'customer',
	 '{"formula": "{new_product_sales} / {segment_sales}", "target_rule": "hold", "unit_of_measure": "%", '
	 '"decimals": 1}',
	 'Own sales of new products / sales of the segment.',
	 'Do new products only take the place of own old ones?'),
	('22', 'largest_rival', 'Sales of the largest rival', 'customer',
	 '{"grain": "quarter", "numerator": "(SELECT max(s) FROM (SELECT sum(a) AS s FROM unnest(array_agg({rival}), '
	 'array_agg({amount})) AS u (r, a) GROUP BY r) AS x)", "unit_of_measure": "money", "decimals": 0, '
	 '"target_rule": "hold"}',
	 'Sales of the rival that sold most in the period.',
	 'Where do the numbers of rivals come from, and how late?'),
	('22', 'relative_share', 'Relative market share', 'customer',
	 '{"formula": "{sales} / {largest_rival}", "target_rule": "hold", "unit_of_measure": "x"}',
	 'Own sales / sales of the largest rival.',
	 'Is it the same rival in all periods?'),
	('22', 'share_gap', 'Gap to the largest rival', 'customer',
	 '{"formula": "100 * ({sales} - {largest_rival}) / {market_sales}", "target_rule": "hold", "unit_of_measure": '
	 '"pp", "decimals": 1}',
	 'Own share - share of the largest rival, in points.',
	 'Which gap is worth closing?'),
	('23', 'buyers', 'Buyers', 'customer',
	 '{"numerator": "count(DISTINCT {customer})", "unit_of_measure": "customers", "decimals": 0, "target_rule": '
	 '"hold"}',
	 'Different customers with a purchase in the period.',
	 'Are several persons of one household or firm one buyer?'),
	('23', 'population', 'Target population', 'customer',
	 '{"kind": "entered", "grain": "half", "combine": "last", "unit_of_measure": "persons", "decimals": 0, '
	 '"target_rule": "end"}',
	 'Number of those who could buy.',
	 'Who could buy at all, and who has counted them?'),
	('23', 'penetration', 'Market penetration', 'customer',
	 '{"formula": "{buyers} / {population}", "target_rule": "hold", "unit_of_measure": "%", "decimals": 1}',
	 'Own buyers / target population.',
	 'Is a buyer of any time meant, or of the period?'),
	('24', 'awareness', 'Brand awareness', 'customer',
	 '{"grain": "half", "numerator": "count(*) FILTER (WHERE {aware})", "denominator": "count(*)", '
	 '"unit_of_measure": "%", "decimals": 1, "target_rule": "hold"}',
	 'Respondents who know the brand / respondents.',
	 'Aided or unaided, and asked whom?'),
	('25', 'favour', 'Brand favour', 'customer',
	 '{"grain": "half", "numerator": "count(*) FILTER (WHERE {aware} AND {favourable})", "denominator": "count(*) '
	 'FILTER (WHERE {aware})", "unit_of_measure": "%", "decimals": 1, "target_rule": "hold"}',
	 'Respondents who like the brand / respondents who know it.',
	 'Are those who do not know it left out of both sides?'),
	('26', 'word_of_mouth', 'Word of mouth', 'customer',
	 '{"numerator": "100 * (count(*) FILTER (WHERE {recommends} >= 9) - count(*) FILTER (WHERE {recommends} <= '
	 '6))", "denominator": "count({recommends})", "unit_of_measure": "points", "decimals": 1, "target_rule": '
	 '"hold"}',
	 '100 x (answers 9 and 10 - answers 0 to 6) / answers: the net promoter score.',
	 'How large is the margin of error with so many answers?'),
	('26', 'net_sentiment', 'Net sentiment', 'customer',
	 '{"numerator": "count(*) FILTER (WHERE {positive}) - count(*) FILTER (WHERE {negative})", "denominator": '
	 '"count(*)", "unit_of_measure": "%", "decimals": 1, "target_rule": "hold"}',
	 '(Positive - negative mentions) / mentions.',
	 'Who or what decides that a mention is positive?'),
	('27', 'brand_influence', 'Brand influence', 'customer',
	 '{"formula": "100 * (0.4 * {awareness} + 0.3 * {favour}) + 0.3 * ({word_of_mouth} + 100) / 2", '
	 '"target_rule": "hold", "unit_of_measure": "points", "decimals": 1}',
	 '40 % awareness, 30 % favour, 30 % word of mouth, in points.',
	 'Who agreed to these weights?'),
	('28', 'followers', 'Followers', 'customer',
	 '{"numerator": "sum({followers})", "combine": "last", "unit_of_measure": "persons", "decimals": 0, '
	 '"target_rule": "end"}',
	 'Followers at the end of the period.',
	 'Are bought and sleeping followers counted?'),
	('28', 'interactions', 'Interactions', 'customer',
	 '{"numerator": "sum({interactions})", "unit_of_measure": "times", "decimals": 0, "target_rule": "spread"}',
	 'Likes, comments and shares in the period.',
	 'Are they weighed alike?'),
	('28', 'topic_spread', 'Spread of topics', 'customer',
	 '{"numerator": "sum({spread})", "unit_of_measure": "times", "decimals": 0, "target_rule": "spread"}',
	 'How often topics of the brand were passed on.',
	 'Over which channels is it counted?'),
	('28', 'social_influence', 'Social influence', 'customer',
	 '{"formula": "50 * {followers} / {full_followers} + 50 * {interactions} / {full_interactions}", '
	 '"target_rule": "hold", "unit_of_measure": "points", "decimals": 1}',
	 'Half followers, half interactions, 100 points where both are full.',
	 'Which numbers are worth the full points, and do more pay?'),
	('29', 'sales', 'Sales', 'financial',
	 '{"numerator": "sum({amount})", "unit_of_measure": "money", "decimals": 0, "target_rule": "spread"}',
	 'Sum of the amounts sold.',
	 'Ordered, delivered or paid; with returns, rebates and tax or without?'),
	('29', 'sales_volume', 'Sales volume', 'financial',
	 '{"numerator": "sum({quantity})", "unit_of_measure": "items", "decimals": 0, "target_rule": "spread"}',
	 'Sum of the quantities sold.',
	 'Can the products be added up at all?'),
	('30', 'sales_growth', 'Sales growth', 'financial',
	 '{"formula": "({sales} - last_year({sales})) / abs(last_year({sales}))", "target_rule": "hold", '
	 '"unit_of_measure": "%", "decimals": 1}',
	 '(Sales - sales of the same period last year) / those of last year.',
	 'Are prices, currencies and what was bought taken out?'),
	('30', 'sales_growth_previous', 'Sales growth on the period before', 'financial',
	 '{"formula": "({sales} - previous({sales})) / abs(previous({sales}))", "target_rule": "hold", '
	 '"unit_of_measure": "%", "decimals": 1}',
	 '(Sales - sales of the period before) / those of the period before.',
	 'Is there a season in it?'),
	('31', 'segment_growth', 'Segment growth', 'financial',
	 '{"formula": "({segment_sales} - last_year({segment_sales})) / abs(last_year({segment_sales}))", '
	 '"target_rule": "hold", "unit_of_measure": "%", "decimals": 1}',
	 '(Sales of the segment - last year) / last year.',
	 'Do we grow faster than the segment?'),
	('32', 'profit', 'Profit', 'financial',
	 '{"formula": "{sales} - {cost_of_sales}", "target_rule": "spread", "unit_of_measure": "money", "decimals": 0}',
	 'Sales - cost of sales.',
	 'Before or after marketing and overhead?'),
	('33', 'new_business_share', 'New-business share', 'financial',
	 '{"numerator": "sum({amount}) FILTER (WHERE {is_new})", "denominator": "sum({amount})", "unit_of_measure": '
	 '"%", "decimals": 1, "target_rule": "hold"}',
	 'Sales to new customers / sales.',
	 'For how long is a customer new?'),
	('34', 'marketing_cost', 'Marketing cost', 'financial',
	 '{"numerator": "sum({amount})", "unit_of_measure": "money", "decimals": 0, "direction": "lower", '
	 '"target_rule": "spread"}',
	 'Advertising + promotion + research.',
	 'Are salaries and agencies in it?'),
	('34', 'advertising_cost', 'Advertising cost', 'financial',
	 '{"numerator": "sum({amount})", "filter": "{is_advertising}", "unit_of_measure": "money", "decimals": 0, '
	 '"direction": "lower", "target_rule": "spread"}',
	 'Spend on advertising.',
	 'By the day of the bill, or by that of what it is for?'),
	('34', 'promotion_cost', 'Promotion cost', 'financial',
	 '{"numerator": "sum({amount})", "filter": "{is_promotion}", "unit_of_measure": "money", "decimals": 0, '
	 '"direction": "lower", "target_rule": "spread"}',
	 'Spend on promotion.',
	 'By the day of the bill, or by that of what it is for?'),
	('34', 'research_cost', 'Market research cost', 'financial',
	 '{"numerator": "sum({amount})", "filter": "{is_research}", "unit_of_measure": "money", "decimals": 0, '
	 '"direction": "lower", "target_rule": "spread"}',
	 'Spend on market research.',
	 'By the day of the bill, or by that of what it is for?'),
	('35', 'cost_of_sales', 'Cost of sales', 'financial',
	 '{"numerator": "sum({cost})", "unit_of_measure": "money", "decimals": 0, "direction": "lower", '
	 '"target_rule": "spread"}',
	 'Sum of what the things sold have cost.',
	 'Standard or actual cost?'),
	('36', 'marketing_budget', 'Marketing budget', 'financial',
	 '{"numerator": "sum({budget})", "unit_of_measure": "money", "decimals": 0, "target_rule": "spread"}',
	 'Sum of the budgets of the period.',
	 'How is the year shared out over its months?'),
	('36', 'budget_attainment', 'Budget attainment', 'financial',
	 '{"formula": "{marketing_cost} / {marketing_budget}", "target_rule": "hold", "unit_of_measure": "%", '
	 '"decimals": 1, "direction": "target", "scale": "range(0.95..1.05 full, 0.8..1.2 zero) of actual"}',
	 'Actual cost / budget.',
	 'Is money that is left over good news?'),
	('37', 'cost_benefit', 'Cost benefit', 'financial',
	 '{"formula": "{sales} / {marketing_cost}", "target_rule": "hold", "unit_of_measure": "x"}',
	 'Sales / marketing cost.',
	 'Which sales would have come without it?'),
	('38', 'marketing_roi', 'Marketing ROI', 'financial',
	 '{"formula": "({profit} - {marketing_cost}) / {marketing_cost}", "target_rule": "hold", "unit_of_measure": '
	 '"%", "decimals": 1}',
	 '(Gain - cost) / cost.',
	 'Is the gain a margin, and not sales?'),
	('38', 'gain_per_cost', 'Gain per unit of cost', 'financial',
	 '{"formula": "{profit} / {marketing_cost}", "target_rule": "hold", "unit_of_measure": "x"}',
	 'Gain / cost.',
	 'Does everybody know that 1 is break-even here, and 0 for ROI?'),
	('39', 'channel_roi', 'Channel ROI', 'process',
	 '{"formula": "kpi.roi({sales} - {cost_of_sales}, {marketing_cost})", "target_rule": "hold", '
	 '"unit_of_measure": "%", "decimals": 1}',
	 '(Gain - cost) / cost of each channel.',
	 'Which channel is a sale credited to that touched several?'),
	('40', 'advertising_share', 'Advertising of all costs', 'financial',
	 '{"formula": "{advertising_cost} / {marketing_cost}", "target_rule": "hold", "unit_of_measure": "%", '
	 '"decimals": 1, "direction": "target", "scale": "linear(0.8:0, 0.95:80, 1:100)"}',
	 'Advertising / marketing cost.',
	 'Which mix is wanted, and since when?'),
	('40', 'cost_concentration', 'Concentration of costs', 'financial',
	 '{"numerator": "kpi.hhi({amount}) FILTER (WHERE {amount} > 0)", "decimals": 3, "direction": "target", '
	 '"target_rule": "hold"}',
	 'Sum of the squared shares of the amounts.',
	 'Is one row an item, or are items split over rows?'),
	('41', 'visits', 'Site traffic', 'process',
	 '{"grain": "week", "numerator": "count(*)", "unit_of_measure": "times", "decimals": 0, "target_rule": '
	 '"spread"}',
	 'Visits of the site.',
	 'Are robots and own staff left out?'),
	('41', 'page_views', 'Page views', 'process',
	 '{"numerator": "sum({pages})", "unit_of_measure": "times", "decimals": 0, "target_rule": "spread"}',
	 'Pages seen.',
	 'Does a reload count?'),
	('42', 'visitors', 'Unique visitors', 'process',
	 '{"grain": "week", "numerator": "count(DISTINCT {visitor})", "unit_of_measure": "persons", "decimals": 0, '
	 '"target_rule": "hold"}',
	 'Different visitors, counted anew for each period.',
	 'Is one person with two devices one visitor?'),
	('42', 'new_visitor_ratio', 'New to returning visitors', 'process',
	 '{"grain": "week", "numerator": "count(DISTINCT {visitor}) FILTER (WHERE {is_new})", "denominator": '
	 '"count(DISTINCT {visitor}) FILTER (WHERE NOT {is_new})", "unit_of_measure": "x", "target_rule": "hold"}',
	 'New visitors / returning visitors.',
	 'How long does a cookie live?'),
	('43', 'dwell_time', 'Dwell time', 'process',
	 '{"grain": "week", "numerator": "sum({seconds})", "denominator": "count(*)", "unit_of_measure": "seconds", '
	 '"decimals": 0, "target_rule": "hold"}',
	 'Seconds on the site / visits.',
	 'What does a visit of a single page last?'),
	('44', 'conversion_rate', 'Conversion', 'process',
	 '{"numerator": "count(*) FILTER (WHERE {ordered})", "denominator": "count(*)", "unit_of_measure": "%", '
	 '"decimals": 1, "target_rule": "hold"}',
	 'Orders / visits.',
	 'Is a visitor who orders in a later visit counted?'),
	('45', 'sales_conversion', 'Sales conversion of participants', 'process',
	 '{"numerator": "count(*) FILTER (WHERE {took_part} AND {bought})", "denominator": "count(*) FILTER (WHERE '
	 '{took_part})", "unit_of_measure": "%", "decimals": 1, "target_rule": "hold"}',
	 'Buyers / participants.',
	 'How long after the campaign does a purchase count?'),
	('46', 'response_rate', 'Response', 'process',
	 '{"numerator": "count(*) FILTER (WHERE {responded})", "denominator": "count(*)", "unit_of_measure": "%", '
	 '"decimals": 1, "target_rule": "hold"}',
	 'Responses / persons contacted.',
	 'Are undelivered contacts left out?'),
	('47', 'resource_efficiency', 'Resource efficiency', 'process',
	 '{"formula": "{sales} / ({marketing_cost} + {cost_of_sales})", "target_rule": "hold", "unit_of_measure": "x"}',
	 'Output / input.',
	 'Is the input all that was used?'),
	('48', 'milestones_in_time', 'Milestones in time', 'process',
	 '{"numerator": "count(*) FILTER (WHERE {done} <= {due})", "denominator": "count(*)", "unit_of_measure": "%", '
	 '"decimals": 1, "target_rule": "hold"}',
	 'Milestones reached when due / milestones due.',
	 'Is a date that was moved still the date?'),
	('49', 'collaboration', 'Team collaboration', 'process',
	 '{"kind": "rated", "grain": "half", "unit_of_measure": "points", "decimals": 1, "target_rule": "hold"}',
	 'Weighted mean of the judgements of other departments.',
	 'Do the raters work with the team?'),
	('50', 'trained_share', 'Trained staff', 'learning',
	 '{"grain": "half", "numerator": "count(*) FILTER (WHERE {trained})", "denominator": "count(*)", '
	 '"unit_of_measure": "%", "decimals": 1, "target_rule": "hold"}',
	 'Staff trained / staff.',
	 'What has to be learned so that it counts?'),
	('50', 'training_hours', 'Training per head', 'learning',
	 '{"grain": "half", "numerator": "sum({hours})", "denominator": "count(*)", "unit_of_measure": "hours", '
	 '"decimals": 1, "target_rule": "hold"}',
	 'Hours of training / staff.',
	 'Is anything better after these hours?'),
	('51', 'morale', 'Morale', 'learning',
	 '{"kind": "rated", "grain": "half", "rating_method": "median", "unit_of_measure": "points", "decimals": 1, '
	 '"target_rule": "hold"}',
	 'Median of what the staff say.',
	 'Is it anonymous, and do people believe that?'),
	('51', 'innovation_share', 'Innovation', 'learning',
	 '{"formula": "{new_product_sales} / {sales}", "target_rule": "hold", "unit_of_measure": "%", "decimals": 1}',
	 'Sales of new products and channels / sales.',
	 'Is new what the customer finds new?'),
	('52', 'kpi_attainment', 'KPI attainment', 'process',
	 '{"grain": "quarter", "numerator": "count(*) FILTER (WHERE {attainment} >= 1)", "denominator": '
	 '"count({attainment})", "unit_of_measure": "%", "decimals": 1, "target_rule": "hold"}',
	 'Indicators that reach their target / indicators with one.',
	 'Are the targets as hard for everybody?'),
	('53', 'strategy_match', 'Match of indicators and strategy', 'learning',
	 '{"kind": "entered", "grain": "quarter", "decimals": 3, "target_rule": "hold"}',
	 'Geometric mean of coverage, alignment and coordination, as kpi.match_degree() gives it.',
	 'Which links are the weakest, and who mends them?'),
	('54', 'appraisal_score', 'Appraisal', 'learning',
	 '{"kind": "rated", "grain": "half", "unit_of_measure": "points", "decimals": 1, "target_rule": "hold"}',
	 'Weighted mean of the judgements of those who appraise.',
	 'Are raters calibrated, so that a strict one does no harm?')
	) AS t (number, template, name, perspective, definition, rule, question)
$$;
COMMENT ON FUNCTION kpi_internal.templates() IS
'The templates of indicators, in the order of the list of the sources. '
'Each with its number there, what its definition says beside the defaults, its rule in words and what to ask before '
'it is used. Names in braces are inputs.';

CREATE FUNCTION kpi_internal.template_inputs()
	RETURNS TABLE (input text, says text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 50
	SET search_path = pg_catalog, pg_temp
AS $$
	VALUES
	('satisfied', 'whether the customer is satisfied'),
	('rating', 'the rating given'),
	('closed', 'when it was closed; NULL while open'),
	('due', 'when it was due'),
	('opened', 'when it was opened'),
	('lost', 'whether the customer was lost'),
	('renewed', 'whether the contract was renewed'),
	('value', 'the value of the contract'),
	('days', 'days from the first deal to the loss, or to today'),
	('loyalty', 'the answer on loyalty'),
	('customer', 'what tells customers apart'),
	('customers', 'the number of customers of the row; 1 where a row is a customer'),
	('took_part', 'whether the person took part'),
	('step', 'whether the step was reached'),
	('next_step', 'whether the next step was reached'),
	('market_sales', 'what the market sold'),
	('segment_sales', 'what the segment sold'),
	('amount', 'the amount of money'),
	('is_new_product', 'whether the product is new'),
	('rival', 'what tells rivals apart'),
	('aware', 'whether the respondent knows the brand'),
	('favourable', 'whether the respondent likes the brand'),
	('recommends', 'how likely the respondent recommends, 0 to 10'),
	('positive', 'whether the mention is positive'),
	('negative', 'whether the mention is negative'),
	('followers', 'the number of followers'),
	('interactions', 'the number of interactions'),
	('spread', 'how often topics were passed on'),
	('full_followers', 'the number of followers that is worth full points'),
	('full_interactions', 'the number of interactions that is worth full points'),
	('quantity', 'the quantity sold'),
	('discount', 'the rate of discount of a period, such as 0.03'),
	('is_new', 'whether the customer or visitor is new'),
	('is_advertising', 'whether it is for advertising'),
	('is_promotion', 'whether it is for promotion'),
	('is_research', 'whether it is for research'),
	('cost', 'what the things sold have cost'),
	('budget', 'the budget'),
	('pages', 'the pages seen'),
	('visitor', 'what tells visitors apart'),
	('seconds', 'the seconds on the site'),
	('ordered', 'whether the visit led to an order'),
	('bought', 'whether the person bought'),
	('responded', 'whether the person responded'),
	('done', 'when it was done; NULL while it is not'),
	('trained', 'whether the person was trained'),
	('hours', 'the hours of training'),
	('attainment', 'the attainment, 1 is reached')
$$;
COMMENT ON FUNCTION kpi_internal.template_inputs() IS
'What the inputs of templates are that are no templates themselves, in words.';

CREATE FUNCTION kpi_internal.inputs_of(definition jsonb)
	RETURNS text[]
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(array_agg(f.input ORDER BY f.place), '{}')
	FROM (SELECT m.part[1] AS input, min(m.place) AS place
		  FROM regexp_matches(concat_ws(' ', definition ->> 'numerator', definition ->> 'denominator', definition ->> 'filter',
										definition ->> 'formula'), E'\\{(\\w+)\\}', 'g') WITH ORDINALITY AS m (part, place)
		  GROUP BY m.part[1]) AS f
$$;
COMMENT ON FUNCTION kpi_internal.inputs_of(jsonb) IS
'The inputs that the expressions of a template name, in their order. NULL for NULL.';
