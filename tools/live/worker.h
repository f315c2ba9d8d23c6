/* SPDX-License-Identifier: MIT */
/* The thread between captures and analysis. It reads blocks in order, finds the frames that are
   missing between them (those that the full rings dropped, and those that the host lost, found by
   its flag or by counting frames against time), and changes to the next capture when a device was
   reopened. */
#ifndef VOQ_TOOLS_WORKER_H
#define VOQ_TOOLS_WORKER_H

#include "tools/live/analysis.h"
#include "tools/live/capture.h"

struct worker;

/* Starts the thread. */
bool worker_start(struct worker **worker, struct analysis *analysis, struct stats *stats,
                  struct failure *failure);

/* Continues with this capture as soon as the previous one is retired and read to its end. The
   worker releases it. */
void worker_capture(struct worker *worker, struct capture *capture);

/* Whether the thread has ended by itself: it has enough samples, or it failed. */
bool worker_has_ended(const struct worker *worker);

/* Reads the rest of the rings, finishes the stream, ends the thread and frees the worker. */
bool worker_stop(struct worker *worker, struct failure *failure);

#endif
