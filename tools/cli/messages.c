/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* fopencookie: a stream that discards its output and has no descriptor */
#include "tools/cli/messages.h"

#include "tools/base/utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void messages_init(struct messages *messages, FILE *file)
{
    const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
    *messages = (struct messages){.file = file};
    pthread_mutex_init(&messages->lock, NULL);
    messages->terminal = isatty(fileno(file)) && term && term[0] && strcmp(term, "dumb") != 0;
    messages->colour = messages->terminal && !(no_colour && no_colour[0]);
}

/* NULL: not possible. */
static FILE *nowhere(void)
{
    return fopencookie(NULL, "w", (cookie_io_functions_t){0});
}

void messages_silence(struct messages *messages)
{
    FILE *file = nowhere();
    if (file) messages->file = file;
    messages->terminal = messages->colour = false;
}

void messages_only(void)
{
#ifdef __GLIBC__ /* where stderr is a variable */
    FILE *file = nowhere();
    if (file) stderr = file;
#endif
}

unsigned messages_columns(const struct messages *messages)
{
    struct winsize size;
    if (ioctl(fileno(messages->file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

static void erase_status(struct messages *messages)
{
    if (messages->status_shown) fputs("\r\033[K", messages->file);
    messages->status_shown = false;
}

/* Each line is one write, so that lines of several processes do not mix. File names may contain
   newlines or escape sequences, which must not reach the terminal. */
static void say(struct messages *messages, const char *kind, const char *format, va_list list)
{
    char text[1280];
    vsnprintf(text, sizeof text, format, list);
    utf8_make_harmless(text);
    pthread_mutex_lock(&messages->lock);
    erase_status(messages);
    fprintf(messages->file, "voq: %s%s\n", kind, text);
    fflush(messages->file);
    pthread_mutex_unlock(&messages->lock);
}

void messages_note(struct messages *messages, const char *format, ...)
{
    if (messages->quiet) return;
    va_list list;
    va_start(list, format);
    say(messages, "", format, list);
    va_end(list);
}

void messages_warn(struct messages *messages, const char *format, ...)
{
    if (messages->quiet) return;
    va_list list;
    va_start(list, format);
    say(messages, "warning: ", format, list);
    va_end(list);
}

void messages_not_finite(struct messages *messages, const char *input, uint64_t n)
{
    messages_warn(messages, "%s: %" PRIu64 " samples are NaN or infinite, read as 0", input, n);
}

void messages_error(struct messages *messages, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    say(messages, "", format, list);
    va_end(list);
}

int messages_failure(struct messages *messages, const struct failure *failure)
{
    if (failure->text[0]) messages_error(messages, "%s", failure->text);
    return (int)failure->code;
}

int messages_flush_stdout(struct messages *messages)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout)) return EXIT_FINE;
    if (errno == EPIPE) return EXIT_FINE;
    messages_error(messages, "stdout: cannot be written: %s", strerror(errno ? errno : EIO));
    return EXIT_OUTPUT;
}

void messages_status(struct messages *messages, const char *text)
{
    if (!messages->terminal || messages->quiet) return;
    pthread_mutex_lock(&messages->lock);
    erase_status(messages);
    if (text) {
        /* A line as wide as the window would wrap when the window shrinks by one. */
        unsigned columns = messages_columns(messages);
        fprintf(messages->file, "%.*s", columns > 1 ? (int)columns - 1 : 0, text);
        messages->status_shown = true;
    }
    fflush(messages->file);
    pthread_mutex_unlock(&messages->lock);
}
