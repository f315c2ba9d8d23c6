/* SPDX-License-Identifier: MIT */
#include "tools/train/train_settings.h"

#include "tools/base/path.h"
#include "tools/base/utf8.h"
#include "tools/cli/option_fit.h"
#include "tools/cli/option_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MEMBER(name) offsetof(struct settings, name)
#define HEADING OPTION_ROW_HEADING

static const struct option_row rows[] = {
    HEADING("Model"),
    {OPTION_U32, 'k', "codes", "K", MEMBER(codes),
     "Number of codewords (default: 100, with --encoder 256; or those of --init).", NULL, 1,
     1 << 20},
    {OPTION_U32, 0, "codebooks", "N", MEMBER(codebooks),
     "Number of residual codebooks (default: 1). Each quantizes what the ones before it left.",
     NULL, 1, 16},
    {OPTION_U64, 0, "seed", "S", MEMBER(seed), "Random seed (default: 1)."},

    HEADING("Input"),
    {OPTION_TEXT, 0, "profile", "NAME", MEMBER(profile),
     "Front end: hubert (default), kaldi, kaldi-fbank, librosa or encoder, on the frame grid of "
     "models.",
     "hubert|kaldi|kaldi-fbank|librosa|encoder"},
    {OPTION_TEXTS, 0, "set", "KEY=VALUE", MEMBER(set),
     "Change an option of the front end; KEY is the name that its tool uses. May be repeated."},
    {OPTION_U64, 0, "frames", "N", MEMBER(frames),
     "Train on a random choice of N frames. This also limits the cache file."},
    {OPTION_U64, 0, "cap-speaker", "N", MEMBER(cap_speaker),
     "Train on a random choice of N frames of each speaker."},
    OPTION_ROW_SPEAKERS(MEMBER(speakers), "For --cap-speaker and the decoder of --encoder."),
    OPTION_ROW_ALLOW_PIPES(MEMBER(allow_pipes)),

    HEADING("Transforms"),
    {OPTION_CHOICE, 0, "normalise", "KIND", MEMBER(normalise),
     "mean or variance: running and causal; global: fixed statistics; none (default: mean with "
     "--pca and --lda, else none).", "default|none|mean|variance|global"},
    {OPTION_U32, 0, "pca", "DIM", MEMBER(pca),
     "Map stacked frames to DIM principal components.", NULL, 1, 1024},
    {OPTION_FLAG, 0, "whiten", NULL, MEMBER(whiten),
     "Scale the principal components to equal variance."},
    {OPTION_U32, 0, "lda", "DIM", MEMBER(lda),
     "Map stacked frames to DIM linear discriminants. The classes are clusters of their principal "
     "components, then of the discriminants.", NULL, 1, 1024},
    {OPTION_U32, 0, "left", "N", MEMBER(left),
     "Frames stacked before each frame (default: 4).", NULL, 0, 32},
    {OPTION_U32, 0, "right", "N", MEMBER(right),
     "Frames stacked after each frame (default: 4).", NULL, 0, 32},
    {OPTION_U32, 0, "rounds", "N", MEMBER(rounds),
     "Rounds of clustering and discriminants (default: 2).", NULL, 1, 10},
    {OPTION_NUMBER, 0, "warp", "R", MEMBER(warp),
     "Learn discriminants also from copies of the corpus whose frequencies are warped, up and down "
     "by R and by half as much (default: 1.5); 1: no copies.", NULL, 1, 2},
    {OPTION_U32, 0, "classes", "N", MEMBER(classes),
     "Number of clusters that serve as classes (default: as many as codes).", NULL, 2, 1 << 16},
    {OPTION_TEXTS, 0, "labels", "FILE", MEMBER(labels),
     "Labels of the frames. With --lda: an alignment, whose labels are the classes, without "
     "rounds. With --encoder: an alignment or units of another tokenizer; FILE:WEIGHT; or "
     "FILE:WEIGHT:CODES, with a weight of its own for codewords. May then be repeated.",
     .role = OPTION_READS},

    HEADING("Encoder"),
    {OPTION_TEXT, 0, "encoder", "LAYERS", MEMBER(encoder),
     "Train an encoder with its codebook: \"default\", or layers such as \"conv 256 5 right 2; gru "
     "192; latent 64\"."},
    {OPTION_CHOICE, 0, "objective", "NAME", MEMBER(objective),
     "vqvae: reconstruct the input from the codewords; labels: predict --labels (default: labels "
     "with --labels, else vqvae).", "default|vqvae|labels"},
    {OPTION_CHOICE, 0, "codebook", "RULE", MEMBER(codebook),
     "How codewords learn. ema: as moving averages of their latents; loss: by the gradient of the "
     "codebook loss (default: ema).", "ema|loss"},
    {OPTION_U32, 0, "labels-hop", "N", MEMBER(labels_hop),
     "Samples per unit in --labels that are units (default: as the file states, else 160).", NULL,
     1, 16384},
    {OPTION_TEXTS, 0, "also", "CORPUS", MEMBER(also),
     "Train also on CORPUS, CORPUS:SHARE or CORPUS:SHARE:WEIGHT: in each epoch on a random SHARE "
     "of its utterances, which weigh WEIGHT in the loss. May be repeated.", .role = OPTION_READS},
    {OPTION_U32, 0, "epochs", "N", MEMBER(epochs), "Passes over the corpus (default: 60).", NULL, 0,
     1 << 20},
    {OPTION_NUMBER, 0, "learning-rate", "R", MEMBER(learning_rate),
     "Largest learning rate (default: 2e-3).", NULL, 0, 1},
    {OPTION_TEXT, 0, "noise", "DIR", MEMBER(noise),
     "Add noise from these recordings, and simulated rooms, to half of the speech; DIR:SHARE: to "
     "another share of it.",
     .role = OPTION_READS},
    {OPTION_NUMBER, 0, "consistency", "W", MEMBER(consistency),
     "Weight of the difference between noisy speech and the same speech without noise (default: "
     "4; 0: none).", NULL, 0, 100},
    {OPTION_TEXT, 0, "dev", "CORPUS", MEMBER(dev),
     "Print PNMI on CORPUS after every epoch.", .role = OPTION_READS},
    {OPTION_TEXT, 0, "dev-labels", "FILE", MEMBER(dev_labels),
     "Alignment of --dev (default: the first --labels).", .role = OPTION_READS},
    {OPTION_TEXT, 0, "weights", "FILE", MEMBER(weights),
     "Also write the weights before they become integers (.safetensors), for voq convert.",
     .role = OPTION_WRITES},

    HEADING("Clustering"),
    {OPTION_TEXTS, 0, "init", "FILE", MEMBER(init),
     "Start from the codewords of a model (.voq), .npy or scikit-learn km.bin. Units keep their "
     "ids; with a larger -k new ones follow. With --encoder: from what --weights wrote; of several "
     "files, the mean.", .role = OPTION_READS},
    {OPTION_U32, 0, "batches", "N", MEMBER(batches),
     "Mini-batch updates before Lloyd's iteration, or instead of it with --iterations 0 "
     "(default: 0).", NULL, 0, 1 << 24},
    {OPTION_U32, 0, "batch", "N", MEMBER(batch_frames),
     "Frames per mini-batch (default: 4096; with --encoder 8000).", NULL, 1, 1 << 24},
    {OPTION_U32, 0, "iterations", "N", MEMBER(iterations),
     "Maximum number of updates of the codewords (default: 100).", NULL, 0, 1 << 20},
    {OPTION_NUMBER, 0, "tolerance", "T", MEMBER(tolerance),
     "Stop when an update lowers the distortion by less than this share (default: 1e-4).",
     NULL, 0, 1},
    {OPTION_NUMBER, 0, "time", "SECONDS", MEMBER(time_s),
     "Stop clustering after the iteration that exceeds this time. The result then depends on the "
     "machine.", NULL, 0, 1e9},

    HEADING("Output"),
    {OPTION_TEXT, 'o', "output", "FILE", MEMBER(output),
     "Model file to write (.voq); \"-\" for standard output.", .role = OPTION_WRITES},
    {OPTION_TEXT, 0, "name", "TEXT", MEMBER(name),
     "Name of the model (default: the profile and K)."},
    {OPTION_TEXT, 0, "corpus-name", "TEXT", MEMBER(corpus_name),
     "Name of the corpus, stored in the model."},
    {OPTION_TEXT, 0, "licence", "TEXT", MEMBER(licence), "Licence, stored in the model."},
    OPTION_ROW_JSON(MEMBER(json), "the summary, on standard output"),
    {OPTION_TEXT, 0, "log", "FILE", MEMBER(log),
     "Write one line of JSON per iteration, or per epoch with --encoder; voq report draws it.",
     .role = OPTION_WRITES},

    HEADING("Running"),
    OPTION_ROW_JOBS(MEMBER(jobs)),
    {OPTION_TEXT, 0, "checkpoint", "FILE", MEMBER(checkpoint),
     "Save the state to FILE after every iteration or epoch. FILE is deleted at the end.",
     .role = OPTION_WRITES},
    {OPTION_NUMBER, 0, "checkpoint-every", "MINUTES", MEMBER(checkpoint_minutes),
     "With --encoder: also save the state within an epoch when MINUTES have passed (default: 10).",
     NULL, 0, 1e6},
    {OPTION_FLAG, 0, "resume", NULL, MEMBER(resume),
     "Continue from the checkpoint, if there is one."},
    {OPTION_U64, 0, "memory", "MB", MEMBER(memory_mb),
     "Memory for speeding up Lloyd's iteration (default: 512). The result does not depend on it.",
     NULL, 0, 1 << 24},
    {OPTION_TEXT, 0, "cache-dir", "DIR", MEMBER(cache_dir),
     "Folder of the unlinked file of vectors (default: $TMPDIR, else /var/tmp).",
     .role = OPTION_WRITES},
    OPTION_ROW_CPU(MEMBER(cpu)),
    OPTION_ROW_QUIET(MEMBER(quiet)),
};

