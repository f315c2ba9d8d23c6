/* SPDX-License-Identifier: MIT */
#include "tools/formats/unit_reader.h"

#include "tools/base/path.h"
#include "tools/formats/format_detect.h"
#include "tools/formats/unit_reader_ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void close_file(struct unit_reader *r)
{
    if (r->state && r->format->reader->close) r->format->reader->close(r);
    free(r->state);
    r->state = NULL;
    inputs_end_file(&r->in);
}

static bool open_file(struct unit_reader *r, const char *path, struct failure *failure)
{
    close_file(r);
    r->state = calloc(1, r->format->reader->state_size + 1);
    if (!r->state) return fail_memory(failure);
    return inputs_begin_file(&r->in, path, failure) && r->format->reader->open(r, failure);
}

static bool choose_format(struct unit_reader *r, const char *path, struct failure *failure)
{
    r->format = r->options.format;
    return r->format || unit_format_detect(path, &r->format, failure);
}

static bool open_folder(struct unit_reader *r, const char *path, struct failure *failure)
{
    struct folder_paths files = {0};
    if (!unit_format_of_folder(path, r->options.format, &r->format, &files, failure) ||
        !inputs_take_folder(&r->in, path, &files, failure))
        return false;
    return r->format || fail(failure, EXIT_INPUT, "%s: the folder contains no unit files", path);
}

bool unit_reader_open(struct unit_reader **out, const char *path,
                      const struct unit_reader_options *options, struct failure *failure)
{
    struct unit_reader *r = calloc(1, sizeof *r);
    if (!r) return fail_memory(failure);
    r->options = *options;
    bool ok = path_is_folder(path) ? open_folder(r, path, failure)
                                   : choose_format(r, path, failure) && open_file(r, path, failure);
    if (!ok) {
        unit_reader_close(r);
        return false;
    }
    *out = r;
    return true;
}

/* Names the utterance after its file, if there is one file per utterance. */
static bool name_by_file(struct unit_reader *r, struct failure *failure)
{
    if (!(r->format->traits & FORMAT_FILE_EACH)) return reader_name(r, "", 0, failure);
    char *name = inputs_name(&r->in);
    bool good = name ? reader_name(r, name, strlen(name), failure) : fail_memory(failure);
    free(name);
    return good;
}

static bool set_place(struct unit_reader *r, struct failure *failure)
{
    const char *path = r->in.path;
    char *place = malloc(strlen(path) + 32);
    if (!place) return fail_memory(failure);
    if (strcmp(path, "-") == 0) path = "stdin";
    if (r->in.lines)
        sprintf(place, "%s:%zu", path, line_reader_number(r->in.lines));
    else
        strcpy(place, path);
    free(r->place);
    r->place = place;
    return true;
}

static bool begin_utterance(struct unit_reader *r, struct failure *failure)
{
    r->n_partial = 0;
    r->utterance = (struct utterance_units){.facts = r->options.facts,
                                            .timing = UNIT_TIMING_FRAMES};
    if (r->utterance.facts.n_codebook == 0 && !(r->format->traits & FORMAT_CODEBOOKS))
        r->utterance.facts.n_codebook = 1;
    if (r->utterance.facts.n_codebook > 1 && !(r->format->traits & FORMAT_CODEBOOKS))
        return fail(failure, EXIT_USAGE, "format %s stores only one codebook", r->format->name);
    return name_by_file(r, failure);
}

static void finish_utterance(struct unit_reader *r)
{
    struct utterance_units *u = &r->utterance;
    u->name = r->name;
    u->id = r->id;
    u->duration = u->timing == UNIT_TIMING_RUNS ? r->duration : NULL;
    u->time_us = (r->format->traits & FORMAT_RUNS) ? (const uint64_t(*)[2])r->time_us : NULL;
    u->gap = r->gap;
    if (u->facts.n_codebook == 0) u->facts.n_codebook = 1;
    if (u->timing == UNIT_TIMING_SECONDS) u->n_frame = 0;
}

bool unit_reader_next(struct unit_reader *r, const struct utterance_units **utterance,
                      struct failure *failure)
{
    for (;;) {
        if (!r->in.path) {
            *utterance = NULL;
            const char *next = inputs_next_file(&r->in);
            if (!next) return true;
            if (!open_file(r, next, failure)) return false;
        }
        bool found;
        if (!begin_utterance(r, failure) || !r->format->reader->next(r, &found, failure))
            return false;
        if (found) break;
        close_file(r);
    }
    if (!set_place(r, failure)) return false;
    finish_utterance(r);
    *utterance = &r->utterance;
    return true;
}

unsigned unit_format_reader_options(const struct unit_format *format)
{
    return format->reader->options;
}

const struct unit_format *unit_reader_format(const struct unit_reader *r)
{
    return r->format;
}

const char *unit_reader_place(const struct unit_reader *r)
{
    return r->place ? r->place : "";
}

void unit_reader_close(struct unit_reader *r)
{
    if (!r) return;
    if (r->format) close_file(r);
    inputs_close(&r->in);
    free(r->name);
    free(r->place);
    free(r->id);
    free(r->duration);
    free(r->time_us);
    free(r->gap);
    free(r);
}
