-- Pareto/NBD against high-precision values, its own definition, and data:
-- likelihood, answers, fit, and what no plan and no order may change.
-- share: 8
\set file cdnow/cdnow_customers_summary.csv
\ir data.sql
BEGIN;
\ir lib.sql
SELECT no_plan();

CREATE FUNCTION pareto(r float8, alpha float8, s float8, beta float8) RETURNS kpi.pareto_nbd_model LANGUAGE sql
	RETURN ROW(r, alpha, s, beta, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.pareto_nbd_model;

-- values to 17 digits from arithmetic with 60 to 120, by hypergeometric functions
CREATE TABLE golden (r float8, alpha float8, s float8, beta float8, frequency float8, recency float8, t float8,
	p_alive float8, log_likelihood float8, purchases_39 float8, purchases_2600 float8, dert float8);
INSERT INTO golden VALUES
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 0, 0, 0, 1.0, 0.0, 1.2134080646742283, 11.501489984027179,
	3.9548179083975899),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 0, 0, 38.86, 0.29509715839431779, -0.52120179301476249,
	0.10705979269802807, 1.5916062261906046, 0.47693086063046426),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 0, 0, 5200, 0.0015711872577192349, -0.67322361340443625,
	'6.4918111620361479e-6', 0.00038148744020937293, '5.9386820550545644e-5'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 2, 30.43, 38.86, 0.86911871817021697, -9.5543331642488512,
	1.4551129550089299, 21.632461455770031, 6.4822493716609778),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 1, 1.71, 38.86, 0.16787197804059007, -4.4497095038179466,
	0.17098051732086698, 2.5418847642714969, 0.76168543971396166),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 29, 38, 38.86, 0.98646925857316678, -45.574503570972899,
	19.116531764067239, 284.19624409958619, 85.160485713084387),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 221, 103.42857, 103.57143, 0.99913375779042497,
	-76.9662422689454, 69.02786581519982, 1401.8600686975134, 376.61969948398698),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 500, 499, 501, 0.99266537322647857, -515.1018648695056,
	37.040144342312122, 1308.0837032315459, 275.55881760493776),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 10000, 5100, 5200, '1.1193089928019176e-80',
	-3303.1560255064863, '8.359311415112592e-79', '4.9122998714338397e-77', '7.6470635781665858e-78'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 10000, 10, 5200, 0, 51851.795944712954, 0, 0, 0),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 3, 52, 52, 1.0, -13.635565420217405, 1.9006074728407285,
	30.760329847717297, 8.9607708079421422),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 7, 0.01, 5200, '1.6752019907899378e-21',
	-12.036002656195392, '9.4492859216021227e-23', '5.5528169382361138e-21', '8.6441677576612461e-22'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 161, 94.71429, 98, 0.65099573654051656,
	-99.078230038948871, 34.336202914465785, 684.03272679035765, 185.10010386092065),
(0.5143, 2.8845, 0.2856, 14.1087, 0, 0, 0, 1.0, '7.7787690973264271e-62', 5.5560866694012118, 143.31529593247345,
	30.819105470128153),
(0.5143, 2.8845, 0.2856, 14.1087, 0, 0, 38.86, 0.53032614419912839, -1.1178806270451172, 0.23405616048237472,
	7.4499421007203039, 1.5169058270325219),
(0.5143, 2.8845, 0.2856, 14.1087, 0, 0, 5200, 0.01827895826918018, -1.5425816292163936, '7.0392396520879324e-5',
	0.0044193671142859684, 0.00065670513386826086),
(0.5143, 2.8845, 0.2856, 14.1087, 2, 30.43, 38.86, 0.93607442999683994, -9.399214088293865, 2.0197052389978253,
	64.286652656546217, 13.089604817962574),
(0.5143, 2.8845, 0.2856, 14.1087, 1, 1.71, 38.86, 0.26091226174884858, -4.8050888645647548, 0.33905248080456462,
	10.791945599269111, 2.1973815290412141),
(0.5143, 2.8845, 0.2856, 14.1087, 29, 38, 38.86, 0.99356974294255479, -40.888701967042185, 25.164676942297813,
	800.98462615585605, 163.09096505083028),
(0.5143, 2.8845, 0.2856, 14.1087, 221, 103.42857, 103.57143, 0.99959605231793814, -61.584648561729207,
	77.739955926998479, 2885.1198940328973, 559.0997651999986),
(0.5143, 2.8845, 0.2856, 14.1087, 500, 499, 501, 0.99648249128078918, -507.08582285847695, 38.198506113016721,
	1867.7882493333386, 321.79940847171767),
(0.5143, 2.8845, 0.2856, 14.1087, 10000, 5100, 5200, '1.7948535854360332e-80', -3287.6977467330553,
	'1.3440305720764327e-78', '8.43807684409172e-77', '1.253873742594754e-77'),
(0.5143, 2.8845, 0.2856, 14.1087, 10000, 10, 5200, 0, 56531.64636378753, 0, 0, 0),
(0.5143, 2.8845, 0.2856, 14.1087, 3, 52, 52, 1.0, -13.299871206400297, 2.3270018891239546, 77.205308962011656,
	15.525684347723861),
(0.5143, 2.8845, 0.2856, 14.1087, 7, 0.01, 5200, '7.5138059311416303e-24', -5.180631286665251,
	'4.2277207060293051e-25', '2.6542426142672792e-23', '3.9441275328466562e-24'),
(0.5143, 2.8845, 0.2856, 14.1087, 161, 94.71429, 98, 0.74948775225810545, -87.429254863308535, 44.762352026193733,
	1645.4551411100318, 319.94310608784787),
