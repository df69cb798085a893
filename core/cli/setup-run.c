/* setup-run.c - other programs, run by setup or asked */
#include <string.h>

#include "cli/setup-text.h"
#include "cli/setup.h"
#include "util/clock.h"

enum ended { WELL, BADLY, LATE };
struct limit { int64_t end_ms; bool is_over; };

static bool
has_time(void *data)
{
    struct limit *limit = data;

    limit->is_over = clock_monotonic_ms() >= limit->end_ms;
    return !limit->is_over;
}

/* Programs of others: one that hangs is not to hold up the setup for ever. */
static enum ended
run_limited(struct setup *setup, const char *const argv[], struct run_answer *answer_r)
{
    struct limit limit = {.end_ms = clock_monotonic_ms() + setup->command_ms};
    struct run run = {.argv = argv, .go_on = has_time, .data = &limit};

    if (!run_program(setup->ctx, &run, answer_r) || answer_r->code != 0)
        return limit.is_over ? LATE : BADLY;
    return WELL;
}

static enum ended
run_unlimited(struct setup *setup, const char *const argv[], struct run_answer *answer_r)
{
    return run_program(setup->ctx, &(struct run){.argv = argv}, answer_r) && answer_r->code == 0 ? WELL : BADLY;
}

const char *
setup_ask(struct setup *setup, const char *const argv[])
{
    struct run_answer answer;

    return run_limited(setup, argv, &answer) == WELL ? str_trim(setup->ctx, answer.output) : NULL;
}

static const char *
show_end(struct setup *setup, const struct run_answer *answer, enum ended ended)
{
    setup_show(setup, answer->output);
    setup_show(setup, answer->errors);
    if (ended != LATE)
        return "did not succeed";
    return mem_printf(setup->ctx, "was ended, for it took longer than %lld s", (long long)(setup->command_ms / 1000));
}

bool
setup_do(struct setup *setup, const char *const argv[])
{
    struct run_answer answer;
    enum ended ended = run_limited(setup, argv, &answer);

    if (ended != WELL)
        setup_show(setup, mem_printf(setup->ctx, "\"%s\" %s.", text_command(setup->ctx, argv), show_end(setup, &answer, ended)));
    return ended == WELL;
}

/* Tabs are what main.cf sets its lines in with; the record parts its words by them. */
bool
setup_said(struct setup *setup, const char *name, const char **said_r)
{
    const char *argv[] = {"/usr/sbin/postconf", "-n", name, NULL};
    const char *line = setup_ask(setup, argv), *equals = line != NULL ? strchr(line, '=') : NULL;

    *said_r = equals != NULL ? text_replace(setup->ctx, str_trim(setup->ctx, equals + 1), "\t", " ") : NULL;
    return line != NULL;
}

static enum status
run_shown(struct setup *setup, const char *mend, const char *line, const char *const argv[],
          enum ended (*run)(struct setup *setup, const char *const argv[], struct run_answer *answer_r))
{
    struct run_answer answer;
    enum ended ended;

    setup_say(setup, setup->is_dry ? "would" : "done", "%s%s", setup->is_dry ? "run: " : "ran: ", line);
    ended = setup->is_dry ? WELL : run(setup, argv, &answer);
    if (ended == WELL)
        return STATUS_OK;
    return setup_fail(setup, "\"%s\" %s.%s%s", line, show_end(setup, &answer, ended), mend != NULL ? " " : "", mend != NULL ? mend : "");
}

enum status
setup_run(struct setup *setup, const char *mend, const char *const argv[])
{
    return run_shown(setup, mend, text_command(setup->ctx, argv), argv, run_limited);
}

static const char **
own_words(struct setup *setup, const char *const words[])
{
    const char **argv = mem_array(setup->ctx, const char *, 16);
    size_t count = 3;

    argv[0] = setup->program;
    argv[1] = "-c";
    argv[2] = SETUP_CONF;
    for (; *words != NULL && count < 15; words++)
        argv[count++] = *words;
    return argv;
}

enum status
setup_run_own(struct setup *setup, const char *mend, const char *const words[])
{
    return run_shown(setup, mend, mem_printf(setup->ctx, "kairan %s", text_command(setup->ctx, words)), own_words(setup, words),
                     run_unlimited);
}

const char *
setup_ask_own(struct setup *setup, const char *const words[])
{
    return setup_ask(setup, own_words(setup, words));
}
