/* SPDX-License-Identifier: MIT */
#include "tools/eval/feature_set.h"

#include "tools/base/growing.h"
#include "tools/eval/utterance_key.h"
#include "tools/formats/feature_reader.h"

#include <stdlib.h>

enum { BLOCK = 1024 }; /* frames per read */

static bool check(const struct feature_set *set, const char *name, uint32_t dim,
                  struct failure *failure)
{
    if (name_index_find(&set->names, name) != NO_NAME)
        return fail(failure, EXIT_INPUT,
                    "two sets of features have the name '%s'; rename one", name);
    if (set->dim && set->dim != dim)
        return fail(failure, EXIT_INPUT,
                    "the features of '%s' have %u dimensions, those before had %u",
                    name, dim, set->dim);
    return true;
}

bool feature_set_add(struct feature_set *set, const char *name, float *frame, size_t n_frame,
                     uint32_t dim, struct failure *failure)
{
    uint32_t id;
    if (n_frame == 0) dim = set->dim;
    if (!check(set, name, dim, failure) ||
        !grow(&set->series, &set->capacity, (size_t)set->names.n + 1, sizeof *set->series,
              failure) ||
        !name_index_add(&set->names, name, &id, failure)) {
        free(frame);
        return false;
    }
    set->series[id] = (struct feature_series){frame, n_frame};
    set->dim = dim;
    return true;
}

static bool read_series(struct feature_reader *reader, uint32_t dim, struct feature_series *series,
                        struct failure *failure)
{
    size_t capacity = 0, n_read = 1;
    *series = (struct feature_series){0};
    while (n_read) {
        size_t n = (series->n_frame + BLOCK) * dim;
        if (!grow(&series->frame, &capacity, n ? n : 1, sizeof(float), failure) ||
            !feature_reader_read(reader, series->frame + series->n_frame * dim, BLOCK, &n_read,
                                 failure)) {
            free(series->frame);
            return false;
        }
        series->n_frame += n_read;
    }
    return true;
}

bool feature_set_read(struct feature_set *set, const char *path, struct failure *failure)
{
    const struct feature_reader_options options = {0};
    const struct feature_utterance *next = NULL;
    struct feature_reader *reader;
    bool good;
    if (!feature_reader_open(&reader, path, &options, failure)) return false;
    while ((good = feature_reader_next(reader, &next, failure)) && next) {
        struct feature_series series;
        uint32_t dim = next->dim;
        char *name = utterance_key(next->name);
        good = name ? read_series(reader, dim, &series, failure) : fail_memory(failure);
        good = good && feature_set_add(set, name, series.frame, series.n_frame, dim, failure);
        free(name);
        if (!good) break;
    }
    feature_reader_close(reader);
    return good;
}

const struct feature_series *feature_set_find(const struct feature_set *set, const char *name)
{
    uint32_t id = name_index_find(&set->names, name);
    return id == NO_NAME ? NULL : &set->series[id];
}

void feature_set_clear(struct feature_set *set)
{
    for (uint32_t i = 0; i < set->names.n; i++) free(set->series[i].frame);
    free(set->series);
    name_index_clear(&set->names);
    *set = (struct feature_set){0};
}
