# What the checks of this folder share; each begins by sourcing it. (`run`, the gate, is no such check.)
#
# A check works from any directory, installs what it lacks, builds into a target folder of its own, and
# ends with one line, the same for all:
#
#     address: ok, 612 passed, 0 failed, 2 left out, 131 s
#
# It exits with 0 if all is well, with 1 if not, and with 3 if this machine cannot run it.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CARGO_TERM_COLOR=never

readonly NOT_POSSIBLE=3
readonly TRIPLE=x86_64-unknown-linux-gnu
check=$(basename "$0")
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
export CARGO_TARGET_DIR="$target/ci/$check"
log="$CARGO_TARGET_DIR/log"
# What the last line says besides the tests' numbers.
figure=
is_broken=
# A folder outside of the workspace, if a check wants one (`scratch=$(mktemp -d)`): it is removed at the end.
scratch=
mkdir -p "$CARGO_TARGET_DIR"
: >"$log"

# Flags with `-Z` work on a stable compiler, too.
export RUSTC_BOOTSTRAP=1

say_how_it_went() {
    local code=$? verdict=ok passed failed left_out
    [ -z "$scratch" ] || rm -rf "$scratch"
    read -r passed failed left_out < <(awk '/^test result: / {
        for (i = 2; i <= NF; i++) {
            if ($i == "passed;") passed += $(i - 1)
            if ($i == "failed;") failed += $(i - 1)
            if ($i == "filtered") left_out += $(i - 1)
        }
    } END { print passed + 0, failed + 0, left_out + 0 }' "$log")
    if [ "$code" = "$NOT_POSSIBLE" ]; then
        verdict="not possible"
    elif [ "$code$is_broken" != 0 ] || [ "$failed" != 0 ] || [ "$passed$figure" = 0 ]; then
        # A check that tried nothing has failed.
        verdict=failed code=1
    fi
    printf '%s: %s, %s%s passed, %s failed, %s left out, %s s\n' \
        "$check" "$verdict" "${figure:+$figure, }" "$passed" "$failed" "$left_out" "$SECONDS"
    exit "$code"
}
trap say_how_it_went EXIT
trap 'exit 130' INT TERM

# not_possible REASON: ends the check.
not_possible() {
    printf '%s\n' "$*"
    exit "$NOT_POSSIBLE"
}

# debian_package COMMAND PACKAGE: installs the package if there is no such command.
debian_package() {
    command -v "$1" >/dev/null && return
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$2" >/dev/null
}

# cargo_tool NAME VERSION: installs the tool beside the other build products if it is not there.
cargo_tool() {
    export PATH="$target/tools/bin:$PATH"
    command -v "$1" >/dev/null && return
    # Without the flags of the check, and into a folder that all checks share.
    RUSTFLAGS='' CARGO_TARGET_DIR="$target/tools/build" \
        cargo install --quiet --locked --root "$target/tools" --version "$2" "$1"
}

# tests ARGUMENTS: `cargo test` with them, for the numbers of the last line. A failure does not keep later
# ones from being seen.
tests() {
    cargo test --locked --no-fail-fast "$@" 2>&1 | tee -a "$log" || is_broken=1
}

# targets NAME..: the arguments that choose these targets of the package `tests`.
targets() {
    printf -- '-p tests'
    printf -- ' --test %s' "$@"
}
