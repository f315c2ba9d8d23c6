/* SPDX-License-Identifier: MIT */
#include "tools/eval/unit_source.h"

#include "tools/base/growing.h"
#include "tools/eval/utterance_key.h"

#include <inttypes.h>
#include <stdlib.h>

/* Frames of one utterance; reused for the next. */
struct frame_ids {
    uint32_t *id;
    size_t n, capacity;
};

/* Adds n frames with the same ids; NULL: frames without a unit. */
static bool add_frames(struct frame_ids *frames, const uint32_t *id, uint32_t n_codebook, size_t n,
                       struct failure *failure)
{
    if (!grow(&frames->id, &frames->capacity, (frames->n + n) * n_codebook, sizeof *frames->id,
              failure))
        return false;
    for (size_t i = 0; i < n * n_codebook; i++)
        frames->id[frames->n * n_codebook + i] = id ? id[i % n_codebook] : NO_UNIT;
    frames->n += n;
    return true;
}

/* A gap of many hours is more likely a wrong number, and would need too much memory. */
static bool add_gap(struct frame_ids *frames, const struct unit_reader *reader,
                    const struct utterance_units *u, const struct unit_gap *gap,
                    struct failure *failure)
{
    enum { MOST_FRAMES = 100000000 };
    if (gap->n_frame > MOST_FRAMES)
        return fail(failure, EXIT_INPUT, "%s: '%s' has a gap of %" PRIu64 " frames; cut it there",
                    unit_reader_place(reader), u->name, gap->n_frame);
    return add_frames(frames, NULL, u->facts.n_codebook, (size_t)gap->n_frame, failure);
}

static bool check_utterance(const struct unit_reader *reader, const struct utterance_units *u,
                            struct failure *failure)
{
    const char *place = unit_reader_place(reader);
    if (!*u->name)
        return fail(failure, EXIT_INPUT,
                    "%s: %s stores no names, but phones are found by name; use a format that does",
                    place, unit_reader_format(reader)->name);
    if (u->timing == UNIT_TIMING_SECONDS)
        return fail(failure, EXIT_INPUT,
                    "%s: has times but not the length of a frame; add --hop and --rate", place);
    for (size_t i = 0; i < u->n * u->facts.n_codebook; i++)
        if (u->id[i] == NO_UNIT)
            return fail(failure, EXIT_INPUT, "%s: unit %" PRIu32 " is beyond what can be counted",
                        place, u->id[i]);
    return true;
}

/* Fails if known facts differ between utterances. */
static bool take_facts(struct unit_set *set, const struct unit_reader *reader,
                       const struct utterance_units *u, struct failure *failure)
{
    struct {
        uint32_t *mine, theirs;
        const char *what;
    } fact[] = {{&set->hop_samples, u->facts.hop_samples, "a hop"},
                {&set->rate_hz, u->facts.rate_hz, "a rate"},
                {&set->n_code, u->facts.n_code, "a number of codes"},
                {&set->n_codebook, u->facts.n_codebook, "a number of codebooks"}};
    for (size_t i = 0; i < sizeof fact / sizeof *fact; i++) {
        if (!fact[i].theirs) continue;
        if (!*fact[i].mine) *fact[i].mine = fact[i].theirs;
        if (*fact[i].mine != fact[i].theirs)
            return fail(failure, EXIT_INPUT, "%s: '%s' has %s of %u, those before %u",
                        unit_reader_place(reader), u->name, fact[i].what, fact[i].theirs,
                        *fact[i].mine);
    }
    return true;
}

static bool take_utterance(struct unit_set *set, struct frame_ids *frames,
                           const struct unit_reader *reader, const struct utterance_units *u,
                           struct failure *failure)
{
    if (!check_utterance(reader, u, failure) || !take_facts(set, reader, u, failure)) return false;
    size_t gap = 0;
    frames->n = 0;
    for (size_t i = 0; i <= u->n; i++) {
        for (; gap < u->n_gap && u->gap[gap].before == i; gap++)
            if (!add_gap(frames, reader, u, &u->gap[gap], failure)) return false;
        if (i == u->n) break;
        size_t n = u->timing == UNIT_TIMING_RUNS ? u->duration[i] : 1;
        if (!add_frames(frames, u->id + i * set->n_codebook, set->n_codebook, n, failure))
            return false;
    }
    char *name = utterance_key(u->name);
    bool good = name ? unit_set_add(set, name, NULL, frames->id, frames->n, failure)
                     : fail_memory(failure);
    free(name);
    return good;
}

static bool read_all(struct unit_set *set, struct unit_reader *reader, struct failure *failure)
{
    struct frame_ids frames = {0};
    const struct utterance_units *u = NULL;
    bool good;
    while ((good = unit_reader_next(reader, &u, failure)) && u)
        if (!(good = take_utterance(set, &frames, reader, u, failure))) break;
    free(frames.id);
    return good;
}

bool unit_source_read(struct unit_set *set, const char *path,
                      const struct unit_reader_options *options, struct unit_source_guess *guess,
                      struct failure *failure)
{
    struct unit_reader *reader;
    *set = (struct unit_set){.hop_samples = options->facts.hop_samples,
                             .rate_hz = options->facts.rate_hz, .n_code = options->facts.n_code};
    if (!unit_reader_open(&reader, path, options, failure)) return false;
    bool good = read_all(set, reader, failure);
    unit_reader_close(reader);
    *guess = (struct unit_source_guess){!set->hop_samples, !set->rate_hz, !set->n_code};
    if (!set->hop_samples) set->hop_samples = UNIT_HOP_DEFAULT;
    if (!set->rate_hz) set->rate_hz = UNIT_RATE_DEFAULT;
    if (!set->n_codebook) set->n_codebook = 1;
    struct failure why = {0};
    if (good && !unit_set_finish(set, &why))
        good = fail(failure, why.code, "%s: %s", path, why.text);
    if (!good) unit_set_clear(set);
    return good;
}