(0.25, 5, 1, 5, 0, 0, 0, 1.0, '-1.5557538194652854e-61', 0.5436879303710402, 1.5639375104383417, 0.94803864474880809),
(0.25, 5, 1, 5, 0, 0, 38.86, 0.081452348943634525, -0.20671893293161087, 0.012953971707085228, 0.083468141989282575,
	0.038311205994539024),
(0.25, 5, 1, 5, 0, 0, 5200, 0.00021138698276579715, -0.22310127302394228, '3.9449376068423897e-7',
	'2.1410586956583662e-5', '3.5244997374597446e-6'),
(0.25, 5, 1, 5, 2, 30.43, 38.86, 0.76450966546807262, -11.171091723148873, 1.0942708263463162, 7.0508686272833902,
	3.2362920029413291),
(0.25, 5, 1, 5, 1, 1.71, 38.86, 0.032342924563362977, -4.4503931451498656, 0.025718676941295145, 0.16571675677957285,
	0.076062658811122605),
(0.25, 5, 1, 5, 29, 38, 38.86, 0.97359697542008552, -44.896475097357376, 18.116087466593505, 116.72992616811345,
	53.578097470147889),
(0.25, 5, 1, 5, 221, 103.42857, 103.57143, 0.99847275030943218, -69.487883211325662, 67.798813061750913,
	710.62303412340161, 273.31792331290662),
(0.25, 5, 1, 5, 500, 499, 501, 0.98762606037411354, -513.64596462510551, 36.683518183347162, 896.49859960673415,
	236.98147585598225),
(0.25, 5, 1, 5, 10000, 5100, 5200, '5.4909667372104087e-81', -3296.8963939889343, '4.0990343746136198e-79',
	'2.224692521460119e-77', '3.6621734022120283e-78'),
(0.25, 5, 1, 5, 10000, 10, 5200, 0, 55009.646307888495, 0, 0, 0),
(0.25, 5, 1, 5, 3, 52, 52, 1.0, -15.523391091343565, 1.6942150018081798, 12.486180453257106, 5.4677749574400392),
(0.25, 5, 1, 5, 7, 0.01, 5200, '1.0706416462079759e-24', -7.628599183311883, '5.794340725769869e-26',
	'3.1447958961376392e-24', '5.1767998386860485e-25'),
(0.25, 5, 1, 5, 161, 94.71429, 98, 0.45864539491586508, -93.726900343511964, 23.747311821929412, 241.64485038226964,
	94.001847363318306),
(2, 0.5, 3, 40, 0, 0, 0, 1.0, 0.0, 59.49046627143086, 79.981634527089073, 73.18289718610614),
(2, 0.5, 3, 40, 0, 0, 38.86, 0.0006416014629555378, -3.4166353072476703, 0.00070998190102814447,
	0.0012843710568682191, 0.0010962663173370526),
(2, 0.5, 3, 40, 0, 0, 5200, '1.2531785994487627e-13', -3.4169834326126427, '1.8588095463166662e-15',
	'6.9863143469531752e-14', '1.4865698862452582e-14'),
(2, 0.5, 3, 40, 2, 30.43, 38.86, 0.59143702475966492, -15.796719135386343, 1.3089421001098804, 2.3679016973008584,
	2.0211066417564964),
(2, 0.5, 3, 40, 1, 1.71, 38.86, 0.00038374045409000021, -5.88223728541097, 0.00063695797039143156,
	0.0011522693471869908, 0.00098351178739670103),
(2, 0.5, 3, 40, 29, 38, 38.86, 0.95412140273101034, -42.572729913903175, 16.365047431676392, 29.604688845001323,
	25.26888397435203),
(2, 0.5, 3, 40, 221, 103.42857, 103.57143, 0.9965121766030772, -60.053909086413413, 58.492586920419964,
	152.86323974679498, 118.42091216447462),
(2, 0.5, 3, 40, 500, 499, 501, 0.96534934276863925, -512.85459495995329, 33.970253437604796, 253.63303223646197,
	134.46158670014744),
(2, 0.5, 3, 40, 10000, 5100, 5200, '1.4487303613813562e-81', -3293.9484622163594, '1.0746482623164751e-79',
	'4.0390531605710065e-78', '8.5944240400049594e-79'),
(2, 0.5, 3, 40, 3, 52, 52, 1.0, -20.511033747565147, 2.220216937074929, 4.3758356323901917, 3.6563412878888533),
(2, 0.5, 3, 40, 7, 0.01, 5200, '7.8694824281301604e-41', 9.9271226055401044, '5.2526759400346376e-42',
	'1.9742122237577578e-40', '4.2007907104487442e-41'),
(2, 0.5, 3, 40, 161, 94.71429, 98, 0.22352513179436882, -86.128545571421919, 10.008187943258554, 25.457875973726297,
	19.873466926347918),
(0.01, 0.001, 0.05, 1000, 0, 0, 0, 1.0, 0.0, 389.62483907398909, 25017.477165088292, 3651.4698667703703),
(0.01, 0.001, 0.05, 1000, 0, 0, 38.86, 0.99807623021481679, -0.10565803985765232, 0.010007182458919149,
	0.64314242805666123, 0.093821740063196175),
(0.01, 0.001, 0.05, 1000, 0, 0, 5200, 0.91154047324173526, -0.15324987541017525, '6.8354794909782028e-5',
	0.0045157266283551779, 0.00064741496680881054),
(0.01, 0.001, 0.05, 1000, 2, 30.43, 38.86, 0.99947907747861929, -12.02226481339115, 2.014270861354596,
	129.45332593399093, 18.884675876219878),
