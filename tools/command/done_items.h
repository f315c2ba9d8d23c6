/* SPDX-License-Identifier: MIT */
/* Finds the items of a resumed run that are done: those in the journal whose inputs have not
   changed. If the output is one file, all items after the first changed one are encoded again. */
#ifndef VOQ_TOOLS_DONE_ITEMS_H
#define VOQ_TOOLS_DONE_ITEMS_H

#include "tools/command/encode_items.h"
#include "tools/command/journal.h"
#include "tools/cli/messages.h"

struct done_items {
    const struct journal_line *line; /* [n_line], the journal's */
    size_t n_line;                   /* lines that are still valid */
    size_t *line_of;   /* [items]: 1 + the line of a done item; 0: to be encoded */
    unsigned char *why; /* [items]: enum done_reason, for the report */
    bool file_each;
    size_t n, n_failed; /* done items */
    size_t *todo;       /* [n_todo] the other items, in order */
    size_t n_todo;
};

/* EXIT_USAGE: the journal contradicts itself. */
bool done_items_find(struct done_items *done, const struct journal *journal,
                     const struct encode_items *items, bool file_each, struct failure *failure);

/* With one file per item: removes the items whose file `has` does not find. */
void done_items_check(struct done_items *done, const struct encode_items *items,
                      bool (*has)(void *context, const char *name, const struct sink_mark *mark),
                      void *context);

/* Where the output continues; NULL: from its beginning. */
const struct sink_mark *done_items_mark(const struct done_items *done);

/* Reports which done items are encoded again, and which could not be compared. */
void done_items_report(const struct done_items *done, const struct encode_items *items,
                       struct messages *messages);

bool done_items_list_rest(struct done_items *done, size_t n_item, struct failure *failure);
void done_items_free(struct done_items *done);

#endif
