-- Calls of others leave marks.
INSERT INTO harness.on_purpose VALUES ('state', 'has_marks', 'what is tried meanwhile leaves marks');
