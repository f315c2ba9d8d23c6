/* SPDX-License-Identifier: MIT */
/* Writes feature vectors, float [n_frame][dim]. Calls and the rules for files, failures and
   resuming are those of unit_writer.h. */
#ifndef VOQ_TOOLS_FEATURE_WRITER_H
#define VOQ_TOOLS_FEATURE_WRITER_H

#include "tools/base/sink.h"
#include "tools/formats/format.h"

enum { FEATURE_WRITER_FILES = 2 }; /* features, and the index (scp) or the lengths (.len) */

struct feature_writer_options {
    const struct feature_format *format;
    const char *path;       /* OUT. hubert: a folder for SPLIT_RANK_NSHARD.npy and .len */
    bool one_input;
    uint32_t dim;
    bool flat;              /* npy: with one dimension the array is [n_frame] */
    bool text;              /* ark: as text */
    const char *scp_path;   /* ark; NULL: none */
    const char *split;      /* hubert: NULL is "train" */
    uint32_t rank, n_shard; /* hubert: n_shard 0 is 1 */
    bool name_escape;
    bool name_folders;      /* see struct outputs */
    bool shared;            /* as in struct unit_writer_options */
    const char *tag;        /* as in struct unit_writer_options, and so is resume */
    const struct sink_mark *resume; /* [FEATURE_WRITER_FILES] */
    struct format_guard guard;
    struct format_notes notes;
};

struct feature_writer;

bool feature_writer_open(struct feature_writer **writer,
                         const struct feature_writer_options *options, struct failure *failure);
bool feature_writer_begin(struct feature_writer *writer, const char *name,
                          struct failure *failure);

/* Writes n more frames x[n][dim]. NaN or infinity is EXIT_INPUT with frame and dimension. */
bool feature_writer_frames(struct feature_writer *writer, const float *x, size_t n,
                           struct failure *failure);
bool feature_writer_end(struct feature_writer *writer, struct failure *failure);
bool feature_writer_drop(struct feature_writer *writer, struct failure *failure);
bool feature_writer_mark(struct feature_writer *writer, struct sink_mark *mark,
                         struct failure *failure);
bool feature_writer_has(const struct feature_writer *writer, const char *name,
                        const struct sink_mark *mark);
bool feature_writer_commit(struct feature_writer *writer, struct failure *failure);
void feature_writer_abandon(struct feature_writer *writer, bool keep);

#endif
