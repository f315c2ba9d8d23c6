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

/* Opens the output; with --resume it continues where the journal says that the previous run
   stopped. The guard knows the inputs and must outlive the sink. EXIT_USAGE for an output that it
   does not allow, an unknown format, or options that the format does not have. */
bool encode_sink_open(struct encode_sink **sink, const struct encode_options *options,
                      const struct encode_plan *plan, const struct encode_items *items,
                      struct option_guard *guard, struct messages *messages,
                      struct failure *failure);

/* The items to encode, in this order: all but those that are done and unchanged. */
const size_t *encode_sink_todo(const struct encode_sink *sink, size_t *n);
size_t encode_sink_n_failed(const struct encode_sink *sink); /* of the items that are done */

/* Whether encode_sink_done needs the state of the inputs. */
bool encode_sink_keeps_journal(const struct encode_sink *sink);

/* Whether the format identifies utterances by the order of lines, so that a failed input must stop
   the run. */
bool encode_sink_needs_all(const struct encode_sink *sink);

/* One utterance. EXIT_INPUT concerns it alone: a failed begin or end leaves nothing of it in the
   output, after any other failure call drop; then go on. Rows are ids or features [n][width]. */
bool encode_sink_begin(struct encode_sink *sink, const char *name, struct failure *failure);
bool encode_sink_rows(struct encode_sink *sink, const void *row, size_t n,
                      struct failure *failure);
bool encode_sink_gap(struct encode_sink *sink, const struct encode_gap *gap,
                     struct failure *failure);
/* States the utterance's line in the manifest; call it before end. See unit_writer_file. */
void encode_sink_file(struct encode_sink *sink, const char *path, uint64_t n_sample);
bool encode_sink_end(struct encode_sink *sink, struct failure *failure);
bool encode_sink_drop(struct encode_sink *sink, struct failure *failure);

/* Records in the journal that an item is finished; failed: not completely. */
bool encode_sink_done(struct encode_sink *sink, size_t item, bool failed,
                      const struct input_state *input, struct failure *failure);

/* Gives the complete files their names and deletes the journal. Frees the sink in any case. */
bool encode_sink_commit(struct encode_sink *sink, struct failure *failure);

/* For a run that ends early. If at least one utterance is finished, keeps what --resume needs and
   returns true; otherwise leaves no files. The memory stays, because workers may still read the
   list of what is to do; the process must end now. NULL is allowed. */
bool encode_sink_leave(struct encode_sink *sink);

#endif
