/* SPDX-License-Identifier: MIT */
/* The writer's end of `voq encode`: an output format, and the journal beside it. */
#ifndef VOQ_TOOLS_ENCODE_SINK_H
#define VOQ_TOOLS_ENCODE_SINK_H

#include "tools/command/encode_items.h"
#include "tools/command/encode_options.h"
#include "tools/command/input_state.h"
#include "tools/cli/messages.h"
#include "tools/cli/option_guard.h"

struct encode_sink;

/* Opens the output, anew or (--resume) where the journal says the run before stopped. The guard
   knows the inputs and outlives the sink. EXIT_USAGE for an output that it does not allow, an
   unknown format, or options that the format does not have. */
bool encode_sink_open(struct encode_sink **sink, const struct encode_options *options,
                      const struct encode_plan *plan, const struct encode_items *items,
                      struct option_guard *guard, struct messages *messages,
                      struct failure *failure);

/* The items to encode, in this order: all but those that are done and have not changed since. */
const size_t *encode_sink_todo(const struct encode_sink *sink, size_t *n);
size_t encode_sink_n_failed(const struct encode_sink *sink); /* of those that are done */

/* Whether encode_sink_done wants to know what the inputs were. */
bool encode_sink_keeps_journal(const struct encode_sink *sink);

/* The failure of an input stops this format: its order of lines is what names them. */
bool encode_sink_needs_all(const struct encode_sink *sink);

/* One utterance. EXIT_INPUT is about it alone: after begin and end nothing of it is left, after the
   others drop it; then go on. Rows are ids or features [n][width]. */
bool encode_sink_begin(struct encode_sink *sink, const char *name, struct failure *failure);
bool encode_sink_rows(struct encode_sink *sink, const void *row, size_t n,
                      struct failure *failure);
bool encode_sink_gap(struct encode_sink *sink, const struct encode_gap *gap,
                     struct failure *failure);
/* The utterance's line in the manifest, before end: see unit_writer_file. */
void encode_sink_file(struct encode_sink *sink, const char *path, uint64_t n_sample);
bool encode_sink_end(struct encode_sink *sink, struct failure *failure);
bool encode_sink_drop(struct encode_sink *sink, struct failure *failure);

/* Notes in the journal that one more item is finished; failed: not wholly. */
bool encode_sink_done(struct encode_sink *sink, size_t item, bool failed,
                      const struct input_state *input, struct failure *failure);

/* All is written: files get their names, the journal goes. Frees the sink in any case. */
bool encode_sink_commit(struct encode_sink *sink, struct failure *failure);

/* The run ends early. Leaves what --resume needs if an utterance is finished, and then says so by
   true; otherwise nothing. Frees the sink; NULL is fine. */
bool encode_sink_leave(struct encode_sink *sink);

#endif
