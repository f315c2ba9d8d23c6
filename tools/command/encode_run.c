/* SPDX-License-Identifier: MIT */
/* Workers encode, and the calling thread writes.

     encode_run       makes queue, workers and writer, and ends all of them
     work             a worker: claims the next item and turns it into records (encode_source.h)
     write_all        the writer: item by item, in the order of the inputs
     write_utterance  takes the records of one item: BEGIN opens its part of the output, ROWS and
                      GAP fill it, NOTE and LOSS are printed, FAILURE removes it, END closes it
     close_utterance  counts the item, keeps or drops its part, and notes it in the journal

   A failure with EXIT_INPUT concerns one item, and the run goes on. Any other failure, a signal, or
   --strict ends the run: workers may be waiting for a pipe, so the process leaves without them
   (leave), after the output is in a state that --resume can continue. */
#include "tools/command/encode_run.h"

#include "tools/base/parallel.h"
#include "tools/command/encode_done.h"
#include "tools/command/input_watch.h"
#include "tools/command/encode_manifest.h"
#include "tools/cli/progress.h"
#include "tools/cli/signals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct worker {
    const struct encode_task *task;
    const size_t *todo;
    struct encode_queue *queue;
    struct input_watch *watch; /* NULL without a journal */
    struct encode_source *source;
    size_t number;
    bool has_thread; /* one more, because there are fewer items than jobs */
    pthread_t thread;
};

/* The state of the writer. */
struct writer {
    const struct encode_task *task;
    const size_t *todo; /* [n_todo] items */
    size_t n_todo;
    struct encode_queue *queue;
    struct input_watch *watch;
    struct progress progress;
    bool shows_progress;
    uint32_t told_rate[8]; /* rates whose resampling has been reported */
    size_t n_told;
    size_t n_failed;
    double seconds; /* of audio written */
    /* the current utterance */
    struct encode_begin begin;
    bool begun;  /* it has a part of the output */
    bool failed; /* it has no part of the output, or that part is dropped */
    bool lossy;  /* some of it is missing */
    uint64_t n_row;
    uint64_t n_sample;
    unsigned char record[QUEUE_RECORD_BYTES + 1];
};

static void *work(void *context)
{
    struct worker *worker = context;
    const struct encode_item *item = worker->task->items->item;
    size_t i;
    while (queue_claim(worker->queue, worker->number, &i)) {
        if (worker->watch)
            input_watch_look(worker->watch, i, i > 0 ? item[worker->todo[i - 1]].utterance : NULL,
                             item[worker->todo[i]].utterance);
        if (!encode_source_run(worker->source, &item[worker->todo[i]])) break;
    }
    return NULL;
}

static void stop_queue(void *queue) { queue_stop(queue); }

/* ---- the writer ------------------------------------------------------------------------------ */

static void tell_resampling(struct writer *writer)
{
    uint32_t from = writer->begin.file_rate_hz, to = writer->task->plan->info.rate_hz;
    if (from == 0 || from == to) return;
    for (size_t i = 0; i < writer->n_told; i++)
        if (writer->told_rate[i] == from) return;
    if (writer->n_told == sizeof writer->told_rate / sizeof writer->told_rate[0]) return;
    writer->told_rate[writer->n_told++] = from;
    messages_note(writer->task->messages,
                  "audio at %u Hz is resampled to %u Hz (soxr, high quality)", from, to);
}

static double frames_s(const struct writer *writer, uint64_t n_frame)
{
    const voq_info *info = &writer->task->plan->info;
    return info->rate_hz ? (double)n_frame * (double)info->hop_samples / (double)info->rate_hz : 0;
}

static void show_progress(struct writer *writer, size_t i)
{
    if (!writer->shows_progress) return;
    const struct encode_task *task = writer->task;
    size_t n = task->items->n, n_before = n - writer->n_todo;
    double part = 0, seconds = frames_s(writer, writer->n_row);
    bool alone = writer->n_todo == 1, known = writer->begun && writer->begin.seconds > 0;
    if (known) part = seconds < writer->begin.seconds ? seconds / writer->begin.seconds : 1;
    double fraction = ((double)i + part) / (double)writer->n_todo;
    char detail[64];
    if (alone)
        snprintf(detail, sizeof detail, "%.0f s", seconds);
    else
        snprintf(detail, sizeof detail, "%zu of %zu", n_before + i, n);
    progress_update(&writer->progress, alone && !known ? -1 : fraction, writer->seconds + seconds,
                    detail);
}

/* An input that fails is reported and has no part of the output. False: the run ends. */
static bool fail_utterance(struct writer *writer, enum exit_code code, const char *text,
                           struct failure *failure)
{
    if (code != EXIT_INPUT) return fail(failure, code, "%s", text);
    messages_error(writer->task->messages, "%s", text);
    writer->failed = true;
    return true;
}

