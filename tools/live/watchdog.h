/* SPDX-License-Identifier: MIT */
/* Opens the device, notices when it stops delivering, and reopens it. Calls that may hang in a dead
   device run in threads that nobody waits for. */
#ifndef VOQ_TOOLS_WATCHDOG_H
#define VOQ_TOOLS_WATCHDOG_H

#include "tools/cli/messages.h"
#include "tools/live/stats.h"
#include "tools/live/worker.h"

struct watchdog_options {
    const char *device; /* as in device_find */
    uint32_t rate_hz;   /* wanted */
    double latency_s;
    bool once;          /* the run ends if the device fails */
    bool fallback;      /* use the default device if it does not come back */
    struct worker *worker;
    struct messages *messages;
    struct stats *stats;
};

struct watchdog;

/* Starts to open the device. */
bool watchdog_start(struct watchdog **watchdog, const struct watchdog_options *options,
                    struct failure *failure);

/* Call it several times per second. False: there is no device; *failure says why. */
bool watchdog_look(struct watchdog *watchdog, struct failure *failure);

/* The name of the open device, "" while there is none; valid until the next look. */
const char *watchdog_device(const struct watchdog *watchdog);

/* Closes the device, waiting at most half a second. Memory that a hanging thread may use is not
   freed: leave the process by _exit. */
void watchdog_end(struct watchdog *watchdog);

#endif
