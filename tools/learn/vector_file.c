/* SPDX-License-Identifier: MIT */
#include "tools/learn/vector_file.h"

#include "tools/base/growing.h"
#include "tools/formats/feature_reader.h"
#include "tools/formats/feature_shard_place.h"

#include <stdlib.h>

struct vector_file {
    struct feature_reader *reader;
    bool inside; /* an utterance of the file */
};

bool vector_file_open(struct vector_file **file, const char *path, uint32_t dim,
                      struct failure *failure)
{
    struct feature_reader_options options = {.dim = dim};
    struct vector_file *opened = zeroed(1, sizeof *opened, failure);
    if (!opened) return false;
    if ((!feature_path_is_shard(path) ||
         feature_format_find("hubert", &options.format, failure)) &&
        feature_reader_open(&opened->reader, path, &options, failure)) {
        *file = opened;
        return true;
    }
    free(opened);
    return false;
}

bool vector_file_read(struct vector_file *file, float *x, size_t n, size_t *n_read,
                      struct failure *failure)
{
    const struct feature_utterance *utterance;
    while (true) {
        if (file->inside) {
            if (!feature_reader_read(file->reader, x, n, n_read, failure)) return false;
            if (*n_read > 0) return true;
        }
        if (!feature_reader_next(file->reader, &utterance, failure)) return false;
        file->inside = utterance != NULL;
        *n_read = 0;
        if (!utterance) return true;
    }
}

void vector_file_close(struct vector_file *file)
{
    feature_reader_close(file->reader);
    free(file);
}
