/* SPDX-License-Identifier: MIT */
/* What formats of features share: the vectors as bytes, their size, the name of an utterance. */
#include "tools/formats/feature_ops.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool feature_reader_name(struct feature_reader *r, const char *text, size_t length,
                         struct failure *failure)
{
    free(r->name);
    r->name = strndup(text, length);
    return r->name || fail_memory(failure);
}

bool feature_dim(struct feature_reader *r, uint64_t dim, uint64_t offset, struct failure *failure)
{
    if (dim == 0 || dim > 1 << 20)
        return byte_reader_fail(r->in.bytes, offset, failure, "vectors of %llu dimensions",
                                (unsigned long long)dim);
    if (r->options.dim != 0 && dim != r->options.dim)
        return byte_reader_fail(r->in.bytes, offset, failure,
                                "vectors of %llu dimensions, expected %u",
                                (unsigned long long)dim, r->options.dim);
    r->utterance.dim = (uint32_t)dim;
    return true;
}

static double value_of(const unsigned char *bytes, bool is_double, bool big_endian)
{
    size_t size = is_double ? 8 : 4;
    uint64_t bits = 0;
    for (size_t i = 0; i < size; i++) bits = bits << 8 | bytes[big_endian ? i : size - 1 - i];
    if (is_double) {
        double x;
        memcpy(&x, &bits, sizeof x);
        return x;
    }
    uint32_t half = (uint32_t)bits;
    float single;
    memcpy(&single, &half, sizeof single);
    return (double)single;
}

static bool read_vector(struct feature_reader *r, bool is_double, bool big_endian, float *value,
                        struct failure *failure)
{
    enum { PIECE = 64 };
    unsigned char bytes[PIECE * 8];
    size_t dim = r->utterance.dim, size = is_double ? 8 : 4;
    for (size_t d = 0, left = 0; d < dim; d++, left--) {
        if (left == 0) {
            left = dim - d < PIECE ? dim - d : PIECE;
            if (!byte_reader_read(r->in.bytes, bytes, left * size, "the vectors", failure))
                return false;
        }
        double x = value_of(bytes + d % PIECE * size, is_double, big_endian);
        value[d] = (float)x;
        if (isfinite(value[d])) continue;
        return byte_reader_fail(r->in.bytes, byte_reader_offset(r->in.bytes) - left * size, failure,
                                "%s at frame %llu dim %zu",
                                isfinite(x) ? "a value that overflows float32"
                                            : "not a finite number",
                                (unsigned long long)r->frame, d);
    }
    return true;
}

bool feature_read_binary(struct feature_reader *r, bool is_double, bool big_endian, float *x,
                         size_t n, size_t *n_read, struct failure *failure)
{
    size_t dim = r->utterance.dim;
    *n_read = 0;
    while (*n_read < n && r->n_left > 0) {
        if (!read_vector(r, is_double, big_endian, x, failure)) return false;
        x += dim;
        r->frame++;
        r->n_left--;
        ++*n_read;
    }
    return true;
}

void feature_write_f4(struct sink *sink, const float *x, size_t n)
{
    enum { PIECE = 512 };
    unsigned char bytes[4 * PIECE];
    for (size_t i = 0; i < n; i += PIECE) {
        size_t n_part = n - i < PIECE ? n - i : PIECE;
        for (size_t j = 0; j < n_part; j++) {
            uint32_t bits;
            memcpy(&bits, &x[i + j], 4);
            put_u32le(bytes + 4 * j, bits);
        }
        sink_write(sink, bytes, 4 * n_part);
    }
}
