/* SPDX-License-Identifier: MIT */
/* The output files of a writer, of units or of features: opening, the names of utterances, removing
   an unfinished utterance, resuming, renaming. */
#ifndef VOQ_TOOLS_OUTPUTS_H
#define VOQ_TOOLS_OUTPUTS_H

#include "tools/base/name_index.h"
#include "tools/base/sink.h"
#include "tools/formats/format.h"

enum { OUTPUTS_MOST = 3 };

struct outputs {
    const char *format; /* the caller sets these members; path as in the options */
    unsigned traits;    /* enum format_trait */
    enum name_rule name_rule;
    const char *suffix; /* of the files, with FORMAT_FILE_EACH */
    const char *path;
    bool one_input;
    bool text;          /* a binary format is written as text */
    bool name_escape;
    bool name_folders; /* with a file per utterance, a '/' in a name makes a folder below OUT */
    bool shared;       /* other processes may write the same bytes at the same time */
    struct format_guard guard;
    const char *tag;                 /* see struct sink_options; NULL: fresh ones */
    const struct sink_mark *resume;  /* [OUTPUTS_MOST], or NULL */
    uint64_t head;                   /* of sink[0], set before it is opened */

    char *folder;       /* with a file per utterance in a folder, else NULL */
    struct sink *sink[OUTPUTS_MOST];   /* [0] the data; [1] and [2] as the format opens them */
    uint64_t begun[OUTPUTS_MOST];      /* positions before the utterance */
    char *name;         /* of the utterance, as written; NULL: between utterances */
    struct name_index names;
    size_t n_utterance; /* begun */
    uint64_t n_byte;    /* of the utterance's file that ended last, with FORMAT_FILE_EACH */
};

/* Call before anything is opened: asks the guard about the file of an utterance, if it has one in a
   folder. A name that the format rejects fails in outputs_begin. */
bool outputs_allow(const struct outputs *outputs, const char *name, struct failure *failure);

/* With one file per utterance: returns the path of its file, which the caller frees. NULL: the
   format rejects the name, or no memory. */
char *outputs_file(const struct outputs *outputs, const char *name);

/* Makes the folder, or opens sink[0] as OUT; with one file per utterance begin opens it. */
bool outputs_open_first(struct outputs *outputs, struct failure *failure);

/* Opens sink[i] at a path. */
bool outputs_open(struct outputs *outputs, int i, const char *path, struct failure *failure);

bool outputs_check(const struct outputs *outputs, struct failure *failure);
bool outputs_begin(struct outputs *outputs, const char *name, struct failure *failure);
bool outputs_end(struct outputs *outputs, struct failure *failure);

/* Undoes begin; false if what was written cannot be removed. */
bool outputs_take_back(struct outputs *outputs);

bool outputs_flush(struct outputs *outputs, struct failure *failure); /* to the system */

/* Fills mark[n] with how much is written; with one file per utterance, the length of the last
   one. */
bool outputs_mark(struct outputs *outputs, struct sink_mark *mark, int n, struct failure *failure);

/* With one file per utterance: whether the file of `name` exists with its marked length. */
bool outputs_has(const struct outputs *outputs, const char *name, const struct sink_mark *mark);

bool outputs_commit(struct outputs *outputs, struct failure *failure);

/* Closes everything; keep as in sink_abandon. After commit it only frees memory. */
void outputs_close(struct outputs *outputs, bool keep);

#endif
