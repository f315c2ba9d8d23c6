/* SPDX-License-Identifier: MIT */
/* A stretch of an utterance as a picture: rows on one axis of time. */
#ifndef VOQ_TOOLS_STRETCH_H
#define VOQ_TOOLS_STRETCH_H

#include "tools/report/spectrogram.h"
#include "tools/report/unit_view.h"

/* All times are seconds; of vectors, which have no time, their numbers. */
struct stretch {
    FILE *file;
    double begin, end;  /* what is drawn */
    double span;        /* what the whole width stands for */
    bool has_time;
    double left;        /* where time begins; before it stand the names of the rows */
    double top;         /* of the next row */
};

/* Room for the longest name of a row. */
double stretch_left(const struct unit_views *views);

/* Begins the picture, of this height in all. */
void stretch_begin(struct stretch *stretch, double height, const char *title);
void stretch_end(struct stretch *stretch);

/* Heights of the rows, with the space below them. */
double stretch_height(bool has_spectrogram, size_t n_model, bool has_phones, bool has_words);

bool stretch_spectrogram(struct stretch *stretch, const struct spectrogram *spectrogram,
                         struct failure *failure);
void stretch_units(struct stretch *stretch, const struct unit_view *view,
                   const struct unit_utterance *units, const char *label);

/* colour NULL: without. */
void stretch_intervals(struct stretch *stretch, const struct alignment *alignment,
                       const struct aligned_utterance *utterance, const uint32_t *colour,
                       const char *label);
void stretch_axis(struct stretch *stretch);

#endif
