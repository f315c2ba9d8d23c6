/* SPDX-License-Identifier: MIT */
/* The only file of the library that touches the file system. */
#include "src/base/error.h"
#include "src/model/model.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_READ = 1 << 16 };
static const size_t most_bytes = (size_t)1 << 30;

static voq_status read_all(FILE *file, const char *path, unsigned char **bytes, size_t *n_byte,
                           voq_error *error)
{
    size_t capacity = FIRST_READ, n = 0;
    unsigned char *buffer = malloc(capacity);
    while (buffer) {
        n += fread(buffer + n, 1, capacity - n, file);
        if (n < capacity || memcmp(buffer, LAYOUT_MAGIC, 8) != 0) break;
        if (capacity >= most_bytes) {
            free(buffer);
            return voq_refuse(error, VOQ_ERROR_LIMIT, VOQ_NO_OFFSET, "%.120s: more than 1 GiB",
                              path);
        }
        unsigned char *larger = realloc(buffer, capacity *= 2);
        if (!larger) free(buffer);
        buffer = larger;
    }
    if (!buffer)
        return voq_refuse(error, VOQ_ERROR_MEMORY, VOQ_NO_OFFSET, "no memory for the model");
    if (ferror(file)) {
        free(buffer);
        return voq_refuse(error, VOQ_ERROR_IO, VOQ_NO_OFFSET, "%.120s: cannot be read: %.60s", path,
                          strerror(errno));
    }
    *bytes = buffer;
    *n_byte = n;
    return VOQ_OK;
}

voq_status voq_model_open(const char *path, const voq_options *options, voq_model **model,
                          voq_error *error)
{
    if (!path || !model)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "null pointer");
    FILE *file = fopen(path, "rb");
    if (!file)
        return voq_refuse(error, VOQ_ERROR_IO, VOQ_NO_OFFSET, "%.120s: cannot be opened: %.60s",
                          path, strerror(errno));
    unsigned char *bytes = NULL;
    size_t n_byte = 0;
    voq_status status = read_all(file, path, &bytes, &n_byte, error);
    fclose(file);
    return status == VOQ_OK ? voq_model_adopt(bytes, n_byte, options, model, error) : status;
}

voq_status voq_model_write(const voq_model *model, const char *path, voq_error *error)
{
    if (!model || !path)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "null pointer");
    const void *bytes;
    size_t n_byte;
    voq_model_bytes(model, &bytes, &n_byte);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(bytes, 1, n_byte, file) == n_byte;
    if (file && fclose(file) != 0) written = false;
    if (!written)
        return voq_refuse(error, VOQ_ERROR_IO, VOQ_NO_OFFSET, "%.120s: cannot be written: %.60s",
                          path, strerror(errno));
    return VOQ_OK;
}
