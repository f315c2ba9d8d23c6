/* SPDX-License-Identifier: MIT */
#include "tools/learn/label_phones.h"

#include "tools/base/growing.h"
#include "tools/eval/pairing.h"

#include <stdlib.h>

struct label_phones {
    struct alignment *alignment;
    uint32_t *class_of;     /* [labels.n] */
    const char **class_name; /* [n_class] */
    uint32_t n_class;
};

/* Silences of all names become one class, in the place of the first. */
static void number_classes(struct label_phones *phones)
{
    const struct alignment *alignment = phones->alignment;
    uint32_t silence = NO_LABEL;
    for (uint32_t i = 0; i < alignment->labels.n; i++) {
        bool silent = alignment->is_silence[i];
        if (silent && silence != NO_LABEL) {
            phones->class_of[i] = silence;
            continue;
        }
        if (silent) silence = phones->n_class;
        phones->class_of[i] = phones->n_class;
        phones->class_name[phones->n_class++] = silent ? "SIL" : alignment->labels.name[i];
    }
}

bool label_phones_read(struct label_phones **phones, const char *path, const char *tier,
                       struct failure *failure)
{
    struct label_phones *made = zeroed(1, sizeof *made, failure);
    if (!made) return false;
    if (!alignment_read(&made->alignment, path, tier, failure)) {
        free(made);
        return false;
    }
    uint32_t n = made->alignment->labels.n;
    made->class_of = zeroed(n, sizeof *made->class_of, failure);
    made->class_name = zeroed(n, sizeof *made->class_name, failure);
    if (!made->class_of || !made->class_name) {
        label_phones_free(made);
        return false;
    }
    number_classes(made);
    *phones = made;
    return true;
}

void label_phones_free(struct label_phones *phones)
{
    alignment_free(phones->alignment);
    free(phones->class_of);
    free(phones->class_name);
    free(phones);
}

uint32_t label_phones_n_class(const struct label_phones *phones)
{
    return phones->n_class;
}

const char *label_phones_class(const struct label_phones *phones, uint32_t i)
{
    return phones->class_name[i];
}

int64_t label_phones_find(const struct label_phones *phones, const char *name)
{
    const struct aligned_utterance *found = alignment_find(phones->alignment, name);
    return found ? found - phones->alignment->utterance : LABEL_NONE;
}

/* The intervals from `begin_us` on, with times from there. */
static bool intervals_behind(const struct aligned_utterance *all, int64_t begin_us,
                             struct aligned_utterance *behind, struct failure *failure)
{
    *behind = (struct aligned_utterance){
        .interval = zeroed(all->n_interval, sizeof *all->interval, failure)};
    if (!behind->interval) return false;
    for (size_t i = 0; i < all->n_interval; i++) {
        struct phone_interval interval = all->interval[i];
        if (interval.end_us <= begin_us) continue;
        interval.start_us -= begin_us;
        interval.end_us -= begin_us;
        behind->interval[behind->n_interval++] = interval;
    }
    return true;
}

bool label_phones_fill(const struct label_phones *phones, int64_t found,
                       const struct label_grid *grid, int32_t *label, size_t n,
                       struct failure *failure)
{
    struct aligned_utterance behind;
    int64_t begin_us = grid->begin * 1000000 / (int64_t)grid->rate_hz;
    uint32_t *number = zeroed(n, sizeof *number, failure);
    if (!number) return false;
    if (!intervals_behind(&phones->alignment->utterance[found], begin_us, &behind, failure)) {
        free(number);
        return false;
    }
    /* A hop of a fraction of a sample is a whole hop at a higher rate. */
    label_frames(&behind, grid->hop_samples, grid->rate_hz * grid->steps, number, n);
    for (size_t i = 0; i < n; i++)
        label[i] = number[i] == NO_LABEL ? LABEL_NONE : (int32_t)phones->class_of[number[i]];
    free(behind.interval);
    free(number);
    return true;
}
