/* SPDX-License-Identifier: MIT */
#include "tools/eval/boundaries.h"

#include "tools/base/growing.h"
#include "tools/base/number.h"
#include "tools/eval/information.h"
#include "tools/eval/pairing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Times and silences of one utterance; reused for the next. */
struct scratch {
    int64_t *ref, *hyp;
    struct phone_interval *merged;
    size_t n_ref, n_hyp, n_merged;
    size_t ref_capacity, hyp_capacity, merged_capacity;
};

uint64_t match_strict(const int64_t *a, size_t n_a, const int64_t *b, size_t n_b,
                      int64_t tolerance_us)
{
    uint64_t hit = 0;
    for (size_t i = 0, j = 0; i < n_a && j < n_b;) {
        if (llabs(a[i] - b[j]) <= tolerance_us) hit++, i++, j++;
        else if (b[j] < a[i]) j++;
        else i++;
    }
    return hit;
}

uint64_t match_lenient(const int64_t *a, size_t n_a, const int64_t *b, size_t n_b,
                       int64_t tolerance_us)
{
    uint64_t hit = 0;
    for (size_t i = 0, j = 0; i < n_a; i++) {
        while (j < n_b && b[j] < a[i] - tolerance_us) j++;
        hit += j < n_b && b[j] <= a[i] + tolerance_us;
    }
    return hit;
}

/* Merges adjacent silences. */
static bool merge_silence(const struct alignment *phones, const struct aligned_utterance *utterance,
                          struct scratch *s, struct failure *failure)
{
    s->n_merged = 0;
    if (!grow(&s->merged, &s->merged_capacity, utterance->n_interval, sizeof *s->merged, failure))
        return false;
    for (size_t i = 0; i < utterance->n_interval; i++) {
        struct phone_interval next = utterance->interval[i];
        struct phone_interval *last = s->n_merged ? &s->merged[s->n_merged - 1] : NULL;
        if (last && phones->is_silence[next.label] && phones->is_silence[last->label] &&
            last->end_us == next.start_us)
            last->end_us = next.end_us;
        else
            s->merged[s->n_merged++] = next;
    }
    return true;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Collects the distinct starts and ends of phones, except the two ends of the utterance. */
static bool find_reference(struct scratch *s, struct failure *failure)
{
    size_t n = 0, n_distinct = 0;
    s->n_ref = 0;
    if (!grow(&s->ref, &s->ref_capacity, 2 * s->n_merged, sizeof *s->ref, failure)) return false;
    if (!s->n_merged) return true;
    for (size_t i = 0; i < s->n_merged; i++) {
        s->ref[n++] = s->merged[i].start_us;
        s->ref[n++] = s->merged[i].end_us;
    }
    qsort(s->ref, n, sizeof *s->ref, by_value);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || s->ref[i] != s->ref[n_distinct - 1]) s->ref[n_distinct++] = s->ref[i];
    if (n_distinct > 2) {
        s->n_ref = n_distinct - 2;
        memmove(s->ref, s->ref + 1, s->n_ref * sizeof *s->ref);
    }
    return true;
}

static bool is_deep_in_silence(const struct alignment *phones, const struct scratch *s, int64_t us,
                               int64_t tolerance_us)
{
    for (size_t i = 0; i < s->n_merged && s->merged[i].start_us < us; i++)
        if (phones->is_silence[s->merged[i].label] && us > s->merged[i].start_us + tolerance_us &&
            us < s->merged[i].end_us - tolerance_us)
            return true;
    return false;
}

/* Whether the frames on both sides of the start of frame i > 0 have a unit. */
static bool has_units(const struct unit_utterance *utterance, size_t i)
{
    return utterance->symbol[i] != NO_UNIT && utterance->symbol[i - 1] != NO_UNIT;
}