(0.01, 0.001, 0.05, 1000, 1, 1.71, 38.86, 0.99393655047018665, -8.3666631185849127, 1.0065332840471609,
	64.687964157681024, 9.4366925484266221),
(0.01, 0.001, 0.05, 1000, 29, 38, 38.86, 0.9999417700563296, -42.923504997528752, 29.085098883792928,
	1869.2435351489579, 272.68560340432824),
(0.01, 0.001, 0.05, 1000, 221, 103.42857, 103.57143, 0.99999243137122384, -59.951659266589978, 83.147630623996457,
	5351.3599284681045, 780.01612574920612),
(0.01, 0.001, 0.05, 1000, 500, 499, 501, 0.9997871509104104, -507.87687922363437, 38.889520986711826,
	2519.7288993901266, 365.82133741744954),
(0.01, 0.001, 0.05, 1000, 10000, 5100, 5200, '1.1134950310137374e-79', -3287.3799998559221, '8.3499090632857945e-78',
	'5.516205081324578e-76', '7.9085250803526949e-77'),
(0.01, 0.001, 0.05, 1000, 10000, 10, 5200, 0, 59051.445642406661, 0, 0, 0),
(0.01, 0.001, 0.05, 1000, 3, 52, 52, 1.0, -15.861998818558441, 2.2553910056796946, 144.99305766180856,
	21.14797807348512),
(0.01, 0.001, 0.05, 1000, 7, 0.01, 5200, '1.6591148782895709e-33', 17.336762828647222, '8.7214260756396062e-35',
	'5.7616405723954438e-33', '8.2604033568355794e-34'),
(0.01, 0.001, 0.05, 1000, 161, 94.71429, 98, 0.99351801014051965, -87.358345572345595, 63.603584474997975,
	4093.027208241049, 596.64188097848524),
(40, 300, 0.7, 0.01, 0, 0, 0, 1.0, '9.2942205956383639e-120', 0.048664817607610406, 0.18275734137297395,
	0.089190924835261414),
(40, 300, 0.7, 0.01, 0, 0, 38.86, '2.410494027290159e-5', -0.024864026648389236, '8.5443822026328992e-5',
	0.00093804151913555875, 0.00032284138823691094),
(40, 300, 0.7, 0.01, 0, 0, 5200, '3.0195848339730304e-55', -0.024885307187064566, '8.5422535494615842e-56',
	'4.9236012791227397e-54', '7.769589543408467e-55'),
(40, 300, 0.7, 0.01, 2, 30.43, 38.86, 0.74455229823153196, -14.611708155976924, 2.7711441308756241,
	30.422892944432588, 10.4705056140955),
(40, 300, 0.7, 0.01, 1, 1.71, 38.86, 0.001690135186107604, -6.4117186016962665, 0.006140728772502867,
	0.067415740655691126, 0.02320216201342536),
(40, 300, 0.7, 0.01, 29, 38, 38.86, 0.9830308785963186, -64.258185708511257, 6.0107804661105206, 65.989108468055513,
	22.711164646502646),
(40, 300, 0.7, 0.01, 221, 103.42857, 103.57143, 0.99898836486313137, -261.56675797362634, 22.443561724727438,
	370.45420580337246, 110.66202798150535),
(40, 300, 0.7, 0.01, 500, 499, 501, 0.9940975494333326, -641.19406647941065, 25.454697124058958, 814.5840349573553,
	182.22795830819498),
(40, 300, 0.7, 0.01, 10000, 5100, 5200, '1.3118689055446667e-76', -3714.2933954130661, '9.3151399121917934e-75',
	'5.3690790751306598e-73', '8.4725667808951874e-74'),
(40, 300, 0.7, 0.01, 10000, 10, 5200, 0, 24983.563417307564, 0, 0, 0),
(40, 300, 0.7, 0.01, 3, 52, 52, 1.0, -18.834344761009671, 3.8707823072430793, 47.708782427498702, 15.80331614308538),
(40, 300, 0.7, 0.01, 7, 0.01, 5200, '7.1892457080493725e-64', -14.135795201822027, '2.3897166854693359e-64',
	'1.3773897088385282e-62', '2.1735620072178228e-63'),
(40, 300, 0.7, 0.01, 161, 94.71429, 98, 0.94105325874786551, -224.89773939138372, 16.414481981079886,
	264.50099471729052, 79.721860114154229),
(1.5, 100, 12, 7, 0, 0, 0, 1.0, 0.0, 0.0095454545357820417, 0.0095454545454545455, 0.0095274514330081734),
(1.5, 100, 12, 7, 0, 0, 38.86, '9.8672530005335144e-11', -0.0094270821904066714, '4.4386689638728645e-12',
	'4.4437715809690627e-12', '4.3894934143154397e-12'),
(1.5, 100, 12, 7, 0, 0, 5200, '9.1160326806050781e-38', -0.0094270821945236201, '9.624153088087657e-40',
	'1.2070935029525319e-38', '5.2442278361134827e-39'),
(1.5, 100, 12, 7, 2, 30.43, 38.86, 0.075853280986625827, -29.014863913294544, 0.0079617337224298563,
	0.0079708863938586355, 0.0078735265066142494),
(1.5, 100, 12, 7, 1, 1.71, 38.86, '1.0310114833511854e-9', -6.8839172378132265, '7.7298086784302129e-11',
	'7.7386947328383985e-11', '7.6441709359381722e-11'),
(1.5, 100, 12, 7, 29, 38, 38.86, 0.78011041030404781, -92.796589077478798, 0.71354463716778554, 0.7143649157454734,
	0.70563935070644442),
(1.5, 100, 12, 7, 221, 103.42857, 103.57143, 0.98335575904741491, -230.57233913297828, 10.414415266442197,
	10.80373926914869, 10.491517352607909),
