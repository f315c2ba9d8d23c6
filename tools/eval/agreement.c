/* SPDX-License-Identifier: MIT */
#include "tools/eval/agreement.h"

#include "tools/eval/information.h"
#include "tools/eval/purity.h"

#include <math.h>

bool agreement_measure(const struct counts *counts, struct agreement *agreement,
                       struct failure *failure)
{
    struct agreement a = {.frames = counts->total};
    if (a.frames && !purity_measure(counts, &a.phone_purity, &a.cluster_purity, failure))
        return false;
    if (a.frames) {
        a.phones = counts_occupied(counts->row_total, counts->n_row);
        a.units = counts_occupied(counts->column_total, counts->n_column);
        a.mi_nats = mutual_information_nats(counts);
        a.h_phone_nats = entropy_nats(counts->row_total, counts->n_row);
        a.h_unit_nats = entropy_nats(counts->column_total, counts->n_column);
        a.h_phone_given_unit_nats = a.h_phone_nats - a.mi_nats;
        a.pnmi = ratio(a.mi_nats, a.h_phone_nats);
        a.completeness = ratio(a.mi_nats, a.h_unit_nats);
        a.v_measure = ratio(2 * a.mi_nats, a.h_phone_nats + a.h_unit_nats);
        a.pnmi_fairseq = a.phones > 1 ? fairseq_pnmi(counts) : (double)NAN;
    }
    *agreement = a;
    return true;
}
