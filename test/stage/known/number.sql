INSERT INTO harness.on_purpose VALUES
	('HRNUM', 'number', 'it gives back the number that it is given'),
	('HRNUM', 'shortest', 'it gives back the number that it is given');
