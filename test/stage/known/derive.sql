INSERT INTO harness.on_purpose VALUES
	('long', 'formula_places', 'the inputs of one formula'), ('long', 'formula_values', 'those of one formula');
