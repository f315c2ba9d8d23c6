/* SPDX-License-Identifier: MIT */
/* How well frame labels and units agree: purities, PNMI and the V-measure family. */
#ifndef VOQ_TOOLS_AGREEMENT_H
#define VOQ_TOOLS_AGREEMENT_H

#include "tools/eval/counts.h"

/* Member names are the names of the metrics. NaN: undefined. With frames 0 nothing else counts. */
struct agreement {
    uint64_t frames;
    uint32_t phones, units; /* that occur */
    double phone_purity, cluster_purity;
    double mi_nats, h_phone_nats, h_unit_nats, h_phone_given_unit_nats;
    double pnmi, completeness, v_measure, pnmi_fairseq;
};

/* Measures finished counts, whose rows are phones and columns units. */
bool agreement_measure(const struct counts *counts, struct agreement *agreement,
                       struct failure *failure);

#endif
