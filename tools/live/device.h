/* SPDX-License-Identifier: MIT */
/* Input devices, as PortAudio lists them. Between Pa_Initialize and the end. */
#ifndef VOQ_TOOLS_DEVICE_H
#define VOQ_TOOLS_DEVICE_H

#include "tools/base/failure.h"
#include "tools/live/capture.h"

#include <stdio.h>

/* EXIT_DEVICE where PortAudio cannot start. */
bool device_initialize(struct failure *failure);

/* PortAudio's list of devices is made once; this makes it anew. No stream may be open. */
bool device_list_again(struct failure *failure);

/* All devices with an input: number, name, host API, channels, rates; the default is marked. As a
   table, or as one JSON array. EXIT_DEVICE where there is none. */
bool device_list(bool json, FILE *file, struct failure *failure);

/* What the user calls a device: its number, its name, or a part of the name that no other has (in
   any case); NULL: the default. EXIT_DEVICE where there is none, or none of that name; EXIT_USAGE
   where there are several: with the candidates. */
bool device_find(const char *wanted, PaDeviceIndex *device, struct failure *failure);

const char *device_name(PaDeviceIndex device);

/* Whether it is the same device, perhaps as another card: "Mic: USB (hw:1,0)", "... (hw:2,0)". */
bool device_is_same(const char *name, const char *other);

/* The one of exactly this name, else the same at another place; false: not there now. */
bool device_named(const char *name, PaDeviceIndex *device);

/* Opens and starts it: all its channels, or two of more than eight; at the wanted rate where the
   hardware has it, else at its own. EXIT_DEVICE. */
bool device_open(PaDeviceIndex device, uint32_t wanted_hz, double latency_s,
                 struct capture **capture, struct failure *failure);

#endif
