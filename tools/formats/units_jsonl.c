/* SPDX-License-Identifier: MIT */
#include "tools/base/json.h"
#include "tools/base/number.h"
#include "tools/formats/unit_reader_ops.h"
#include "tools/formats/unit_writer_ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A header, one record per frame (per run with --dedup), and an end record; it can be read while it
   is written. */

static void put_number(struct unit_writer *w, const char *key, uint64_t value)
{
    sink_text(w->out.sink[0], key);
    sink_decimal(w->out.sink[0], value);
}

static bool put_name(struct unit_writer *w, struct failure *failure)
{
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    if (!file) return fail_memory(failure);
    json_write_string(file, w->out.name);
    if (fclose(file) != 0) {
        free(text);
        return fail_memory(failure);
    }
    sink_text(w->out.sink[0], ",\"utt\":");
    sink_text(w->out.sink[0], text);
    free(text);
    return true;
}

static void put_time(struct unit_writer *w, uint64_t frame)
{
    const struct unit_facts *facts = &w->options.facts;
    char text[32];
    format_microseconds(text, frame_microseconds(frame, facts->hop_samples, facts->rate_hz));
    sink_text(w->out.sink[0], ",\"t\":");
    sink_text(w->out.sink[0], text);
}

/* Writes sample and time of the decision, for live reading, and ends the record. */
static void finish_record(struct unit_writer *w, uint64_t frame)
{
    if (w->has_clock) {
        uint64_t ms = (uint64_t)(w->clock_s * 1000 + 0.5);
        put_number(w, ",\"s\":", frame * w->options.facts.hop_samples);
        put_number(w, ",\"w\":", ms / 1000);
        char rest[4] = {(char)('0' + ms / 100 % 10), (char)('0' + ms / 10 % 10),
                        (char)('0' + ms % 10), '\0'};
        sink_text(w->out.sink[0], ".");
        sink_text(w->out.sink[0], rest);
    }
    sink_text(w->out.sink[0], "}\n");
}

static bool begin(struct unit_writer *w, struct failure *failure)
{
    const struct unit_facts *facts = &w->options.facts;
    put_number(w, "{\"voq\":1,\"k\":", facts->n_code);
    put_number(w, ",\"hop\":", facts->hop_samples);
    put_number(w, ",\"rate\":", facts->rate_hz);
    if (facts->n_codebook > 1) put_number(w, ",\"cb\":", facts->n_codebook);
    if (w->options.dedup) sink_text(w->out.sink[0], ",\"rle\":true");
    if (facts->model_hash[0]) {
        sink_text(w->out.sink[0], ",\"model\":\"");
        sink_text(w->out.sink[0], facts->model_hash);
        sink_text(w->out.sink[0], "\"");
    }
    if (w->out.name[0] && !put_name(w, failure)) return false;
    sink_text(w->out.sink[0], "}\n");
    return true;
}

static void record(struct unit_writer *w, const struct unit_record *r)
{
    put_number(w, "{\"i\":", r->first);
    put_time(w, r->first);
    uint32_t n_codebook = w->options.facts.n_codebook;
    if (n_codebook == 1) {
        put_number(w, ",\"unit\":", r->id[0]);
    } else {
        for (uint32_t c = 0; c < n_codebook; c++)
            put_number(w, c == 0 ? ",\"unit\":[" : ",", r->id[c]);
        sink_text(w->out.sink[0], "]");
    }
    if (w->options.dedup) put_number(w, ",\"n\":", r->n);
    finish_record(w, r->first);
}

static void gap(struct unit_writer *w, uint64_t n_frame, uint64_t lost, const char *why)
{
    put_number(w, "{\"i\":", w->frame);
    put_number(w, ",\"gap\":", n_frame);
    put_time(w, w->frame);
    if (why) {
        sink_text(w->out.sink[0], ",\"why\":\"");
        sink_text(w->out.sink[0], why);
        sink_text(w->out.sink[0], "\"");
    }
    if (lost != UNIT_LOST_UNKNOWN) put_number(w, ",\"lost\":", lost);
    finish_record(w, w->frame);
}

