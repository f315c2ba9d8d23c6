/* SPDX-License-Identifier: MIT */
#include "tools/train/common_ground.h"

#include "src/model/sha256.h"
#include "tools/base/digest.h"
#include "tools/base/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void add_text(struct sha256 *sha, const char *text)
{
    if (!text) text = "";
    voq_sha256_add(sha, text, strlen(text) + 1);
}

bool same_corpus(struct ranks *ranks, const struct corpus *corpus, struct failure *failure)
{
    struct sha256 sha;
    unsigned char digest[32];
    char hex[65];
    if (!ranks_several(ranks)) return true;
    voq_sha256_begin(&sha);
    for (size_t i = 0; i < corpus_size(corpus); i++) {
        const struct utterance *utterance = corpus_get(corpus, i);
        const double part[2] = {utterance->begin_s, utterance->end_s};
        if (strcmp(utterance->path, "-") == 0)
            return fail(failure, EXIT_USAGE, "standard input reaches only one of several ranks; "
                        "name a file");
        add_text(&sha, utterance->name);
        add_text(&sha, utterance_label(utterance));
        add_text(&sha, utterance->speaker);
        voq_sha256_add(&sha, part, sizeof part);
    }
    voq_sha256_end(&sha, digest);
    format_hex(hex, digest, sizeof digest);
    return ranks_same(ranks, hex, "corpus", failure);
}

bool same_training(struct ranks *ranks, const char identity[65], const struct checkpoint *resumed,
                   struct failure *failure)
{
    char text[256], digest[DIGEST_HEX];
    const struct lloyd_state *state = &resumed->state;
    snprintf(text, sizeof text, "%d %" PRIu32 " %" PRIu32 " %" PRIu32, resumed->model != NULL,
             resumed->stage, resumed->parts.n_codebook, state->iteration);
    text_digest(text, digest);
    return ranks_same(ranks, digest, "checkpoint", failure) &&
           ranks_same(ranks, identity, "training", failure);
}

void prepare_for_loss(const struct ranks *ranks, const char *checkpoint)
{
    static char sentence[1024];
    if (checkpoint)
        snprintf(sentence, sizeof sentence,
                 "voq: a rank was lost, or the job was cancelled; %s has the last iteration, from "
                 "which --resume continues with any number of ranks\n", checkpoint);
    else
        snprintf(sentence, sizeof sentence,
                 "voq: a rank was lost, or the job was cancelled; train again, with --checkpoint "
                 "to be able to continue\n");
    ranks_last_words(ranks, sentence);
}
