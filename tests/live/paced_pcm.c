/* SPDX-License-Identifier: MIT */
/* An ALSA microphone for tests: `type voqpaced`. It plays at the pace of the monotonic clock and
   does on order what real devices do when they feel like it.

       pcm.mic { type voqpaced  rate 16000  channels 1 ... }

   infile "x.raw"   int16, interleaved; after its end zeros. Without it sample i of the device is
                    (i*7919 + 123) mod 65536 - 32768: any few samples tell where they are from
   speed N          the device's clock runs N times as fast (default 1)
   drift N          and by N millionths faster
   period N         the longest period in frames (default: what the program asks for)
   epoch "file"     when the device was first started: its clock goes on through openings, also
                    of other processes. The test deletes the file

   At `at` milliseconds of that clock, once, `fault` happens:
   overrun          the program is told that it was late; the device restarts `for` ms later
   skip             `for` ms of samples are missing and nobody is told
   stall            the clock stands, wake-ups go on      } until a new opening, which is refused
   silent           no wake-ups any more                  } for `for` ms
   gone             every call fails with ENODEV          }
   block            a read never returns                  } */
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum fault { FAULT_NONE, FAULT_OVERRUN, FAULT_SKIP, FAULT_STALL, FAULT_SILENT, FAULT_GONE,
             FAULT_BLOCK };

static const char *const fault_name[] = {"none", "overrun", "skip", "stall", "silent", "gone",
                                         "block"};

struct paced {
    snd_pcm_ioplug_t io; /* its private_data is this struct */
    long rate, channels, speed, drift, period, at_ms, for_ms;
    enum fault fault;
    char *epoch_path;
    int16_t *sample; /* of infile, or NULL */
    size_t n_sample;
    double epoch_s;      /* monotonic; 0: never started */
    bool hit;            /* the fault has happened, or this opening came after it */
    uint64_t first;      /* device's frame that is the program's frame 0 since the last start */
    uint64_t given;      /* frames given since the last start */
    uint64_t pointed;    /* position reported last, since the last start */
    uint64_t skip_from, skipped; /* from this position on, so many frames are missing */
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- the device's clock ---------------------------------------------------------------------- */

static void read_epoch(struct paced *p)
{
    FILE *file = p->epoch_path ? fopen(p->epoch_path, "r") : NULL;
    if (!file) return;
    if (fscanf(file, "%lf", &p->epoch_s) != 1) p->epoch_s = 0;
    fclose(file);
}

/* False: it has begun before. */
static bool begin_epoch(struct paced *p)
{
    if (p->epoch_s == 0) read_epoch(p);
    if (p->epoch_s > 0) return false;
    p->epoch_s = now_s();
    FILE *file = p->epoch_path ? fopen(p->epoch_path, "w") : NULL;
    if (file) {
        fprintf(file, "%.9f\n", p->epoch_s);
        fclose(file);
    }
    return true;
}

static double device_s(const struct paced *p)
{
    double pace = (double)p->speed * (1 + 1e-6 * (double)p->drift);
    return p->epoch_s > 0 ? (now_s() - p->epoch_s) * pace : 0;
}

static uint64_t device_frame(const struct paced *p)
{
    return (uint64_t)(device_s(p) * (double)p->rate);
}

/* True once, when the time of the fault has come. */
static bool strikes(struct paced *p)
{
    if (p->hit || p->fault == FAULT_NONE || device_s(p) * 1e3 < (double)p->at_ms) return false;
    p->hit = true;
    return true;
}

static bool is_dead(const struct paced *p, enum fault fault)
{
    return p->hit && p->fault == fault && p->first < (uint64_t)(p->at_ms * p->rate / 1000);
}

/* ---- what ALSA calls ------------------------------------------------------------------------- */

static void set_timer(struct paced *p, bool on)
{
    double period_s = (double)p->io.period_size / (double)p->rate / (double)p->speed;
    struct timespec t = {.tv_nsec = on ? (long)(period_s * 1e9) : 0};
    struct itimerspec timer = {.it_interval = t, .it_value = t};
    timerfd_settime(p->io.poll_fd, 0, &timer, NULL);
}

static int paced_start(snd_pcm_ioplug_t *io)
{
    struct paced *p = io->private_data;
    if (is_dead(p, FAULT_GONE)) return -ENODEV;
    p->first = begin_epoch(p) ? 0 : device_frame(p);
    p->given = p->pointed = p->skipped = 0;
    set_timer(p, true);
    return 0;
}

static int paced_stop(snd_pcm_ioplug_t *io)
{
    set_timer(io->private_data, false);
    return 0;
}

static int paced_prepare(snd_pcm_ioplug_t *io)
{
    const struct paced *p = io->private_data;
    if (is_dead(p, FAULT_GONE)) return -ENODEV;
    if (p->hit && p->fault == FAULT_OVERRUN) usleep((useconds_t)p->for_ms * 1000);
    return 0;
}

static snd_pcm_sframes_t strike(struct paced *p)
{
    switch (p->fault) {
    case FAULT_OVERRUN: return -EPIPE;
    case FAULT_SKIP:
        p->skip_from = p->pointed;
        p->skipped = (uint64_t)(p->for_ms * p->rate / 1000);
        break;
    case FAULT_SILENT: set_timer(p, false); break;
    case FAULT_GONE: snd_pcm_ioplug_set_state(&p->io, SND_PCM_STATE_DISCONNECTED); break;
    default: break;
    }
    return 0;
}

static snd_pcm_sframes_t paced_pointer(snd_pcm_ioplug_t *io)
{
    struct paced *p = io->private_data;
    if (strikes(p) && strike(p) < 0) return -EPIPE;
    uint64_t frame = device_frame(p), origin = p->first + p->skipped;
    bool stands = is_dead(p, FAULT_STALL) || is_dead(p, FAULT_GONE) || frame < origin + p->pointed;
    if (!stands) p->pointed = frame - origin;
    if (p->pointed > p->given + io->buffer_size) return -EPIPE;
    return (snd_pcm_sframes_t)(p->pointed % io->buffer_size);
}

/* Channel c of frame i since the last start. */
static int16_t sample_at(const struct paced *p, uint64_t frame, unsigned c)
{
    uint64_t missing = frame >= p->skip_from ? p->skipped : 0;
    uint64_t i = (p->first + frame + missing) * (uint64_t)p->channels + c;
    if (!p->sample) return (int16_t)((int)((i * 7919 + 123) % 65536) - 32768);
    return i < p->n_sample ? p->sample[i] : 0;
}

static snd_pcm_sframes_t paced_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                        snd_pcm_uframes_t offset, snd_pcm_uframes_t size)
{
    struct paced *p = io->private_data;
    while (is_dead(p, FAULT_BLOCK)) pause();
    for (snd_pcm_uframes_t i = 0; i < size; i++)
        for (unsigned c = 0; c < io->channels; c++) {
            const snd_pcm_channel_area_t *area = &areas[c];
            char *at = (char *)area->addr + (area->first + (offset + i) * area->step) / 8;
            int16_t x = sample_at(p, p->given + i, c);
            memcpy(at, &x, sizeof x);
        }
    p->given += size;
    return (snd_pcm_sframes_t)size;
}

