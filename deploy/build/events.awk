# SPDX-License-Identifier: EUPL-1.2
# The types of events as a table, from common/words/codes.def and common/event/events.def.
BEGIN { print "| Event | What happened | Data |\n|---|---|---|" }
/^(CODES|NAMED) ?\(/ {
    name = $0; sub(/^[^(]*\(/, "", name); sub(/,.*/, "", name)
    line = $0; sub(/^[^,]*,[^,]*,/, "", line)
    while (match(line, /"[^"]*"/)) {
        codes[name] = codes[name] " " substr(line, RSTART + 1, RLENGTH - 2)
        line = substr(line, RSTART + RLENGTH)
    }
}
/^(EVENT|ALIKE) *\(/ {
    split($0, part, /[(), ]+/)
    match($0, /"[^"]*"/)
    row = "| `" part[2] "." part[3] "` | " substr($0, RSTART + 1, RLENGTH - 2) " |"
    if (part[1] == "EVENT")
        printf "%s", row
    else
        print row, "as `" substr(part[4], 1, index(part[4], "_") - 1) "." substr(part[4], index(part[4], "_") + 1) "` |"
}
/^(MEMBER|AS) *\(/ {
    split($0, part, /,[ ]*/)
    name = /^AS/ ? part[4] : part[3]; gsub(/\).*|"/, "", name)
    printf " `%s`%s%s", name, part[2] ~ /texts/ ? "[]" : "", /OPTIONAL/ ? "?" : ""
    if (match($0, /\.choices = [a-z_]+_codes/))
        printf " (%s)", substr(codes[substr($0, RSTART + 11, RLENGTH - 17)], 2)
}
/^END/ { print " |" }
