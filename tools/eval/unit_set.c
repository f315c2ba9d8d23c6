/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* qsort_r */
#include "tools/eval/unit_set.h"

#include "tools/base/growing.h"
#include "tools/base/line_reader.h"
#include "tools/eval/fields.h"
#include "tools/eval/utterance_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t *copy_ids(const uint32_t *id, size_t n_frame, uint32_t n_codebook,
                          struct failure *failure)
{
    uint32_t *copy = NULL;
    size_t capacity = 0, n = n_frame * n_codebook;
    if (!grow(&copy, &capacity, n ? n : 1, sizeof *copy, failure)) return NULL;
    if (n) memcpy(copy, id, n * sizeof *id);
    return copy;
}

bool unit_set_add(struct unit_set *set, const char *name, const char *speaker, const uint32_t *id,
                  size_t n_frame, struct failure *failure)
{
    if (!grow(&set->utterance, &set->capacity, set->n_utterance + 1, sizeof *set->utterance,
              failure))
        return false;
    struct unit_utterance u = {.name = strdup(name), .n_frame = n_frame};
    if (speaker) u.speaker = strdup(speaker);
    u.id = copy_ids(id, n_frame, set->n_codebook, failure);
    if (!u.name || (speaker && !u.speaker) || !u.id) {
        free(u.name);
        free(u.speaker);
        free(u.id);
        return fail_memory(failure);
    }
    set->utterance[set->n_utterance++] = u;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct unit_utterance *)a)->name,
                  ((const struct unit_utterance *)b)->name);
}

static bool check_names(const struct unit_set *set, struct failure *failure)
{
    for (size_t i = 1; i < set->n_utterance; i++)
        if (strcmp(set->utterance[i - 1].name, set->utterance[i].name) == 0)
            return fail(failure, EXIT_INPUT, "two utterances have the name '%s'; rename one",
                        set->utterance[i].name);
    return true;
}

static bool check_ids(struct unit_set *set, struct failure *failure)
{
    uint32_t highest = 0;
    for (size_t i = 0; i < set->n_utterance; i++) {
        const struct unit_utterance *u = &set->utterance[i];
        for (size_t k = 0; k < u->n_frame * set->n_codebook; k++) {
            if (u->id[k] == NO_UNIT) continue;
            if (set->n_code && u->id[k] >= set->n_code)
                return fail(failure, EXIT_INPUT,
                            "utterance '%s' has unit %u, but there are %u codes", u->name,
                            u->id[k], set->n_code);
            if (u->id[k] > highest) highest = u->id[k];
        }
    }
    if (!set->n_code) set->n_code = highest + 1;
    return true;
}

static int by_tuple(const void *a, const void *b, void *n_codebook)
{
    const uint32_t *x = *(const uint32_t *const *)a, *y = *(const uint32_t *const *)b;
    for (uint32_t k = 0; k < *(const uint32_t *)n_codebook; k++)
        if (x[k] != y[k]) return x[k] < y[k] ? -1 : 1;
    return 0;
}

/* Returns the *n_tuple distinct tuples, sorted. */
static const uint32_t **distinct_tuples(struct unit_set *set, uint32_t *n_tuple,
                                        struct failure *failure)
{
    size_t n_frame = 0, n = 0;
    for (size_t i = 0; i < set->n_utterance; i++) n_frame += set->utterance[i].n_frame;
    const uint32_t **tuple = zeroed(n_frame, sizeof *tuple, failure);
    if (!tuple) return NULL;
    for (size_t i = 0; i < set->n_utterance; i++)
        for (size_t f = 0; f < set->utterance[i].n_frame; f++) {
            const uint32_t *id = set->utterance[i].id + f * set->n_codebook;
            if (*id != NO_UNIT) tuple[n++] = id;
        }
    qsort_r(tuple, n, sizeof *tuple, by_tuple, &set->n_codebook);
    size_t n_distinct = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || by_tuple(&tuple[i], &tuple[n_distinct - 1], &set->n_codebook) != 0)
            tuple[n_distinct++] = tuple[i];
    *n_tuple = (uint32_t)n_distinct;
    return tuple;
}

