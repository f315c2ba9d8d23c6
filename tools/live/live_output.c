/* SPDX-License-Identifier: MIT */
#include "tools/live/live_output.h"

#include "tools/formats/unit_writer.h"
#include "tools/live/host_clock.h"
#include "tools/live/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MOST_WAITING = 4096, /* records; 40 s of units */
    KEPT_FOR_GAPS = 64,  /* records reserved for gaps */
    MOST_AT_ONCE = 8     /* records that fit into 4096 bytes of a pipe */
};

struct record_head {
    uint64_t n_frame; /* of a gap; 0 for a unit, whose ids follow */
    uint64_t lost;
    double decided_s;
    char why[12]; /* "": a unit */
};

struct live_output {
    struct ring ring; /* a struct record_head and ids */
    sem_t arrived;
    pthread_t thread;
    pthread_mutex_t writing; /* held while writing */
    bool is_file, is_pipe;   /* of standard output; is_pipe only if is_live */
    bool is_live;            /* records are written at once */
    _Atomic bool closed, broken;
    _Atomic uint64_t n_dropped;

    /* Used only by the thread that queues. */
    unsigned char *giving;
    uint64_t missing; /* dropped frames that are not yet queued as a gap */

    /* Used only with `writing` held. */
    unsigned char *taking;
    size_t n_codebook;
    struct unit_writer *writer; /* NULL: one of LIVE_FORMATS */
    bool silent, runs;
    uint32_t *run; /* [n_codebook] of the current run */
    uint64_t run_frames;
    struct failure failure;
};

/* ---- writing --------------------------------------------------------------------------------- */

static bool fail_stdout(struct live_output *output)
{
    if (errno == EPIPE) return fail(&output->failure, EXIT_FINE, "%s", "");
    return fail(&output->failure, EXIT_OUTPUT, "standard output: %s", strerror(errno));
}

static bool end_line(struct live_output *output)
{
    return fputc('\n', stdout) != EOF || fail_stdout(output);
}

static bool flush(struct live_output *output)
{
    if (!output->is_live) return true;
    if (output->writer) return unit_writer_flush(output->writer, &output->failure);
    return fflush(stdout) == 0 || fail_stdout(output);
}

static bool write_ids(struct live_output *output, const uint32_t *id)
{
    for (size_t i = 0; i < output->n_codebook; i++)
        fprintf(stdout, "%s%" PRIu32, i ? " " : "", id[i]);
    if (output->runs) fprintf(stdout, " %" PRIu64, output->run_frames);
    return end_line(output);
}

static bool end_run(struct live_output *output)
{
    bool good = output->run_frames == 0 || write_ids(output, output->run);
    output->run_frames = 0;
    return good;
}

static bool add_to_run(struct live_output *output, const uint32_t *id)
{
    size_t size = output->n_codebook * sizeof *id;
    if (output->run_frames > 0 && memcmp(output->run, id, size) != 0 && !end_run(output))
        return false;
    memcpy(output->run, id, size);
    output->run_frames++;
    return true;
}

static bool write_unit(struct live_output *output, const uint32_t *id, double decided_s)
{
    if (output->silent) return true;
    if (output->writer) {
        unit_writer_wall_clock(output->writer, decided_s);
        return unit_writer_units(output->writer, id, 1, &output->failure);
    }
    return output->runs ? add_to_run(output, id) : write_ids(output, id);
}

static bool write_gap(struct live_output *output, const struct record_head *head)
{
    if (output->silent) return true;
    if (output->writer) {
        unit_writer_wall_clock(output->writer, head->decided_s);
        return unit_writer_gap(output->writer, head->n_frame, head->lost, head->why,
                               &output->failure);
    }
    return end_run(output) && end_line(output);
}

static bool write_end(struct live_output *output)
{
    if (!output->writer) return end_run(output);
    bool good = unit_writer_end(output->writer, &output->failure);
    if (good)
        good = unit_writer_commit(output->writer, &output->failure);
    else
        unit_writer_abandon(output->writer, false);
    output->writer = NULL;
    return good;
}

static bool write_record(struct live_output *output)
{
    struct record_head head;
    ring_peek(&output->ring, 0, output->taking, 1);
    ring_forget(&output->ring, 1);
    memcpy(&head, output->taking, sizeof head);
    if (head.why[0]) return write_gap(output, &head);
    memcpy(output->taking, output->taking + sizeof head, output->n_codebook * sizeof(uint32_t));
    return write_unit(output, (const uint32_t *)(void *)output->taking, head.decided_s);
}

/* Whether a record can be written without waiting. A writable pipe accepts at least 4096 bytes. */
static bool is_ready(const struct live_output *output)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    if (!output->is_pipe) return output->is_file;
    return poll(&out, 1, 0) > 0 && out.revents == POLLOUT;
}

static void write_waiting(struct live_output *output, bool may_wait)
{
    while (!output->broken && ring_filled(&output->ring) > 0 && (may_wait || is_ready(output))) {
        bool good = true;
        for (int i = 0; good && i < MOST_AT_ONCE && ring_filled(&output->ring) > 0; i++)
            good = write_record(output);
        if (!good || !flush(output)) output->broken = true;
    }
}

