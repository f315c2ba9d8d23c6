/* SPDX-License-Identifier: MIT */
#include "tools/base/number.h"
#include "tools/formats/kaldi_archive.h"
#include "tools/formats/unit_reader_ops.h"
#include "tools/formats/unit_writer_ops.h"

#include <string.h>

/* Kaldi's table of integer vectors, binary or text, with an index (scp). */

static bool open_index(struct unit_writer *w, struct failure *failure)
{
    return kaldi_open_index(&w->out, w->options.scp_path, failure);
}

static bool begin(struct unit_writer *w, struct failure *failure)
{
    (void)failure;
    sink_text(w->out.sink[0], w->out.name);
    sink_text(w->out.sink[0], " ");
    if (w->options.text) return true;
    sink_write(w->out.sink[0], "\0B", 2);
    kaldi_write_i32(w->out.sink[0], 0);
    return true;
}

static void record(struct unit_writer *w, const struct unit_record *r)
{
    if (!w->options.text) {
        kaldi_write_i32(w->out.sink[0], r->id[0]);
        return;
    }
    sink_decimal(w->out.sink[0], r->id[0]);
    sink_text(w->out.sink[0], " ");
}

static bool end(struct unit_writer *w, struct failure *failure)
{
    if (w->options.text) {
        sink_text(w->out.sink[0], "\n");
    } else {
        if (w->n_record > INT32_MAX)
            return fail(failure, EXIT_INPUT, "%s: too long for a Kaldi vector", w->out.name);
        unsigned char n[4];
        put_u32le(n, (uint32_t)w->n_record);
        sink_patch(w->out.sink[0], kaldi_entry_offset(&w->out) + 3, n, sizeof n);
    }
    kaldi_write_index(&w->out);
    return true;
}

static const struct unit_writer_ops writer = {
    .options = WRITER_TEXT | WRITER_SCP, .open = open_index, .begin = begin, .record = record,
    .end = end};

struct state {
    struct line_reader *index; /* of an .scp; r->in.bytes is then the archive that it names */
};

static bool open_archive(struct unit_reader *r, struct failure *failure)
{
    if (!kaldi_is_index(r->in.path))
        return byte_reader_open_unpacked(&r->in.bytes, r->in.path, failure);
    return line_reader_open(&((struct state *)r->state)->index, r->in.path, failure);
}

static void close_index(struct unit_reader *r)
{
    line_reader_close(((struct state *)r->state)->index);
}

static bool add_id(struct unit_reader *r, const char *key, uint32_t id, struct failure *failure)
{
    struct failure reason;
    if (reader_add(r, &id, 1, &reason)) return true;
    return fail(failure, reason.code, "%s, in '%s'", reason.text, key);
}

static bool read_binary(struct unit_reader *r, const char *key, struct failure *failure)
{
    int32_t n, id;
    r->item = byte_reader_offset(r->in.bytes);
    if (!kaldi_read_i32(r->in.bytes, key, &n, failure)) return false;
    if (n < 0) return reader_fail(r, failure, "'%s': a negative length", key);
    if (!byte_reader_has(r->in.bytes, 5 * (uint64_t)n))
        return reader_fail(r, failure, "'%s': %d ids are announced, the file ends before; is it "
                           "cut off?", key, n);
    for (int32_t i = 0; i < n; i++) {
        r->item = byte_reader_offset(r->in.bytes);
        if (!kaldi_read_i32(r->in.bytes, key, &id, failure)) return false;
        if (id < 0) return reader_fail(r, failure, "'%s': a negative id", key);
        if (!add_id(r, key, (uint32_t)id, failure)) return false;
    }
    return true;
}

static bool read_text(struct unit_reader *r, const char *key, struct failure *failure)
{
    for (;;) {
        char word[32];
        size_t length;
        uint32_t id;
        if (!kaldi_read_word(r->in.bytes, key, word, sizeof word, &length, failure)) return false;
        if (length == 0) return kaldi_read_line_end(r->in.bytes, key, failure);
        r->item = byte_reader_offset(r->in.bytes) - length;
        if (!parse_u32(word, &id) || id > INT32_MAX)
            return reader_fail(r, failure,
                               "'%s': '%s' is not an id; expected a whole number", key, word);
        if (!add_id(r, key, id, failure)) return false;
    }
}

static bool next(struct unit_reader *r, bool *found, struct failure *failure)
{
    struct state *state = r->state;
    char key[KALDI_LONGEST_KEY];
    bool got = state->index ? kaldi_read_index(state->index, &r->in.bytes, key, found, failure)
                            : kaldi_read_key(r->in.bytes, key, found, failure);
    if (!got) return false;
    if (!*found) return true;
    bool binary;
    if (!reader_name(r, key, strlen(key), failure) ||
        !kaldi_read_mark(r->in.bytes, key, &binary, failure))
        return false;
    return binary ? read_binary(r, key, failure) : read_text(r, key, failure);
}

static const struct unit_reader_ops reader = {
    .state_size = sizeof(struct state), .open = open_archive, .next = next, .close = close_index};

const struct unit_format unit_format_ark = {
    .name = "ark",
    .suffix = {".ark", ".scp"},
    .about = "Kaldi archive of integer vectors; --text, --scp FILE",
    .traits = FORMAT_NAMES | FORMAT_LENGTH_FIRST | FORMAT_BINARY | FORMAT_TEXT,
    .name_rule = NAME_TOKEN,
    .most_codes = 1ull << 31,
    .writer = &writer,
    .reader = &reader,
};