static uint32_t rank_of(const uint32_t *const *tuple, uint32_t n, const uint32_t *id,
                        uint32_t n_codebook)
{
    if (*id == NO_UNIT) return NO_UNIT;
    uint32_t low = 0, high = n;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (by_tuple(&tuple[middle], &id, &n_codebook) <= 0) low = middle;
        else high = middle;
    }
    return low;
}

static bool number_tuples(struct unit_set *set, struct failure *failure)
{
    set->tuple = distinct_tuples(set, &set->n_symbol, failure);
    bool good = set->tuple != NULL;
    for (size_t i = 0; good && i < set->n_utterance; i++) {
        struct unit_utterance *u = &set->utterance[i];
        u->symbol = zeroed(u->n_frame, sizeof *u->symbol, failure);
        good = u->symbol != NULL;
        for (size_t f = 0; good && f < u->n_frame; f++)
            u->symbol[f] = rank_of(set->tuple, set->n_symbol, u->id + f * set->n_codebook,
                                   set->n_codebook);
    }
    return good;
}

bool unit_set_finish(struct unit_set *set, struct failure *failure)
{
    if (set->n_utterance)
        qsort(set->utterance, set->n_utterance, sizeof *set->utterance, by_name);
    if (!check_names(set, failure) || !check_ids(set, failure)) return false;
    if (set->n_codebook > 1 || set->n_code > UNIT_SET_DENSE) return number_tuples(set, failure);
    set->n_symbol = set->n_code;
    for (size_t i = 0; i < set->n_utterance; i++) set->utterance[i].symbol = set->utterance[i].id;
    return true;
}

static struct unit_utterance *find(const struct unit_set *set, const char *name)
{
    size_t low = 0, high = set->n_utterance;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, set->utterance[middle].name);
        if (order == 0) return &set->utterance[middle];
        if (order < 0) high = middle;
        else low = middle + 1;
    }
    return NULL;
}

const struct unit_utterance *unit_set_find(const struct unit_set *set, const char *name)
{
    return find(set, name);
}

void unit_set_symbol_text(const struct unit_set *set, uint32_t symbol, char *text, size_t capacity)
{
    if (!set->tuple) {
        snprintf(text, capacity, "%u", symbol);
        return;
    }
    size_t used = 0;
    for (uint32_t k = 0; k < set->n_codebook && used < capacity; k++)
        used += (size_t)snprintf(text + used, capacity - used, k ? "+%u" : "%u",
                                 set->tuple[symbol][k]);
}

static bool set_speaker(struct unit_set *set, const char *name, const char *speaker,
                        struct failure *failure)
{
    char *key = utterance_key(name), *copy = strdup(speaker);
    struct unit_utterance *u = key && copy ? find(set, key) : NULL;
    bool good = key && copy ? true : fail_memory(failure);
    free(key);
    if (u) {
        free(u->speaker);
        u->speaker = copy;
    } else {
        free(copy);
    }
    return good;
}

bool unit_set_read_speakers(struct unit_set *set, const char *path, struct failure *failure)
{
    struct line_reader *reader;
    char *line = NULL, *field[2];
    size_t length;
    if (!line_reader_open(&reader, path, failure)) return false;
    bool good;
    while ((good = line_reader_next(reader, &line, &length, failure)) && line) {
        if (is_blank(line)) continue;
        good = split_fields(line, field, 2) == 2
                   ? set_speaker(set, field[0], field[1], failure)
                   : line_reader_fail(reader, failure, "expected 'utterance speaker'");
        if (!good) break;
    }
    line_reader_close(reader);
    return good;
}

void unit_set_clear(struct unit_set *set)
{
    for (size_t i = 0; i < set->n_utterance; i++) {
        struct unit_utterance *u = &set->utterance[i];
        if (u->symbol != u->id) free(u->symbol);
        free(u->id);
        free(u->name);
        free(u->speaker);
    }
    free(set->utterance);
    free(set->tuple);
    set->tuple = NULL;
    set->utterance = NULL;
    set->n_utterance = set->capacity = 0;
}
