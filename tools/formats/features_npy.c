/* SPDX-License-Identifier: MIT */
#include "tools/formats/feature_ops.h"
#include "tools/formats/npy_header.h"

#include <stdlib.h>

/* One NumPy array float32 [n_frame][dim] per utterance; a batch of one is read too. */

static void make_header(const struct feature_writer *w, char header[NPY_HEADER_SIZE])
{
    uint32_t dim = w->options.dim;
    npy_make_header(header, "<f4", w->n_frame, w->options.flat && dim == 1 ? 0 : dim);
}

static bool begin(struct feature_writer *w, struct failure *failure)
{
    (void)failure;
    char header[NPY_HEADER_SIZE];
    make_header(w, header);
    sink_write(w->out.sink[0], header, sizeof header);
    return true;
}

static void frames(struct feature_writer *w, const float *x, size_t n)
{
    feature_write_f4(w->out.sink[0], x, n * w->options.dim);
}

static bool end(struct feature_writer *w, struct failure *failure)
{
    (void)failure;
    char header[NPY_HEADER_SIZE];
    make_header(w, header);
    sink_patch(w->out.sink[0], 0, header, sizeof header);
    return true;
}

static const struct feature_writer_ops writer = {.begin = begin, .frames = frames, .end = end};

struct state {
    struct npy_header header;
    bool done;
    float *matrix; /* [n_frame][dim] if the file holds it transposed, else NULL */
};

static bool open_array(struct feature_reader *r, struct failure *failure)
{
    return byte_reader_open(&r->in.bytes, r->in.path, failure);
}

/* A matrix stored column by column is read whole. */
static bool read_transposed(struct feature_reader *r, struct failure *failure)
{
    struct state *s = r->state;
    uint64_t n = r->utterance.n_frame, dim = r->utterance.dim;
    bool is_double = s->header.size == 8;
    if (!byte_reader_has(r->in.bytes, 1) && n * dim > 0)
        return byte_reader_fail(r->in.bytes, byte_reader_offset(r->in.bytes), failure, "no data");
    if (byte_reader_size(r->in.bytes) == BYTE_READER_SIZE_UNKNOWN)
        return byte_reader_fail(r->in.bytes, 0, failure,
                                "a transposed array cannot be read from a pipe; read it from a "
                                "file");
    s->matrix = malloc((size_t)(n * dim) * sizeof *s->matrix + 1);
    float *column = malloc((size_t)n * sizeof *column + 1);
    bool ok = (s->matrix && column) || fail_memory(failure);
    r->utterance.dim = 1; /* a column is read as n vectors of one dimension */
    for (size_t d = 0; d < dim && ok; d++) {
        size_t n_read = 0;
        r->frame = 0;
        r->n_left = n;
        ok = n == 0 || feature_read_binary(r, is_double, s->header.big_endian, column, (size_t)n,
                                           &n_read, failure);
        for (size_t t = 0; t < n && ok; t++) s->matrix[t * dim + d] = column[t];
    }
    r->utterance.dim = (uint32_t)dim;
    r->n_left = n;
    r->frame = 0;
    free(column);
    return ok;
}

static bool next(struct feature_reader *r, bool *found, struct failure *failure)
{
    struct state *s = r->state;
    *found = !s->done;
    if (s->done) return npy_read_end(r->in.bytes, failure);
    s->done = true;
    if (!npy_read_header(r->in.bytes, &s->header, failure)) return false;
    if (s->header.kind != 'f')
        return byte_reader_fail(r->in.bytes, 0, failure,
                                "the array holds integers; features must be f4 or f8");
    if (s->header.n_dim == 3 && !r->options.codebooks) {
        if (s->header.shape[0] != 1)
            return byte_reader_fail(r->in.bytes, 0, failure, "3 dimensions, a batch of %llu; save "
                                    "each utterance as an array [frame][dim]",
                                    (unsigned long long)s->header.shape[0]);
        npy_drop_axis(&s->header, 0);
    }
    if (s->header.n_dim == 3) {
        if (s->header.fortran)
            return byte_reader_fail(r->in.bytes, 0, failure,
                                    "3 dimensions in Fortran's order; save "
                                    "numpy.ascontiguousarray(x)");
        s->header.shape[0] *= s->header.shape[1];
        s->header.shape[1] = s->header.shape[2];
    } else if (s->header.n_dim != 2) {
        return byte_reader_fail(r->in.bytes, 0, failure, "%u dimensions; %s", s->header.n_dim,
                                r->options.codebooks
                                    ? "codewords are [K][dim], or [codebook][K][dim]"
                                    : "features are [frame][dim]");
    }
    if (!feature_dim(r, s->header.shape[1], 0, failure)) return false;
    r->n_left = r->utterance.n_frame = s->header.shape[0];
    return !s->header.fortran || read_transposed(r, failure);
}

static bool read_frames(struct feature_reader *r, float *x, size_t n, size_t *n_read,
                        struct failure *failure)
{
    const struct state *s = r->state;
    if (!s->matrix)
        return feature_read_binary(r, s->header.size == 8, s->header.big_endian, x, n, n_read,
                                   failure);
    *n_read = n < r->n_left ? n : (size_t)r->n_left;
    size_t dim = r->utterance.dim;
    for (size_t i = 0; i < *n_read * dim; i++) x[i] = s->matrix[(size_t)r->frame * dim + i];
    r->frame += *n_read;
    r->n_left -= *n_read;
    return true;
}

static void close_array(struct feature_reader *r)
{
    free(((struct state *)r->state)->matrix);
}

static const struct feature_reader_ops reader = {.state_size = sizeof(struct state),
                                                 .open = open_array,
                                                 .next = next,
                                                 .read = read_frames,
                                                 .close = close_array};

const struct feature_format feature_format_npy = {
    .name = "npy",
    .suffix = {".npy"},
    .about = "NumPy, an array float32 [frame][dim] per utterance",
    .traits = FORMAT_NAMES | FORMAT_FILE_EACH | FORMAT_LENGTH_FIRST | FORMAT_BINARY,
    .name_rule = NAME_FILE,
    .writer = &writer,
    .reader = &reader,
};
