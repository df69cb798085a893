/* tally.c - what the processes of one program count together */
#include <ctype.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "util/clock.h"
#include "util/log.h"
#include "util/tally.h"

/* The time is written last, and is 0 while the line is not whole. */
struct recent { _Atomic int64_t at_us; char line[TALLY_LINE]; };

struct tally {
    _Atomic int64_t cells[METRIC_COUNT][TALLY_VALUES];
    _Atomic unsigned char busy[TALLY_CHILDREN];     /* 0, or the place of its label's value and one more */
    _Atomic unsigned recent_next;
    struct recent recent[TALLY_RECENT];
};

/* Like the log, for every function to use. The memory is shared; what else is here is the same in all processes. */
static struct {
    struct tally *shared;
    enum metric_source source;
    enum metric log_lines, busy;
    const char *values[METRIC_COUNT];
    char events[4096];
} state;

static const char *
values_of(enum metric metric)
{
    return state.values[metric] != NULL ? state.values[metric] : metric_row(metric)->values;
}

static _Atomic int64_t *
cell(enum metric metric, const char *value)
{
    int place;

    if (state.shared == NULL || metric_row(metric)->source != state.source)
        return NULL;
    place = metric_value_place(values_of(metric), value);
    must(place >= 0 && place < TALLY_VALUES);
    return &state.shared->cells[metric][place];
}

/* --- the log --- */

static void
remember(const char *line)
{
    unsigned place = atomic_fetch_add(&state.shared->recent_next, 1) % TALLY_RECENT;
    struct recent *recent = &state.shared->recent[place];

    atomic_store(&recent->at_us, 0);
    snprintf(recent->line, sizeof recent->line, "%s", line);
    atomic_store(&recent->at_us, clock_now_us());
}

static void
on_line(enum log_event event, const char *line)
{
    atomic_fetch_add(&state.shared->cells[state.log_lines][event], 1);
    if (log_row(event)->level <= LOG_LEVEL_WARNING)
        remember(line);
}

static void
name_events(void)
{
    size_t len = 0;

    must((int)EVENT_COUNT <= (int)TALLY_VALUES);
    for (int i = 0; i < EVENT_COUNT; i++) {
        for (const char *p = log_row((enum log_event)i)->name; *p != '\0'; p++)
            state.events[len++] = (char)tolower((unsigned char)*p);
        state.events[len++] = i + 1 < EVENT_COUNT ? ' ' : '\0';
        must(len < sizeof state.events - 64);
    }
}

void
tally_open(enum metric_source source, enum metric log_lines, enum metric busy)
{
    void *memory = mmap(NULL, sizeof(struct tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    must(memory != MAP_FAILED);
    state.shared = memory;
    state.source = source;
    state.log_lines = log_lines;
    state.busy = busy;
    name_events();
    tally_values(log_lines, state.events);
    log_tell(on_line);
}

/* --- counting --- */

void
tally_values(enum metric metric, const char *values)
{
    state.values[metric] = values;
}

void
tally_add(enum metric metric, const char *value, int64_t count)
{
    _Atomic int64_t *where = cell(metric, value);

    if (where != NULL)
        atomic_fetch_add(where, count);
}

void
tally_set(enum metric metric, const char *value, int64_t number)
{
    _Atomic int64_t *where = cell(metric, value);

    if (where != NULL)
        atomic_store(where, number);
}

int64_t
tally_get(enum metric metric, const char *value)
{
    _Atomic int64_t *where = cell(metric, value);

    return where != NULL ? atomic_load(where) : 0;
}

void
tally_busy(size_t child, const char *value)
{
    if (state.shared == NULL || child >= TALLY_CHILDREN)
        return;
    atomic_store(&state.shared->busy[child],
                 (unsigned char)(value == NULL ? 0 : 1 + metric_value_place(values_of(state.busy), value)));
}

/* --- showing --- */

static void
count_busy(void)
{
    int64_t counts[TALLY_VALUES] = {0};

    for (size_t i = 0; i < TALLY_CHILDREN; i++) {
        unsigned char busy = atomic_load(&state.shared->busy[i]);

        if (busy != 0 && busy <= TALLY_VALUES)
            counts[busy - 1]++;
    }
    for (size_t i = 0; i < TALLY_VALUES; i++)
        atomic_store(&state.shared->cells[state.busy][i], counts[i]);
}

static void
write_one(struct str *out, enum metric metric)
{
    const char *values = values_of(metric);
    bool is_time = str_ends(metric_row(metric)->name, "_timestamp_seconds");
    int place = 0;

    metric_begin(out, metric);
    for (const char *p = values; place == 0 || *p != '\0'; place++) {
        size_t len = strcspn(p, " ");
        char *value = mem_strndup(out, p, len);
        int64_t number = atomic_load(&state.shared->cells[metric][place]);

        if (number != 0 || !is_time)
            metric_sample(out, metric, value, number);
        talloc_free(value);
        p += len + (p[len] == ' ');
    }
}

void
tally_write(struct str *out)
{
    if (state.shared == NULL)
        return;
    count_busy();
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        if (metric_row((enum metric)metric)->source == state.source)
            write_one(out, (enum metric)metric);
}

void
tally_recent(struct str *out)
{
    unsigned next;

    if (state.shared == NULL)
        return;
    next = atomic_load(&state.shared->recent_next);
    for (unsigned i = 0; i < TALLY_RECENT; i++) {
        struct recent *recent = &state.shared->recent[(next + i) % TALLY_RECENT];
        int64_t at_us = atomic_load(&recent->at_us);

        if (at_us != 0) {
            char *line = utf8_clean(out, recent->line, strnlen(recent->line, sizeof recent->line));

            str_addf(out, "%s %s\n", clock_iso(out, at_us), line);
        }
    }
}
