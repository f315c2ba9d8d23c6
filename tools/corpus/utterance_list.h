/* SPDX-License-Identifier: MIT */
/* The corpus while it is read; the readers of folders and lists add to it. */
#ifndef VOQ_TOOLS_UTTERANCE_LIST_H
#define VOQ_TOOLS_UTTERANCE_LIST_H

#include "tools/base/line_reader.h"
#include "tools/base/name_index.h"
#include "tools/corpus/corpus.h"
#include "tools/corpus/text_pool.h"
#include "tools/corpus/utterance_name.h"

struct utterance_list {
    struct utterance *item;
    size_t n, capacity;
};

struct libarchive;
struct unpacked_tars;

struct corpus {
    struct corpus_options options;
    struct utterance_list utterances;
    struct utterance_list recordings; /* of .scp, where there is a segments file */
    struct text_pool pool;            /* all strings */
    struct name_index speakers;       /* each once */
    const char **warning;
    size_t n_warning, warning_capacity;
    struct libarchive *library; /* NULL: no tar was read yet */
    struct unpacked_tars *unpacked;
    struct audio_members *members; /* of the tars */
};

/* Strings of *utterance must be in the pool or outlive the corpus. */
bool utterance_list_add(struct utterance_list *list, const struct utterance *utterance,
                        struct failure *failure);

/* Copy a text into the pool; without memory NULL and a failure. */
const char *corpus_text(struct corpus *corpus, const char *text, struct failure *failure);
const char *corpus_part(struct corpus *corpus, struct text_part part, struct failure *failure);

/* Returns the name of a path with --names path: without suffix, and without parts that lead out of
   a folder ("/", "./", "../"): "../a/b.wav" is "a/b". */
const char *corpus_path_name(struct corpus *corpus, const char *path, struct failure *failure);

/* The same, with the suffix. */
const char *corpus_clean_path(struct corpus *corpus, const char *path, struct failure *failure);

/* Returns where the file is that a list names: at the path as written, or, if nothing is there,
   beside the list. */
const char *corpus_listed_path(struct corpus *corpus, const char *list, const char *path,
                               struct failure *failure);

/* *speaker = the one copy of part, NULL if it is empty. */
bool corpus_speaker(struct corpus *corpus, struct text_part part, const char **speaker,
                    struct failure *failure);

/* Fills kind and speaker (unless set) from path and stem, and adds the utterance. Rejects a path of
   a list whose name is empty. */
bool corpus_add_file(struct corpus *corpus, struct utterance *utterance, struct text_part stem,
                     struct failure *failure);

/* Whether a file of this name is taken from a folder or a tar. */
bool corpus_takes(const struct corpus_options *options, const char *name);

bool corpus_warn(struct corpus *corpus, struct failure *failure, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Writes "LIST:LINE" or the path; returns text. */
const char *utterance_place(const struct utterance *utterance, char *text, size_t size);

/* The readers, one file per reader. */
bool folder_read(struct corpus *corpus, const char *folder, struct failure *failure);
bool fairseq_manifest_read(struct corpus *corpus, const char *path, struct failure *failure);
bool json_manifest_read(struct corpus *corpus, const char *path, struct failure *failure);
bool path_list_read(struct corpus *corpus, const char *path, struct failure *failure);
bool kaldi_table_read(struct corpus *corpus, const char *path, struct failure *failure);
bool kaldi_segments_read(struct corpus *corpus, const char *path, struct failure *failure);
bool kaldi_speakers_read(struct corpus *corpus, const char *path, const struct name_index *names,
                         struct failure *failure);

#endif