static bool check(struct writer *writer, bool good, struct failure *failure)
{
    if (good || failure->code != EXIT_INPUT) return good;
    struct failure own = *failure;
    return fail_utterance(writer, own.code, own.text, failure);
}

static bool take_begin(struct writer *writer, size_t i, struct failure *failure)
{
    memcpy(&writer->begin, writer->record, sizeof writer->begin);
    tell_resampling(writer);
    const struct encode_item *item = &writer->task->items->item[writer->todo[i]];
    writer->begun = encode_sink_begin(writer->task->sink, item->name, failure);
    bool is_file = !item->utterance->is_command && strcmp(item->utterance->path, "-") != 0;
    if (!writer->begun && failure->code == EXIT_INPUT && is_file) {
        struct failure own = *failure;
        fail(failure, EXIT_INPUT, "%s: %s", utterance_label(item->utterance), own.text);
    }
    return check(writer, writer->begun, failure);
}

static bool take_rows(struct writer *writer, size_t n_byte, struct failure *failure)
{
    size_t n = n_byte / (writer->task->plan->width * sizeof(uint32_t));
    writer->n_row += n;
    if (writer->failed) return true;
    return check(writer, encode_sink_rows(writer->task->sink, writer->record, n, failure), failure);
}

static bool take_gap(struct writer *writer, struct failure *failure)
{
    struct encode_gap gap;
    memcpy(&gap, writer->record, sizeof gap);
    writer->n_row += gap.n_frame;
    if (writer->failed) return true;
    return check(writer, encode_sink_gap(writer->task->sink, &gap, failure), failure);
}

static void take_loss(struct writer *writer)
{
    writer->lossy = true;
    messages_error(writer->task->messages, "%s", (char *)writer->record);
}

static bool take_failure(struct writer *writer, struct failure *failure)
{
    uint32_t code;
    memcpy(&code, writer->record, sizeof code);
    const char *text = (char *)writer->record + sizeof code;
    return fail_utterance(writer, (enum exit_code)code, text, failure);
}

static bool take_record(struct writer *writer, size_t i, uint32_t kind, size_t n_byte,
                        struct failure *failure)
{
    writer->record[n_byte] = 0;
    switch ((enum encode_record)kind) {
    case RECORD_BEGIN: return take_begin(writer, i, failure);
    case RECORD_ROWS: return take_rows(writer, n_byte, failure);
    case RECORD_GAP: return take_gap(writer, failure);
    case RECORD_NOTE: messages_warn(writer->task->messages, "%s", (char *)writer->record); break;
    case RECORD_LOSS: take_loss(writer); break;
    case RECORD_FAILURE: return take_failure(writer, failure);
    case RECORD_EXPECTED:
        if (writer->task->options->strict)
            take_loss(writer);
        else
            messages_warn(writer->task->messages, "%s", (char *)writer->record);
        break;
    case RECORD_END: memcpy(&writer->n_sample, writer->record, sizeof writer->n_sample); break;
    }
    return true;
}

static bool end_utterance(struct writer *writer, size_t i, struct failure *failure)
{
    const struct encode_task *task = writer->task;
    const struct encode_manifest *manifest = task->plan->manifest;
    if (!manifest) return encode_sink_end(task->sink, failure);
    char *path = encode_manifest_path(manifest, task->items->item[i].utterance);
    if (path) encode_sink_file(task->sink, path, writer->n_sample);
    bool good = path ? encode_sink_end(task->sink, failure) : fail_memory(failure);
    free(path);
    return good;
}

/* After the last record: keeps or drops the utterance's part of the output. */
static bool close_utterance(struct writer *writer, size_t i, struct failure *failure)
{
    const struct encode_task *task = writer->task;
    if (writer->begun && writer->failed) {
        if (!encode_sink_drop(task->sink, failure)) return false;
    } else if (writer->begun) {
        if (!check(writer, end_utterance(writer, i, failure), failure)) return false;
    }
    bool incomplete = writer->failed || writer->lossy;
    writer->n_failed += incomplete;
    if (incomplete && task->options->strict)
        return fail(failure, EXIT_INPUT, "stopped by --strict");
    if (writer->failed && encode_sink_needs_all(task->sink))
        return fail(failure, EXIT_INPUT,
                    "stopped, because in this format the position of a line identifies its "
                    "utterance; remove the input or choose another format");
    writer->seconds += frames_s(writer, writer->n_row);
    struct input_state input = {0};
    if (writer->watch)
        input = input_watch_state(writer->watch, i,
                                  task->items->item[writer->todo[i]].utterance);
    return encode_sink_done(task->sink, writer->todo[i], incomplete, &input, failure);
}