/* Units have no boundaries where audio was lost, so phone boundaries there are not counted. */
static void drop_lost(const struct unit_set *units, const struct unit_utterance *utterance,
                      struct scratch *s)
{
    size_t n = 0;
    for (size_t k = 0; k < s->n_ref; k++) {
        int64_t frame = frame_from_time(s->ref[k], units->hop_samples, units->rate_hz);
        bool inside = frame > 0 && (uint64_t)frame < utterance->n_frame;
        if (!inside || has_units(utterance, (size_t)frame)) s->ref[n++] = s->ref[k];
    }
    s->n_ref = n;
}

static bool find_hypothesis(const struct unit_set *units, const struct unit_utterance *utterance,
                            struct scratch *s, struct failure *failure)
{
    s->n_hyp = 0;
    if (!grow(&s->hyp, &s->hyp_capacity, utterance->n_frame, sizeof *s->hyp, failure)) return false;
    for (size_t i = 1; i < utterance->n_frame; i++)
        if (utterance->symbol[i] != utterance->symbol[i - 1] && has_units(utterance, i))
            s->hyp[s->n_hyp++] =
                (int64_t)frame_microseconds(i, units->hop_samples, units->rate_hz);
    return true;
}

static void drop_deep_in_silence(const struct alignment *phones, struct scratch *s,
                                 int64_t tolerance_us)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_hyp; i++)
        if (!is_deep_in_silence(phones, s, s->hyp[i], tolerance_us)) s->hyp[n++] = s->hyp[i];
    s->n_hyp = n;
}

static void score(struct boundary_scores *s)
{
    if (!s->ref) return;
    double p = ratio((double)s->hit_hyp, (double)s->hyp);
    double r = (double)s->hit_ref / (double)s->ref;
    bool has_hit = p > 0;
    double over = has_hit ? r / p - 1 : (double)s->hyp / (double)s->ref - 1;
    s->precision = p;
    s->recall = r;
    s->f1 = has_hit && r > 0 ? 2 * p * r / (p + r) : 0;
    s->over_segmentation = over;
    s->r_value = 1 - (sqrt((1 - r) * (1 - r) + over * over) + fabs((r - 1 - over) / sqrt(2))) / 2;
}

static void add_hits(struct boundaries *sum, const struct scratch *s, int64_t tolerance_us)
{
    uint64_t strict = match_strict(s->ref, s->n_ref, s->hyp, s->n_hyp, tolerance_us);
    sum->strict.hit_hyp += strict;
    sum->strict.hit_ref += strict;
    sum->lenient.hit_hyp += match_lenient(s->hyp, s->n_hyp, s->ref, s->n_ref, tolerance_us);
    sum->lenient.hit_ref += match_lenient(s->ref, s->n_ref, s->hyp, s->n_hyp, tolerance_us);
    sum->strict.ref = sum->lenient.ref += s->n_ref;
    sum->strict.hyp = sum->lenient.hyp += s->n_hyp;
}

bool boundaries_measure(const struct unit_set *units, const struct alignment *phones,
                        int64_t tolerance_us, bool speech_only, struct boundaries *boundaries,
                        struct failure *failure)
{
    struct boundaries sum = {0};
    struct scratch s = {0};
    bool good = true;
    for (size_t i = 0; good && i < units->n_utterance; i++) {
        const struct unit_utterance *u = &units->utterance[i];
        const struct aligned_utterance *aligned = alignment_find(phones, u->name);
        if (!aligned) continue;
        good = merge_silence(phones, aligned, &s, failure) && find_reference(&s, failure) &&
               find_hypothesis(units, u, &s, failure);
        if (!good) break;
        drop_lost(units, u, &s);
        if (speech_only) drop_deep_in_silence(phones, &s, tolerance_us);
        add_hits(&sum, &s, tolerance_us);
    }
    score(&sum.strict);
    score(&sum.lenient);
    *boundaries = sum;
    free(s.ref);
    free(s.hyp);
    free(s.merged);
    return good;
}
