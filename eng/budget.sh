#!/usr/bin/env bash
# Prints the source budget of Rx.Sse: how much one person has to understand, beside the limit of each figure.
# A code line is a line that is not blank, a comment, a using or namespace directive, a preprocessor directive, or
# brackets alone. It never fails: a budget that is missed for a stated reason is better than one that is met by a trick.
set -euo pipefail
cd "$(dirname "$0")/.."

sources() { git ls-files "$1" | grep '\.cs$'; }

code_lines() {
    sources "$1" | xargs cat | awk '
        { gsub(/^[ \t\r]+|[ \t\r]+$/, "") }
        /^$/ || /^\/\// || /^#/ || /^namespace / { next }
        /^using [A-Za-z.]+( = .*)?;$/ || /^using static / { next }
        /^[{}()\];,]+$/ { next }
        { lines++ }
        END { print lines + 0 }'
}

unchecked_files() {
    sources "$1" | { xargs grep -lE 'Unsafe\.|MemoryMarshal\.|Intrinsics|\bunsafe\b' || true; } | wc -l
}

# A member begins at a line that declares or states something, and ends before the next line that is indented no
# deeper, except for its own braces. Type declarations are left out. The statements within a method are taken for
# members too, which does not matter: they are never longer than the method. Comments and blank lines count.
longest_member() {
    sources "$1" | xargs awk '
        function finish(from,   i, length_of_i) {
            for (i = from; i <= deepest; i += 4) {
                if (i in start) {
                    length_of_i = last[i] - start[i] + 1
                    if (length_of_i > longest) { longest = length_of_i; where = file ":" start[i] }
                    delete start[i]
                }
            }
        }
        FNR == 1 { finish(0); file = FILENAME; deepest = 0 }
        { sub(/\r$/, "") }
        /^[ \t]*$/ || /^#/ { next }
        {
            match($0, /^ */); indent = RLENGTH; text = substr($0, indent + 1)
            if (text !~ /^[{})]/) finish(indent)
            else finish(indent + 4)
            for (i in start) last[i] = FNR
            if (text ~ /^\/\// || text ~ /^\[/ || text ~ /^[{})]/) next
            if (text ~ /^(using|namespace) / || text ~ /^extension\(/) next
            if (text ~ /(^|[a-z] )(class|struct|record|interface|enum) [A-Z]/) next
            start[indent] = FNR; last[indent] = FNR
            if (indent > deepest) deepest = indent
        }
        END { finish(0); print longest, where }'
}

types() {
    sources "$1" | xargs grep -hoE '^[a-z ]*\b(class|struct|record|interface|enum) [A-Z][A-Za-z0-9]*' \
        | awk '{ print $NF }' | sort -u | paste -sd ' '
}

read -r length where < <(longest_member Rx.Sse/)
row() { printf '| %-58s | %6s | %6s |\n' "$@"; }
row '' now limit
row '---' '---:' '---:'
row 'code lines in Rx.Sse' "$(code_lines Rx.Sse/)" 2700
row 'code lines in Rx.Sse/Parsing' "$(code_lines Rx.Sse/Parsing/)" 600
row 'files with Unsafe, MemoryMarshal or intrinsics' "$(unchecked_files Rx.Sse/)" 2
row 'lines of the longest method, comments included' "$length" 60
printf '\nThe longest method is at %s.\n' "$where"
printf 'Types whose code runs per chunk (limit 16) are counted by hand. Rx.Sse/Parsing has: %s.\n' \
    "$(types Rx.Sse/Parsing/)"