static int paced_poll_revents(snd_pcm_ioplug_t *io, struct pollfd *fd, unsigned n,
                              unsigned short *revents)
{
    const struct paced *p = io->private_data;
    uint64_t ticks;
    (void)n;
    *revents = 0;
    if (is_dead(p, FAULT_GONE))
        *revents = POLLERR | POLLHUP;
    else if ((fd->revents & POLLIN) && read(io->poll_fd, &ticks, sizeof ticks) > 0)
        *revents = POLLIN;
    return 0;
}

static int paced_close(snd_pcm_ioplug_t *io)
{
    struct paced *p = io->private_data;
    close(io->poll_fd);
    free(p->epoch_path);
    free(p->sample);
    free(p);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = paced_start,
    .stop = paced_stop,
    .pointer = paced_pointer,
    .transfer = paced_transfer,
    .close = paced_close,
    .prepare = paced_prepare,
    .poll_revents = paced_poll_revents,
};

/* ---- opening --------------------------------------------------------------------------------- */

static int set_limits(const struct paced *p)
{
    static const unsigned access[] = {SND_PCM_ACCESS_MMAP_INTERLEAVED,
                                      SND_PCM_ACCESS_RW_INTERLEAVED};
    static const unsigned format[] = {SND_PCM_FORMAT_S16_LE};
    snd_pcm_ioplug_t *io = (snd_pcm_ioplug_t *)&p->io;
    unsigned frame = (unsigned)p->channels * 2;
    unsigned longest = p->period > 0 ? (unsigned)p->period : 8192;
    unsigned shortest = longest < 16 ? longest : 16;
    int error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
    if (error >= 0) error = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, format);
    const struct {
        int type;
        unsigned least, most;
    } limit[] = {
        {SND_PCM_IOPLUG_HW_CHANNELS, (unsigned)p->channels, (unsigned)p->channels},
        {SND_PCM_IOPLUG_HW_RATE, (unsigned)p->rate, (unsigned)p->rate},
        {SND_PCM_IOPLUG_HW_PERIOD_BYTES, shortest * frame, longest * frame},
        {SND_PCM_IOPLUG_HW_BUFFER_BYTES, 2 * shortest * frame, 65536 * frame},
        {SND_PCM_IOPLUG_HW_PERIODS, 2, 1024},
    };
    for (size_t i = 0; error >= 0 && i < sizeof limit / sizeof limit[0]; i++)
        error = snd_pcm_ioplug_set_param_minmax(io, limit[i].type, limit[i].least, limit[i].most);
    return error;
}