const struct option_table settings_table = {
    .command = "train",
    .operands = "[OPTION]... -o MODEL CORPUS...",
    .about = "Trains a codebook on speech: features, greedy k-means++, Lloyd's iteration; with "
             "--encoder a network and its codebook. The same corpus, options and seed give the "
             "same file, byte for byte, on any machine.",
    .notes = "A CORPUS is what voq encode reads (audio files, folders, tars, lists), or\n"
             "vectors: .npy files of float32 [n][dim], which give a model of vectors.\n"
             "\n"
             "Exit codes: 0 success, 2 wrong usage or an unusable model or checkpoint,\n"
             "3 some inputs failed, 5 the output failed, 130 and 143 interrupted.\n"
             "\n"
             "Examples:\n"
             "  voq train -k 500 -o speech.voq recordings/\n"
             "  voq train -k 100 --lda 30 -o phones.voq train.tsv\n"
             "  voq train -k 1000 --checkpoint run.ck --resume -o big.voq train.jsonl\n"
             "  voq train -k 256 --codebooks 4 -o vectors.voq vectors.npy\n"
             "  voq train --encoder default --labels phones.ctm -o phone.voq corpus/\n",
    .row = rows,
    .n_row = sizeof rows / sizeof rows[0],
    .given = MEMBER(given),
};

