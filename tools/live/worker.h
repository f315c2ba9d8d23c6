/* SPDX-License-Identifier: MIT */
/* The thread between the captures and the analysis. It takes blocks in order, finds what is missing
   between them (frames that the rings had no room for; frames that the host lost, by its flag or by
   counting frames against time), and goes from a capture to the next when a device was opened
   anew. */
#ifndef VOQ_TOOLS_WORKER_H
#define VOQ_TOOLS_WORKER_H

#include "tools/live/analysis.h"
#include "tools/live/capture.h"

struct worker;

/* Starts the thread. */
bool worker_start(struct worker **worker, struct analysis *analysis, struct stats *stats,
                  struct failure *failure);

/* The frames go on in this capture, as soon as the one before is retired and read to its end. The
   worker releases it. */
void worker_capture(struct worker *worker, struct capture *capture);

/* The thread has ended by itself: enough samples, or a failure. */
bool worker_has_ended(const struct worker *worker);

/* Reads what the rings hold, finishes the stream, ends the thread and frees the worker. */
bool worker_stop(struct worker *worker, struct failure *failure);

#endif
