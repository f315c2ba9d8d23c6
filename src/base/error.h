/* SPDX-License-Identifier: MIT */
#ifndef VOQ_ERROR_H
#define VOQ_ERROR_H

#include "voq.h"

#include <stdbool.h>

/* Whether there is an error that can be filled. */
bool voq_is_asked(const voq_error *error);

/* Fills *error, if there is one, and returns status, so that callers can `return voq_refuse(...)`.
 */
voq_status voq_refuse(voq_error *error, voq_status status, uint64_t offset, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 4, 5)))
#endif
    ;

#endif
