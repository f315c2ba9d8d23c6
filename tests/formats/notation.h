/* SPDX-License-Identifier: MIT */
/* Units of tests as text: one line per utterance, "NAME|3 3 17". "17x2" is a run of 2 frames,
   "(12)" a gap of 12 frames, "3,4" two codebooks, "3@0-20000" a unit with times (us) only. */
#ifndef VOQ_TESTS_NOTATION_H
#define VOQ_TESTS_NOTATION_H

#include "tools/formats/unit_reader.h"
#include "tools/formats/unit_writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTATION_SIZE = 1 << 16 };

static const struct unit_facts example_facts = {
    .n_code = 100, .n_codebook = 1, .hop_samples = 160, .rate_hz = 16000};

static const struct unit_format *format_of(const char *name)
{
    const struct unit_format *format;
    struct failure failure;
    if (unit_format_find(name, &format, &failure)) return format;
    fprintf(stderr, "%s\n", failure.text);
    abort();
}

/* For a file with the facts of the example. */
static inline struct unit_writer_options writer_options(const char *format, const char *path)
{
    return (struct unit_writer_options){
        .format = format_of(format), .path = path, .facts = example_facts};
}

static inline bool write_token(struct unit_writer *writer, const char *token,
                               struct failure *failure)
{
    if (*token == '(')
        return unit_writer_gap(writer, strtoull(token + 1, NULL, 10), UNIT_LOST_UNKNOWN,
                               "overrun", failure);
    uint32_t id[8], n_id = 0, duration = 1;
    char *end;
    id[n_id++] = (uint32_t)strtoul(token, &end, 10);
    while (*end == ',' && n_id < 8) id[n_id++] = (uint32_t)strtoul(end + 1, &end, 10);
    if (*end == 'x') duration = (uint32_t)strtoul(end + 1, NULL, 10);
    return unit_writer_runs(writer, id, &duration, 1, failure);
}

/* The utterances of the notation, to an open writer. */
static inline bool write_utterances(struct unit_writer *writer, const char *notation,
                                    struct failure *failure)
{
    char text[NOTATION_SIZE], *line_state, *token_state;
    snprintf(text, sizeof text, "%s", notation);
    for (char *line = strtok_r(text, "\n", &line_state); line;
         line = strtok_r(NULL, "\n", &line_state)) {
        char *bar = strchr(line, '|');
        *bar = '\0';
        if (!unit_writer_begin(writer, line, failure)) return false;
        for (char *token = strtok_r(bar + 1, " ", &token_state); token;
             token = strtok_r(NULL, " ", &token_state))
            if (!write_token(writer, token, failure)) return false;
        if (!unit_writer_end(writer, failure)) return false;
    }
    return true;
}

/* A whole file; facts are the example's where the options have none. */
static inline bool write_notation(struct unit_writer_options options, const char *notation,
                                  struct failure *failure)
{
    struct unit_writer *writer;
    if (options.facts.n_codebook == 0) options.facts = example_facts;
    if (!unit_writer_open(&writer, &options, failure)) return false;
    if (!write_utterances(writer, notation, failure)) {
        unit_writer_abandon(writer, false);
        return false;
    }
    return unit_writer_commit(writer, failure);
}

static inline size_t add_text(char *text, size_t n, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static inline size_t add_text(char *text, size_t n, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int k = vsnprintf(text + n, NOTATION_SIZE - n, format, values);
    va_end(values);
    if (k < 0 || n + (size_t)k >= NOTATION_SIZE) abort();
    return n + (size_t)k;
}

static inline size_t add_utterance(char *text, size_t n, const struct utterance_units *u)
{
    size_t g = 0, start;
    n = add_text(text, n, "%s|", u->name);
    start = n;
    for (size_t i = 0; i <= u->n; i++) {
        for (; g < u->n_gap && u->gap[g].before == i; g++)
            n = add_text(text, n, "%s(%llu)", n > start ? " " : "",
                         (unsigned long long)u->gap[g].n_frame);
        if (i == u->n) break;
        for (uint32_t c = 0; c < u->facts.n_codebook; c++)
            n = add_text(text, n, "%s%u", c > 0 ? "," : n > start ? " " : "",
                         u->id[i * u->facts.n_codebook + c]);
        if (u->timing == UNIT_TIMING_RUNS) n = add_text(text, n, "x%u", u->duration[i]);
        if (u->timing == UNIT_TIMING_SECONDS)
            n = add_text(text, n, "@%llu-%llu", (unsigned long long)u->time_us[i][0],
                         (unsigned long long)u->time_us[i][1]);
    }
    return add_text(text, n, "%s\n", u->cut ? " cut" : "");
}

/* All of a file, or the text of the failure. Static storage. */
static inline const char *read_notation(const char *path, struct unit_reader_options options)
{
    static char text[NOTATION_SIZE];
    struct unit_reader *reader;
    struct failure failure;
    const struct utterance_units *u;
    size_t n = 0;
    text[0] = '\0';
    bool ok = unit_reader_open(&reader, path, &options, &failure);
    if (!ok) reader = NULL;
    while (ok && (ok = unit_reader_next(reader, &u, &failure)) && u) n = add_utterance(text, n, u);
    if (!ok) snprintf(text, sizeof text, "%s", failure.text);
    unit_reader_close(reader);
    return text;
}

static inline const char *read_as(const char *path, const char *format)
{
    return read_notation(path, (struct unit_reader_options){.format = format_of(format)});
}

/* The bytes of a file; static storage, *n of them. */
static inline const unsigned char *file_bytes(const char *path, size_t *n)
{
    static unsigned char bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    *n = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file) fclose(file);
    return bytes;
}

static inline const char *file_text(const char *path)
{
    static char text[1 << 16];
    size_t n;
    const unsigned char *bytes = file_bytes(path, &n);
    if (n >= sizeof text) abort();
    memcpy(text, bytes, n);
    text[n] = '\0';
    return access(path, F_OK) == 0 ? text : "(none)";
}

#endif
