/* SPDX-License-Identifier: MIT */
#include "tools/learn/label_checks.h"

#define LENGTH_TOLERANCE .1

/* With the wrong hop the labels have wrong times, and the training shows no other sign. */
static void compare_lengths(const struct learn_data *data)
{
    for (size_t h = 0; h < data->n_head; h++) {
        double share = examples_unit_share(&data->examples, h);
        if (share > 0 && (share < 1 - LENGTH_TOLERANCE || share > 1 + LENGTH_TOLERANCE))
            messages_warn(data->messages, "%s: the units stand for %.0f %% of the length of what "
                          "they label; %s", data->label_path[h], 100 * share,
                          data->is_vectors ? "one unit per vector is expected"
                                           : "is --labels-hop right?");
    }
}

/* Such a file has no effect, and the training shows no other sign. */
static bool find_useless_labels(const struct learn_data *data, struct failure *failure)
{
    bool has;
    for (size_t h = 0; h < data->n_head; h++) {
        if (!examples_have_label(&data->examples, h, &has, failure)) return false;
        if (!has)
            messages_warn(data->messages, "%s: labels no frame of the corpus, because the names or "
                          "the times differ (the first utterance is '%s'); leave it out, or rename "
                          "one of them", data->label_path[h],
                          recording_utterance(&data->recordings, 0)->name);
    }
    return true;
}

/* The labels of one of them are wrong then, unless it is a copy that was changed. */
static bool compare_names(const struct learn_data *data, struct failure *failure)
{
    const struct recordings *recordings = &data->recordings;
    size_t n, pair[2];
    if (!examples_equal_names(&data->examples, &n, pair, failure)) return false;
    if (n > 0)
        messages_warn(data->messages, "%s: has the same name as %s, so that both have the same "
                      "labels (%zu utterances do); rename it if it is other speech",
                      utterance_label(recording_utterance(recordings, pair[1])),
                      utterance_label(recording_utterance(recordings, pair[0])), n);
    return true;
}

bool label_checks(const struct learn_data *data, struct failure *failure)
{
    compare_lengths(data);
    return find_useless_labels(data, failure) && compare_names(data, failure);
}
