/* SPDX-License-Identifier: MIT */
/* Options of Kaldi and librosa that are more than one field under another name. */
#ifndef VOQ_TOOL_OPTIONS_H
#define VOQ_TOOL_OPTIONS_H

#include "voq.h"

/* Sets one option; rejects an unknown key. */
voq_status voq_tool_option_set(voq_frontend *f, const char *key, const char *value,
                               voq_error *error);

#endif
