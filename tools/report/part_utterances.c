/* SPDX-License-Identifier: MIT */
#include "tools/base/growing.h"
#include "tools/corpus/corpus.h"
#include "tools/report/html.h"
#include "tools/report/page_parts.h"
#include "tools/report/stretch.h"
#include "tools/report/wave_address.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STRETCH_SECONDS = 4, STRETCH_VECTORS = 400 };

/* An utterance that is being drawn. */
struct shown {
    FILE *file;
    const struct page_input *input;
    const struct unit_views *views;
    const struct utterance *utterance;
    const voq_model *front; /* of the spectrogram */
    bool has_audio;         /* false: vectors */
    struct samples samples;
    struct spectrogram spectrogram;
    const struct unit_utterance **units; /* [n_model] */
};

static double length_of(const struct shown *shown)
{
    double longest = 0;
    for (size_t m = 0; m < shown->views->n; m++) {
        const struct unit_set *units = shown->views->unit[m].evaluation->units;
        double frame = unit_set_has_time(units) ? (double)units->hop_samples / units->rate_hz
                                                : (double)(units->stride ? units->stride : 1);
        longest = fmax(longest, (double)shown->units[m]->n_frame * frame);
    }
    return longest;
}

static const struct aligned_utterance *labels_of(const struct shown *shown,
                                                 const struct alignment *alignment)
{
    return alignment ? alignment_find(alignment, shown->utterance->name) : NULL;
}

static bool write_stretch(const struct shown *shown, double begin, double end, double span,
                          struct failure *failure)
{
    const struct alignment *phones = shown->views->phone.phones, *words = shown->input->words;
    const struct aligned_utterance *phone = labels_of(shown, phones);
    const struct aligned_utterance *word = labels_of(shown, words);
    bool has_time = unit_set_has_time(shown->views->unit[0].evaluation->units), good = true;
    struct stretch s = {.file = shown->file, .begin = begin, .end = end, .span = span,
                        .has_time = has_time, .left = stretch_left(shown->views)};
    char title[160];
    snprintf(title, sizeof title, has_time ? "from %.0f to %.1f seconds" : "vectors %.0f to %.0f",
             begin, end);
    stretch_begin(&s, stretch_height(shown->has_audio, shown->views->n, phone, word), title);
    if (shown->has_audio) good = stretch_spectrogram(&s, &shown->spectrogram, failure);
    for (size_t m = 0; m < shown->views->n; m++)
        stretch_units(&s, &shown->views->unit[m], shown->units[m],
                      shown->views->n > 1 ? shown->views->unit[m].name : "units");
    if (phone) stretch_intervals(&s, phones, phone, shown->views->phone.colour, "phones");
    if (word) stretch_intervals(&s, words, word, NULL, "words");
    stretch_axis(&s);
    stretch_end(&s);
    return good;
}

/* "17:3 18:2|4:9": units and the frames of their runs, of each model; for the script. */
static void write_runs(const struct shown *shown)
{
    fputs(" data-runs=\"", shown->file);
    for (size_t m = 0; m < shown->views->n; m++) {
        const struct unit_utterance *units = shown->units[m];
        if (m > 0) fputc('|', shown->file);
        for (size_t i = 0, end; i < units->n_frame; i = end) {
            for (end = i; end < units->n_frame && units->symbol[end] == units->symbol[i];) end++;
            if (i > 0) fputc(' ', shown->file);
            if (units->symbol[i] == NO_UNIT) fprintf(shown->file, "-:%zu", end - i);
            else fprintf(shown->file, "%u:%zu", units->symbol[i], end - i);
        }
    }
    fputc('"', shown->file);
}

static void write_head(const struct shown *shown, double length, bool has_time)
{
    FILE *file = shown->file;
    fputs("<article class=\"utterance\" id=\"u-", file);
    html_text(file, shown->utterance->name);
    fputc('"', file);
    write_runs(shown);
    fputs(">\n<h3>", file);
    html_text(file, shown->utterance->name);
    fprintf(file, has_time ? " <small>%.1f s" : " <small>%.0f vectors", length);
    if (shown->utterance->speaker) {
        fputs(", speaker ", file);
        html_text(file, shown->utterance->speaker);
    }
    fputs("</small></h3>\n", file);
    if (!shown->input->has_sound || !shown->has_audio) return;
    fputs("<audio controls preload=\"metadata\" src=\"", file);
    wave_address_write(file, &shown->samples);
    fputs("\"></audio>\n", file);
}

static bool write_utterance(const struct shown *shown, struct failure *failure)
{
    bool has_time = unit_set_has_time(shown->views->unit[0].evaluation->units);
    double length = length_of(shown), span = has_time ? STRETCH_SECONDS : STRETCH_VECTORS;
    write_head(shown, length, has_time);
    fputs("<div class=\"scroll\">\n", shown->file);
    for (double begin = 0; begin < length; begin += span)
        if (!write_stretch(shown, begin, fmin(length, begin + span), span, failure)) return false;
    fputs("</div>\n</article>\n", shown->file);
    return true;
}

static bool read_sound(struct shown *shown, struct failure *failure)
{
    const struct audio_request request = audio_request_of(shown->utterance, SPECTROGRAM_RATE);
    return samples_read(&shown->samples, &request, failure) &&
           spectrogram_make(&shown->spectrogram, shown->front, &shown->samples, failure);
}

static bool show(struct shown *shown, size_t i, struct failure *failure)
{
    shown->utterance = corpus_get(shown->input->corpus, i);
    shown->has_audio = shown->utterance->kind == CORPUS_AUDIO;
    for (size_t m = 0; m < shown->views->n; m++)
        shown->units[m] = unit_set_find(shown->views->unit[m].evaluation->units,
                                        shown->utterance->name);
    bool good = (!shown->has_audio || read_sound(shown, failure)) &&
                write_utterance(shown, failure);
    free(shown->spectrogram.ink);
    shown->spectrogram.ink = NULL;
    return good;
}

static void write_words(FILE *file, const struct page_input *input,
                        const struct unit_views *views)
{
    bool has_phones = views->phone.phones != NULL;
    fputs("<section id=\"utterances\">\n<h2>Utterances</h2>\n<p>Units are runs of one colour ",
          file);
    fputs(has_phones ? "for each phone: that with which a unit occurs most often. The phones of "
                       "the alignment have the same colours, so that a run that differs from "
                       "them is seen at once. "
                     : "for each unit; similar codewords have similar colours. ",
          file);
    fputs("<span class=\"screen\">Point at a run to see its unit.", file);
    if (input->has_sound) fputs(" Click to hear the utterance from there.", file);
    fputs("</span></p>\n", file);
}

bool part_utterances(FILE *file, const struct page_input *input, const struct unit_views *views,
                     struct failure *failure)
{
    struct shown shown = {.file = file, .input = input, .views = views};
    voq_model *front = NULL;
    if (input->n_shown == 0) return true;
    shown.units = zeroed(views->n, sizeof *shown.units, failure);
    bool good = shown.units && spectrogram_model(&front, failure);
    shown.front = front;
    if (good) write_words(file, input, views);
    for (size_t i = 0; good && i < input->n_shown; i++)
        good = show(&shown, input->shown[i], failure);
    if (good) fputs("</section>\n", file);
    voq_model_close(front);
    samples_clear(&shown.samples);
    free(shown.units);
    return good;
}
