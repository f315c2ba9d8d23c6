/* SPDX-License-Identifier: MIT */
#include "tools/base/growing.h"
#include "tools/base/number.h"
#include "tools/formats/feature_ops.h"
#include "tools/formats/kaldi_archive.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Kaldi's table of matrices, binary or text; writes float, reads float and double. */

static bool open_files(struct feature_writer *w, struct failure *failure)
{
    return outputs_open_first(&w->out, failure) &&
           kaldi_open_index(&w->out, w->options.scp_path, failure);
}

static bool begin(struct feature_writer *w, struct failure *failure)
{
    (void)failure;
    struct sink *sink = w->out.sink[0];
    sink_text(sink, w->out.name);
    sink_text(sink, " ");
    if (w->options.text) {
        sink_text(sink, " [");
        return true;
    }
    sink_write(sink, "\0BFM ", 5);
    kaldi_write_i32(sink, 0);
    kaldi_write_i32(sink, 0);
    return true;
}

static void frames(struct feature_writer *w, const float *x, size_t n)
{
    size_t dim = w->options.dim;
    if (!w->options.text) {
        feature_write_f4(w->out.sink[0], x, n * dim);
        return;
    }
    for (size_t i = 0; i < n * dim; i++) {
        char number[32];
        format_float(number, x[i]);
        sink_text(w->out.sink[0], i % dim == 0 ? "\n  " : "");
        sink_text(w->out.sink[0], number);
        sink_text(w->out.sink[0], " ");
    }
}

/* A matrix without rows has no columns either. */
static bool end(struct feature_writer *w, struct failure *failure)
{
    if (w->options.text) {
        sink_text(w->out.sink[0], w->n_frame == 0 ? " ]\n" : "]\n");
    } else {
        if (w->n_frame > INT32_MAX)
            return fail(failure, EXIT_INPUT, "%s: too long for a Kaldi matrix", w->out.name);
        unsigned char size[4];
        put_u32le(size, (uint32_t)w->n_frame);
        sink_patch(w->out.sink[0], kaldi_entry_offset(&w->out) + 6, size, sizeof size);
        put_u32le(size, w->n_frame > 0 ? w->options.dim : 0);
        sink_patch(w->out.sink[0], kaldi_entry_offset(&w->out) + 11, size, sizeof size);
    }
    kaldi_write_index(&w->out);
    return true;
}

static const struct feature_writer_ops writer = {.options = WRITER_TEXT | WRITER_SCP,
                                                 .open = open_files,
                                                 .begin = begin,
                                                 .frames = frames,
                                                 .end = end};

struct state {
    struct line_reader *index;
    char key[KALDI_LONGEST_KEY];
    bool binary, is_double;
    float *row; /* text: the first row, which sets the dimension; NULL: already returned */
    bool closed; /* text: the ']' was read */
};

static bool open_archive(struct feature_reader *r, struct failure *failure)
{
    if (!kaldi_is_index(r->in.path))
        return byte_reader_open_unpacked(&r->in.bytes, r->in.path, failure);
    return line_reader_open(&((struct state *)r->state)->index, r->in.path, failure);
}

static void close_state(struct feature_reader *r)
{
    struct state *s = r->state;
    line_reader_close(s->index);
    free(s->row);
}

static bool read_type(struct feature_reader *r, struct failure *failure)
{
    struct state *s = r->state;
    uint64_t begin_offset = byte_reader_offset(r->in.bytes);
    char type[3];
    if (!byte_reader_read(r->in.bytes, type, 3, s->key, failure)) return false;
    s->is_double = memcmp(type, "DM ", 3) == 0;
    if (s->is_double || memcmp(type, "FM ", 3) == 0) return true;
    if (memcmp(type, "CM", 2) == 0)
        return byte_reader_fail(r->in.bytes, begin_offset, failure,
                                "'%s': compressed matrix (CM) not supported; use copy-feats "
                                "--compress=false", s->key);
    if (memcmp(type, "FV ", 3) == 0 || memcmp(type, "DV ", 3) == 0)
        return byte_reader_fail(r->in.bytes, begin_offset, failure, "'%s': a vector, not a matrix",
                                s->key);
    return byte_reader_fail(r->in.bytes, begin_offset, failure,
                            "'%s' is not a matrix of floats (FM, DM)",
                            s->key);
}

static bool begin_binary(struct feature_reader *r, struct failure *failure)
{
    struct state *s = r->state;
    int32_t rows, columns;
    if (!read_type(r, failure)) return false;
    uint64_t sizes = byte_reader_offset(r->in.bytes);
    if (!kaldi_read_i32(r->in.bytes, s->key, &rows, failure) ||
        !kaldi_read_i32(r->in.bytes, s->key, &columns, failure))
        return false;
    if (rows < 0 || columns < 0 || (rows == 0) != (columns == 0))
        return byte_reader_fail(r->in.bytes, sizes, failure, "'%s': a matrix of %d x %d", s->key,
                                rows, columns);
    uint64_t n_byte = (uint64_t)rows * (uint64_t)columns;
    if (n_byte > UINT64_MAX / 8 || !byte_reader_has(r->in.bytes, n_byte * (s->is_double ? 8 : 4)))
        return byte_reader_fail(r->in.bytes, sizes, failure,
                                "'%s': a matrix of %d x %d, the file ends before; is it cut off?",
                                s->key, rows, columns);
    r->n_left = r->utterance.n_frame = (uint64_t)rows;
    return rows == 0 || feature_dim(r, (uint64_t)columns, sizes, failure);
}

