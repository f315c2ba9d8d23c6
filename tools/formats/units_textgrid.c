/* SPDX-License-Identifier: MIT */
#include "tools/base/number.h"
#include "tools/formats/textgrid_reader.h"
#include "tools/formats/unit_label.h"
#include "tools/formats/unit_writer_ops.h"

#include <stdlib.h>
#include <string.h>

/* Praat's TextGrid: one tier of intervals per codebook. The header of a tier states how many there
   are, so the intervals wait in temporary files. */

struct open_tier {
    struct sink *intervals;
    bool has_labels;
    uint64_t n_interval;
    uint64_t first, n; /* the interval that may still grow; n 0: none */
    uint32_t id;
};

struct state {
    struct open_tier *tier; /* [n_codebook] */
};

static bool open_tiers(struct unit_writer *w, struct failure *failure)
{
    struct state *state = w->state;
    state->tier = calloc(w->options.facts.n_codebook, sizeof *state->tier);
    if (!state->tier) return fail_memory(failure);
    for (uint32_t c = 0; c < w->options.facts.n_codebook; c++)
        if (!sink_open_temporary(&state->tier[c].intervals, failure)) return false;
    state->tier[0].has_labels = true; /* labels are those of the first codebook */
    return true;
}

static void close_tiers(struct unit_writer *w)
{
    struct state *state = w->state;
    for (uint32_t c = 0; state->tier && c < w->options.facts.n_codebook; c++)
        sink_abandon(state->tier[c].intervals, false);
    free(state->tier);
}

static bool begin(struct unit_writer *w, struct failure *failure)
{
    (void)failure;
    struct state *state = w->state;
    for (uint32_t c = 0; c < w->options.facts.n_codebook; c++) {
        sink_cut(state->tier[c].intervals, 0);
        state->tier[c].n_interval = state->tier[c].n = 0;
    }
    return true;
}

static void put_time(const struct unit_writer *w, struct sink *sink, uint64_t frame)
{
    const struct unit_facts *facts = &w->options.facts;
    char text[32];
    size_t n =
        format_microseconds(text, frame_microseconds(frame, facts->hop_samples, facts->rate_hz));
    while (text[n - 1] == '0') n--;
    if (text[n - 1] == '.') n--;
    sink_write(sink, text, n);
}

static void put_bounds(const struct unit_writer *w, struct sink *sink, const char *indent,
                       uint64_t first, uint64_t end)
{
    sink_text(sink, indent);
    sink_text(sink, "xmin = ");
    put_time(w, sink, first);
    sink_text(sink, "\n");
    sink_text(sink, indent);
    sink_text(sink, "xmax = ");
    put_time(w, sink, end);
    sink_text(sink, "\n");
}

static void put_interval(struct unit_writer *w, struct open_tier *tier, const uint32_t *id)
{
    static const char indent[] = "            ";
    if (tier->n == 0) return;
    struct sink *sink = tier->intervals;
    sink_text(sink, "        intervals [");
    sink_decimal(sink, ++tier->n_interval);
    sink_text(sink, "]:\n");
    put_bounds(w, sink, indent, tier->first, tier->first + tier->n);
    sink_text(sink, indent);
    sink_text(sink, "text = \"");
    const char *label = id && tier->has_labels ? unit_writer_label(w, *id) : NULL;
    if (id) unit_label_write(sink, *id, label, '"', "\"\"");
    sink_text(sink, "\"\n");
    tier->n = 0;
}

static void record(struct unit_writer *w, const struct unit_record *r)
{
    struct state *state = w->state;
    for (uint32_t c = 0; c < w->options.facts.n_codebook; c++) {
        struct open_tier *tier = &state->tier[c];
        if (tier->n > 0 && tier->id == r->id[c]) {
            tier->n += r->n;
            continue;
        }
        put_interval(w, tier, &tier->id);
        tier->first = r->first;
        tier->n = r->n;
        tier->id = r->id[c];
    }
}

static void gap(struct unit_writer *w, uint64_t n_frame, uint64_t lost, const char *why)
{
    (void)lost, (void)why;
    struct state *state = w->state;
    for (uint32_t c = 0; c < w->options.facts.n_codebook; c++) {
        struct open_tier *tier = &state->tier[c];
        put_interval(w, tier, &tier->id);
        tier->first = w->frame;
        tier->n = n_frame;
        put_interval(w, tier, NULL);
    }
}

static bool end(struct unit_writer *w, struct failure *failure)
{
    struct state *state = w->state;
    struct sink *sink = w->out.sink[0];
    uint32_t n_codebook = w->options.facts.n_codebook;
    if (w->frame == 0)
        return fail(failure, EXIT_INPUT, "%s: no units; a TextGrid cannot be empty", w->out.name);
    sink_text(sink, "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n");
    put_bounds(w, sink, "", 0, w->frame);
    sink_text(sink, "tiers? <exists>\nsize = ");
    sink_decimal(sink, n_codebook);
    sink_text(sink, "\nitem []:\n");
    for (uint32_t c = 0; c < n_codebook; c++) {
        struct open_tier *tier = &state->tier[c];
        put_interval(w, tier, &tier->id);
        sink_text(sink, "    item [");
        sink_decimal(sink, c + 1);
        sink_text(sink, "]:\n        class = \"IntervalTier\"\n        name = \"units");
        if (n_codebook > 1) sink_decimal(sink, c + 1);
        sink_text(sink, "\"\n");
        put_bounds(w, sink, "        ", 0, w->frame);
        sink_text(sink, "        intervals: size = ");
        sink_decimal(sink, tier->n_interval);
        sink_text(sink, "\n");
        sink_copy(tier->intervals, sink);
    }
    return true;
}

static const struct unit_writer_ops writer = {.options = WRITER_LABELS,
                                              .state_size = sizeof(struct state),
                                              .open = open_tiers,
                                              .begin = begin,
                                              .record = record,
                                              .gap = gap,
                                              .end = end,
                                              .close = close_tiers};

const struct unit_format unit_format_textgrid = {
    .name = "textgrid",
    .suffix = {".TextGrid"},
    .about = "Praat, a tier of intervals, a file per utterance",
    .traits = FORMAT_TEXT | FORMAT_NAMES | FORMAT_DURATIONS | FORMAT_TIMES | FORMAT_GAPS |
              FORMAT_CODEBOOKS | FORMAT_FILE_EACH | FORMAT_RUNS,
    .name_rule = NAME_FILE,
    .writer = &writer,
    .reader = &textgrid_unit_reader,
};
