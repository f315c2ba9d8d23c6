/* SPDX-License-Identifier: MIT */
/* Input devices of PortAudio. All calls but the first need a successful device_initialize. */
#ifndef VOQ_TOOLS_DEVICE_H
#define VOQ_TOOLS_DEVICE_H

#include "tools/base/failure.h"
#include "tools/live/capture.h"

#include <stdio.h>

/* EXIT_DEVICE where PortAudio cannot start. */
bool device_initialize(struct failure *failure);

/* Refreshes the list of devices, which PortAudio makes only once. No stream may be open. */
bool device_list_again(struct failure *failure);

/* Lists all devices with an input: number, name, host API, channels, rates; the default is marked.
   Writes a table or one JSON array. EXIT_DEVICE if there is none. */
bool device_list(bool json, FILE *file, struct failure *failure);

/* Finds a device by its number, its name, or a part of its name that no other name contains,
   ignoring case; NULL: the default. EXIT_DEVICE if there is none; EXIT_USAGE lists the candidates
   if there are several. */
bool device_find(const char *wanted, PaDeviceIndex *device, struct failure *failure);

const char *device_name(PaDeviceIndex device);

/* Whether both names are one device, perhaps as another card: "Mic (hw:1,0)", "Mic (hw:2,0)". */
bool device_is_same(const char *name, const char *other);

/* Finds the device of exactly this name, else the same one as another card; false: not present. */
bool device_named(const char *name, PaDeviceIndex *device);

/* Opens and starts a device: all its channels, or two if there are more than eight; at the wanted
   rate if the hardware supports it, else at its own. EXIT_DEVICE. */
bool device_open(PaDeviceIndex device, uint32_t wanted_hz, double latency_s,
                 struct capture **capture, struct failure *failure);

#endif
