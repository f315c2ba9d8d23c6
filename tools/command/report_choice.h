/* SPDX-License-Identifier: MIT */
/* Which utterances of a corpus `voq report` shows. */
#ifndef VOQ_TOOLS_REPORT_CHOICE_H
#define VOQ_TOOLS_REPORT_CHOICE_H

#include "tools/command/report_options.h"

struct report_choice {
    size_t *utterance; /* [n] of the corpus, in its order or in that of the options */
    size_t n;
};

/* Takes the named utterances, else a random choice of those that were encoded and, if there are
   phones, have some. EXIT_USAGE: no utterance has such a name. The caller frees the list. */
bool report_choose(struct report_choice *choice, const struct report_command_options *options,
                   const struct eval_sources *sources, struct failure *failure);

#endif
