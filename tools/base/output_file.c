/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* fopencookie */
#include "tools/base/output_file.h"

#include "tools/base/sink.h"

#include <errno.h>
#include <stdlib.h>

struct output_file {
    struct sink *sink;
    FILE *stream;
    bool abandoned; /* what is still in the stream is discarded */
};

static ssize_t write_all(void *cookie, const char *data, size_t n)
{
    struct output_file *file = cookie;
    if (file->abandoned) return (ssize_t)n;
    sink_write(file->sink, data, n);
    errno = sink_error(file->sink);
    return errno ? 0 : (ssize_t)n;
}

static bool open_file(struct output_file **out, const char *path,
                      const struct sink_options *options, struct failure *failure)
{
    struct output_file *file = calloc(1, sizeof *file);
    if (!file) return fail_memory(failure);
    if (!sink_open(&file->sink, path, options, failure)) {
        free(file);
        return false;
    }
    file->stream = fopencookie(file, "w", (cookie_io_functions_t){.write = write_all});
    if (!file->stream) {
        output_file_abandon(file);
        return fail_memory(failure);
    }
    *out = file;
    return true;
}

bool output_file_open(struct output_file **file, const char *path, struct failure *failure)
{
    return open_file(file, path, &(struct sink_options){.alone = true}, failure);
}

bool output_file_open_binary(struct output_file **file, const char *path, struct failure *failure)
{
    const struct sink_options options = {.alone = true, .binary = true};
    return open_file(file, path, &options, failure);
}

bool output_file_open_shared(struct output_file **file, const char *path, struct failure *failure)
{
    return open_file(file, path, &(struct sink_options){0}, failure);
}

FILE *output_file_stream(struct output_file *file)
{
    return file->stream;
}

bool output_file_commit(struct output_file *file, struct failure *failure)
{
    bool written = !ferror(file->stream) && fflush(file->stream) == 0;
    struct sink *sink = file->sink;
    file->sink = NULL;
    output_file_abandon(file);
    if (written || sink_error(sink)) return sink_commit(sink, failure);
    sink_abandon(sink, false);
    return fail_memory(failure);
}

void output_file_abandon(struct output_file *file)
{
    if (!file) return;
    file->abandoned = true;
    if (file->stream) fclose(file->stream);
    sink_abandon(file->sink, false);
    free(file);
}

bool output_file_write(const char *path, const void *bytes, size_t n, struct failure *failure)
{
    struct output_file *file;
    if (!output_file_open_binary(&file, path, failure)) return false;
    fwrite(bytes, 1, n, output_file_stream(file));
    return output_file_commit(file, failure);
}

bool output_file_try(const char *path, struct failure *failure)
{
    struct output_file *file;
    if (!output_file_open_binary(&file, path, failure)) return false;
    output_file_abandon(file);
    return true;
}
