/* SPDX-License-Identifier: MIT */
/* Any bytes as OUT.journal of a run of three files whose unfinished output is there: what is taken
   up is never more than there is, and what is refused stays. */
#define _GNU_SOURCE
#include "tests/support/scratch.h"

#include "tools/command/done_items.h"
#include "tools/command/journal.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { N_ITEM = 3, LENGTH = 24 };

static const char content[LENGTH + 1] = "a|1 2 3\nb|4 5 6\nc|7 8 9\n";
static const char tag[] = "0123456789abcdef";
static char output[512], journal_name[600];
static struct utterance utterance[N_ITEM];
static struct encode_item item[N_ITEM];
static const struct encode_items items = {.item = item, .n = N_ITEM};

/* The unfinished output as an earlier run left it. */
static void leave_output(void)
{
    struct sink *sink;
    struct failure failure;
    const struct sink_options options = {.tag = tag};
    if (!sink_open(&sink, output, &options, &failure)) abort();
    sink_write(sink, content, LENGTH);
    sink_abandon(sink, true);
}

static void end_scratch(int signal_number)
{
    scratch_end();
    _exit(128 + signal_number);
}

static void make_run(void)
{
    static char path[N_ITEM][512];
    static const char *const name[N_ITEM] = {"a", "b", "c"};
    const struct timespec time[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    if (!scratch_begin()) abort();
    signal(SIGTERM, end_scratch);
    snprintf(output, sizeof output, "%s", scratch("out"));
    snprintf(journal_name, sizeof journal_name, "%s.journal", output);
    for (int i = 0; i < N_ITEM; i++) {
        snprintf(path[i], sizeof path[i], "%s", scratch_text(name[i], name[i]));
        if (utimensat(AT_FDCWD, path[i], time, 0) != 0) abort();
        utterance[i] = (struct utterance){.name = name[i], .path = path[i]};
        item[i] = (struct encode_item){&utterance[i], name[i], 0};
    }
    leave_output();
}

static bool is_there(void *context, const char *name, const struct sink_mark *mark)
{
    (void)context;
    return name[0] == 'a' && mark->length == 1;
}

static void take_up_output(const struct sink_mark *mark)
{
    struct failure failure;
    struct sink *sink;
    const struct sink_options options = {.tag = tag, .resume = mark};
    if (!sink_open(&sink, output, &options, &failure)) return;
    if (sink_position(sink) > LENGTH) abort();
    sink_abandon(sink, true);
}

static void take_up(struct journal *journal, bool file_each)
{
    struct failure failure;
    struct done_items done = {0};
    if (done_items_find(&done, journal, &items, file_each, &failure)) {
        if (file_each) done_items_check(&done, &items, is_there, NULL);
        if (!done_items_list_rest(&done, N_ITEM, &failure)) abort();
        if (done.n + done.n_todo != N_ITEM || done.n_failed > done.n) abort();
        if (!file_each && done.n != done.n_line) abort();
        if (done_items_mark(&done)) take_up_output(done_items_mark(&done));
    }
    done_items_free(&done);
}

/* The first byte chooses one output file or one per item, and --resume or not. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct journal *journal;
    struct failure failure;
    if (!output[0]) make_run();
    if (n < 1) return 0;
    scratch_write("out.journal", data + 1, n - 1);
    const struct journal_request request = {.output = output, .suffix = ".journal", .hash = 0x1234,
                                            .n_item = N_ITEM, .resume = data[0] & 1};
    if (journal_open(&journal, &request, &failure)) {
        if (strlen(journal_tag(journal)) != sizeof tag - 1) abort();
        take_up(journal, data[0] & 2);
        journal_keep(journal);
    } else if (failure.code != EXIT_USAGE || access(journal_name, F_OK) != 0) {
        abort();
    }
    return 0;
}
