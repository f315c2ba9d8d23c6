/* SPDX-License-Identifier: MIT */
/* The terminal view of `voq live`: its picture (picture.h), kept up to date. */
#ifndef VOQ_TOOLS_VIEW_H
#define VOQ_TOOLS_VIEW_H

#include "tools/base/failure.h"
#include "tools/cli/messages.h"
#include "tools/live/stats.h"
#include "voq.h"

#include <stddef.h>
#include <stdint.h>

struct view;

struct view_options {
    const voq_model *model;
    const char *const *label; /* of each unit, "" where it has none; NULL: not shown */
    double duration_s;        /* after which the run ends; 0: never */
};

/* Takes over the terminal of messages->file. Until view_close messages are shown in the view; they
   are printed again at the end. */
bool view_open(struct view **view, const struct view_options *options, struct messages *messages,
               struct failure *failure);

/* Called by the worker; these never wait. `place` is that of the unit in the stream. */
void view_unit(struct view *view, uint64_t place, uint32_t id);
void view_gap(struct view *view, uint64_t place, double lost_s, bool is_overrun);
void view_level(struct view *view, float peak, bool clipped);

/* Called by the first thread about ten times per second. device "": none at the moment. */
bool view_draw(struct view *view, const char *device, const struct stats *stats,
               struct failure *failure);

/* Ctrl-Z: restores the terminal, stops the process, and takes over the terminal again. */
void view_suspend(struct view *view);

/* The process was continued, so others may have written on the terminal: all is drawn again. */
void view_continue(struct view *view);

/* Restores the terminal. NULL is allowed. */
void view_close(struct view *view);

#endif
