/* SPDX-License-Identifier: MIT */
#include "tools/train/report.h"

#include "tools/base/json_writer.h"
#include "tools/base/output_file.h"

#include <inttypes.h>
#include <stdio.h>

struct outcome outcome_of(const struct lloyd_state *state, const struct totals *totals,
                          enum lloyd_stop stop)
{
    return (struct outcome){.iterations = state->iteration, .n_revived = state->n_revived,
                            .used = totals_used(totals), .stop = stop,
                            .distortion = totals_mean_distance(totals),
                            .perplexity = totals_perplexity(totals)};
}

const char *stop_text(enum lloyd_stop stop)
{
    switch (stop) {
    case LLOYD_CONVERGED: return "converged";
    case LLOYD_ITERATIONS: return "iterations";
    case LLOYD_TIME: return "time";
    }
    return "";
}

void report_iteration(struct schedule *schedule, const char *what, uint32_t codebook,
                      uint32_t iterations, const struct lloyd_state *state,
                      const struct totals *totals)
{
    char text[160], number[16] = "";
    double fraction = iterations > 0 ? (double)state->iteration / iterations : -1;
    /* Must be short: with percent and time it has to fit into 80 columns. */
    if (codebook > 0) snprintf(number, sizeof number, " %" PRIu32, codebook + 1);
    snprintf(text, sizeof text, "%s%s #%" PRIu32 ": distortion %.4g, perplexity %.0f, %" PRIu32
             " used", what, number, state->iteration,
             totals_mean_distance(totals), totals_perplexity(totals), totals_used(totals));
    schedule_update(schedule, fraction, (double)totals->n_frame * (state->iteration + 1), text);
}

void report_summary(struct messages *messages, const struct summary *summary)
{
    const struct collection *collection = summary->collection;
    messages_note(messages, "trained on %" PRIu64 " of %" PRIu64 " frames of %zu utterances",
                  frames_total(collection->frames), collection->n_frame_seen,
                  collection->n_utterance);
    if (summary->n_frame_sample > 0)
        messages_note(messages, "seeded from a sample of %" PRIu64 " frames",
                      summary->n_frame_sample);
    for (uint32_t b = 0; b < summary->n_codebook; b++) {
        const struct outcome *outcome = &summary->outcome[b];
        if (outcome->earlier) continue;
        messages_note(messages, "codebook %" PRIu32 ": distortion %.6g, perplexity %.1f, %" PRIu32
                      " of %" PRIu32 " codes used, %" PRIu32 " revived; stopped after %" PRIu32
                      " iterations: %s", b + 1, outcome->distortion, outcome->perplexity,
                      outcome->used, summary->n_code, outcome->n_revived, outcome->iterations,
                      stop_text(outcome->stop));
    }
    messages_note(messages, "%s: model %s, %s, in %.1f s", summary->output, summary->name,
                  summary->hash, summary->seconds);
}

static void write_outcome(struct json_writer *json, const struct outcome *outcome)
{
    if (outcome->earlier) {
        json_null(json, NULL);
        return;
    }
    json_open(json, NULL, '{');
    json_number(json, "distortion", outcome->distortion);
    json_number(json, "perplexity", outcome->perplexity);
    json_count(json, "used", outcome->used);
    json_count(json, "revived", outcome->n_revived);
    json_count(json, "iterations", outcome->iterations);
    json_text(json, "stop", stop_text(outcome->stop));
    json_close(json, '}');
}

bool train_report_json(const struct summary *summary, struct failure *failure)
{
    const struct collection *collection = summary->collection;
    struct output_file *out;
    if (!output_file_open(&out, "-", failure)) return false;
    struct json_writer json = {.file = output_file_stream(out), .layout = JSON_SPACED};
    json_open(&json, NULL, '{');
    json_text(&json, "output", summary->output);
    json_text(&json, "name", summary->name);
    json_text(&json, "hash", summary->hash);
    json_count(&json, "utterances", collection->n_utterance);
    json_count(&json, "failed", summary->n_failed);
    json_count(&json, "frames_seen", collection->n_frame_seen);
    json_count(&json, "frames", frames_total(collection->frames));
    json_count(&json, "frames_sample", summary->n_frame_sample);
    json_count(&json, "codes", summary->n_code);
    json_open(&json, "codebooks", '[');
    for (uint32_t b = 0; b < summary->n_codebook; b++) write_outcome(&json, &summary->outcome[b]);
    json_close(&json, ']');
    json_number(&json, "seconds", summary->seconds);
    json_close(&json, '}');
    return output_file_commit(out, failure);
}
