#!/usr/bin/awk -f
#
# words.awk: writes the shipped rows of kpi.translation from files of words in
# plain characters: LC_ALL=C awk -f tools/words.awk sql/install/lang/LANGUAGE.tsv... >SQL
#
# A line of a file has topic, code and name, with tabs between; "#" begins a
# remark. What is not ASCII is written in escapes, so that the script reads alike
# in every encoding, and comes only into databases that are sure to have it.

BEGIN {
	FS = "\t"
	for (i = 1; i < 256; i++)
		ord[sprintf("%c", i)] = i
}

/^#/ || /^$/ { next }

{
	language = name_of(FILENAME)
	if (NF != 3 || $1 == "" || $2 == "" || $3 == "")
		fail("a line has topic, code and name, with tabs between")
	if ((language, $1, $2) in seen)
		fail("\"" $2 "\" of topic \"" $1 "\" stands twice")
	seen[language, $1, $2] = 1
	if (!(language in count))
		order[++languages] = language
	word[language, ++count[language]] = "(" quoted($1) ", " quoted($2) ", " quoted($3) ")"
	if ($0 ~ /[^ -~\t]/)
		wide[language] = 1
}

END {
	if (failed)
		exit 1
	for (l = 1; l <= languages; l++) {
		language = order[l]
		print "-- Words of sql/install/lang/" language ".tsv"
		print "INSERT INTO kpi.translation (language, topic, code, name, shipped)"
		print "SELECT '" language "', v.topic, v.code, pg_catalog.unistr(v.name), true"
		print "FROM (VALUES"
		for (i = 1; i <= count[language]; i++)
			print "\t" word[language, i] (i < count[language] ? "," : "")
		print ") AS v (topic, code, name)" (language in wide ? "" : ";")
		if (language in wide)
			print "WHERE pg_catalog.getdatabaseencoding() OPERATOR(pg_catalog.=) 'UTF8';"
		print ""
	}
}

function fail(message) {
	print FILENAME ":" FNR ": " message >"/dev/stderr"
	failed = 1
	exit 1
}

function name_of(file) {
	sub(/.*\//, "", file)
	sub(/\.tsv$/, "", file)
	return file
}

# A text as a literal for unistr(): a backslash twice, and once more for E''.
function quoted(text,   n, i, c, code, more, out, escaped) {
	n = length(text)
	for (i = 1; i <= n; i++) {
		c = substr(text, i, 1)
		code = ord[c]
		if (code < 128) {
			out = out (c == "'" ? "''" : c == "\\" ? "\\\\\\\\" : c)
			escaped = escaped || c == "\\"
			continue
		}
		more = code >= 240 ? 3 : code >= 224 ? 2 : 1
		code -= code >= 240 ? 240 : code >= 224 ? 224 : 192
		for (; more > 0; more--)
			code = code * 64 + ord[substr(text, ++i, 1)] - 128
		out = out (code > 65535 ? sprintf("\\\\+%06X", code) : sprintf("\\\\%04X", code))
		escaped = 1
	}
	return (escaped ? "E'" : "'") out "'"
}