(1.5, 100, 12, 7, 500, 499, 501, 0.88801709848430901, -638.72440144419987, 19.052668552018405, 34.220694530453862,
	30.139341992618295),
(1.5, 100, 12, 7, 10000, 5100, 5200, '1.188087289873614e-80', -3542.2303318400665, '8.3633231768900964e-79',
	'1.0489559941031994e-77', '4.5571981041061156e-78'),
(1.5, 100, 12, 7, 10000, 10, 5200, 0, 35093.192976857268, 0, 0, 0),
(1.5, 100, 12, 7, 3, 52, 52, 1.0, -38.704715794553293, 0.15819384900422051, 0.15879186602870813, 0.15630621293843629),
(1.5, 100, 12, 7, 7, 0.01, 5200, '8.2459946620083777e-50', -22.636284058703525, '4.9331845775141503e-51',
	'6.1873652651614237e-50', '2.6881060229712138e-50'),
(1.5, 100, 12, 7, 161, 94.71429, 98, 0.27639980686462636, -220.4162628588526, 2.098238417754898, 2.1653221784332809,
	2.1058031075703598);
SELECT is_empty($$
	SELECT g, kpi.clv_p_alive(pareto(r, alpha, s, beta), frequency, recency, t) FROM golden g
	WHERE NOT near(kpi.clv_p_alive(pareto(r, alpha, s, beta), frequency, recency, t), p_alive, 1e-11) $$,
	'P(alive) to 1e-11');
SELECT is_empty($$
	SELECT g, kpi.clv_log_likelihood(pareto(r, alpha, s, beta), frequency, recency, t) FROM golden g
	WHERE NOT coalesce(abs(kpi.clv_log_likelihood(pareto(r, alpha, s, beta), frequency, recency, t) - log_likelihood)
		<= 1e-13 * greatest(abs(log_likelihood), 1), false) $$,
	'the log-likelihood to 1e-13');
SELECT is_empty($$
	SELECT g FROM golden g
	WHERE NOT near(kpi.clv_expected_purchases(pareto(r, alpha, s, beta), 39, frequency, recency, t),
			purchases_39, 1e-11)
		OR NOT near(kpi.clv_expected_purchases(pareto(r, alpha, s, beta), 2600, frequency, recency, t),
			purchases_2600, 1e-11) $$,
	'expected purchases to 1e-11, over 39 and over 2600 units of time');
SELECT is_empty($$
	SELECT g, kpi.clv_dert(pareto(r, alpha, s, beta), 0.0027, frequency, recency, t) FROM golden g
	WHERE NOT near(kpi.clv_dert(pareto(r, alpha, s, beta), 0.0027, frequency, recency, t), dert, 1e-11) $$,
	'discounted residual purchases to 1e-11');
SELECT ok(near(kpi.clv_dert(pareto(.553, 10.578, .606, 11.669), .0027, 2, 30.43, 38.86), 6.48377356773, 1e-11),
	'discounted residual purchases at published parameters');

-- a new customer
CREATE TABLE golden_probability (r float8, alpha float8, s float8, beta float8, n integer, t float8,
	probability float8);
INSERT INTO golden_probability VALUES
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 0, 1e-6, '0.99999994769372887'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 1, 1e-6, '5.2306267290752509e-8'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 7, 1e-6, '1.7302295154097204e-50'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 60, 1e-6, '0'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 400, 1e-6, '0'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 0, 39, '0.59353276810264052'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 1, 39, '0.16558480315611218'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 7, 39, '0.010711974477133175'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 60, 39, '1.0071450997876647e-8'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 400, 39, '1.5403307247171952e-44'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 0, 5200, '0.51006168305815297'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 1, 5200, '0.13429345557333782'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 7, 5200, '0.013424666197654324'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 60, 5200, '0.00053694719060227721'),
(0.55327550869, 10.577612239, 0.60621356867, 11.667911238, 400, 5200, '2.7849225392124842e-5'),
(.25, 5, 1, .01, 0, 1e-6, '0.99999995000250608'),
(.25, 5, 1, .01, 1, 1e-6, '4.9997487667490251e-8'),
(.25, 5, 1, .01, 7, 1e-6, '8.0925418871147633e-49'),
(.25, 5, 1, .01, 60, 1e-6, '0'),
(.25, 5, 1, .01, 400, 1e-6, '0'),
(.25, 5, 1, .01, 0, 39, '0.99708817554800104'),
(.25, 5, 1, .01, 1, 39, '0.0024511715183672811'),
(.25, 5, 1, .01, 7, 39, '1.106715927873322e-5'),
(.25, 5, 1, .01, 60, 39, '1.5768336607476365e-9'),
(.25, 5, 1, .01, 400, 39, '5.1995357066993216e-28'),
(.25, 5, 1, .01, 0, 5200, '0.99706004639067872'),
(.25, 5, 1, .01, 1, 5200, '0.0024464009463867242'),
(.25, 5, 1, .01, 7, 5200, '1.1897077001500135e-5'),
(.25, 5, 1, .01, 60, 5200, '1.4196169183323683e-7'),
(.25, 5, 1, .01, 400, 5200, '3.16512021914385e-9'),
(3, .02, 2, 400, 0, 1e-6, '0.99985001499912504'),
(3, .02, 2, 400, 1, 1e-6, '0.00014997000337472502'),
(3, .02, 2, 400, 7, 1e-6, '2.8110941243429796e-29'),
(3, .02, 2, 400, 60, 1e-6, '1.6350227257628632e-255'),
(3, .02, 2, 400, 400, 1e-6, '0'),
(3, .02, 2, 400, 0, 39, '4.999261523554821e-5'),
(3, .02, 2, 400, 1, 39, '4.9985344046707124e-5'),
(3, .02, 2, 400, 7, 39, '4.9944063284221106e-5'),
(3, .02, 2, 400, 60, 39, '4.974531422931252e-5'),
(3, .02, 2, 400, 400, 39, '5.4102605036586411e-5'),
(3, .02, 2, 400, 0, 5200, '4.9992511733464569e-5'),
(3, .02, 2, 400, 1, 5200, '4.9985033703252215e-5'),
(3, .02, 2, 400, 7, 5200, '4.9940350862800773e-5'),
(3, .02, 2, 400, 60, 5200, '4.9555655398478171e-5'),
(3, .02, 2, 400, 400, 5200, '4.7340419046807161e-5'),
(30, 200, .1, 5, 0, 1e-6, '0.99999985000001312'),
(30, 200, .1, 5, 1, 1e-6, '1.4999997525000228e-7'),
(30, 200, .1, 5, 7, 1e-6, '6.5216236793710847e-52'),
(30, 200, .1, 5, 60, 1e-6, '0'),
(30, 200, .1, 5, 400, 1e-6, '0'),
(30, 200, .1, 5, 0, 39, '0.073191441269281302'),
(30, 200, .1, 5, 1, 39, '0.060517537163280774'),
(30, 200, .1, 5, 7, 39, '0.10250727471165832'),
(30, 200, .1, 5, 60, 39, '4.969810222279923e-27'),
(30, 200, .1, 5, 400, 39, '4.2228842901771858e-273'),
(30, 200, .1, 5, 0, 5200, '0.069410555445634483'),
(30, 200, .1, 5, 1, 5200, '0.04205233627816481'),
(30, 200, .1, 5, 7, 5200, '0.010111630855839837'),
(30, 200, .1, 5, 60, 5200, '0.0010598007838616823'),
(30, 200, .1, 5, 400, 5200, '0.00014784684037625537');
UPDATE golden_probability SET probability = '4.2228842901771469e-273'::float8
WHERE probability BETWEEN '4.22e-273'::float8 AND '4.23e-273'::float8;
SELECT is_empty($$
	SELECT g, kpi.clv_purchase_probability(pareto(r, alpha, s, beta), n, t) FROM golden_probability g
	WHERE NOT near(kpi.clv_purchase_probability(pareto(r, alpha, s, beta), n, t), probability, 1e-11) $$,
	'probabilities of purchases to 1e-11');
