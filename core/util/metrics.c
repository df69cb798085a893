/* metrics.c - numbers in Prometheus' text format */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/clock.h"
#include "util/metrics.h"
#include "util/status.h"

#define METRIC(id, type, name, label, values, source, help) {METRIC_##type, name, label, values, METRIC_##source, help},
static const struct metric_row metrics[] = {
#include "util/metrics.def"
};
#undef METRIC

const struct metric_row *
metric_row(enum metric metric)
{
    must((unsigned)metric < COUNT_OF(metrics));
    return &metrics[metric];
}

enum metric
metric_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(metrics); i++)
        if (str_eq(metrics[i].name, name))
            return (enum metric)i;
    return METRIC_COUNT;
}

int
metric_value_place(const char *values, const char *value)
{
    size_t wanted = value == NULL ? 0 : strlen(value);
    int place = 0;

    for (const char *p = values; *p != '\0'; place++) {
        size_t len = strcspn(p, " ");

        if (len == wanted && memcmp(p, value, len) == 0)
            return place;
        p += len + (p[len] == ' ');
    }
    return wanted == 0 ? 0 : -1;
}

static bool
is_in_seconds(enum metric metric)
{
    return str_ends(metrics[metric].name, "_seconds") || str_ends(metrics[metric].name, "_seconds_total");
}

void
metric_begin(struct str *out, enum metric metric)
{
    const struct metric_row *row = metric_row(metric);

    str_addf(out, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help, row->name, row->type == METRIC_COUNTER ? "counter" : "gauge");
}

/* Values of labels are words of ours; what is no plain word all the same is escaped as the format wants it. */
static void
add_label(struct str *out, const char *label, const char *value)
{
    str_addf(out, "{%s=\"", label);
    for (; *value != '\0'; value++) {
        if (*value == '\\' || *value == '"')
            str_addc(out, '\\');
        if (*value == '\n')
            str_add(out, "\\n");
        else
            str_addc(out, *value);
    }
    str_add(out, "\"}");
}

void
metric_sample(struct str *out, enum metric metric, const char *value, int64_t number)
{
    const struct metric_row *row = metric_row(metric);

    str_add(out, row->name);
    if (*row->label != '\0')
        add_label(out, row->label, value);
    if (is_in_seconds(metric))
        str_addf(out, " %s%lld.%06lld\n", number < 0 ? "-" : "", llabs((long long)(number / US_PER_S)), llabs((long long)(number % US_PER_S)));
    else
        str_addf(out, " %lld\n", (long long)number);
}

bool
metric_read(const char *text, enum metric metric, const char *value, int64_t *number_r)
{
    struct str *head = str_new(NULL);
    const char *found = text;
    bool is_there = false;

    str_addf(head, "\n%s", metric_row(metric)->name);
    if (*metric_row(metric)->label != '\0')
        add_label(head, metric_row(metric)->label, value);
    str_add(head, " ");
    if ((found = strstr(text, head->s)) != NULL) {
        double number = strtod(found + head->len, NULL) * (is_in_seconds(metric) ? (double)US_PER_S : 1.0);

        *number_r = (int64_t)(number + (number < 0 ? -0.5 : 0.5));
        is_there = true;
    }
    talloc_free(head);
    return is_there;
}
