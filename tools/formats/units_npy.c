/* SPDX-License-Identifier: MIT */
#include "tools/formats/npy_header.h"
#include "tools/formats/unit_reader_ops.h"
#include "tools/formats/unit_writer_ops.h"

#include <stdlib.h>
#include <string.h>

/* One NumPy array per utterance: [n], or [n][n_codebook]; a batch of one is read too. */

enum { MOST_CODEBOOKS = 32 }; /* of any model: a longer row is time */

static const struct {
    const char *descr;
    unsigned size;
    uint64_t limit;
} type_row[] = {
    [NPY_I4] = {"<i4", 4, 1ull << 31},
    [NPY_I8] = {"<i8", 8, 1ull << 32},
    [NPY_I2] = {"<i2", 2, 1ull << 15},
    [NPY_U2] = {"<u2", 2, 1ull << 16},
};

static bool check_type(struct unit_writer *w, struct failure *failure)
{
    uint64_t limit = type_row[w->options.npy_type].limit;
    if (w->options.facts.n_code > limit)
        return fail(failure, EXIT_USAGE, "ids of %u codes do not fit %s; choose another --npy-type",
                    w->options.facts.n_code, type_row[w->options.npy_type].descr);
    if (limit < w->id_limit) w->id_limit = limit;
    return true;
}

static void make_header(const struct unit_writer *w, char header[NPY_HEADER_SIZE])
{
    uint32_t n_codebook = w->options.facts.n_codebook;
    npy_make_header(header, type_row[w->options.npy_type].descr, w->n_record,
                    n_codebook > 1 ? n_codebook : 0);
}

static bool begin(struct unit_writer *w, struct failure *failure)
{
    (void)failure;
    char header[NPY_HEADER_SIZE];
    make_header(w, header);
    sink_write(w->out.sink[0], header, sizeof header);
    return true;
}

static void record(struct unit_writer *w, const struct unit_record *r)
{
    for (uint32_t c = 0; c < w->options.facts.n_codebook; c++) {
        unsigned char bytes[8];
        put_u64le(bytes, r->id[c]);
        sink_write(w->out.sink[0], bytes, type_row[w->options.npy_type].size);
    }
}

static bool end(struct unit_writer *w, struct failure *failure)
{
    (void)failure;
    char header[NPY_HEADER_SIZE];
    make_header(w, header);
    sink_patch(w->out.sink[0], 0, header, sizeof header);
    return true;
}

static const struct unit_writer_ops writer = {
    .options = WRITER_NPY_TYPE, .open = check_type, .begin = begin, .record = record, .end = end};

struct state {
    bool done;
};

static bool open_array(struct unit_reader *r, struct failure *failure)
{
    return byte_reader_open(&r->in.bytes, r->in.path, failure);
}

static bool read_id(struct unit_reader *r, const struct npy_header *header, uint32_t *id,
                    struct failure *failure)
{
    unsigned char bytes[8];
    r->item = byte_reader_offset(r->in.bytes);
    if (!byte_reader_read(r->in.bytes, bytes, header->size, "the data", failure)) return false;
    uint64_t value = 0;
    for (unsigned i = 0; i < header->size; i++)
        value = value << 8 | bytes[header->big_endian ? i : header->size - 1 - i];
    bool negative = header->kind == 'i' && value >> (8 * header->size - 1);
    if (negative) return reader_fail(r, failure, "a negative id");
    if (value > INT32_MAX)
        return reader_fail(r, failure, "id %llu is above 2147483647", (unsigned long long)value);
    *id = (uint32_t)value;
    return true;
}

/* Transposes r->id from [n_codebook][n] to [n][n_codebook]. */
static bool transpose(struct unit_reader *r, size_t n, size_t n_codebook,
                      struct failure *failure)
{
    uint32_t *id = malloc(n * n_codebook * sizeof *id);
    if (!id) return n * n_codebook == 0 || fail_memory(failure);
    for (size_t c = 0; c < n_codebook; c++)
        for (size_t t = 0; t < n; t++) id[t * n_codebook + c] = r->id[c * n + t];
    memcpy(r->id, id, n * n_codebook * sizeof *id);
    free(id);
    return true;
}

/* The batch axis is the first, or the second of [codebook][batch][frame]. A single row of at most
   MOST_CODEBOOKS may be one frame; a longer one is a batch of one. */
static bool drop_batch(struct unit_reader *r, struct npy_header *header, struct failure *failure)
{
    bool codebook_first = r->options.npy_axes == NPY_CODEBOOK_FIRST;
    if (header->n_dim == 2 && !codebook_first && header->shape[0] == 1 &&
        header->shape[1] > MOST_CODEBOOKS)
        npy_drop_axis(header, 0);
    if (header->n_dim < 3) return true;
    unsigned axis = header->shape[0] != 1 && codebook_first ? 1 : 0;
    if (header->shape[axis] != 1)
        return reader_fail(r, failure, "3 dimensions, a batch of %llu; save each utterance as an "
                           "array [frame] or [frame][codebook]",
                           (unsigned long long)header->shape[axis]);
    npy_drop_axis(header, axis);
    return true;
}

static bool next(struct unit_reader *r, bool *found, struct failure *failure)
{
    struct state *state = r->state;
    *found = !state->done;
    if (state->done) return true;
    state->done = true;

    struct npy_header header;
    if (!npy_read_header(r->in.bytes, &header, failure)) return false;
    r->item = 0;
    if (header.kind == 'f')
        return reader_fail(r, failure, "the array holds floats; units must be integers");
    if (!drop_batch(r, &header, failure)) return false;
    bool codebook_first = header.n_dim == 2 && r->options.npy_axes == NPY_CODEBOOK_FIRST;
    uint64_t n_codebook = header.shape[codebook_first ? 0 : 1];
    uint64_t n = header.shape[codebook_first ? 1 : 0];
    if (n_codebook == 0) return reader_fail(r, failure, "an array without codebooks");
    if (!reader_fact(r, &r->utterance.facts.n_codebook, n_codebook, "codebooks", failure))
        return false;
    uint32_t columns = r->utterance.facts.n_codebook;
    for (uint64_t i = 0; i < n * columns; i++) {
        uint32_t id = 0;
        if (!read_id(r, &header, &id, failure) || !reader_add_partial(r, id, failure))
            return false;
    }
    if (!npy_read_end(r->in.bytes, failure)) return false;
    bool stored_by_codebook = codebook_first != header.fortran;
    return columns == 1 || !stored_by_codebook || transpose(r, (size_t)n, columns, failure);
}

static const struct unit_reader_ops reader = {
    .options = READER_AXES, .state_size = sizeof(struct state), .open = open_array, .next = next};

const struct unit_format unit_format_npy = {
    .name = "npy",
    .suffix = {".npy"},
    .about = "NumPy, an array of ids per utterance",
    .traits = FORMAT_NAMES | FORMAT_CODEBOOKS | FORMAT_FILE_EACH | FORMAT_LENGTH_FIRST |
              FORMAT_BINARY,
    .name_rule = NAME_FILE,
    .writer = &writer,
    .reader = &reader,
};
