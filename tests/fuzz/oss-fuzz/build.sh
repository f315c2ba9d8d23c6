#!/bin/bash -eu
# SPDX-License-Identifier: MIT
# Builds every fuzz target as OSS-Fuzz wants it: $OUT/NAME_fuzz with its seeds and words. The
# compilers, their flags and the engine come from the environment.

# The image that runs the targets has no packages of ours: their libraries go along. The path is an
# RPATH, which holds for the libraries that these load, too.
export LDFLAGS="${LDFLAGS:-} -Wl,--disable-new-dtags,-rpath,\$ORIGIN/lib"
mkdir -p "$OUT/lib"

# libraries TARGET...: the files of those that are not part of every system.
libraries() {
    ldd "$@" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u |
        grep -Ev '/(libc|libm|libdl|librt|libpthread|libresolv|libgcc_s)\.so'
}

build=$WORK/voq
targets=$(ls "$SRC"/voq/tests/fuzz/*_fuzz.c | sed 's,.*/,,; s/\.c$//')
rm -rf "$build"
meson setup "$build" "$SRC/voq" --buildtype=plain -Ddefault_library=static -Dfuzz=true \
    -Dfuzz_engine="$LIB_FUZZING_ENGINE" -Db_lundef=false
# shellcheck disable=SC2046
ninja -C "$build" $(printf 'tests/fuzz/%s ' $targets)

cd "$build/tests/fuzz"
# shellcheck disable=SC2086
cp $targets "$OUT/"
# shellcheck disable=SC2086
libraries $targets | xargs cp -Lt "$OUT/lib"
for target in $targets; do
    name=${target%_fuzz} source=$SRC/voq/tests/fuzz
    rm -f "$OUT/${target}_seed_corpus.zip"
    zip -qjr "$OUT/${target}_seed_corpus.zip" "$source/corpus/$name"
    [ ! -f "$source/$name.dict" ] || cp "$source/$name.dict" "$OUT/$target.dict"
done
