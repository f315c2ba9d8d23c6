/* SPDX-License-Identifier: MIT */
#include "tools/eval/report_facts.h"

#include "tools/base/utf8.h"
#include "tools/eval/resampling.h"

#include <inttypes.h>
#include <string.h>

static void write_pairing(FILE *file, const struct evaluation *e)
{
    const struct pairing *p = &e->pairing;
    fputs("pairs   ", file);
    if (p->grid_us)
        fprintf(file, "by index on a %g ms grid, units repeated %u times, pad %u; %" PRIu64
                " frames trimmed", p->grid_us / 1000.0, p->upsample, p->pad,
                e->paired.trimmed_frames);
    else
        fputs("a unit has the label at the centre of its hop", file);
    fprintf(file, "; %" PRIu64 " unlabelled\n", e->paired.unlabelled_frames);
}

void report_name(FILE *file, const char *heading, const char *name)
{
    fprintf(file, "%-7s ", heading);
    utf8_write_harmless(file, name, strlen(name));
    fputc('\n', file);
}

void report_units_facts(FILE *file, const struct unit_set *units)
{
    fprintf(file, "%zu utterances, ", units->n_utterance);
    if (unit_set_has_time(units))
        fprintf(file, "hop %u samples at %u Hz (%g ms), ", units->hop_samples, units->rate_hz,
                1000.0 * units->hop_samples / units->rate_hz);
    else if (units->stride > 1)
        fprintf(file, "one unit per %u vectors (the numbers are per unit), ", units->stride);
    else
        fputs("one unit per vector, ", file);
    fprintf(file, "%u codes", units->n_code);
    if (units->n_codebook > 1) fprintf(file, " x %u", units->n_codebook);
    fputc('\n', file);
}

void report_references(FILE *file, const struct evaluation *e, const struct report_options *options)
{
    if (e->phones) {
        report_name(file, "phones", options->phones_name);
        fprintf(file, "        %" PRIu64 " of %u utterances have units; %" PRIu64
                " utterances have units only\n", e->paired.utterances, e->phones->utterances.n,
                e->paired.ignored);
        write_pairing(file, e);
    }
    if (options->items_name) report_name(file, "items", options->items_name);
}

void report_resampling(FILE *file, const struct resampling *r)
{
    fprintf(file, "  %" PRIu32 " draws of %" PRIu32 " utterances, seed %" PRIu64 "\n", r->n_draw,
            r->utterances.n, r->seed);
    if (!resampling_is_narrow(r)) return;
    fprintf(file, "  %" PRIu32 " speaker%s: the intervals hold for %s only\n", r->n_speaker,
            r->n_speaker == 1 ? "" : "s", r->n_speaker == 1 ? "this speaker" : "these speakers");
}