void settings_defaults(struct settings *settings)
{
    const char *temporary = getenv("TMPDIR");
    *settings = (struct settings){
        .codebooks = 1, .seed = 1, .left = 4, .right = 4, .rounds = 2, .warp = 1.5,
        .checkpoint_minutes = 10, .batch_frames = 4096, .epochs = 60, .learning_rate = 2e-3,
        .consistency = 4, .iterations = 100, .tolerance = 1e-4, .memory_mb = 512,
        .cache_dir = temporary && *temporary ? temporary : "/var/tmp"};
}

bool settings_has_transform(const struct settings *settings)
{
    return settings->pca > 0 || settings->lda > 0;
}

uint32_t settings_dim(const struct settings *settings)
{
    return settings->lda > 0 ? settings->lda : settings->pca;
}

bool settings_changes_front(const struct settings *settings)
{
    return settings_has_transform(settings) || settings->normalise > NORMALISE_NONE;
}

uint32_t settings_normalise_kind(const struct settings *settings)
{
    static const uint32_t kind[] = {VOQ_NORMALISE_RUNNING_MEAN, 0, VOQ_NORMALISE_RUNNING_MEAN,
                                    VOQ_NORMALISE_RUNNING_VARIANCE, VOQ_NORMALISE_GLOBAL};
    return settings_changes_front(settings) ? kind[settings->normalise] : 0;
}

