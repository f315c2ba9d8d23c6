/* SPDX-License-Identifier: MIT */
#include "tools/base/growing.h"
#include "tools/base/json.h"
#include "tools/base/number.h"
#include "tools/formats/unit_reader_ops.h"
#include "tools/formats/unit_writer_ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* {"fileid": "utt1", "units": [3, 17, 42], "durations": [2, 2, 1]}, one line per utterance;
   durations only with --durations. minimal-hubert, SpidR and any reader of JSON Lines can read
   it. */

struct written {
    uint32_t *duration; /* [n] of the utterance */
    size_t n, capacity;
    bool no_memory;
};

static bool begin(struct unit_writer *w, struct failure *failure)
{
    struct written *written = w->state;
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    if (!file) return fail_memory(failure);
    json_write_string(file, w->out.name);
    bool good = fclose(file) == 0 || fail_memory(failure);
    written->n = 0;
    if (good) {
        sink_text(w->out.sink[0], "{\"fileid\": ");
        sink_text(w->out.sink[0], text);
        sink_text(w->out.sink[0], ", \"units\": [");
    }
    free(text);
    return good;
}

static void keep_duration(struct written *written, uint64_t n)
{
    struct failure ignored;
    if (!grow(&written->duration, &written->capacity, written->n + 1, sizeof *written->duration,
              &ignored)) {
        written->no_memory = true;
        return;
    }
    written->duration[written->n++] = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static void put_item(struct unit_writer *w, bool is_first, uint64_t value)
{
    if (!is_first) sink_text(w->out.sink[0], ", ");
    sink_decimal(w->out.sink[0], value);
}

static void record(struct unit_writer *w, const struct unit_record *r)
{
    put_item(w, w->n_record == 0, r->id[0]);
    if (w->options.durations) keep_duration(w->state, r->n);
}

static bool end(struct unit_writer *w, struct failure *failure)
{
    const struct written *written = w->state;
    if (written->no_memory) return fail_memory(failure);
    if (w->options.durations) {
        sink_text(w->out.sink[0], "], \"durations\": [");
        for (size_t i = 0; i < written->n; i++) put_item(w, i == 0, written->duration[i]);
    }
    sink_text(w->out.sink[0], "]}\n");
    return true;
}

static void close_writer(struct unit_writer *w)
{
    free(((struct written *)w->state)->duration);
}

static const struct unit_writer_ops writer = {.options = WRITER_DURATIONS,
                                              .state_size = sizeof(struct written),
                                              .begin = begin,
                                              .record = record,
                                              .end = end,
                                              .close = close_writer};

/* Reads the array under a key. */
static bool get_array(struct unit_reader *r, const struct json *object, const char *key,
                      const struct json **array, struct failure *failure)
{
    *array = json_get(object, key);
    if (*array && (*array)->type == JSON_ARRAY) return true;
    return reader_fail(r, failure, "\"%s\" is %s", key, *array ? "no array" : "missing");
}

static bool get_number(struct unit_reader *r, const struct json *value, const char *key,
                       uint32_t *number, struct failure *failure)
{
    if (value->type == JSON_NUMBER && parse_u32(value->string, number)) return true;
    return reader_fail(r, failure, "\"%s\" contains something that is not a whole number", key);
}

static bool read_units(struct unit_reader *r, const struct json *unit, const struct json *duration,
                       struct failure *failure)
{
    for (; unit; unit = unit->next) {
        uint32_t id, n = 1;
        if (!get_number(r, unit, "units", &id, failure)) return false;
        if (r->utterance.timing == UNIT_TIMING_RUNS) {
            if (!duration) return reader_fail(r, failure, "fewer durations than units");
            if (!get_number(r, duration, "durations", &n, failure)) return false;
            if (n == 0) return reader_fail(r, failure, "a duration of 0");
            duration = duration->next;
        }
        if (!reader_add(r, &id, n, failure)) return false;
    }
    return !duration || reader_fail(r, failure, "more durations than units");
}

static bool read_object(struct unit_reader *r, const struct json *object, struct failure *failure)
{
    const struct json *name = json_get(object, "fileid"), *units, *durations = NULL;
    if (object->type != JSON_OBJECT)
        return reader_fail(r, failure, "expected a JSON object in braces");
    if (!name || name->type != JSON_STRING)
        return reader_fail(r, failure, "\"fileid\" is %s", name ? "no string" : "missing");
    if (!get_array(r, object, "units", &units, failure)) return false;
    if (json_get(object, "durations")) {
        if (!get_array(r, object, "durations", &durations, failure)) return false;
        r->utterance.timing = UNIT_TIMING_RUNS;
    }
    return reader_name(r, name->string, strlen(name->string), failure) &&
           read_units(r, units->child, durations ? durations->child : NULL, failure);
}

static bool next(struct unit_reader *r, bool *found, struct failure *failure)
{
    char *line;
    size_t length, column;
    const char *reason;
    do
        if (!line_reader_next(r->in.lines, &line, &length, failure)) return false;
    while (line && length == 0);
    *found = line != NULL;
    if (!line) return true;
    struct json *object = json_parse(line, length, &column, &reason);
    if (!object) return reader_fail(r, failure, "column %zu: %s", column, reason);
    bool good = read_object(r, object, failure);
    json_free(object);
    return good;
}

static const struct unit_reader_ops reader = {.open = reader_open_lines, .next = next};

const struct unit_format unit_format_fileid = {
    .name = "fileid",
    .suffix = {".jsonl"},
    .about = "JSON, {\"fileid\": NAME, \"units\": [3, 17]}, one line per utterance "
             "(minimal-hubert)",
    .traits = FORMAT_TEXT | FORMAT_NAMES | FORMAT_DURATIONS,
    .name_rule = NAME_JSON,
    .writer = &writer,
    .reader = &reader,
};
