/* SPDX-License-Identifier: MIT */
#include "tools/live/live.h"

#include "tools/cli/model_lookup.h"
#include "tools/cli/option_guard.h"
#include "tools/live/device.h"
#include "tools/live/host_clock.h"
#include "tools/live/interrupt.h"
#include "tools/live/watchdog.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define LOOK_S 0.1  /* between two looks at the device */
#define SOON_S 0.02 /* without a device, so that a new one need not wait */
#define DRAW_S 0.1

/* Everything that a run has open. */
struct live {
    const struct live_options *options;
    struct messages *messages;
    voq_model *model;
    voq_info info;
    const char *const *label; /* [info.n_code]; NULL: labels are not shown */
    struct stats *stats;
    struct record *record;
    struct live_output *output;
    struct view *view;
    struct analysis *analysis;
    struct worker *worker;
    struct watchdog *watchdog;
};

/* ---- opening, from the output back to the device --------------------------------------------- */

static bool guard_files(const struct live *live, const char *model_path, struct failure *failure)
{
    const struct live_options *options = live->options;
    struct option_guard guard = {0};
    bool good = option_guard_writes(&guard, "-", failure) &&
                option_guard_options(&guard, &live_option_table, options, failure) &&
                (!options->record ||
                 option_guard_writes_beside(&guard, options->record, ".gaps", failure)) &&
                option_guard_reads(&guard, model_path, failure) &&
                option_guard_check(&guard, failure);
    option_guard_free(&guard);
    return good;
}

