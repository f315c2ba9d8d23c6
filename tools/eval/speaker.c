/* SPDX-License-Identifier: MIT */
#include "tools/eval/speaker.h"

#include "tools/base/growing.h"
#include "tools/eval/information.h"

#include <stdlib.h>

bool speaker_counts_init(struct speaker_counts *counts, uint32_t n_phone, struct failure *failure)
{
    *counts = (struct speaker_counts){.n_phone = n_phone};
    counts->of_phone = zeroed(n_phone, sizeof *counts->of_phone, failure);
    return counts->of_phone != NULL;
}

bool speaker_counts_add(struct speaker_counts *counts, uint32_t speaker, uint32_t phone,
                        uint32_t unit, struct failure *failure)
{
    return counts_add(&counts->all, speaker, unit, failure) &&
           counts_add(&counts->of_phone[phone], speaker, unit, failure);
}

static bool add_phone(struct counts *of_phone, uint32_t n_speaker, uint32_t n_unit, double frames,
                      double *sum, struct failure *failure)
{
    if (!of_phone->total) return true;
    if (!counts_finish(of_phone, n_speaker, n_unit, failure)) return false;
    *sum += (double)of_phone->total / frames * mutual_information_nats(of_phone);
    counts_clear(of_phone);
    return true;
}

bool speaker_measure(struct speaker_counts *counts, uint32_t n_speaker, uint32_t n_unit,
                     struct speaker_information *information, struct failure *failure)
{
    struct counts *all = &counts->all;
    struct speaker_information s = {.frames = all->total};
    if (!counts_finish(all, n_speaker, n_unit, failure)) return false;
    double frames = (double)s.frames;
    for (uint32_t phone = 0; phone < counts->n_phone; phone++)
        if (!add_phone(&counts->of_phone[phone], n_speaker, n_unit, frames,
                       &s.mi_given_phone_nats, failure))
            return false;
    if (s.frames) {
        s.speakers = counts_occupied(all->row_total, n_speaker);
        s.mi_nats = mutual_information_nats(all);
        s.nmi_speaker = ratio(s.mi_nats, entropy_nats(all->row_total, n_speaker));
        s.mi_bias_nats = ((double)all->n_cell - s.speakers -
                          counts_occupied(all->column_total, n_unit) + 1) / (2 * frames);
    }
    *information = s;
    return true;
}

void speaker_counts_clear(struct speaker_counts *counts)
{
    for (uint32_t i = 0; counts->of_phone && i < counts->n_phone; i++)
        counts_clear(&counts->of_phone[i]);
    free(counts->of_phone);
    counts_clear(&counts->all);
    *counts = (struct speaker_counts){0};
}
