/* SPDX-License-Identifier: MIT */
#include "tools/cli/model_lookup.h"

#include "tools/base/path.h"
#include "tools/cli/model_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool copy(char *path, size_t capacity, const char *from, struct failure *failure)
{
    if (strlen(from) >= capacity) return fail(failure, EXIT_USAGE,
                                              "%s: the path is too long; use a shorter one", from);
    strcpy(path, from);
    return true;
}

static bool fail_unknown(const char *name, struct failure *failure)
{
    char near[256];
    if (model_list_nearest(name, near, sizeof near))
        return fail(failure, EXIT_USAGE,
                    "there is no model \"%s\"; did you mean %s? voq models lists them", name, near);
    return fail(failure, EXIT_USAGE,
                "there is no model \"%s\" in $VOQ_MODELS, beside voq or in its source tree; give a "
                "path such as ./%s.voq, or a name that voq models lists", name, name);
}

bool model_find(const char *name, char *path, size_t capacity, struct failure *failure)
{
    if (strchr(name, '/') || path_has_suffix(name, "voq"))
        return copy(path, capacity, name, failure);

    struct model_folders folders;
    char candidate[8192];
    model_folders_find(&folders);
    for (int i = 0; i < MODEL_FOLDERS; i++) {
        if (!folders.path[i][0]) continue;
        int n = snprintf(candidate, sizeof candidate, "%s/%s.voq", folders.path[i], name);
        if (n > 0 && (size_t)n < sizeof candidate && access(candidate, F_OK) == 0)
            return copy(path, capacity, candidate, failure);
    }
    return fail_unknown(name, failure);
}

bool model_fail_cpu(struct failure *failure)
{
    return fail(failure, EXIT_USAGE,
                "--cpu: this machine or build lacks that instruction set; choose auto");
}

bool model_open(const char *name, uint32_t cpu, voq_model **model, char *path, size_t capacity,
                struct failure *failure)
{
    if (!model_find(name ? name : MODEL_DEFAULT, path, capacity, failure)) return false;
    const voq_options options = {.struct_size = sizeof options, .cpu = (voq_cpu)cpu};
    voq_error error = {.struct_size = sizeof error};
    voq_status status = voq_model_open(path, &options, model, &error);
    if (status == VOQ_OK) return true;
    if (status == VOQ_ERROR_CPU) return model_fail_cpu(failure);
    enum exit_code code = status == VOQ_ERROR_MEMORY ? EXIT_INTERNAL : EXIT_USAGE;
    const char *reason = error.text[0] ? error.text : voq_status_string(status);
    if (error.offset != VOQ_NO_OFFSET && error.text[0])
        return fail(failure, code, "%s: byte %llu: %s", path, (unsigned long long)error.offset,
                    reason);
    if (status == VOQ_ERROR_IO) return fail(failure, code, "%s", reason); /* names the file */
    return fail(failure, code, "%s: %s", path, reason);
}

bool model_labels(const voq_model *model, const char *const **label, struct failure *failure)
{
    voq_parts parts = {.struct_size = sizeof parts};
    if (voq_model_parts(model, &parts) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model has no parts");
    *label = parts.label;
    for (uint32_t i = 0; parts.label && i < parts.n_code; i++)
        if (parts.label[i][0]) return true;
    return fail(failure, EXIT_USAGE,
                "--labels: the units of the model %s have no labels; leave the option out",
                parts.name && parts.name[0] ? parts.name : "without a name");
}
