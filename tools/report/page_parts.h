/* SPDX-License-Identifier: MIT */
/* The parts of the page, in its order. */
#ifndef VOQ_TOOLS_PAGE_PARTS_H
#define VOQ_TOOLS_PAGE_PARTS_H

#include "tools/report/page.h"
#include "tools/report/unit_view.h"

/* The scores, as voq eval prints them. */
bool part_scores(FILE *file, const struct page_input *input, struct failure *failure);

/* Some utterances: spectrogram, units, phones, words. */
bool part_utterances(FILE *file, const struct page_input *input, const struct unit_views *views,
                     struct failure *failure);

/* Phones and units; without phones nothing. */
void part_heat_map(FILE *file, const struct unit_views *views);

/* How often units are used, and how long they stay. */
void part_usage(FILE *file, const struct unit_views *views);

/* The codewords in two principal components. */
void part_codebook(FILE *file, const struct unit_views *views);

/* The curves of the trainings; without logs nothing. */
void part_training(FILE *file, const struct page_input *input);

/* The evaluation as voq eval --json prints it, and what the script needs: phones by unit, and
   places where units are heard. */
bool part_data(FILE *file, const struct page_input *input, const struct unit_views *views,
               struct failure *failure);

#endif