SELECT ok(abs(sum(kpi.clv_purchase_probability(pareto(.55, 10.6, .61, 11.7), n, 39)) - 1) < 1e-13,
	'they sum to 1') FROM generate_series(0, 400) n;
SELECT ok(near(sum(n * kpi.clv_purchase_probability(pareto(.55, 10.6, .61, 11.7), n, 39)),
	kpi.clv_expected_purchases(pareto(.55, 10.6, .61, 11.7), 39), 1e-12),
	'their mean is the expected number') FROM generate_series(0, 400) n;
SELECT ok(near(kpi.clv_purchase_probability(pareto(.55, 10.6, .61, 11.7), 0, 39),
	exp(kpi.clv_log_likelihood(pareto(.55, 10.6, .61, 11.7), 0, 0, 39)), 1e-13),
	'no purchase is as probable as its likelihood says');

-- the definition: P(alive) by the midpoint rule over the time of leaving
SELECT is_empty($$
	SELECT v, a FROM (VALUES (.5, 10., .6, 12., 2., 30., 39.), (3, 2, .4, 50, 7, 3, 6), (.2, 40, 2, 5, 0, 0, 20))
		v(r, alpha, s, beta, x, recency, t),
	LATERAL (SELECT 1 / (1 + sum(v.s * ((alpha + t) / (alpha + y)) ^ (r + x) * ((beta + t) / (beta + y)) ^ v.s
		/ (beta + y)) * (t - recency) / 4000) AS a
		FROM generate_series(1, 4000) i, LATERAL (SELECT recency + (t - recency) * (i - 0.5) / 4000 AS y) z) q
	WHERE NOT near(kpi.clv_p_alive(pareto(r, alpha, v.s, beta), x, recency, t), a, 1e-5) $$,
	'P(alive) by its definition');

-- no NaN, no infinity, nothing out of range
SELECT is_empty($$
	SELECT r, alpha, s, beta, c FROM unnest('{1e-4, 0.3, 1, 60}'::float8[]) r,
		unnest('{1e-5, 2, 5000}'::float8[]) alpha,
		unnest('{1e-4, 0.999999, 1, 80}'::float8[]) s, unnest('{1e-5, 3, 7000}'::float8[]) beta,
		(VALUES (0, 0, 0), (0, 0, 5200), (1, 1e-9, 5200), (10000, 5200, 5200), (10000, 5199, 5200), (10000, 1, 5200),
			(300, 2600, 2601)) c(x, recency, t),
		LATERAL (SELECT pareto(r, alpha, s, beta) AS m OFFSET 0) q,
		LATERAL (SELECT kpi.clv_p_alive(m, x, recency, t) AS p, kpi.clv_log_likelihood(m, x, recency, t) AS l,
			kpi.clv_expected_purchases(m, 2600, x, recency, t) AS e, kpi.clv_dert(m, 1e-4, x, recency, t) AS d,
			kpi.clv_dert(m, 30, x, recency, t) AS d30, kpi.clv_purchase_probability(m, x, t) AS n OFFSET 0) a
	WHERE NOT coalesce(p BETWEEN 0 AND 1 AND e >= 0 AND d >= 0 AND d30 BETWEEN 0 AND d AND n BETWEEN 0 AND 1 + 1e-12
		AND e < 'infinity' AND d < 'infinity' AND l BETWEEN -1e9 AND 1e9, false) $$,
	'every admissible parameter and customer has its answers');

