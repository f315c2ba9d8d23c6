/* SPDX-License-Identifier: MIT */
/* Which items of a resumed run are done: those of the journal whose inputs are what they were. In
   an output of one file the first that changed ends them, since the others stand behind it. */
#ifndef VOQ_TOOLS_DONE_ITEMS_H
#define VOQ_TOOLS_DONE_ITEMS_H

#include "tools/command/encode_items.h"
#include "tools/command/journal.h"
#include "tools/cli/messages.h"

struct done_items {
    const struct journal_line *line; /* [n_line], the journal's */
    size_t n_line;                   /* lines that count */
    size_t *line_of;   /* [items]: 1 + the line of an item that is done; 0: to be encoded */
    unsigned char *why; /* [items]: enum done_reason of what there is to report */
    bool file_each;
    size_t n, n_failed; /* items that are done */
    size_t *todo;       /* [n_todo] the others, in order */
    size_t n_todo;
};

/* EXIT_USAGE: the journal contradicts itself. */
bool done_items_find(struct done_items *done, const struct journal *journal,
                     const struct encode_items *items, bool file_each, struct failure *failure);

/* With one file per item: takes out those whose file `has` does not find. */
void done_items_check(struct done_items *done, const struct encode_items *items,
                      bool (*has)(void *context, const char *name, const struct sink_mark *mark),
                      void *context);

/* Where the output goes on; NULL: at its beginning. */
const struct sink_mark *done_items_mark(const struct done_items *done);

/* What is encoded again although it was done, and what could not be compared. */
void done_items_report(const struct done_items *done, const struct encode_items *items,
                       struct messages *messages);

bool done_items_list_rest(struct done_items *done, size_t n_item, struct failure *failure);
void done_items_free(struct done_items *done);

#endif