static bool end(struct unit_writer *w, struct failure *failure)
{
    (void)failure;
    put_number(w, "{\"end\":", w->frame);
    put_time(w, w->frame);
    finish_record(w, w->frame);
    return true;
}

static const struct unit_writer_ops writer = {
    .begin = begin, .record = record, .gap = gap, .end = end};

struct state {
    struct json *header; /* read ahead: of the next utterance, where this one lacks its end */
};

static void close_header(struct unit_reader *r)
{
    json_free(((struct state *)r->state)->header);
}

/* Reads the next line as an object; NULL at the end of the file. */
static bool read_object(struct unit_reader *r, struct json **object, struct failure *failure)
{
    char *line;
    size_t length, column;
    const char *reason;
    *object = NULL;
    if (!line_reader_next(r->in.lines, &line, &length, failure) || !line) return line == NULL;
    *object = json_parse(line, length, &column, &reason);
    if (!*object) return reader_fail(r, failure, "column %zu: %s", column, reason);
    if ((*object)->type == JSON_OBJECT) return true;
    json_free(*object);
    *object = NULL;
    return reader_fail(r, failure, "expected a JSON object in braces");
}

/* Reads a required whole number. */
static bool get_number(struct unit_reader *r, const struct json *value, const char *key,
                       uint64_t *number, struct failure *failure)
{
    if (value && value->type == JSON_NUMBER && parse_u64(value->string, number)) return true;
    return reader_fail(r, failure, "\"%s\" is %s", key, value ? "no whole number" : "missing");
}

static bool get_fact(struct unit_reader *r, const struct json *header, const char *key,
                     uint32_t *fact, const char *what, struct failure *failure)
{
    const struct json *value = json_get(header, key);
    uint64_t number;
    if (!value) return true;
    return get_number(r, value, key, &number, failure) &&
           reader_fact(r, fact, number, what, failure);
}

static bool read_header(struct unit_reader *r, const struct json *header, struct failure *failure)
{
    struct unit_facts *facts = &r->utterance.facts;
    uint64_t version;
    if (!json_get(header, "voq"))
        return reader_fail(r, failure, "expected the header of an utterance, {\"voq\":1,...}");
    if (!get_number(r, json_get(header, "voq"), "voq", &version, failure)) return false;
    if (version != 1)
        return reader_fail(r, failure, "version %llu of the records; this voq knows 1",
                           (unsigned long long)version);
    if (!json_get(header, "cb") && !reader_fact(r, &facts->n_codebook, 1, "codebooks", failure))
        return false;
    if (!get_fact(r, header, "k", &facts->n_code, "codes", failure) ||
        !get_fact(r, header, "hop", &facts->hop_samples, "samples a hop", failure) ||
        !get_fact(r, header, "rate", &facts->rate_hz, "Hz", failure) ||
        !get_fact(r, header, "cb", &facts->n_codebook, "codebooks", failure))
        return false;
    const struct json *model = json_get(header, "model"), *name = json_get(header, "utt");
    const struct json *rle = json_get(header, "rle");
    if (model) {
        if (model->type != JSON_STRING || strlen(model->string) != 16)
            return reader_fail(r, failure, "\"model\" is not a hash of 16 digits");
        memcpy(facts->model_hash, model->string, 17);
    }
    if (rle && rle->type == JSON_BOOL && rle->boolean) r->utterance.timing = UNIT_TIMING_RUNS;
    if (!name) return true;
    if (name->type != JSON_STRING) return reader_fail(r, failure, "\"utt\" is not a string");
    return reader_name(r, name->string, strlen(name->string), failure);
}