-- discounting by periods is the sum of the expected purchases of each
SELECT is_empty($$
	SELECT n, d FROM unnest('{0, 1, 12, 36}'::int[]) n, unnest('{-0.01, 0, 0.01, 0.5}'::float8[]) d
	WHERE abs(kpi.clv_discounted(pareto(.55, 10.6, .61, 11.7), n, 4.5, d, 2, 30, 39) - (
		SELECT coalesce(sum((kpi.clv_expected_purchases(pareto(.55, 10.6, .61, 11.7), 4.5 * k, 2, 30, 39) -
			kpi.clv_expected_purchases(pareto(.55, 10.6, .61, 11.7), 4.5 * (k - 1), 2, 30, 39)) / (1 + d) ^ k), 0)
		FROM generate_series(1, n) k)) > 1e-12 $$,
	'discounted purchases by periods');
SELECT ok(near(kpi.clv_dert(pareto(.55, 10.6, 2.5, 11.7), 0, 2, 30, 39),
	kpi.clv_expected_purchases(pareto(.55, 10.6, 2.5, 11.7), 1e12, 2, 30, 39), 1e-12),
	'without discount all purchases to come count');
SELECT is(kpi.clv_dert(pareto(.55, 10.6, 1, 11.7), 0, 2, 30, 39), NULL, 'and have no limit where s is 1');

