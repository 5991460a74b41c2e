-- Grades: bands over a value, and grades shared out by rank.

--@ for num
--@ | numeric
--@ | float8
--@ function | kpi.grade(value @num@, lower_bounds anycompatiblearray, codes text[]) | text | kpi_grade_by_bands_@num@ | STRICT | Code of the last band whose lower bound the value reaches; the last band has no end. lower_bounds: rising, the first may be NULL for none; codes: as many. NULL for NULL, NaN, infinity or a value below the first bound; lists out of order, of other lengths or with NULLs are errors.
--@ end

--@ function | kpi.forced_distribution(n float8, shares anycompatiblearray) | integer[] | kpi_forced_distribution | STRICT | How many of n people each grade gets by its share, by largest remainders; adds up to n. The earlier grade comes first where remainders are equal. shares: 0 to 1 each, 1 together within 1e-9. NULL for NULL; a negative n and other shares are errors.
--@ | kpi.grade("position" float8, n float8, shares anycompatiblearray, codes text[]) | text | kpi_grade_by_rank | STRICT | Grade of a position among n people by forced distribution. Position 1 is the best and gets the first grade that has a place. NULL for NULL; a position outside 1 to n, lists of other lengths and wrong shares are errors.

