/* SPDX-License-Identifier: MIT */
/* What a path says: stem, suffix, speaker. Parts are given as start and length. */
#ifndef VOQ_TOOLS_UTTERANCE_NAME_H
#define VOQ_TOOLS_UTTERANCE_NAME_H

#include <stdbool.h>
#include <stddef.h>

struct text_part {
    const char *start; /* NULL: there is none */
    size_t length;
};

/* "a/b.c.wav": stem "b.c", path without suffix "a/b.c". A leading dot begins no suffix. */
struct text_part path_stem(const char *path);
struct text_part path_without_suffix(const char *path);

bool path_has_suffix(const char *path, const char *suffix); /* "wav"; upper case too */

/* "x.tsv" and "x.tsv.gz" have the suffix "tsv" of a list. */
bool path_is_list(const char *path, const char *suffix);

/* The text before the first '-' of name, else the folder of path (NULL: no path). */
struct text_part name_speaker(struct text_part name, const char *path);

#endif