/* Reads the words of one row; *n = 0: the matrix ends. dim 0: any number of words, row grows. */
static bool read_row(struct feature_reader *r, float **row, size_t dim, size_t *n,
                     struct failure *failure)
{
    struct state *s = r->state;
    char word[64];
    size_t length, capacity = dim;
    *n = 0;
    for (;;) {
        if (!kaldi_read_word(r->in.bytes, s->key, word, sizeof word, &length, failure))
            return false;
        uint64_t at = byte_reader_offset(r->in.bytes) - length;
        if (length == 0) {
            if (!kaldi_read_line_end(r->in.bytes, s->key, failure)) return false;
            if (*n > 0) break;
            continue;
        }
        if (strcmp(word, "]") == 0) {
            s->closed = true;
            if (!kaldi_read_line_end(r->in.bytes, s->key, failure)) return false;
            break;
        }
        double value;
        if (!parse_double(word, &value))
            return byte_reader_fail(r->in.bytes, at, failure,
                                    "'%s': '%s' is not a finite number, frame %llu dim %zu", s->key,
                                    word, (unsigned long long)r->frame, *n);
        float rounded = (float)value;
        if (!isfinite(rounded))
            return byte_reader_fail(r->in.bytes, at, failure,
                                    "'%s': %s overflows float32, frame %llu dim %zu", s->key, word,
                                    (unsigned long long)r->frame, *n);
        if (*n == capacity && dim > 0)
            return byte_reader_fail(r->in.bytes, at, failure,
                                    "'%s': a row of more than %zu numbers", s->key, dim);
        if (!grow(row, &capacity, *n + 1, sizeof **row, failure)) return false;
        (*row)[(*n)++] = rounded;
    }
    if (*n == 0 || dim == 0 || *n == dim) return true;
    return byte_reader_fail(r->in.bytes, byte_reader_offset(r->in.bytes), failure,
                            "'%s': a row of %zu numbers after one of %zu", s->key, *n, dim);
}

static bool begin_text(struct feature_reader *r, struct failure *failure)
{
    struct state *s = r->state;
    char word[64];
    size_t length, dim;
    uint64_t at = byte_reader_offset(r->in.bytes);
    if (!kaldi_read_word(r->in.bytes, s->key, word, sizeof word, &length, failure)) return false;
    if (strcmp(word, "[") != 0)
        return byte_reader_fail(r->in.bytes, at, failure, "'%s': a matrix begins with '['", s->key);
    free(s->row);
    s->row = NULL;
    s->closed = false;
    r->utterance.n_frame = FEATURE_FRAMES_UNKNOWN;
    if (!read_row(r, &s->row, 0, &dim, failure)) return false;
    if (dim == 0) {
        r->utterance.n_frame = 0;
        return true;
    }
    return feature_dim(r, dim, at, failure);
}

static bool next(struct feature_reader *r, bool *found, struct failure *failure)
{
    struct state *s = r->state;
    bool got = s->index ? kaldi_read_index(s->index, &r->in.bytes, s->key, found, failure)
                        : kaldi_read_key(r->in.bytes, s->key, found, failure);
    if (!got) return false;
    if (!*found) return true;
    if (!feature_reader_name(r, s->key, strlen(s->key), failure) ||
        !kaldi_read_mark(r->in.bytes, s->key, &s->binary, failure))
        return false;
    return s->binary ? begin_binary(r, failure) : begin_text(r, failure);
}

static bool read_text(struct feature_reader *r, float *x, size_t n, size_t *n_read,
                      struct failure *failure)
{
    struct state *s = r->state;
    size_t dim = r->utterance.dim, n_word;
    *n_read = 0;
    if (s->row) {
        memcpy(x, s->row, dim * sizeof *x);
        free(s->row);
        s->row = NULL;
        *n_read = 1;
        r->frame = 1;
    }
    while (*n_read < n && !s->closed) {
        float *row = x + *n_read * dim;
        if (!read_row(r, &row, dim, &n_word, failure)) return false;
        if (n_word == 0) break;
        ++*n_read;
        r->frame++;
    }
    return true;
}

static bool read_frames(struct feature_reader *r, float *x, size_t n, size_t *n_read,
                        struct failure *failure)
{
    const struct state *s = r->state;
    if (s->binary) return feature_read_binary(r, s->is_double, false, x, n, n_read, failure);
    return read_text(r, x, n, n_read, failure);
}

static const struct feature_reader_ops reader = {.state_size = sizeof(struct state),
                                                 .open = open_archive,
                                                 .next = next,
                                                 .read = read_frames,
                                                 .close = close_state};

const struct feature_format feature_format_ark = {
    .name = "ark",
    .suffix = {".ark", ".scp"},
    .about = "Kaldi archive of float matrices; --text, --scp FILE",
    .traits = FORMAT_NAMES | FORMAT_LENGTH_FIRST | FORMAT_BINARY,
    .name_rule = NAME_TOKEN,
    .writer = &writer,
    .reader = &reader,
};
