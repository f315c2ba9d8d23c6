/* SPDX-License-Identifier: MIT */
/* How a part of the tools reports what went wrong: an exit code and one sentence. Only the command
   itself prints it (tools/cli/messages.h). */
#ifndef VOQ_TOOLS_FAILURE_H
#define VOQ_TOOLS_FAILURE_H

#include <stdarg.h>
#include <stdbool.h>

/* Exit codes of every command; documented in the man pages. */
enum exit_code {
    EXIT_FINE = 0,     /* also: the reader of stdout closed it */
    EXIT_INTERNAL = 1, /* a defect of voq, or no memory */
    EXIT_USAGE = 2,    /* wrong usage or unusable model */
    EXIT_INPUT = 3,    /* some or all inputs failed */
    EXIT_DEVICE = 4,   /* no audio device */
    EXIT_OUTPUT = 5    /* output failed: disk full, read-only */
};

struct failure {
    enum exit_code code;
    char text[1024]; /* "FILE:LINE: what is wrong; what to do", without "voq: " and newline */
};

/* Fills *failure and returns false. A text that is too long is shortened in its middle. */
bool failure_say(struct failure *failure, enum exit_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void failure_set(struct failure *failure, enum exit_code code, const char *format, va_list values)
    __attribute__((format(printf, 3, 0)));

/* The same for callers that `return fail(...)`: the compiler sees that the result is false and does
   not warn about outputs that are left unset on failure. */
#define fail(...) failure_is(failure_say(__VA_ARGS__))

static inline bool failure_is(bool said)
{
    (void)said;
    return false;
}

/* EXIT_INTERNAL, "no memory left". */
static inline bool fail_memory(struct failure *failure)
{
    return fail(failure, EXIT_INTERNAL, "no memory left");
}

#endif
