/* SPDX-License-Identifier: MIT */
#include "tools/eval/resampling.h"

#include "tools/base/rng.h"
#include "tools/eval/utterance_key.h"

#include <stdlib.h>

static bool add_utterance(struct resampling *r, struct name_index *speakers, const char *name,
                          const char *speaker, struct failure *failure)
{
    uint32_t id;
    char *made = speaker ? NULL : utterance_speaker(name);
    if (!speaker && !made) return fail_memory(failure);
    bool good = name_index_add(&r->utterances, name, &id, failure) &&
                name_index_add(speakers, speaker ? speaker : made, &id, failure);
    free(made);
    return good;
}

static bool has_items(const struct item_list *items, const char *name)
{
    return items && name_index_find(&items->files, name) != NO_NAME;
}

static bool add_all(struct resampling *r, struct name_index *speakers,
                    const struct unit_set *units, const struct feature_set *features,
                    const struct alignment *phones, const struct item_list *items,
                    struct failure *failure)
{
    for (size_t i = 0; i < units->n_utterance; i++) {
        const struct unit_utterance *u = &units->utterance[i];
        bool is_used = (phones && alignment_find(phones, u->name)) || has_items(items, u->name);
        if (is_used && !add_utterance(r, speakers, u->name, u->speaker, failure)) return false;
    }
    for (uint32_t i = 0; i < features->names.n; i++) {
        const char *name = features->names.name[i];
        if (has_items(items, name) && name_index_find(&r->utterances, name) == NO_NAME &&
            !add_utterance(r, speakers, name, NULL, failure))
            return false;
    }
    return true;
}

bool resampling_make(struct resampling *r, const struct unit_set *units,
                     const struct feature_set *features, const struct alignment *phones,
                     const struct item_list *items, struct failure *failure)
{
    struct name_index speakers = {0};
    uint32_t *new_id = NULL;
    bool good = add_all(r, &speakers, units, features, phones, items, failure) &&
                name_index_sort(&r->utterances, &new_id, failure);
    r->n_speaker = speakers.n;
    free(new_id);
    name_index_clear(&speakers);
    return good;
}

bool resampling_is_narrow(const struct resampling *r)
{
    return r->n_speaker < 5;
}

void resampling_clear(struct resampling *r)
{
    name_index_clear(&r->utterances);
}

void resampling_draw(const struct resampling *r, uint32_t draw, uint32_t *weight)
{
    struct rng rng;
    uint32_t n = r->utterances.n;
    rng_start(&rng, r->seed, RNG_BOOTSTRAP, draw);
    for (uint32_t i = 0; i < n; i++) weight[i] = 0;
    for (uint32_t i = 0; i < n; i++) weight[rng_below(&rng, n)]++;
}
