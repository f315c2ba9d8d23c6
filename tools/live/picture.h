/* SPDX-License-Identifier: MIT */
/* What the view of `voq live` shows: the history, and below it as much as the height has room for:
   a message, the model and device, the parts of the delay, the level, and always one line with the
   time, what ends the run, and losses. */
#ifndef VOQ_TOOLS_PICTURE_H
#define VOQ_TOOLS_PICTURE_H

#include "tools/live/history.h"
#include "tools/live/screen.h"
#include "tools/live/stats.h"

struct picture {
    const char *model, *device, *message; /* device "": none at the moment */
    uint32_t rate_hz;
    double duration_s; /* after which the run ends; 0: never */
    float peak; /* of the last tenth of a second, 1 is full scale */
    bool clipped;
};

/* terminal: as in history_draw. */
void picture_draw(struct screen *screen, const struct picture *picture, struct history *history,
                  const struct stats *stats, FILE *terminal);

#endif
