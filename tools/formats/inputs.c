/* SPDX-License-Identifier: MIT */
#include "tools/formats/inputs.h"

#include "tools/formats/folder_files.h"

#include <stdlib.h>
#include <string.h>

bool inputs_take_folder(struct inputs *in, const char *folder, struct folder_paths *files,
                        struct failure *failure)
{
    in->files = *files;
    *files = (struct folder_paths){0};
    in->folder = strdup(folder);
    return in->folder || fail_memory(failure);
}

bool inputs_begin_file(struct inputs *in, const char *path, struct failure *failure)
{
    in->path = strdup(path);
    return in->path || fail_memory(failure);
}

void inputs_end_file(struct inputs *in)
{
    line_reader_close(in->lines);
    byte_reader_close(in->bytes);
    free(in->path);
    in->lines = NULL;
    in->bytes = NULL;
    in->path = NULL;
}

const char *inputs_next_file(struct inputs *in)
{
    return in->next_file < in->files.n ? in->files.path[in->next_file++] : NULL;
}

char *inputs_name(const struct inputs *in)
{
    return folder_file_name(in->path, in->folder);
}

void inputs_close(struct inputs *in)
{
    inputs_end_file(in);
    folder_paths_free(&in->files);
    free(in->folder);
}
