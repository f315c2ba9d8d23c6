/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_stored.h"

#include "tools/base/growing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SHARES = 1 << 24, MOST_PHONES = 1 << 20 };

bool eval_stored_init(struct eval_stored *stored, size_t n_subject, struct failure *failure)
{
    *stored = (struct eval_stored){.n_subject = n_subject};
    stored->units = zeroed(n_subject, sizeof *stored->units, failure);
    stored->features = zeroed(n_subject, sizeof *stored->features, failure);
    return stored->units && stored->features;
}

static void clear_scores(struct stored_scores *scores)
{
    for (int i = 0; i < ABX_MEASURES; i++) {
        struct stored_measure *measure = &scores->measure[i];
        outcomes_clear(&measure->outcomes);
        cell_errors_clear(&measure->errors);
        free(measure->has_share);
    }
}

void eval_stored_clear(struct eval_stored *stored)
{
    for (size_t i = 0; stored->units && i < stored->n_subject; i++) clear_scores(&stored->units[i]);
    for (size_t i = 0; stored->features && i < stored->n_subject; i++)
        clear_scores(&stored->features[i]);
    free(stored->units);
    free(stored->features);
    name_index_clear(&stored->names);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static struct stored_scores *find_scores(struct eval_stored *stored, const struct json *line,
                                         const char *key)
{
    const char *of;
    uint64_t subject;
    if (!json_get_text(line, key, &of) || !of || !stored->n_subject ||
        !json_get_whole(line, "subject", stored->n_subject - 1, &subject))
        return NULL;
    return strcmp(of, "units") == 0      ? &stored->units[subject]
           : strcmp(of, "features") == 0 ? &stored->features[subject]
                                         : NULL;
}

/* The same names are in every shard. */
static bool take_names(struct eval_stored *stored, const struct json *names, bool *good,
                       struct failure *failure)
{
    uint32_t id, n = 0;
    for (const struct json *name = names->child; name && *good; name = name->next, n++) {
        *good = name->type == JSON_STRING && (!stored->has_names || n < stored->names.n);
        if (*good && stored->has_names)
            *good = strcmp(stored->names.name[n], name->string) == 0;
        else if (*good && !name_index_add(&stored->names, name->string, &id, failure))
            return false;
        else if (*good)
            *good = id == n;
    }
    *good = *good && n == stored->names.n;
    stored->has_names = true;
    return true;
}

static void take_scores(struct eval_stored *stored, const struct json *line, bool *good)
{
    struct stored_scores *scores = find_scores(stored, line, "scores");
    uint64_t items, skipped;
    *good = scores && json_get_whole(line, "items", UINT64_MAX, &items) &&
            json_get_whole(line, "skipped", UINT64_MAX, &skipped) &&
            (!scores->is_known || (scores->items == items && scores->skipped == skipped));
    if (!*good) return;
    scores->is_known = true;
    scores->items = items;
    scores->skipped = skipped;
}

static bool init_measure(struct stored_measure *m, size_t n_share, uint32_t n_phone,
                         bool has_outcomes, struct failure *failure)
{
    m->has_outcomes = has_outcomes;
    m->has_share = zeroed(n_share, sizeof *m->has_share, failure);
    return m->has_share && outcomes_init(&m->outcomes, n_share, n_phone, failure) &&
           cell_errors_init(&m->errors, &m->outcomes, failure);
}

static bool take_cells(struct stored_measure *m, size_t share, const struct json *line)
{
    const struct json *cells = json_get_array(line, "cells");
    uint32_t n_phone = m->outcomes.n_phone;
    if (!cells) return false;
    for (const struct json *at = cells->child; at;) {
        const struct json *sum = at->next, *n = sum ? sum->next : NULL;
        uint64_t b, count;
        if (!json_whole(at, n_phone - 1, &b) || !sum || sum->type != JSON_NUMBER ||
            !json_whole(n, UINT64_MAX, &count) || !count)
            return false;
        m->errors.sum[share * n_phone + b] = sum->number;
        m->errors.n[share * n_phone + b] = count;
        at = n->next;
    }
    return true;
}

static bool take_share(struct eval_stored *stored, const struct json *line, bool *good,
                       struct failure *failure)
{
    struct stored_scores *scores = find_scores(stored, line, "of");
    uint64_t measure, share, n_share, phone, n_phone;
    bool has_outcomes;
    *good = scores && json_get_whole(line, "abx", ABX_MEASURES - 1, &measure) &&
            json_get_whole(line, "shares", MOST_SHARES, &n_share) && n_share &&
            json_get_whole(line, "share", n_share - 1, &share) &&
            json_get_whole(line, "phones", MOST_PHONES, &n_phone) && n_phone &&
            json_get_whole(line, "phone", n_phone - 1, &phone) &&
            json_get_truth(line, "outcomes", &has_outcomes);
    if (!*good) return true;
    struct stored_measure *m = &scores->measure[measure];
    if (!m->has_share && !init_measure(m, n_share, (uint32_t)n_phone, has_outcomes, failure))
        return false;
    *good = m->outcomes.n_share == n_share && m->outcomes.n_phone == n_phone &&
            m->has_outcomes == has_outcomes && !m->has_share[share] && take_cells(m, share, line);
    if (!*good) return true;
    m->has_share[share] = true;
    m->n_known++;
    m->outcomes.share[share].phone = (uint32_t)phone;
    stored->current = m;
    stored->share = has_outcomes ? &m->outcomes.share[share] : NULL;
    return true;
}

static bool take_group(struct eval_stored *stored, const struct json *phones, bool *good,
                       struct failure *failure)
{
    uint64_t b;
    *good = stored->share != NULL;
    if (!*good) return true;
    if (!outcomes_add_group(stored->share, failure)) return false;
    for (const struct json *at = phones->child; at; at = at->next) {
        *good = json_whole(at, stored->current->outcomes.n_phone - 1, &b);
        if (!*good) return true;
        if (!outcomes_add_b(stored->share, (uint32_t)b, failure)) return false;
    }
    return true;
}

/* Only the order of the distances counts, so their ranks take their place. */
static bool take_token(const struct eval_stored *stored, const struct json *at, double *rank,
                       struct outcome_distance *distance)
{
    uint64_t utterance, code;
    if (!json_whole(at, stored->names.n - 1, &utterance) ||
        !json_whole(at->next, 2 * (uint64_t)stored->current->outcomes.n_phone + 1, &code))
        return false;
    if (!(code & 1)) ++*rank;
    *distance = (struct outcome_distance){
        .d = *rank, .utterance = (uint32_t)utterance,
        .b = code >> 1 ? (uint32_t)(code >> 1) - 1 : OUTCOME_A};
    return true;
}

static bool take_x(struct eval_stored *stored, const struct json *line, bool *good,
                   struct failure *failure)
{
    const struct json *tokens = json_get_array(line, "tokens");
    uint64_t utterance;
    double rank = 0;
    size_t n = 0;
    *good = tokens && stored->share && stored->share->n_group && stored->names.n &&
            json_get_whole(line, "x", stored->names.n - 1, &utterance);
    if (!*good) return true;
    for (const struct json *at = tokens->child; at; at = at->next) n++;
    struct outcome_distance *distance = zeroed(n, sizeof *distance, failure);
    if (!distance) return false;
    n = 0;
    for (const struct json *at = tokens->child; at && *good; at = at->next->next)
        if (!(*good = take_token(stored, at, &rank, &distance[n++]))) break;
    bool done = !*good || outcomes_add_x(stored->share, (uint32_t)utterance, distance, n, failure);
    free(distance);
    return done;
}

bool eval_stored_take(struct eval_stored *stored, const struct json *line, bool *good,
                      struct failure *failure)
{
    const struct json *names = json_get_array(line, "names"), *phones = json_get_array(line, "b");
    *good = true;
    if (names) return take_names(stored, names, good, failure);
    if (json_get(line, "abx")) return take_share(stored, line, good, failure);
    if (phones) return take_group(stored, phones, good, failure);
    if (json_get(line, "x")) return take_x(stored, line, good, failure);
    take_scores(stored, line, good);
    return true;
}

void eval_stored_end_shard(struct eval_stored *stored)
{
    stored->current = NULL;
    stored->share = NULL;
}

/* ---- scores ---------------------------------------------------------------------------------- */

bool eval_stored_is_whole(const struct stored_scores *scores)
{
    for (int i = 0; i < ABX_MEASURES; i++)
        if (scores->measure[i].n_known < scores->measure[i].outcomes.n_share) return false;
    return scores->is_known;
}

static double error_of(const struct stored_measure *m)
{
    return m->has_share ? cell_errors_average(&m->errors, &m->outcomes) : (double)NAN;
}

static void renumber(struct abx_outcomes *outcomes, const uint32_t *number)
{
    for (size_t i = 0; i < outcomes->n_share; i++) {
        struct share_outcomes *share = &outcomes->share[i];
        for (size_t k = 0; k < share->n_x; k++)
            share->x[k].utterance = number[share->x[k].utterance];
        for (size_t k = 0; k < share->n_token; k++)
            share->token[k].utterance = number[share->token[k].utterance];
    }
}

static bool move_outcomes(struct stored_scores *from, const struct name_index *names,
                          const struct name_index *utterances, struct abx_outcomes *outcomes,
                          struct failure *failure)
{
    uint32_t *number = zeroed(names->n, sizeof *number, failure);
    if (!number) return false;
    for (uint32_t i = 0; i < names->n; i++) {
        number[i] = name_index_find(utterances, names->name[i]);
        if (number[i] == NO_NAME) number[i] = 0; /* without units and without items */
    }
    for (int i = 0; i < 2; i++) {
        struct stored_measure *m = &from->measure[i];
        if (!m->has_outcomes) continue;
        renumber(&m->outcomes, number);
        outcomes[i] = m->outcomes;
        m->outcomes = (struct abx_outcomes){0};
    }
    free(number);
    return true;
}

bool eval_stored_scores(struct stored_scores *from, const struct name_index *names,
                        const struct name_index *utterances, struct abx_scores *scores,
                        struct abx_outcomes *outcomes, struct failure *failure)
{
    scores->items = from->items;
    scores->skipped = from->skipped;
    scores->within_speaker_within_context = error_of(&from->measure[ABX_WITHIN]);
    scores->across_speaker_within_context = error_of(&from->measure[ABX_ACROSS]);
    scores->within_speaker_any_context = error_of(&from->measure[ABX_WITHIN_ANY_CONTEXT]);
    scores->across_speaker_any_context = error_of(&from->measure[ABX_ACROSS_ANY_CONTEXT]);
    return move_outcomes(from, names, utterances, outcomes, failure);
}
