/* SPDX-License-Identifier: MIT */
/* The page of `voq report`: one file of HTML that needs nothing else. */
#ifndef VOQ_TOOLS_PAGE_H
#define VOQ_TOOLS_PAGE_H

#include "tools/eval/evaluation_report.h"
#include "tools/report/training_log.h"
#include "voq.h"

#include <stdio.h>

struct corpus; /* tools/corpus/corpus.h */

struct page_input {
    const struct evaluation *evaluation; /* [n_model] */
    const voq_model *const *model;       /* [n_model] */
    size_t n_model;
    const struct report_options *names; /* of models, phones and items, as voq eval has them */
    const char *corpus_name;
    const struct corpus *corpus;
    const struct alignment *words; /* NULL: none */
    const size_t *shown;           /* [n_shown] utterances of the corpus */
    size_t n_shown;
    bool has_sound; /* the utterances can be heard */
    const struct training_log *log; /* [n_log] */
    size_t n_log;
};

/* The same input gives the same bytes. Reads the audio of the shown utterances. */
bool page_write(FILE *file, const struct page_input *input, struct failure *failure);

#endif
