/* SPDX-License-Identifier: MIT */
#include "tools/learn/label_units.h"

#include "tools/base/growing.h"
#include "tools/base/name_index.h"
#include "tools/base/value_cache.h"
#include "tools/eval/unit_set.h"
#include "tools/eval/utterance_key.h"

#include <inttypes.h>
#include <stdlib.h>

/* More classes than a softmax layer is made for, and more frames than an utterance of days. */
enum { MOST_CLASSES = 1 << 16, MOST_FRAMES = 100000000 };

struct unit_line {
    uint64_t place; /* in the cache */
    size_t n;       /* frames */
};

struct label_units {
    struct value_cache *cache;
    struct name_index names; /* n is 0 if the file has none */
    struct unit_line *line;  /* [n_line] */
    size_t n_line, capacity;
    uint32_t hop_samples, rate_hz, n_class;
    int32_t *frame; /* those of one line while the file is read */
    size_t n_frame, frame_capacity;
};

static bool add_frames(struct label_units *units, int32_t label, uint64_t n,
                       const struct unit_reader *reader, struct failure *failure)
{
    if (n > MOST_FRAMES || units->n_frame + n > MOST_FRAMES)
        return fail(failure, EXIT_INPUT, "%s: more than %d frames in one utterance; cut it",
                    unit_reader_place(reader), MOST_FRAMES);
    if (!grow(&units->frame, &units->frame_capacity, units->n_frame + (size_t)n,
              sizeof *units->frame, failure))
        return false;
    for (uint64_t i = 0; i < n; i++) units->frame[units->n_frame++] = label;
    return true;
}

static bool check(const struct unit_reader *reader, const struct utterance_units *u,
                  struct failure *failure)
{
    const char *place = unit_reader_place(reader);
    if (u->facts.n_codebook > 1)
        return fail(failure, EXIT_INPUT,
                    "%s: has %" PRIu32 " codebooks, but a head learns one unit for each frame; "
                    "write one file for each codebook", place, u->facts.n_codebook);
    if (u->timing == UNIT_TIMING_SECONDS)
        return fail(failure, EXIT_INPUT,
                    "%s: has times but not the length of a frame; add --labels-hop", place);
    for (size_t i = 0; i < u->n; i++)
        if (u->id[i] >= MOST_CLASSES)
            return fail(failure, EXIT_INPUT, "%s: unit %" PRIu32 " is not below %d", place,
                        u->id[i], MOST_CLASSES);
    return true;
}

/* The first utterance decides; a file that contradicts itself fails. */
static bool take_fact(uint32_t *mine, uint32_t theirs, const char *what,
                      const struct unit_reader *reader, struct failure *failure)
{
    if (theirs == 0) return true;
    if (*mine == 0) *mine = theirs;
    return *mine == theirs ||
           fail(failure, EXIT_INPUT, "%s: has a %s of %" PRIu32 ", those before %" PRIu32,
                unit_reader_place(reader), what, theirs, *mine);
}

static bool expand(struct label_units *units, const struct unit_reader *reader,
                   const struct utterance_units *u, struct failure *failure)
{
    size_t gap = 0;
    units->n_frame = 0;
    for (size_t i = 0; i <= u->n; i++) {
        for (; gap < u->n_gap && u->gap[gap].before == i; gap++)
            if (!add_frames(units, LABEL_NONE, u->gap[gap].n_frame, reader, failure)) return false;
        if (i == u->n) break;
        if (u->id[i] >= units->n_class) units->n_class = u->id[i] + 1;
        uint64_t n = u->timing == UNIT_TIMING_RUNS ? u->duration[i] : 1;
        if (!add_frames(units, (int32_t)u->id[i], n, reader, failure)) return false;
    }
    return true;
}

static bool add_name(struct label_units *units, const struct unit_reader *reader,
                     const char *name, struct failure *failure)
{
    uint32_t id = 0;
    if (!*name)
        return units->names.n == 0 ||
               fail(failure, EXIT_INPUT, "%s: has no name, but those before have",
                    unit_reader_place(reader));
    char *key = utterance_key(name);
    if (!key) return fail_memory(failure);
    bool good = name_index_add(&units->names, key, &id, failure);
    free(key);
    if (good && id != units->n_line)
        good = fail(failure, EXIT_INPUT, "%s: '%s' was there before", unit_reader_place(reader),
                    name);
    return good;
}

