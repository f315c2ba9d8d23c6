/* SPDX-License-Identifier: MIT */
#include "tools/report/unit_examples.h"

/* The longest run of an utterance takes the place of its shorter one. */
static void take(struct unit_example *example, struct unit_example run)
{
    unsigned i = 0, last = UNIT_EXAMPLES - 1;
    for (unsigned k = 0; k < UNIT_EXAMPLES; k++)
        if (example[k].n && example[k].utterance == run.utterance) last = k;
    if (example[last].n >= run.n) return;
    while (i < last && example[i].n >= run.n) i++;
    for (unsigned k = last; k > i; k--) example[k] = example[k - 1];
    example[i] = run;
}

void unit_examples_find(const struct unit_view *view,
                        struct unit_example (*example)[UNIT_EXAMPLES])
{
    const struct unit_set *units = view->evaluation->units;
    for (size_t u = 0; u < units->n_utterance; u++) {
        const struct unit_utterance *utterance = &units->utterance[u];
        for (size_t i = 0, end; i < utterance->n_frame; i = end) {
            uint32_t unit = utterance->symbol[i];
            for (end = i; end < utterance->n_frame && utterance->symbol[end] == unit;) end++;
            if (unit == NO_UNIT) continue;
            take(example[unit], (struct unit_example){(uint32_t)u, (uint32_t)i,
                                                      (uint32_t)(end - i)});
        }
    }
}
