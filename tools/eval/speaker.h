/* SPDX-License-Identifier: MIT */
/* How much information a unit has about its speaker. */
#ifndef VOQ_TOOLS_SPEAKER_H
#define VOQ_TOOLS_SPEAKER_H

#include "tools/eval/counts.h"

/* Joint counts that are being collected; a zeroed struct is empty. */
struct speaker_counts {
    struct counts all;       /* rows speakers, columns units */
    struct counts *of_phone; /* [n_phone] the same within one phone */
    uint32_t n_phone;
};

/* Member names are the names of the metrics. NaN: undefined. With frames 0 nothing else counts. */
struct speaker_information {
    uint64_t frames;
    uint32_t speakers;
    double mi_nats, nmi_speaker; /* I(unit; speaker), its share of H(speaker) */
    double mi_bias_nats;         /* the mean of mi_nats for independent data */
    double mi_given_phone_nats;  /* I(unit; speaker | phone) */
};

bool speaker_counts_init(struct speaker_counts *counts, uint32_t n_phone, struct failure *failure);
bool speaker_counts_add(struct speaker_counts *counts, uint32_t speaker, uint32_t phone,
                        uint32_t unit, struct failure *failure);
bool speaker_measure(struct speaker_counts *counts, uint32_t n_speaker, uint32_t n_unit,
                     struct speaker_information *information, struct failure *failure);
void speaker_counts_clear(struct speaker_counts *counts);

#endif