static bool take(struct label_units *units, const struct unit_reader *reader,
                 const struct utterance_units *u, struct failure *failure)
{
    struct unit_line line;
    if (!check(reader, u, failure) ||
        !take_fact(&units->hop_samples, u->facts.hop_samples, "hop", reader, failure) ||
        !take_fact(&units->rate_hz, u->facts.rate_hz, "rate", reader, failure) ||
        !add_name(units, reader, u->name, failure) || !expand(units, reader, u, failure))
        return false;
    if (u->facts.n_code > units->n_class) units->n_class = u->facts.n_code;
    line.n = units->n_frame;
    if (!value_cache_add(units->cache, units->frame, line.n, &line.place, failure) ||
        !grow(&units->line, &units->capacity, units->n_line + 1, sizeof line, failure))
        return false;
    units->line[units->n_line++] = line;
    return true;
}

static bool read_all(struct label_units *units, const char *path,
                     const struct unit_reader_options *options, struct failure *failure)
{
    struct unit_reader *reader;
    const struct utterance_units *u = NULL;
    if (!unit_reader_open(&reader, path, options, failure)) return false;
    bool good;
    while ((good = unit_reader_next(reader, &u, failure)) && u)
        if (!(good = take(units, reader, u, failure))) break;
    unit_reader_close(reader);
    return good;
}

static bool has_units(const struct label_units *units, const char *path, struct failure *failure)
{
    return units->n_class > 0 ||
           fail(failure, EXIT_INPUT, "%s: contains no units; give the file that has them", path);
}

bool label_units_read(struct label_units **units, const char *path,
                      const struct label_head_options *options, struct failure *failure)
{
    struct label_units *made = zeroed(1, sizeof *made, failure);
    if (!made) return false;
    made->hop_samples = options->units.facts.hop_samples;
    made->rate_hz = options->units.facts.rate_hz;
    if (!value_cache_new(&made->cache, options->cache_folder, failure) ||
        !read_all(made, path, &options->units, failure) || !has_units(made, path, failure)) {
        label_units_free(made);
        return false;
    }
    if (!made->hop_samples) made->hop_samples = UNIT_HOP_DEFAULT;
    if (!made->rate_hz) made->rate_hz = UNIT_RATE_DEFAULT;
    *units = made;
    return true;
}

void label_units_free(struct label_units *units)
{
    value_cache_free(units->cache);
    name_index_clear(&units->names);
    free(units->line);
    free(units->frame);
    free(units);
}

uint32_t label_units_n_class(const struct label_units *units)
{
    return units->n_class;
}

size_t label_units_n_unnamed(const struct label_units *units)
{
    return units->names.n > 0 ? 0 : units->n_line;
}

int64_t label_units_find(const struct label_units *units, const char *name, size_t i)
{
    if (units->names.n > 0) {
        uint32_t id = name_index_find(&units->names, name);
        return id == NO_NAME ? LABEL_NONE : (int64_t)id;
    }
    return i < units->n_line ? (int64_t)i : LABEL_NONE;
}

double label_units_length(const struct label_units *units, int64_t found, uint32_t rate_hz)
{
    double n = (double)units->line[found].n;
    return rate_hz == 0 ? n : n * units->hop_samples / units->rate_hz * rate_hz;
}

/* The unit that stands for the middle of frame i, in steps of half a step of a sample. */
static uint64_t unit_of(const struct label_units *units, const struct label_grid *grid, uint64_t i)
{
    if (grid->rate_hz == 0) return (uint64_t)grid->begin + i;
    int64_t begin = 2 * grid->begin * (int64_t)grid->steps;
    uint64_t half_steps = (uint64_t)(begin + (int64_t)((2 * i + 1) * grid->hop_samples));
    return half_steps * units->rate_hz /
           (2 * (uint64_t)grid->steps * grid->rate_hz * units->hop_samples);
}

bool label_units_fill(const struct label_units *units, int64_t found,
                      const struct label_grid *grid, int32_t *label, size_t n,
                      struct failure *failure)
{
    const struct unit_line *line = &units->line[found];
    uint64_t first = unit_of(units, grid, 0), end = n > 0 ? unit_of(units, grid, n - 1) + 1 : first;
    if (end > line->n) end = line->n;
    if (first > end) first = end;
    size_t n_here = (size_t)(end - first);
    int32_t *here = zeroed(n_here, sizeof *here, failure);
    bool good = here && value_cache_get(units->cache, line->place + first, here, n_here, failure);
    for (size_t i = 0; good && i < n; i++) {
        uint64_t unit = unit_of(units, grid, i);
        label[i] = unit < end ? here[unit - first] : LABEL_NONE;
    }
    free(here);
    return good;
}