void settings_name(const struct settings *settings, const char *kind, char *name, size_t capacity)
{
    if (settings->name)
        snprintf(name, capacity, "%s", settings->name);
    else
        snprintf(name, capacity, "%s-%" PRIu32, settings->profile ? settings->profile : kind,
                 settings->codes);
}

const char *settings_init(const struct settings *settings)
{
    return !settings->encoder && settings->init.n > 0 ? settings->init.text[0] : NULL;
}

const char *settings_classes_file(const struct settings *settings)
{
    return settings->lda > 0 && settings->labels.n > 0 ? settings->labels.text[0] : NULL;
}

bool settings_warps(const struct settings *settings)
{
    return settings->lda > 0 && settings->warp > 1;
}

static bool check_transform(const struct settings *settings, struct failure *failure)
{
    if (settings->pca > 0 && settings->lda > 0)
        return fail(failure, EXIT_USAGE, "--pca and --lda cannot be combined; leave one out");
    return true;
}

/* The model stores these as UTF-8; to learn that after the training is too late. */
static bool check_texts(const struct settings *settings, struct failure *failure)
{
    const struct {
        const char *option, *text;
    } stored[] = {{"name", settings->name}, {"corpus-name", settings->corpus_name},
                  {"licence", settings->licence}};
    for (size_t i = 0; i < sizeof stored / sizeof *stored; i++) {
        const char *text = stored[i].text ? stored[i].text : "", *end = text + strlen(text);
        for (size_t n; *text; text += n)
            if (!(n = utf8_length(text, end)))
                return fail(failure, EXIT_USAGE, "--%s: the text is not UTF-8; type it in a "
                            "terminal that uses UTF-8", stored[i].option);
    }
    return true;
}

bool settings_check(const struct settings *settings, size_t n_operand, struct failure *failure)
{
    if (n_operand == 0)
        return fail(failure, EXIT_USAGE, "no corpus; name one: voq train -o MODEL FOLDER");
    if (!settings->output)
        return fail(failure, EXIT_USAGE, "no output; name the model file: -o MODEL.voq");
    if (settings->frames > 0 && settings->cap_speaker > 0)
        return fail(failure, EXIT_USAGE,
                    "--frames and --cap-speaker cannot be combined; leave one out");
    if (settings_init(settings) && settings->codebooks > 1)
        return fail(failure, EXIT_USAGE, "--init starts from one codebook; leave out --codebooks");
    if (settings->json && strcmp(settings->output, "-") == 0)
        return fail(failure, EXIT_USAGE,
                    "the model and --json cannot both be written to standard output; name a file "
                    "by -o");
    return check_texts(settings, failure) && check_transform(settings, failure);
}

/* What is for one kind of training alone. */
static bool fit_kind(const struct settings *s, struct failure *failure)
{
    static const char *const without[] = {
        "profile", "set", "frames", "cap-speaker", "normalise", "pca", "whiten", "lda", "left",
        "right", "rounds", "warp", "classes", "batches", "iterations", "tolerance", "time",
        "memory", "cpu"};
    static const char *const with[] = {
        "objective", "codebook", "labels-hop", "also", "epochs", "learning-rate", "noise",
        "consistency", "dev", "dev-labels", "weights", "checkpoint-every"};
    const char *const *option = s->encoder ? without : with;
    size_t n = s->encoder ? sizeof without / sizeof *without : sizeof with / sizeof *with;
    const char *why = s->encoder ? "has no effect with --encoder; leave it out" : "needs --encoder";
    for (size_t i = 0; i < n; i++) {
        const struct option_rule rule = {option[i], false, why};
        if (!option_fit(&settings_table, s, &rule, 1, failure)) return false;
    }
    return true;
}

