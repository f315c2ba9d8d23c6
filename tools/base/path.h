/* SPDX-License-Identifier: MIT */
/* Parts of a path: its stem, its suffix, and whether that is one of audio. Parts are start and
   length. A leading dot begins no suffix; ".gz" may follow the suffix of a text. */
#ifndef VOQ_TOOLS_PATH_H
#define VOQ_TOOLS_PATH_H

#include <stdbool.h>
#include <stddef.h>

struct text_part {
    const char *start; /* NULL: there is none */
    size_t length;
};

/* "a/b.c.wav": stem "b.c", path without suffix "a/b.c"; "a/b.ctm.gz": "b", "a/b". */
struct text_part path_stem(const char *path);
struct text_part path_without_suffix(const char *path);
char *path_stem_copy(const char *path); /* free it; NULL: no memory */

/* Writes the path without suffix and without parts that lead out of a folder: "/a/../b//c.wav" is
   "a/b/c". name has room for strlen(path) + 1 bytes; "": the path names no file. */
void path_write_name(const char *path, char *name);
void path_write_clean(const char *path, char *clean); /* the same, with its suffix */

bool path_is_folder(const char *path); /* also where a link leads to one */

/* Whether it ends in ".wav", for the suffix "wav"; upper case too. */
bool path_has_suffix(const char *path, const char *suffix);

/* The same, or in ".tsv.gz" for the suffix "tsv": line_reader unpacks such files. */
bool path_has_text_suffix(const char *path, const char *suffix);

/* Returns the length of the suffix of a tar, ".tar" or ".tar.gz" and others; 0: it has none. */
size_t path_tar_suffix(const char *path);

/* The suffixes of audio files, in one list. */
enum path_audio {
    PATH_NOT_AUDIO,
    PATH_AUDIO,        /* a container that describes its content: .wav, .flac ... */
    PATH_RAW_AUDIO,    /* samples alone: .raw, .pcm */
    PATH_FOREIGN_AUDIO /* not read by voq, but found in lists of names: .m4a, .webm ... */
};
enum path_audio path_audio(const char *path);

#endif