static int read_infile(struct paced *p, const char *path)
{
    struct stat status;
    FILE *file = fopen(path, "rb");
    if (!file || fstat(fileno(file), &status) != 0) return -errno;
    p->n_sample = (size_t)status.st_size / sizeof *p->sample;
    p->sample = malloc(p->n_sample * sizeof *p->sample + 1);
    if (p->sample) p->n_sample = fread(p->sample, sizeof *p->sample, p->n_sample, file);
    fclose(file);
    return p->sample ? 0 : -ENOMEM;
}

static int read_fault(struct paced *p, const char *name)
{
    for (size_t i = 0; i < sizeof fault_name / sizeof fault_name[0]; i++)
        if (strcmp(name, fault_name[i]) == 0) {
            p->fault = (enum fault)i;
            return 0;
        }
    return -EINVAL;
}

static int read_configuration(struct paced *p, snd_config_t *config)
{
    const struct {
        const char *key;
        long *value;
    } number[] = {{"rate", &p->rate},     {"channels", &p->channels}, {"speed", &p->speed},
                  {"drift", &p->drift},   {"period", &p->period},     {"at", &p->at_ms},
                  {"for", &p->for_ms}};
    snd_config_iterator_t i, next;
    snd_config_for_each(i, next, config) {
        snd_config_t *entry = snd_config_iterator_entry(i);
        const char *key, *text;
        int error = 0;
        if (snd_config_get_id(entry, &key) < 0) continue;
        for (size_t k = 0; k < sizeof number / sizeof number[0]; k++)
            if (strcmp(key, number[k].key) == 0)
                error = snd_config_get_integer(entry, number[k].value);
        if (snd_config_get_string(entry, &text) >= 0) {
            if (strcmp(key, "infile") == 0) error = read_infile(p, text);
            if (strcmp(key, "fault") == 0) error = read_fault(p, text);
            if (strcmp(key, "epoch") == 0) p->epoch_path = strdup(text);
        }
        if (error < 0) return error;
    }
    return 0;
}

/* A device that has died refuses to be opened for a while; one that is opened later is healthy. */
static int come_back(struct paced *p)
{
    double ms;
    read_epoch(p);
    ms = device_s(p) * 1e3;
    if (p->fault < FAULT_STALL || ms < (double)p->at_ms) return 0;
    p->hit = true;
    p->first = device_frame(p);
    return ms < (double)(p->at_ms + p->for_ms) ? -ENODEV : 0;
}

SND_PCM_PLUGIN_DEFINE_FUNC(voqpaced)
{
    (void)root;
    struct paced *p = calloc(1, sizeof *p);
    if (!p) return -ENOMEM;
    p->rate = 16000;
    p->channels = p->speed = 1;
    p->io.poll_fd = -1;
    int error = stream == SND_PCM_STREAM_CAPTURE ? read_configuration(p, conf) : -EINVAL;
    if (error >= 0) error = come_back(p);
    if (error >= 0) {
        p->io.version = SND_PCM_IOPLUG_VERSION;
        p->io.name = "a microphone for tests";
        p->io.callback = &callbacks;
        p->io.private_data = p;
        p->io.poll_events = POLLIN;
        p->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        error = p->io.poll_fd < 0 ? -errno : snd_pcm_ioplug_create(&p->io, name, stream, mode);
    }
    if (error < 0) {
        if (p->io.poll_fd >= 0) close(p->io.poll_fd);
        free(p->epoch_path);
        free(p->sample);
        free(p);
        return error;
    }
    error = set_limits(p);
    if (error < 0) {
        snd_pcm_ioplug_delete(&p->io);
        return error;
    }
    *pcmp = p->io.pcm;
    return 0;
}
SND_PCM_PLUGIN_SYMBOL(voqpaced);