/* Whether a name of a corpus is a table: with --also, ":SHARE:WEIGHT" may follow. */
static bool names_table(const char *name)
{
    const char *suffix = name ? strstr(name, ".scp") : NULL;
    return suffix && strchr(":.", suffix[4]); /* also at the end, and before .gz */
}

static bool fit_encoder(const struct settings *s, bool has_table, struct failure *failure)
{
    bool labels = s->labels.n > 0;
    has_table |= names_table(s->noise) || names_table(s->dev);
    for (size_t i = 0; i < s->also.n; i++) has_table |= names_table(s->also.text[i]);
    const struct option_rule rule[] = {
        {"allow-pipes", has_table, "applies to inputs with suffix .scp; leave it out"},
        {"labels", s->objective != OBJECTIVE_VQVAE, "has no effect with --objective vqvae"},
        {"labels-hop", labels, "needs --labels"},
        {"speakers", !labels, "is for the decoder of --objective vqvae; leave it out"},
        {"consistency", s->noise != NULL, "needs --noise DIR"},
        {"dev-labels", s->dev != NULL, "needs --dev CORPUS"},
        {"dev", s->dev_labels || labels, "needs --dev-labels FILE"},
        {"objective", s->objective != OBJECTIVE_LABELS || labels, "labels needs --labels FILE"},
        {"checkpoint-every", s->checkpoint != NULL, "needs --checkpoint FILE"},
        {"resume", s->checkpoint != NULL, "needs --checkpoint FILE"},
    };
    return option_fit(&settings_table, s, rule, sizeof rule / sizeof *rule, failure);
}

bool settings_fit(const struct settings *s, const char *const *operand, size_t n_operand,
                  struct failure *failure)
{
    static const char lloyd[] = "applies to Lloyd's iteration, but --iterations 0 disables it";
    static const char labels[] = "has no effect, because --labels are the classes; leave it out";
    bool has_table = false, iterates = s->iterations > 0 || s->lda > 0;
    bool has_classes = settings_classes_file(s) != NULL;
    for (size_t i = 0; i < n_operand; i++) has_table |= path_has_text_suffix(operand[i], "scp");
    if (!fit_kind(s, failure)) return false;
    if (s->encoder) return fit_encoder(s, has_table, failure);
    const struct option_rule rule[] = {
        {"speakers", s->cap_speaker > 0, "needs --cap-speaker N"},
        {"allow-pipes", has_table, "applies to inputs with suffix .scp; leave it out"},
        {"whiten", s->pca > 0, "needs --pca"},
        {"labels", s->lda > 0, "needs --lda or --encoder"},
        {"labels", s->labels.n < 2, "may be repeated with --encoder only"},
        {"init", s->init.n < 2, "may be repeated with --encoder only"},
        {"left", settings_has_transform(s), "needs --pca or --lda"},
        {"right", settings_has_transform(s), "needs --pca or --lda"},
        {"rounds", s->lda > 0, "needs --lda"},
        {"rounds", !has_classes, labels},
        {"classes", s->lda > 0, "needs --lda"},
        {"classes", !has_classes, labels},
        {"warp", s->lda > 0, "needs --lda"},
        {"batch", s->batches > 0, "needs --batches N or --encoder"},
        {"tolerance", iterates, lloyd},
        {"time", iterates, lloyd},
        {"memory", iterates, lloyd},
        {"resume", s->checkpoint, "needs --checkpoint FILE"},
    };
    return option_fit(&settings_table, s, rule, sizeof rule / sizeof *rule, failure);
}