-- BG/NBD and MBG/NBD: against the expected purchases, integrated over the horizon
CREATE TABLE beta_case AS
SELECT ROW(r, alpha, a, b, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.bgnbd_model AS m,
	ROW(r, alpha, a, b, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.mbgnbd_model AS mm, d, x, recency, t
FROM (VALUES (.2425929072::float8, 4.4135315612::float8, .7928861481::float8, 2.4257534365::float8),
	(.24, 4.4, 1, 2.4),
		(.5, 4, .1, .3), (50, 300, .7, 2), (2, 10, 30, .05), (.3, 5, .002, 2), (3, 2, 400, 300)) p(r, alpha, a, b),
	(VALUES (0::float8, 0::float8, 38.86::float8), (2, 30.43, 38.86), (29, 38, 38.86), (500, 400, 410))
		c(x, recency, t),
	unnest('{.0027, .2, 5}'::float8[]) d;
SELECT is_empty($$
	SELECT b FROM beta_case b,
		LATERAL (SELECT 0.2 * sum(exp(u - exp(u)) * kpi.clv_expected_purchases(m, exp(u) / d, x, recency, t)) AS w,
			0.2 * sum(exp(u - exp(u)) * kpi.clv_expected_purchases(mm, exp(u) / d, x, recency, t)) AS wm
		FROM (SELECT i * 0.2 AS u FROM generate_series(-200, 20) i) q) z
	WHERE NOT near(kpi.clv_dert(m, d, x, recency, t), w, 1e-11)
		OR NOT near(kpi.clv_dert(mm, d, x, recency, t), wm, 1e-11) $$,
	'discounted residual purchases of BG/NBD and MBG/NBD to 1e-11');
SELECT ok(near(kpi.clv_dert(ROW(.243, 4.414, .793, 2.426, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.bgnbd_model,
	.0027, 2, 30.43, 38.86), 5.156380, 1e-7),
	'and at published parameters');
SELECT ok(near(kpi.clv_dert(m, 0, 2, 30, 39), kpi.clv_dert(m, 1e-13, 2, 30, 39), 1e-10),
	'without discount a rational function')
	FROM (SELECT ROW(.3, 5, 3, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.bgnbd_model AS m) q;
SELECT is(kpi.clv_dert(m, 0, 2, 30, 39), NULL, 'without a limit where a is 1')
	FROM (SELECT ROW(.3, 5, 1, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::kpi.bgnbd_model AS m) q;

-- simulated customers: rates of gamma distributions with shapes 2 and 1
CREATE FUNCTION simulate(customers integer, alpha float8, beta float8)
RETURNS TABLE (x float8, recency float8, t float8) LANGUAGE plpgsql AS $$
DECLARE
	rate float8;
	leaves float8;
	at float8;
BEGIN
	PERFORM setseed(0.25);
	FOR i IN 1 .. customers LOOP
		t := 20 + i % 60;
		rate := -ln((1 - random()) * (1 - random())) / alpha;
		leaves := ln(1 - random()) / ln(1 - random()) * beta;
		x := 0;
		recency := 0;
		at := 0;
		LOOP
			at := at - ln(1 - random()) / rate;
			EXIT WHEN at > least(t, leaves);
			x := x + 1;
			recency := at;
		END LOOP;
		RETURN NEXT;
	END LOOP;
END $$;
CREATE TABLE customer AS SELECT row_number() OVER () AS id, *, ceil(recency) AS day FROM simulate(4000, 20, 40);
CREATE TABLE fitted AS
SELECT 'times that do not repeat' AS kind, kpi.clv_pareto_nbd_fit(x, recency, t) AS m FROM customer
UNION ALL SELECT 'days', kpi.clv_pareto_nbd_fit(x, least(day, t), t) FROM customer;

SELECT is((m).status, 'converged', kind || ': converged') FROM fitted;
SELECT ok(abs((m).r - 2) < 4 * (m).se[1] AND abs((m).alpha - 20) < 4 * (m).se[2] AND abs((m).s - 1) < 4 * (m).se[3]
	AND abs((m).beta - 40) < 4 * (m).se[4],
	kind || ': the parameters of the simulation come back') FROM fitted WHERE kind LIKE 'times%';
SELECT ok(abs(sum(kpi.clv_log_likelihood(m, x, recency, t)) - (m).log_likelihood) < 1e-8,
	'the sum over the customers is the likelihood of the fit: one by one')
	FROM fitted, customer WHERE kind LIKE 'times%' GROUP BY m;
SELECT ok(abs(sum(kpi.clv_log_likelihood(m, x, least(day, t), t)) - (m).log_likelihood) < 1e-8,
	'the sum over the customers is the likelihood of the fit: by tables')
	FROM fitted, customer WHERE kind = 'days' GROUP BY m;

-- gradient and covariance against differences, in the logarithms of the parameters
CREATE TABLE around AS
SELECT i, j, si, sj, (SELECT sum(kpi.clv_log_likelihood(m2, x, least(day, t), t)) FROM customer) AS l
FROM fitted, generate_series(1, 4) i, generate_series(1, 4) j, (VALUES (1, 1), (1, -1), (-1, 1), (-1, -1)) v(si, sj),
	LATERAL (SELECT pareto((m).r * exp(1e-3 * ((i = 1)::int * si + (j = 1)::int * sj)),
		(m).alpha * exp(1e-3 * ((i = 2)::int * si + (j = 2)::int * sj)),
		(m).s * exp(1e-3 * ((i = 3)::int * si + (j = 3)::int * sj)),
		(m).beta * exp(1e-3 * ((i = 4)::int * si + (j = 4)::int * sj))) AS m2 OFFSET 0) q
WHERE kind = 'days' AND i <= j;
CREATE TABLE hessian AS
SELECT i, j, sum(si * sj * l) / 4e-6 AS h FROM around GROUP BY i, j UNION SELECT j, i, sum(si * sj * l) / 4e-6
FROM around GROUP BY i, j;
SELECT is_empty($$
	SELECT i, k, sum(h * (m).cov[j][k] / (parameter[j] * parameter[k])) FROM hessian, fitted,
		LATERAL (SELECT ARRAY[(m).r, (m).alpha, (m).s, (m).beta] AS parameter) p,
		generate_series(1, 4) k WHERE kind = 'days' GROUP BY i, k, m
	HAVING abs(sum(h * (m).cov[j][k] / (parameter[j] * parameter[k])) + (i = k)::int) > 1e-3 $$,
	'the covariance is the inverse of the information');
SELECT is_empty($$
	SELECT i, sum(si * l) FROM around, fitted WHERE kind = 'days' AND i = j AND si = sj GROUP BY i
	HAVING abs(sum(si * l) / 4e-3) > 0.05 $$,
	'no slope at the maximum');
SELECT ok((m).cov[1][2] = (m).cov[2][1] AND (m).cov[3][4] = (m).cov[4][3] AND (m).cov[1][4] = (m).cov[4][1]
	AND near((m).se[3] ^ 2, (m).cov[3][3], 1e-12),
	kind || ': the covariance is symmetric, its diagonal the squared errors') FROM fitted;

-- neither order nor plan nor how rows are stored changes a bit
CREATE TABLE answer AS SELECT m::text AS one FROM fitted WHERE kind = 'days';
SELECT is((SELECT kpi.clv_pareto_nbd_fit(x, least(day, t), t ORDER BY hashint8(id))::text FROM customer), one,
	'in another order') FROM answer;
SELECT is((SELECT kpi.clv_pareto_nbd_fit(kpi.rollup(c))::text
	FROM (SELECT kpi.clv_customers(x, least(day, t), t) AS c FROM customer GROUP BY id % 7) q),
	one, 'merged from stored parts') FROM answer;
SELECT is((SELECT kpi.clv_pareto_nbd_fit(x, d, t, n)::text
	FROM (SELECT x, least(day, t) AS d, t, count(*) AS n FROM customer GROUP BY 1, 2, 3) q),
	one, 'with weights') FROM answer;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
ALTER TABLE customer SET (parallel_workers = 2);
SELECT is((SELECT kpi.clv_pareto_nbd_fit(x, least(day, t), t)::text FROM customer), one, 'by parallel workers')
FROM answer;

-- a penalty holds the parameters down
SELECT ok((kpi.clv_pareto_nbd_fit(c, 0.1)).r < (kpi.clv_pareto_nbd_fit(c)).r
	AND (kpi.clv_pareto_nbd_fit(c, 0)).r = (kpi.clv_pareto_nbd_fit(c)).r
	AND (kpi.clv_pareto_nbd_fit(c, 0.1)).log_likelihood < (kpi.clv_pareto_nbd_fit(c)).log_likelihood,
	'a penalty holds the parameters down')
	FROM (SELECT kpi.clv_customers(x, least(day, t), t) AS c FROM customer WHERE id <= 300) q;

-- small samples always end with a status, and no worse than the truth
CREATE TABLE small AS
SELECT n, draw, kpi.clv_pareto_nbd_fit(x, least(day, t), t) AS m,
	sum(kpi.clv_log_likelihood(pareto(2, 20, 1, 40), x, least(day, t), t)) AS truth,
	sum(kpi.clv_log_likelihood(pareto(1, 8, 1, 8), x, least(day, t), t)) AS start
FROM (VALUES (20), (50), (100)) s(n), generate_series(1, 8) draw,
	LATERAL (SELECT * FROM customer ORDER BY hashint8(id * 1000 + draw) LIMIT n) q
GROUP BY n, draw;
SELECT is(count(*) FILTER (WHERE (m).status IN ('converged', 'boundary', 'dropout_not_identified')), count(*),
	'small samples end at a maximum or at an edge') FROM small;
SELECT is_empty($$ SELECT n, draw, m, truth FROM small
	WHERE NOT coalesce((m).log_likelihood >= greatest(truth, start) - 1e-6, false) $$,
	'with a likelihood that is not below that of the truth');
SELECT is((kpi.clv_pareto_nbd_fit(0, 0, 10)).status, 'insufficient_data', 'nobody bought again')
FROM generate_series(1, 5);
SELECT is((kpi.clv_pareto_nbd_fit(1, 0, 0)).status, 'insufficient_data', 'no time went by');

-- errors have their codes
SELECT throws_ok('SELECT kpi.clv_p_alive(pareto(1, 1, 1, 1), 1, 3, 2)', '22023');
SELECT throws_ok('SELECT kpi.clv_expected_purchases(pareto(1, 1, 1, 1), -1)', '22023');
SELECT throws_ok('SELECT kpi.clv_purchase_probability(pareto(1, 1, 1, 1), -1, 1)', '22023');
SELECT throws_ok('SELECT kpi.clv_dert(pareto(1, 1, 1, 1), -1, 1, 1, 2)', '22023');

-- the CDNOW sample: published and high-precision values
\if :present
CREATE TABLE cdnow (id integer, x float8, recency float8, t float8);
\copy cdnow FROM PROGRAM 'cat "$KPI_DATA"/cdnow/cdnow_customers_summary.csv' WITH (FORMAT csv, HEADER)
CREATE TABLE cdnow_fit AS SELECT (kpi.clv_pareto_nbd_fit(x, recency, t)).* FROM cdnow;
SELECT ok(near(r, 0.55327550869, 1e-8) AND near(alpha, 10.577612239, 1e-8) AND near(s, 0.60621356867, 1e-8)
	AND near(beta, 11.667911238, 1e-8),
	'CDNOW: parameters to 1e-8') FROM cdnow_fit;
SELECT ok(abs(log_likelihood + 9594.97392983) < 2e-8, 'CDNOW: the maximum') FROM cdnow_fit;
SELECT ok(near(se[1], 0.047629, 2e-5) AND near(se[2], 0.84272, 1e-5) AND near(se[3], 0.18728, 2e-5)
	AND near(se[4], 6.2110, 1e-5),
	'CDNOW: standard errors') FROM cdnow_fit;
SELECT is(round(sum(kpi.clv_expected_purchases(f::kpi.pareto_nbd_model, 39, x, recency, cdnow.t))::numeric, 1),
	1665.5, 'CDNOW: purchases of the next 39 weeks')
	FROM cdnow, (SELECT ROW(cdnow_fit.*)::kpi.pareto_nbd_model AS f FROM cdnow_fit OFFSET 0) q;
CREATE TABLE cdnow_small AS
SELECT n, draw, kpi.clv_pareto_nbd_fit(x, recency, t) AS m,
	sum(kpi.clv_log_likelihood(pareto(.55, 10.6, .61, 11.7), x, recency, t)) AS whole
FROM (VALUES (20), (50), (100)) s(n), generate_series(1, 34) draw,
	LATERAL (SELECT * FROM cdnow ORDER BY hashtextextended(id::text, draw * 1000 + n) LIMIT n) q
GROUP BY n, draw;
SELECT is(count(*) FILTER (WHERE (m).status IN ('converged', 'boundary', 'dropout_not_identified')), 102::bigint,
	'CDNOW: a hundred small samples end at a maximum or at an edge') FROM cdnow_small;
SELECT is_empty($$ SELECT n, draw, m, whole FROM cdnow_small
	WHERE NOT coalesce((m).log_likelihood >= whole - 1e-6, false) $$,
	'CDNOW: with a likelihood that is not below that of the whole sample''s parameters');
-- of each the greatest likelihood that a search without derivatives (Nelder and
-- Mead's) found from four other starts; NULL where it ran to the boundary
CREATE TABLE other_starts (n integer, best float8[]);
INSERT INTO other_starts VALUES
	(20, '{NULL, NULL, -81.676454, -111.263002, NULL, -91.374687, NULL, NULL, NULL, -105.446835, NULL, NULL, NULL,
		-114.771539, NULL, NULL, NULL, -25.410862, -105.568435, NULL,
		NULL, NULL, NULL, -94.626065, NULL, -80.465036, NULL, -104.412372, NULL, -111.998060, NULL, -98.081294,
		NULL, NULL}'),
	(50, '{-317.806436, -163.685168, NULL, -188.564124, -173.337693, NULL, NULL, NULL, NULL, NULL, -197.973835,
		NULL, NULL, NULL, NULL, -237.056758, -199.613043, -179.504290, NULL,
		-229.244316, -99.836412, NULL, NULL, -188.352008, NULL, NULL, -153.355544, -187.095599, -224.962422,
		-213.179329, -138.366862, -161.031611, -188.122214, -198.811969}'),
	(100, '{-366.359210, -382.759986, -378.291427, -394.548206, NULL, -459.915533, -359.393989, -422.422743, NULL,
		NULL, -309.013780, -413.873562, -531.964803, -389.901853, NULL,
		NULL, -428.495306, -511.375033, NULL, -443.721530, -431.376698, NULL, NULL, -307.220360, NULL, NULL,
		-493.449121, -418.862188, -390.656598, NULL, NULL, NULL, -432.014148,
		-441.279654}');
SELECT is_empty($$ SELECT n, draw, (m).log_likelihood, best[draw] FROM cdnow_small JOIN other_starts USING (n)
	WHERE (m).log_likelihood < best[draw] - 1e-6 $$,
	'CDNOW: nor below the best of four other starts');
\else
SELECT skip_without(:'file', 7);
\endif

SELECT * FROM finish();
ROLLBACK;
