/* SPDX-License-Identifier: MIT */
#include "tools/base/path.h"
#include "tools/command/convert.h"
#include "tools/cli/model_lookup.h"
#include "tools/formats/codebook_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The codebook to convert, independent of its file type. */
struct codebook {
    const float *codeword; /* [facts.n_codebook][facts.n_code][dim] */
    struct unit_facts facts;
    uint32_t dim;
    const char *tool;
    const char *const *label;  /* of the first codebook, [facts.n_code]; NULL: none */
    const float *label_probability;
    voq_model *model;          /* owner of codeword and label, or the file is of codeword */
    struct codebook_file file;
};

/* Whether the input is the path of a model or, if no such path exists, the name of one. */
static bool is_model(const char *input)
{
    char path[4096];
    struct failure ignored;
    if (path_has_suffix(input, "voq")) return true;
    return strcmp(input, "-") != 0 && access(input, F_OK) != 0 &&
           model_find(input, path, sizeof path, &ignored) && strcmp(input, path) != 0;
}

bool convert_is_codebook(const char *input)
{
    return is_model(input) || codebook_file_is(input);
}

static bool read_model(struct codebook *codebook, const char *input, struct failure *failure)
{
    char path[4096];
    voq_parts parts = {.struct_size = sizeof parts};
    voq_info info = {.struct_size = sizeof info};
    if (!model_open(input, VOQ_CPU_AUTO, &codebook->model, path, sizeof path, failure))
        return false;
    voq_status status = voq_model_parts(codebook->model, &parts);
    if (status == VOQ_OK) status = voq_model_describe(codebook->model, &info);
    if (status != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "%s: %s", path, voq_status_string(status));
    if (!parts.codeword)
        return fail(failure, EXIT_USAGE,
                    "%s: the model has no codebook; give a model with one", path);
    codebook->codeword = parts.codeword;
    codebook->dim = parts.dim;
    codebook->label = parts.label;
    codebook->label_probability = parts.label_probability;
    codebook->facts = (struct unit_facts){.n_code = parts.n_code, .n_codebook = parts.n_codebook,
                                          .hop_samples = info.hop_samples,
                                          .rate_hz = info.rate_hz};
    memcpy(codebook->facts.model_hash, info.hash, sizeof info.hash);
    return true;
}

static bool read_file(struct codebook *codebook, const char *input, uint32_t dim,
                      const struct convert_options *options, struct messages *messages,
                      struct failure *failure)
{
    const struct format_notes notes = convert_notes(messages);
    if (!codebook_file_read(&codebook->file, input, dim, options->transpose, &notes, failure))
        return false;
    codebook->codeword = codebook->file.codeword;
    codebook->dim = codebook->file.dim;
    codebook->facts = (struct unit_facts){.n_code = codebook->file.n_code,
                                          .n_codebook = codebook->file.n_codebook};
    codebook->tool = codebook->file.tool;
    char several[32] = "";
    if (codebook->facts.n_codebook > 1)
        snprintf(several, sizeof several, "%u codebooks of ", codebook->facts.n_codebook);
    messages_note(messages, "%s: %s%u codewords of %u dimensions%s%s", input, several,
                  codebook->facts.n_code, codebook->dim, codebook->tool[0] ? ", " : "",
                  codebook->tool);
    return true;
}

static bool choose(struct codebook *codebook, const char *input, uint32_t which,
                   struct failure *failure)
{
    if (which > codebook->facts.n_codebook)
        return fail(failure, EXIT_USAGE,
                    "%s: there are only %u codebooks, so --codebook %u does not exist", input,
                    codebook->facts.n_codebook, which);
    if (which == 0) return true;
    codebook->codeword += (size_t)(which - 1) * codebook->facts.n_code * codebook->dim;
    codebook->facts.n_codebook = 1;
    if (which > 1) codebook->label = NULL;
    return true;
}

/* Python tools that train codebooks use a different frame grid from that of models. */
static void note_frames(const struct codebook *codebook, const voq_parts *frontend,
                        const struct convert_options *options, struct messages *messages)
{
    if (!codebook->tool || !codebook->tool[0] || !frontend->frontend ||
        frontend->frontend->grid != VOQ_GRID_MIRROR)
        return;
    messages_note(messages,
                  "the frames of %s lie on another grid than those of fairseq, so some units "
                  "differ from the labels of %s; for the same labels leave out --frontend, run voq "
                  "encode --features --profile hubert, then voq encode -m with that model of "
                  "vectors",
                  options->frontend, codebook->tool);
}

static bool write_model(const struct codebook *codebook, const voq_parts *frontend,
                        const char *output, struct failure *failure)
{
    char provenance[128];
    snprintf(provenance, sizeof provenance, "codebook=%s\n",
             codebook->tool && codebook->tool[0] ? codebook->tool : "imported");
    voq_parts parts = *frontend;
    parts.codeword = codebook->codeword;
    parts.n_codebook = codebook->facts.n_codebook;
    parts.n_code = codebook->facts.n_code;
    parts.dim = codebook->dim;
    parts.label = codebook->label;
    parts.label_probability = codebook->label ? codebook->label_probability : NULL;
    parts.provenance = provenance;
    parts.section = NULL; /* of the codewords that are replaced */
    parts.n_section = 0;
    return convert_write_model(&parts, output, failure);
}

static bool write_codebook(const struct codebook *codebook, const voq_parts *frontend,
                           const struct convert_options *options, struct failure *failure)
{
    const char *output = options->output;
    if (path_has_suffix(output, "voq")) return write_model(codebook, frontend, output, failure);
    if (path_has_suffix(output, "npy"))
        return codebook_write_npy(output, codebook->codeword, &codebook->facts, codebook->dim,
                                  failure);
    if (path_has_suffix(output, "h"))
        return codebook_write_c(output, options->symbol ? options->symbol : "codebook",
                                codebook->codeword, &codebook->facts, codebook->dim, failure);
    return fail(failure, EXIT_USAGE,
                "a codebook needs an output file; give -o NAME.voq, NAME.npy or NAME.h");
}

/* Opens the model whose parts, except for its codebook, are used. */
static bool open_frontend(const char *name, voq_model **model, voq_parts *parts, uint32_t *dim,
                          struct failure *failure)
{
    char path[4096];
    voq_info info = {.struct_size = sizeof info};
    if (!model_open(name, VOQ_CPU_AUTO, model, path, sizeof path, failure)) return false;
    if (voq_model_parts(*model, parts) != VOQ_OK || voq_model_describe(*model, &info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "%s: no parts", path);
    *dim = info.dim;
    return true;
}

bool convert_codebook(const struct convert_options *options, const char *input,
                      struct messages *messages, struct failure *failure)
{
    struct codebook codebook = {0};
    voq_model *frontend = NULL;
    voq_parts parts = {.struct_size = sizeof parts};
    uint32_t dim = 0;
    bool ok = convert_fit_codebook(options, is_model(input), failure) &&
              (!options->frontend ||
               open_frontend(options->frontend, &frontend, &parts, &dim, failure));
    if (ok)
        ok = is_model(input) ? read_model(&codebook, input, failure)
                             : read_file(&codebook, input, dim, options, messages, failure);
    ok = ok && choose(&codebook, input, options->codebook, failure) &&
         write_codebook(&codebook, &parts, options, failure);
    if (ok && path_has_suffix(options->output, "voq"))
        note_frames(&codebook, &parts, options, messages);
    codebook_file_free(&codebook.file);
    voq_model_close(codebook.model);
    voq_model_close(frontend);
    return ok;
}
