/* SPDX-License-Identifier: MIT */
#include "tools/formats/feature_reader.h"

#include "tools/base/path.h"
#include "tools/formats/feature_ops.h"
#include "tools/formats/feature_shard_place.h"
#include "tools/formats/format_detect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void close_file(struct feature_reader *r)
{
    if (r->state && r->format->reader->close) r->format->reader->close(r);
    free(r->state);
    r->state = NULL;
    inputs_end_file(&r->in);
}

/* Notes that an array of many utterances is read as one. */
static void note_lengths(const struct feature_reader *r)
{
    char *path = feature_lengths_beside(r->in.path);
    if (path)
        format_note(&r->options.notes,
                    "%s is read as one utterance, but there is %s beside it; use format hubert to "
                    "read the pair", r->in.path, path);
    free(path);
}

static bool open_file(struct feature_reader *r, const char *path, struct failure *failure)
{
    close_file(r);
    r->state = calloc(1, r->format->reader->state_size);
    if (!r->state) return fail_memory(failure);
    if (!inputs_begin_file(&r->in, path, failure)) return false;
    if (!r->options.format && (r->format->traits & FORMAT_FILE_EACH)) note_lengths(r);
    return r->format->reader->open(r, failure);
}

static bool open_folder(struct feature_reader *r, const char *path, struct failure *failure)
{
    struct folder_paths files = {0};
    if (!feature_format_of_folder(path, &r->format, &files, failure) ||
        !inputs_take_folder(&r->in, path, &files, failure))
        return false;
    return r->format || fail(failure, EXIT_INPUT, "%s: the folder contains no feature files", path);
}

static bool choose_format(struct feature_reader *r, const char *path, struct failure *failure)
{
    r->format = r->options.format;
    if (!r->format) r->format = feature_format_of_path(path);
    if (r->format) return true;
    char magic[6] = "";
    FILE *file = strcmp(path, "-") == 0 ? NULL : fopen(path, "rb");
    size_t n = file ? fread(magic, 1, sizeof magic, file) : 0;
    if (file) fclose(file);
    if (n == sizeof magic && memcmp(magic, "\x93NUMPY", 6) == 0)
        return feature_format_find("npy", &r->format, failure);
    return fail(failure, EXIT_USAGE, "%s: expected features as .npy, .ark or .scp", path);
}

bool feature_reader_open(struct feature_reader **out, const char *path,
                         const struct feature_reader_options *options, struct failure *failure)
{
    struct feature_reader *r = calloc(1, sizeof *r);
    if (!r) return fail_memory(failure);
    r->options = *options;
    bool ok = path_is_folder(path) ? open_folder(r, path, failure)
                                   : choose_format(r, path, failure) && open_file(r, path, failure);
    if (!ok) {
        feature_reader_close(r);
        return false;
    }
    *out = r;
    return true;
}

static bool name_by_file(struct feature_reader *r, struct failure *failure)
{
    free(r->name);
    r->name = inputs_name(&r->in);
    return r->name || fail_memory(failure);
}

static bool skip_rest(struct feature_reader *r, struct failure *failure)
{
    size_t dim = r->utterance.dim, n_read = 1;
    if (dim == 0) return true;
    size_t n = dim < 4096 ? 4096 / dim : 1;
    float *x = malloc(n * dim * sizeof *x);
    if (!x) return fail_memory(failure);
    bool ok = true;
    while (ok && n_read > 0) ok = r->format->reader->read(r, x, n, &n_read, failure);
    free(x);
    return ok;
}

bool feature_reader_next(struct feature_reader *r, const struct feature_utterance **utterance,
                         struct failure *failure)
{
    if (r->in.path && !skip_rest(r, failure)) return false;
    for (;;) {
        *utterance = NULL;
        r->utterance = (struct feature_utterance){0};
        r->n_left = r->frame = 0;
        if (!r->in.path) {
            const char *next = inputs_next_file(&r->in);
            if (!next) return true;
            if (!open_file(r, next, failure)) return false;
        }
        bool found;
        if (!name_by_file(r, failure) || !r->format->reader->next(r, &found, failure))
            return false;
        if (found) break;
        close_file(r);
    }
    r->utterance.name = r->name;
    *utterance = &r->utterance;
    return true;
}

bool feature_reader_part(struct feature_reader *r, uint64_t first, uint64_t n,
                         struct failure *failure)
{
    uint64_t begin = byte_reader_offset(r->in.bytes), n_frame = r->utterance.n_frame;
    if (first > n_frame || n > n_frame - first)
        return fail(failure, EXIT_INPUT, "%s: has become shorter while it was read", r->in.path);
    if (n > 0) {
        uint64_t frame_bytes = (byte_reader_size(r->in.bytes) - begin) / n_frame;
        if (!byte_reader_seek(r->in.bytes, begin + first * frame_bytes, failure)) return false;
    }
    r->frame = first;
    r->n_left = r->utterance.n_frame = n;
    return true;
}

bool feature_reader_read(struct feature_reader *r, float *x, size_t n, size_t *n_read,
                         struct failure *failure)
{
    *n_read = 0;
    return r->utterance.dim == 0 || r->format->reader->read(r, x, n, n_read, failure);
}

void feature_reader_close(struct feature_reader *r)
{
    if (!r) return;
    if (r->format) close_file(r);
    inputs_close(&r->in);
    free(r->name);
    free(r);
}

bool feature_reader_dim(const char *path, uint32_t *dim, struct failure *failure)
{
    struct feature_reader_options options = {0};
    struct feature_reader *reader;
    const struct feature_utterance *first;
    if (!feature_reader_open(&reader, path, &options, failure)) return false;
    bool good = feature_reader_next(reader, &first, failure);
    if (good && (!first || first->dim == 0))
        good = fail(failure, EXIT_INPUT, "%s: contains no vectors", path);
    if (good) *dim = first->dim;
    feature_reader_close(reader);
    return good;
}
