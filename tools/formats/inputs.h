/* SPDX-License-Identifier: MIT */
/* The input files of a reader, of units or of features: one file, or those of a folder, one after
   another. The mirror of outputs.h. */
#ifndef VOQ_TOOLS_INPUTS_H
#define VOQ_TOOLS_INPUTS_H

#include "tools/base/folder_walk.h"
#include "tools/base/line_reader.h"
#include "tools/formats/byte_reader.h"

struct inputs {
    char *path;                /* of the file that is open; NULL: none */
    struct line_reader *lines; /* the format opens one of these two; inputs close both */
    struct byte_reader *bytes;
    char *folder;              /* NULL: one path */
    struct folder_paths files; /* of the folder, sorted */
    size_t next_file;
};

/* Reads the files in their order; takes ownership of *files. */
bool inputs_take_folder(struct inputs *inputs, const char *folder, struct folder_paths *files,
                        struct failure *failure);

/* Begins a file; the format opens it. */
bool inputs_begin_file(struct inputs *inputs, const char *path, struct failure *failure);
void inputs_end_file(struct inputs *inputs);

/* Returns the next file of the folder; NULL: none. */
const char *inputs_next_file(struct inputs *inputs);

/* Returns the name of the utterance of a file that holds one. The caller frees it; NULL: no
   memory. */
char *inputs_name(const struct inputs *inputs);

void inputs_close(struct inputs *inputs);

#endif