static bool write_utterance(struct writer *writer, size_t i, struct failure *failure)
{
    uint32_t kind;
    size_t n_byte;
    writer->begun = writer->failed = writer->lossy = false;
    writer->n_row = 0;
    do {
        if (!queue_take(writer->queue, i, &kind, writer->record, &n_byte))
            return fail(failure, EXIT_FINE, "%s", "");
        if (!take_record(writer, i, kind, n_byte, failure)) return false;
        show_progress(writer, i);
    } while (kind != RECORD_END);
    return close_utterance(writer, i, failure);
}

static bool write_all(struct writer *writer, struct failure *failure)
{
    for (size_t i = 0; i < writer->n_todo; i++)
        if (!write_utterance(writer, i, failure)) return false;
    return true;
}

/* ---- the run --------------------------------------------------------------------------------- */

static bool start_workers(struct worker *worker, size_t n, size_t *n_started)
{
    for (*n_started = 0; *n_started < n; ++*n_started) {
        struct worker *w = &worker[*n_started];
        w->source = encode_source_new(w->task->plan, w->queue, w->number, w->has_thread);
        if (!w->source) return false;
        if (pthread_create(&w->thread, NULL, work, w) != 0) {
            encode_source_free(w->source);
            return false;
        }
    }
    return true;
}

static void join_workers(struct worker *worker, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        pthread_join(worker[i].thread, NULL);
        encode_source_free(worker[i].source);
    }
}

/* A worker may be waiting for a pipe that never delivers, so the workers cannot be joined. */
static void detach_workers(struct worker *worker, size_t n)
{
    for (size_t i = 0; i < n; i++) pthread_detach(worker[i].thread);
}

/* Ends the process before the run is complete. */
_Noreturn static void leave(const struct encode_task *task, int code)
{
    messages_status(task->messages, NULL);
    if (encode_sink_leave(task->sink))
        messages_note(task->messages,
                      "finished utterances are kept; continue with the same command and --resume");
    fflush(stdout);
    _exit(code);
}

/* Call after everything is written and the workers have ended. */
static int conclude(struct writer *writer)
{
    const struct encode_task *task = writer->task;
    struct failure failure;
    char detail[64];
    snprintf(detail, sizeof detail, "%zu utterance%s", task->items->n,
             task->items->n == 1 ? "" : "s");
    progress_finish(&writer->progress, writer->seconds, detail);
    if (!encode_sink_commit(task->sink, &failure))
        return messages_failure(task->messages, &failure);
    if (!encode_done_write(task->options, task->plan, task->items, writer->n_failed, &failure))
        return messages_failure(task->messages, &failure);
    if (writer->n_failed == 0) return EXIT_FINE;
    if (task->items->n > 1)
        messages_error(task->messages, "%zu of %zu inputs failed", writer->n_failed,
                       task->items->n);
    return EXIT_INPUT;
}

int encode_run(const struct encode_task *task)
{
    struct failure failure = {0};
    struct signals signals;
    size_t n_todo, n_started = 0;
    const size_t *todo = encode_sink_todo(task->sink, &n_todo);
    size_t n_job = parallel_jobs(task->options->jobs), n_worker = n_job < n_todo ? n_job : n_todo;
    bool watches = encode_sink_keeps_journal(task->sink);
    struct worker *worker = calloc(n_worker + 1, sizeof *worker);
    struct writer *writer = calloc(1, sizeof *writer);
    struct encode_queue *queue = queue_new(n_worker, n_todo);
    struct input_watch *watch = watches ? input_watch_new(n_todo) : NULL;
    if (!worker || !writer || !queue || (watches && !watch) ||
        !signals_start(&signals, stop_queue, queue)) {
        fail_memory(&failure);
        leave(task, messages_failure(task->messages, &failure));
    }
    *writer = (struct writer){.task = task, .todo = todo, .n_todo = n_todo, .queue = queue,
                              .watch = watch, .n_failed = encode_sink_n_failed(task->sink)};
    writer->shows_progress = !(strcmp(task->options->output, "-") == 0 && isatty(STDOUT_FILENO));
    for (size_t i = 0; i < n_worker; i++)
        worker[i] = (struct worker){.task = task, .todo = todo, .queue = queue, .watch = watch,
                                    .number = i, .has_thread = n_worker + i < n_job};
    progress_start(&writer->progress, task->messages, "x real time");
    bool good = start_workers(worker, n_worker, &n_started) ? write_all(writer, &failure)
                                                            : fail_memory(&failure);
    if (signals.number || !good) detach_workers(worker, n_started);
    if (signals.number) leave(task, 128 + signals.number);
    if (!good) leave(task, messages_failure(task->messages, &failure));
    join_workers(worker, n_started);
    signals_stop(&signals);
    int code = conclude(writer);
    queue_free(queue);
    input_watch_free(watch);
    free(writer);
    free(worker);
    return code;
}
