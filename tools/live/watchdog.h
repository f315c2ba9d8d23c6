/* SPDX-License-Identifier: MIT */
/* The device's keeper: opens it, sees when it gives nothing any more, and opens it anew. Whatever
   may hang in a dead device happens in threads that nobody waits for. */
#ifndef VOQ_TOOLS_WATCHDOG_H
#define VOQ_TOOLS_WATCHDOG_H

#include "tools/cli/messages.h"
#include "tools/live/stats.h"
#include "tools/live/worker.h"

struct watchdog_options {
    const char *device; /* as in device_find */
    uint32_t rate_hz;   /* wanted */
    double latency_s;
    bool once;          /* a device that dies ends the run */
    bool fallback;      /* if it does not come back: the default device */
    struct worker *worker;
    struct messages *messages;
    struct stats *stats;
};

struct watchdog;

/* Begins to open the device. */
bool watchdog_start(struct watchdog **watchdog, const struct watchdog_options *options,
                    struct failure *failure);

/* Call it several times a second. False: there is no device; *failure says why. */
bool watchdog_look(struct watchdog *watchdog, struct failure *failure);

/* The device that is open, "" while there is none; valid until the next look. */
const char *watchdog_device(const struct watchdog *watchdog);

/* Closes the device, if it lets itself be closed within half a second. Nothing is freed that a
   hanging thread may touch: leave the process by _exit. */
void watchdog_end(struct watchdog *watchdog);

#endif