static bool read_units(struct unit_reader *r, const struct json *object, struct failure *failure)
{
    const struct json *unit = json_get(object, "unit"), *n = json_get(object, "n");
    uint32_t n_codebook = r->utterance.facts.n_codebook, count = 0;
    uint64_t duration = 1;
    if (n && (!get_number(r, n, "n", &duration, failure) || duration == 0 || duration > UINT32_MAX))
        return reader_fail(r, failure, "\"n\" is not a number of frames");
    if (n && r->utterance.timing != UNIT_TIMING_RUNS)
        return reader_fail(r, failure, "\"n\" without \"rle\":true in the header");
    uint32_t *id = calloc(n_codebook, sizeof *id);
    if (!id) return fail_memory(failure);
    const struct json *value = unit->type == JSON_ARRAY ? unit->child : unit;
    bool ok = true;
    for (; value && ok; value = unit->type == JSON_ARRAY ? value->next : NULL) {
        uint64_t number;
        ok = get_number(r, value, "unit", &number, failure) &&
             (number <= UINT32_MAX || reader_fail(r, failure, "a unit too large")) &&
             (count < n_codebook || reader_fail(r, failure, "more units than codebooks"));
        if (ok) id[count++] = (uint32_t)number;
    }
    if (ok && count < n_codebook)
        ok = reader_fail(r, failure, "%u units, but there are %u codebooks", count, n_codebook);
    ok = ok && reader_add(r, id, (uint32_t)duration, failure);
    free(id);
    return ok;
}

static bool read_gap(struct unit_reader *r, const struct json *object, struct failure *failure)
{
    uint64_t n_frame, lost = UNIT_LOST_UNKNOWN;
    const struct json *why = json_get(object, "why");
    if (!get_number(r, json_get(object, "gap"), "gap", &n_frame, failure)) return false;
    if (json_get(object, "lost") &&
        !get_number(r, json_get(object, "lost"), "lost", &lost, failure))
        return false;
    return reader_add_gap(r, n_frame, lost, why && why->type == JSON_STRING ? why->string : "",
                          failure);
}

static bool check_index(struct unit_reader *r, const struct json *object, const char *key,
                        struct failure *failure)
{
    uint64_t index;
    if (!get_number(r, json_get(object, key), key, &index, failure)) return false;
    if (index == r->utterance.n_frame) return true;
    return reader_fail(r, failure, "\"%s\" is %llu, expected %llu; records are missing", key,
                       (unsigned long long)index, (unsigned long long)r->utterance.n_frame);
}

static bool read_record(struct unit_reader *r, const struct json *object, bool *ended,
                        struct failure *failure)
{
    *ended = json_get(object, "end") != NULL;
    if (*ended) return check_index(r, object, "end", failure);
    bool is_unit = json_get(object, "unit") != NULL;
    if (!is_unit && !json_get(object, "gap"))
        return reader_fail(r, failure, "a record of unknown kind: no \"unit\", \"gap\", \"end\"");
    return check_index(r, object, "i", failure) &&
           (is_unit ? read_units(r, object, failure) : read_gap(r, object, failure));
}

static bool read_records(struct unit_reader *r, struct failure *failure)
{
    struct state *state = r->state;
    for (bool ended = false; !ended;) {
        struct json *object;
        if (!read_object(r, &object, failure)) return false;
        if (!object || json_get(object, "voq")) {
            state->header = object;
            r->utterance.cut = true;
            return true;
        }
        bool ok = read_record(r, object, &ended, failure);
        json_free(object);
        if (!ok) return false;
    }
    return true;
}

static bool next(struct unit_reader *r, bool *found, struct failure *failure)
{
    struct state *state = r->state;
    if (!state->header && !read_object(r, &state->header, failure)) return false;
    *found = state->header != NULL;
    if (!*found) return true;
    bool ok = read_header(r, state->header, failure);
    json_free(state->header);
    state->header = NULL;
    return ok && read_records(r, failure);
}

static const struct unit_reader_ops reader = {.state_size = sizeof(struct state),
                                              .open = reader_open_lines,
                                              .next = next,
                                              .close = close_header};

const struct unit_format unit_format_jsonl = {
    .name = "jsonl",
    .suffix = {".jsonl"},
    .about = "JSON, one record per unit with its time, for live reading",
    .traits = FORMAT_TEXT | FORMAT_NAMES | FORMAT_DURATIONS | FORMAT_TIMES | FORMAT_GAPS |
              FORMAT_CODEBOOKS | FORMAT_FRAME_RATE | FORMAT_CODES | FORMAT_MODEL | FORMAT_LIVE,
    .name_rule = NAME_JSON,
    .writer = &writer,
    .reader = &reader,
};
