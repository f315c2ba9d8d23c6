/* SPDX-License-Identifier: MIT */
/* The terminal view of `voq live`: level, units, rate, latency, losses. */
#ifndef VOQ_TOOLS_VIEW_H
#define VOQ_TOOLS_VIEW_H

#include "tools/base/failure.h"
#include "tools/cli/messages.h"
#include "tools/live/stats.h"

#include <stddef.h>
#include <stdint.h>

struct view;

/* Takes over the terminal of messages->file. Until view_close messages are shown in the view; they
   are printed again at the end. */
struct view_options {
    const char *model;
    uint32_t rate_hz;
    const char *const *label; /* of each unit, "" where it has none; NULL: not shown */
};
bool view_open(struct view **view, const struct view_options *options, struct messages *messages,
               struct failure *failure);

/* Called by the worker; these never wait. */
void view_unit(struct view *view, uint32_t id);
void view_gap(struct view *view);
void view_level(struct view *view, float peak, bool clipped);

/* Called by the first thread about ten times per second. device "": none at the moment. */
void view_draw(struct view *view, const char *device, const struct stats *stats);

/* Ctrl-Z: restores the terminal, stops the process, and takes over the terminal again. */
void view_suspend(struct view *view);

/* Restores the terminal. NULL is allowed. */
void view_close(struct view *view);

/* Writes the view as text for a terminal of that size, and returns its length; for tests.
   recent[n_recent] are the last units; VIEW_GAP is a gap. */
#define VIEW_GAP UINT32_MAX
struct view_state {
    const char *model, *device, *message;
    uint32_t rate_hz;
    const char *const *label; /* as in struct view_options */
    float peak; /* of the last tenth of a second, 1 is full scale */
    bool clipped, colour;
    const uint32_t *recent;
    size_t n_recent;
};
size_t view_text(char *text, size_t size, unsigned columns, unsigned rows,
                 const struct view_state *state, const struct stats *stats);

#endif