static void *write_all(void *context)
{
    struct live_output *output = context;
    bool closed = false;
    while (!closed && !output->broken) {
        sem_wait(&output->arrived);
        closed = output->closed;
        pthread_mutex_lock(&output->writing);
        write_waiting(output, true);
        pthread_mutex_unlock(&output->writing);
    }
    if (!output->broken && !write_end(output)) output->broken = true;
    return NULL;
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool open_writer(struct live_output *output, const struct live_output_options *options,
                        struct failure *failure)
{
    const struct unit_format *format;
    output->silent = !options->format;
    output->is_live = true;
    if (output->silent) return true;
    output->runs = strcmp(options->format, "runs") == 0;
    if (output->runs || strcmp(options->format, "ids") == 0) return true;
    if (!unit_format_find(options->format, &format, failure)) return false;
    output->is_live = (format->traits & FORMAT_LIVE) != 0;
    const struct unit_writer_options how = {.format = format,
                                            .path = "-",
                                            .one_input = true,
                                            .facts = options->facts,
                                            .dedup = options->dedup,
                                            .label = options->label,
                                            .notes = options->notes};
    return unit_writer_open(&output->writer, &how, failure) &&
           unit_writer_begin(output->writer, options->name, failure);
}

static void live_output_free(struct live_output *output)
{
    unit_writer_abandon(output->writer, false);
    ring_free(&output->ring);
    sem_destroy(&output->arrived);
    pthread_mutex_destroy(&output->writing);
    free(output->giving);
    free(output->taking);
    free(output->run);
    free(output);
}

/* On a non-blocking standard output, as inherited from some parents, a full pipe is an error. */
static void make_blocking(void)
{
    int flags = fcntl(STDOUT_FILENO, F_GETFL);
    if (flags >= 0 && (flags & O_NONBLOCK)) fcntl(STDOUT_FILENO, F_SETFL, flags & ~O_NONBLOCK);
}

static void look_at_stdout(struct live_output *output)
{
    struct stat status;
    if (fstat(STDOUT_FILENO, &status) != 0) return;
    output->is_file = S_ISREG(status.st_mode);
    output->is_pipe = S_ISFIFO(status.st_mode) && output->is_live;
}

bool live_output_open(struct live_output **out, const struct live_output_options *options,
                      struct failure *failure)
{
    struct live_output *output = calloc(1, sizeof *output);
    if (!output) return fail_memory(failure);
    size_t n = options->facts.n_codebook;
    size_t size = sizeof(struct record_head) + n * sizeof(uint32_t);
    output->n_codebook = n;
    output->giving = calloc(1, size);
    output->taking = calloc(1, size);
    output->run = calloc(n, sizeof(uint32_t));
    sem_init(&output->arrived, 0, 0);
    pthread_mutex_init(&output->writing, NULL);
    make_blocking();
    bool good = ring_make(&output->ring, MOST_WAITING, size) && output->giving && output->taking &&
                output->run;
    if (!good) fail_memory(failure);
    good = good && open_writer(output, options, failure);
    look_at_stdout(output);
    if (good && pthread_create(&output->thread, NULL, write_all, output) != 0)
        good = fail(failure, EXIT_INTERNAL, "no thread for the output");
    if (good)
        *out = output;
    else
        live_output_free(output);
    return good;
}

/* ---- queueing -------------------------------------------------------------------------------- */

static void give(struct live_output *output, const struct record_head *head, const uint32_t *id)
{
    memcpy(output->giving, head, sizeof *head);
    if (id) memcpy(output->giving + sizeof *head, id, output->n_codebook * sizeof *id);
    ring_write(&output->ring, output->giving, 1);
}

/* Dropped frames are queued as a gap before the next record. */
static void give_missing(struct live_output *output, double decided_s)
{
    struct record_head head = {.n_frame = output->missing, .decided_s = decided_s, .why = "output"};
    if (output->missing > 0) give(output, &head, NULL);
    output->missing = 0;
}

void live_output_unit(struct live_output *output, const uint32_t *id, double decided_s)
{
    const struct record_head head = {.decided_s = decided_s};
    if (ring_space(&output->ring) <= KEPT_FOR_GAPS) {
        output->missing++;
        output->n_dropped++;
        return;
    }
    give_missing(output, decided_s);
    give(output, &head, id);
}

void live_output_gap(struct live_output *output, uint64_t n_frame, uint64_t lost, const char *why,
                     double decided_s)
{
    struct record_head head = {.n_frame = n_frame, .lost = lost, .decided_s = decided_s};
    snprintf(head.why, sizeof head.why, "%s", why);
    if (ring_space(&output->ring) < 2) {
        output->missing += n_frame;
        return;
    }
    give_missing(output, decided_s);
    give(output, &head, NULL);
}

/* Waking the thread costs more than writing, so it is woken only if writing would wait. */
void live_output_flush(struct live_output *output)
{
    if (ring_filled(&output->ring) == 0) return;
    if (is_ready(output) && pthread_mutex_trylock(&output->writing) == 0) {
        write_waiting(output, false);
        pthread_mutex_unlock(&output->writing);
        if (!output->broken && ring_filled(&output->ring) == 0) return;
    }
    sem_post(&output->arrived);
}

uint64_t live_output_dropped(const struct live_output *output)
{
    return output->n_dropped;
}

bool live_output_broken(const struct live_output *output)
{
    return output->broken;
}

bool live_output_close(struct live_output *output, struct failure *failure)
{
    const struct timespec moment = {.tv_nsec = 10000000};
    sem_post(&output->arrived);
    while (output->missing > 0 && !output->broken) {
        if (ring_space(&output->ring) > 0)
            give_missing(output, wall_s());
        else
            nanosleep(&moment, NULL);
    }
    output->closed = true;
    sem_post(&output->arrived);
    pthread_join(output->thread, NULL);
    bool good = !output->broken || output->failure.code == EXIT_FINE;
    if (!good) *failure = output->failure;
    live_output_free(output);
    return good;
}
