# SPDX-License-Identifier: MIT
# Sourced by tools/quickstart and tools/check: packages, KissFFT's source, a quiet build.
# Works from any folder, without a terminal, as root or with sudo. Prints a message only for slow
# steps and where the user must act.

set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec < /dev/null

log=$(mktemp -d "${TMPDIR:-/tmp}/voq-setup.XXXXXX")
trap 'rm -rf "$log"' EXIT

external=subprojects
kissfft() { sed -n "s/^$1 = //p" $external/kissfft.wrap; }

# stop CODE SENTENCE: prints the sentence and exits with the code.
stop() {
    echo "${0##*/}: $2" >&2
    exit "$1"
}

# quietly COMMAND...: shows the output of the command only if it fails.
quietly() {
    "$@" > "$log/last" 2>&1 && return
    tail -n 20 "$log/last" >&2
    return 1
}

is_there() {
    local what=${1#*:}
    case $1 in
        command:*) command -v "$what" ;;
        file:*) [ -e "$what" ] ;;
        header:*) echo "#include <$what>" | gcc -E - ;;
        pkgconfig:*) pkg-config --exists "$what" ;;
        python:*) python3 -c "import $what" || /usr/bin/python3 -c "import $what" ;;
    esac > /dev/null 2>&1
}

# missing_packages SET: prints the packages of the set that are not installed.
missing_packages() {
    local set package probe
    while read -r set package probe; do
        [ "$set" != "$1" ] || is_there "$probe" || echo "$package"
    done < tools/packages.txt
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

apt_install() {
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@")
    if ls /var/lib/apt/lists/*_Packages* > /dev/null 2>&1 && as_root "${install[@]}"; then
        return
    fi
    as_root apt-get update -qq && as_root "${install[@]}"
}

# install_packages SET: installs missing packages; false, with $missing set, if that is not possible.
install_packages() {
    missing=$(missing_packages "$1" | xargs)
    [ -n "$missing" ] || return 0
    command -v apt-get > /dev/null || return 1
    [ "$(id -u)" = 0 ] || sudo -n true 2> /dev/null || return 1
    echo "installing by apt: $missing"
    # shellcheck disable=SC2086
    quietly apt_install $missing || stop 1 "apt could not install the packages; its last lines are above"
    missing=$(missing_packages "$1" | xargs)
    [ -z "$missing" ]
}

need_build_packages() {
    install_packages build && return
    if command -v apt-get > /dev/null; then
        stop 2 "these packages are missing, and installing needs root or sudo without a password; run: sudo apt-get install --no-install-recommends $missing"
    fi
    stop 2 "these are missing, and there is no apt to install them; their names in Debian: $missing"
}

has_hash() { [ -f "$1" ] && echo "$(kissfft source_hash)  $1" | sha256sum --check --status; }

# Debian's source package contains upstream's tarball byte for byte. Temporary source lists, made
# from the mirrors that apt already uses, leave the user's lists unchanged and do not need root.
apt_source_kissfft() {
    local dir=$log/apt key=/usr/share/keyrings/debian-archive-keyring.gpg options
    mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$dir/source"
    apt-get indextargets --format '$(CREATED_BY) $(ORIGIN) $(COMPONENT) $(REPO_URI) $(RELEASE)' |
        awk -v key="$key" '$1 == "Packages" && $2 == "Debian" && $3 == "main" {
            print "deb-src [signed-by=" key "]", $4, $5, $3 }' | sort -u > "$dir/sources.list"
    [ -s "$dir/sources.list" ] || return 1
    options=(-qq -o Acquire::Retries=1 -o Acquire::http::Timeout=10 -o Dir::Etc::sourcelist="$dir/sources.list" -o Dir::Etc::sourceparts=-
        -o Dir::State::lists="$dir/lists" -o Dir::Cache="$dir/cache" -o APT::Sandbox::User=root)
    apt-get "${options[@]}" update || return 1
    (cd "$dir/source" && apt-get "${options[@]}" --download-only source kissfft) || return 1
    mv "$dir/source/$(kissfft source_filename)" "$1"
}

# Meson would do the same, but retries for half a minute; this makes one attempt of ten seconds.
download_kissfft() {
    python3 - "$(kissfft source_url)" "$1" << 'END'
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=10) as reply, open(sys.argv[2], "wb") as out:
    out.write(reply.read())
END
}

need_kissfft() {
    local unpacked tarball get
    unpacked=$external/$(kissfft directory)
    tarball=$external/packagecache/$(kissfft source_filename)
    # Meson copies our build file once, when it unpacks.
    if [ -d "$unpacked" ] && ! cmp -s {$external/packagefiles/kissfft,"$unpacked"}/meson.build; then
        rm -rf "$unpacked"
    fi
    [ ! -f "$unpacked/kiss_fftr.c" ] || return 0
    mkdir -p $external/packagecache
    for get in apt_source_kissfft download_kissfft; do
        ! has_hash "$tarball" || return 0
        "$get" "$log/kissfft" > "$log/last" 2>&1 || true
        has_hash "$log/kissfft" && mv "$log/kissfft" "$tarball"
    done
    has_hash "$tarball" || stop 1 "KissFFT's source came neither from apt nor from $(kissfft source_url); put that file, sha256 $(kissfft source_hash), at $tarball"
}

# configure FOLDER OPTION...: configures the folder; an existing one is reconfigured with these
# options, which an older checkout may not have had.
configure() {
    if [ -f "$1/build.ninja" ]; then
        quietly meson setup --reconfigure "$@"
    else
        quietly meson setup "$@"
    fi
}