static bool open_model(struct live *live, struct failure *failure)
{
    char path[4096];
    if (!model_open(live->options->model, live->options->cpu, &live->model, path, sizeof path,
                    failure) ||
        !guard_files(live, path, failure))
        return false;
    live->info.struct_size = sizeof live->info;
    if (voq_model_describe(live->model, &live->info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "%s: the model cannot be described", path);
    if (live->info.n_codebook == 0 || live->info.rate_hz == 0)
        return fail(failure, EXIT_USAGE,
                    "%s: does not compute units from audio; choose another model", path);
    if (live->options->labels && !model_labels(live->model, &live->label, failure)) return false;
    if (!live->options->model)
        messages_note(live->messages, "model %s %s", live->info.name, live->info.hash);
    live->stats = calloc(1, sizeof *live->stats);
    if (!live->stats) return fail_memory(failure);
    live->stats->look_ahead_ms = 1e3 * live->info.look_ahead_samples / live->info.rate_hz;
    return true;
}

/* The view uses the whole terminal. With -f, or if standard output goes elsewhere, the terminal is
   left to the program that reads the units. */
static bool wants_view(const struct live *live)
{
    const struct live_options *options = live->options;
    return live->messages->terminal && isatty(STDOUT_FILENO) && !options->format &&
           !options->plain && !options->quiet;
}

static void say_note(void *context, const char *text)
{
    messages_note(context, "%s", text);
}

static bool open_output(struct live *live, bool shown, struct failure *failure)
{
    const struct live_options *options = live->options;
    struct live_output_options how = {.format = options->format ? options->format : "ids",
                                      .name = options->name,
                                      .dedup = options->dedup,
                                      .label = live->label,
                                      .notes = {say_note, live->messages}};
    if (shown) how.format = NULL;
    how.facts.n_code = live->info.n_code;
    how.facts.n_codebook = live->info.n_codebook;
    how.facts.hop_samples = live->info.hop_samples;
    how.facts.rate_hz = live->info.rate_hz;
    for (size_t i = 0; i < sizeof how.facts.model_hash; i++)
        how.facts.model_hash[i] = live->info.hash[i];
    return live_output_open(&live->output, &how, failure);
}

static bool open_view(struct live *live, struct failure *failure)
{
    const struct view_options how = {live->model, live->label, live->options->duration_s};
    return view_open(&live->view, &how, live->messages, failure);
}

static bool open_analysis(struct live *live, struct failure *failure)
{
    double duration_s = live->options->duration_s;
    struct analysis_options how = {.model = live->model,
                                   .channel = live->options->channel,
                                   .gain_db = live->options->gain_db,
                                   .most_samples = UINT64_MAX,
                                   .record = live->record,
                                   .output = live->output,
                                   .view = live->view,
                                   .stats = live->stats};
    if (duration_s > 0) how.most_samples = (uint64_t)(duration_s * live->info.rate_hz + 0.5);
    live->analysis = analysis_new(&how, failure);
    return live->analysis != NULL;
}

static bool open_device(struct live *live, struct failure *failure)
{
    const struct watchdog_options how = {.device = live->options->device,
                                         .rate_hz = live->info.rate_hz,
                                         .latency_s = live->options->latency_ms / 1e3,
                                         .once = live->options->once,
                                         .fallback = live->options->fallback,
                                         .worker = live->worker,
                                         .messages = live->messages,
                                         .stats = live->stats};
    return watchdog_start(&live->watchdog, &how, failure);
}

static bool open_all(struct live *live, struct failure *failure)
{
    const char *record = live->options->record;
    bool shown = wants_view(live);
    if (!live_options_check_labels(live->options, shown, failure) || !open_model(live, failure))
        return false;
    live->stats->began_s = monotonic_s();
    return (!record || record_open(&live->record, record, live->info.rate_hz, failure)) &&
           open_output(live, shown, failure) &&
           (!shown || open_view(live, failure)) &&
           open_analysis(live, failure) &&
           worker_start(&live->worker, live->analysis, live->stats, failure) &&
           open_device(live, failure);
}

/* ---- running --------------------------------------------------------------------------------- */

/* Formats that are written at the end would notice it only then. */
static bool reader_is_gone(void)
{
    struct pollfd stdout_poll = {.fd = STDOUT_FILENO};
    return poll(&stdout_poll, 1, 0) > 0 && (stdout_poll.revents & POLLERR) != 0;
}

static bool is_over(const struct live *live)
{
    return worker_has_ended(live->worker) || live_output_broken(live->output) || reader_is_gone();
}

static bool handle(struct live *live, int signal)
{
    if (signal == SIGCONT && live->view) view_continue(live->view);
    if (signal == SIGTSTP && live->view) view_suspend(live->view);
    if (signal == SIGTSTP && !live->view) interrupt_suspend();
    return signal == 0 || signal == SIGTSTP || signal == SIGCONT;
}

static bool run(struct live *live, struct failure *failure)
{
    double drawn_s = 0;
    while (!is_over(live)) {
        if (!watchdog_look(live->watchdog, failure)) return false;
        live->stats->n_dropped = live_output_dropped(live->output);
        const char *device = watchdog_device(live->watchdog);
        if (live->view && monotonic_s() >= drawn_s + DRAW_S) {
            if (!view_draw(live->view, device, live->stats, failure)) return false;
            drawn_s = monotonic_s();
        }
        if (!handle(live, interrupt_wait(device[0] ? LOOK_S : SOON_S))) break;
    }
    return true;
}

/* ---- closing --------------------------------------------------------------------------------- */

static void summarize(const struct live *live)
{
    char text[256];
    const struct live_options *options = live->options;
    if (options->stats)
        stats_write(live->stats, options->json, live->messages->file);
    else
        messages_note(live->messages, "%s", stats_line(live->stats, text, sizeof text));
    if (live->stats->bad_samples)
        messages_warn(live->messages, "%llu samples were NaN or infinite, read as 0",
                      (unsigned long long)live->stats->bad_samples);
}

/* However the run ended, the audio so far is analysed and written. The first failure counts. */
static bool close_all(struct live *live, bool good, struct failure *failure)
{
    struct failure *first = failure, later;
    interrupt_ends_at_once();
    if (live->worker && !worker_stop(live->worker, good ? first : &later)) good = false;
    if (live->watchdog) watchdog_end(live->watchdog);
    if (live->stats && live->output) live->stats->n_dropped = live_output_dropped(live->output);
    if (live->output && !live_output_close(live->output, good ? first : &later)) good = false;
    if (!record_close(live->record, good ? first : &later)) good = false;
    view_close(live->view);
    analysis_free(live->analysis);
    voq_model_close(live->model);
    return good;
}

static int list_devices(const struct live_options *options, struct messages *messages)
{
    struct failure failure = {0};
    if (!device_initialize(&failure) || !device_list(options->json, stdout, &failure))
        return messages_failure(messages, &failure);
    return messages_flush_stdout(messages);
}

int live_run(const struct live_options *options, struct messages *messages)
{
    struct failure failure = {0};
    struct live live = {.options = options, .messages = messages};
    if (options->list_devices) return list_devices(options, messages);
    interrupt_start();
    bool good = open_all(&live, &failure);
    bool begun = good;
    if (good) good = run(&live, &failure);
    good = close_all(&live, good, &failure);
    if (begun && live.stats->n_device_frame > 0) summarize(&live);
    free(live.stats);
    return good ? EXIT_FINE : messages_failure(messages, &failure);
}
