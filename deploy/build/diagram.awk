# SPDX-License-Identifier: EUPL-1.2
# The life of a case as a mermaid diagram, from common/case/status.def. What holds for nearly every
# status (taken back, dismissed, forwarded, waiting, death) is left out of the picture.
BEGIN { print "```mermaid\nstateDiagram-v2" }
/^MOVE\(/ {
    line = $0
    sub(/^MOVE\(/, "", line)
    split(line, part, /,[ \t]*/)
    if (part[2] ~ /WITHDRAWN|DISMISSED|FORWARDED|DECEASED|WAITING/ || part[1] == "WAITING")
        next
    match(line, /"[^"]*"/)
    words = substr(line, RSTART + 1, RLENGTH - 2)
    print "    " part[1] " --> " part[2] ": " words
}
END { print "```" }
