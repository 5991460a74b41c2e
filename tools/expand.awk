#!/usr/bin/awk -f
#
# expand.awk: writes the install script of its pieces, and writes out what they
# say once for many: awk -f tools/expand.awk PIECE... >SCRIPT
#
# Lines that begin with "--@" direct it, or are remarks on that if they begin with
# "--@@"; all others are copied:
#
#	--@ for a | b			the lines down to "--@ end", once for each row,
#	--@ | x | y				with x in place of @a@ and y in place of @b@
#	--@ grow a | b			the same, where each row adds to the values before it
#	--@ template t | a | b	names the lines down to "--@ end", which are written
#	--@ t | x | y			where t stands with a row, which may be
#	--@ | z | y				in its line, and for each row that follows
#
# They nest. A value has no "|" in it, and no blanks around it. What makes no
# sense is an error with file and line: a value too few or too many, a column
# that nothing uses, a name without a value, a template that is not there.

# piece by piece, as each line that is added copies what is there
FNR == 1 { script = script piece; piece = "" }
!/^--@@/ { piece = piece FILENAME ":" FNR "\001" $0 "\n" }
END { expand(script piece) }

function fail(line, message) {
	print substr(line, 1, index(line, "\001") - 1) ": " message >"/dev/stderr"
	exit 1
}

# What a line says; the word after "--@ " in it, which a row and other lines do not have.
function text(line) { return substr(line, index(line, "\001") + 1) }
function is_row(line) { return text(line) ~ /^--@ [|]/ }
function word(line) {
	line = text(line)
	return line ~ /^--@ [^|]/ ? substr(line, 5, match(substr(line, 5) " ", /[ \t|]/) - 1) : ""
}

# The values of a row, or the names after a word; returns their number.
function cells(line, cell) {
	line = substr(text(line), 5 + length(word(line)))
	sub(/^[ \t]*[|]?[ \t]*/, "", line)
	sub(/[ \t]+$/, "", line)
	cell[1] = ""
	return line == "" ? 1 : split(line, cell, /[ \t]*[|][ \t]*/)
}

# body with the values of a row, each after what stood before, in place of the names
function filled(body, names, row, before,   name, value, part, n, k, p, i) {
	n = cells(names, name)
	if (cells(row, value) != n)
		fail(row, "a row here has " n " values")
	for (k = 1; k <= n; k++) {
		before[k] = before[k] value[k]
		p = split(body, part, "@" name[k] "@")
		if (p == 1)
			fail(names, "nothing uses @" name[k] "@")
		body = part[1]
		for (i = 2; i <= p; i++)
			body = body before[k] part[i]
	}
	return body
}

# Lines as they are, or what their directions make of them.
function expand(lines,   line, n, i, names, what, row, last, body, open, before) {
	n = split(lines, line, "\n") - 1
	for (i = 1; i <= n; i++) {
		if (text(line[i]) !~ /^--@/) {
			if (match(line[i], /@[a-z_]+@/))
				fail(line[i], substr(line[i], RSTART, RLENGTH) " has no value")
			print text(line[i])
			continue
		}
		names = line[i]
		what = word(names)
		row = i + !(what in body_of && names ~ /[|]/)
		while (is_row(line[i + 1]))
			i++
		last = i
		if (what in body_of) {
			body = body_of[what]
			names = names_of[what]
		} else if (what ~ /^(for|grow|template)$/) {
			body = ""
			for (open = 1; open; body = body (open ? line[i] "\n" : "")) {
				if (++i > n)
					fail(names, "no \"--@ end\" belongs to this")
				open += (word(line[i]) ~ /^(for|grow|template)$/) - (word(line[i]) == "end")
			}
		} else
			fail(names, "this is neither for, grow, template nor a template")
		if (what == "template") {
			sub(/--@ template /, "--@ ", names)
			what = word(names)
			body_of[what] = body
			names_of[what] = names
		} else if (row > last)
			fail(names, "no row follows")
		for (split("", before); row <= last; row++) {
			expand(filled(body, names, line[row], before))
			if (what != "grow")
				split("", before)
		}
	}
}
