/* command-setup.c - kairan setup: what the person wants, then step by step */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/setup-text.h"
#include "cli/setup.h"

static const char answers_path[] = SETUP_DIR "/answers";

enum { COMMAND_MS = 300000 };

#define WISH(name, option, flag, question, fallback) {#name, option, flag, question, fallback, offsetof(struct setup_wish, name)},
static const struct { const char *name, *option; bool is_flag; const char *question, *fallback; size_t offset; } wishes[] = {
#include "cli/setup-wish.def"
};
#undef WISH

#define STEP(function, heading) {function, #function, heading},
static const struct { enum status (*run)(struct setup *setup); const char *name, *heading; } steps[] = {
#include "cli/setup-steps.def"
};
#undef STEP

/* ---- what is wanted ---- */

static const char **
place_of(struct setup *setup, size_t i)
{
    return (const char **)(void *)((char *)&setup->wish + wishes[i].offset);
}

/* NULL: no earlier run was told. */
static const char *
earlier_answer(TALLOC_CTX *ctx, const char *text, const char *name)
{
    for (char **line = str_split(ctx, text != NULL ? text : "", '\n', SIZE_MAX); *line != NULL; line++)
        if (str_starts(*line, mem_printf(ctx, "%s = ", name)))
            return *line + strlen(name) + 3;
    return NULL;
}

static const char *
fallback_of(struct setup *setup, size_t i)
{
    const char *fallback = wishes[i].fallback;

    if (fallback == NULL || fallback[0] != '=')
        return fallback;
    for (size_t other = 0; other < i; other++)
        if (str_eq(wishes[other].name, fallback + 1))
            return *place_of(setup, other);
    return NULL;
}

/* One question on the terminal; an empty line takes what stands in brackets. */
static const char *
ask_person(struct setup *setup, const char *question, const char *usual)
{
    char line[512];

    fprintf(stderr, "%s%s%s%s: ", question, str_is_empty(usual) ? "" : " [", str_is_empty(usual) ? "" : usual, str_is_empty(usual) ? "" : "]");
    if (fgets(line, sizeof line, stdin) == NULL)
        return usual;
    return str_is_empty(str_trim(setup->ctx, line)) ? usual : str_trim(setup->ctx, line);
}

/* By which a yes that was kept is taken back: --certbot, --no-certbot. */
static const char *
no_option(TALLOC_CTX *ctx, size_t i)
{
    return mem_printf(ctx, "--no-%s", wishes[i].option + strlen("--"));
}

static enum status
read_wish(struct setup *setup, size_t i, const char *answers, bool may_ask)
{
    struct call *call = setup->call;
    const char **place = place_of(setup, i), *earlier = earlier_answer(setup->ctx, answers, wishes[i].name);
    const char *usual = earlier != NULL ? earlier : fallback_of(setup, i);

    if (wishes[i].is_flag && has_option(call, no_option(setup->ctx, i)))
        *place = "no";
    else if (has_option(call, wishes[i].option))
        *place = wishes[i].is_flag ? "yes" : option(call, wishes[i].option);
    else if (may_ask && earlier == NULL && wishes[i].question != NULL)
        *place = ask_person(setup, wishes[i].question, usual);
    else
        *place = usual;
    if (*place != NULL && str_has_control(*place))
        return fault_setf(&call->fault, setup->ctx, STATUS_INVALID, wishes[i].option, "%s: its value is to be one line.", wishes[i].option);
    if (*place == NULL)
        return fault_setf(&call->fault, setup->ctx, STATUS_INVALID, wishes[i].option, "%s is missing: %s.", wishes[i].option, wishes[i].question);
    if (wishes[i].is_flag)
        *place = text_yes_or_no(*place);
    return STATUS_OK;
}

static const char *
trouble_of(struct setup *setup)
{
    struct setup_wish *wish = &setup->wish;
    const char *trouble = text_host_trouble(setup->ctx, "--domain", wish->domain);

    if (trouble == NULL)
        trouble = text_host_trouble(setup->ctx, "--host", wish->host);
    if (trouble == NULL)
        trouble = text_address_trouble(setup->ctx, wish->admin);
    if (trouble == NULL && !str_eq(wish->language, "en") && !str_eq(wish->language, "ja"))
        trouble = mem_printf(setup->ctx, "--language: \"%s\" is not known here; en or ja.", wish->language);
    if (trouble == NULL && !str_is_empty(wish->time_zone) && (strstr(wish->time_zone, "..") != NULL || wish->time_zone[0] == '/' ||
        access(mem_printf(setup->ctx, "/usr/share/zoneinfo/%s", wish->time_zone), R_OK) != 0))
        trouble = mem_printf(setup->ctx, "--time-zone: there is no time zone \"%s\"; it looks like Europe/Berlin or Asia/Tokyo.", wish->time_zone);
    if (trouble == NULL && str_is_empty(wish->certificate) != str_is_empty(wish->key))
        trouble = "--certificate and --key go together: the certificate with its chain, and its private key.";
    if (trouble == NULL && !str_is_empty(wish->certificate) && (wish->certificate[0] != '/' || wish->key[0] != '/' ||
        strpbrk(wish->certificate, " ;,{}'\"\\") != NULL || strpbrk(wish->key, " ;,{}'\"\\") != NULL))
        trouble = "--certificate and --key are whole paths, from / on, without blanks and quotes.";
    if (trouble == NULL && !str_eq(wish->certbot, "yes") && !str_eq(wish->certbot, "no"))
        trouble = mem_printf(setup->ctx, "--certbot: \"%s\" is neither yes nor no.", wish->certbot);
    if (trouble == NULL && has_option(setup->call, "--certbot") && has_option(setup->call, "--no-certbot"))
        trouble = "--certbot and --no-certbot: say one of them.";
    if (trouble == NULL && strpbrk(wish->site_name, "#;\"") != NULL)
        trouble = "--site-name: without # ; and quotes, please.";
    return trouble;
}

static enum status
read_wishes(struct setup *setup)
{
    const char *answers = setup_read(setup->ctx, answers_path), *trouble;
    bool may_ask = isatty(STDIN_FILENO) == 1 && !has_option(setup->call, "--yes") && !setup->call->json;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < COUNT_OF(wishes) && status == STATUS_OK; i++)
        status = read_wish(setup, i, answers, may_ask);
    if (status != STATUS_OK)
        return status;
    setup->wish.domain = str_lower(setup->ctx, setup->wish.domain);
    setup->wish.host = str_lower(setup->ctx, setup->wish.host);
    trouble = trouble_of(setup);
    return trouble == NULL ? STATUS_OK : fault_set(&setup->call->fault, STATUS_INVALID, NULL, trouble);
}

static void
keep_answers(struct setup *setup)
{
    struct str *text = str_new(setup->ctx);

    for (size_t i = 0; i < COUNT_OF(wishes); i++)
        str_addf(text, "%s = %s\n", wishes[i].name, *place_of(setup, i));
    if (access(SETUP_DIR, W_OK) == 0)
        setup_write(answers_path, text->s, 0600);
}

/* ---- the walk ---- */

static void
begin_step(struct setup *setup, const char *heading)
{
    setup->changes = 0;
    setup->step = out_row(setup->steps);
    out_text(setup->step, "step", heading);
    if (!setup->call->json)
        printf("%s\n", heading);
}

/* A step that fails ends the walk: what it left is completed by the next run. */
static enum status
run_steps(struct setup *setup)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < COUNT_OF(steps) && status == STATUS_OK; i++) {
        begin_step(setup, steps[i].heading);
        status = steps[i].run(setup);
        if (status == STATUS_OK && setup->changes > 0 && !setup->is_dry)
            keep_answers(setup);
        if (status != STATUS_OK && setup->call->fault.hint == NULL && i > 0)
            setup->call->fault.hint = mem_printf(setup->ctx, "The steps before \"%s\" are done. Run \"kairan setup\" again when it is mended: it goes on "
                                                 "from there. \"kairan setup --remove\" takes back what was done.", steps[i].heading);
    }
    if (status == STATUS_OK && !setup->call->json)
        puts(setup->is_dry ? "Nothing was changed. Without --dry-run this is done."
                           : "Next: kairan list create NAME@DOMAIN --owner ADDRESS    (or on the pages, signed in)");
    return status;
}

/* Clusters whose files had lines of ours: /etc/postgresql/VERSION/NAME/... */
static void
reload_clusters(struct setup *setup, const struct setup_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char **parts = str_split(setup->ctx, entries[i].name, '/', 6);
        const char *argv[] = {"/usr/bin/pg_ctlcluster", NULL, NULL, "reload", NULL};

        if (!str_eq(entries[i].kind, "block") || !str_starts(entries[i].name, "/etc/postgresql/") || parts[3] == NULL || parts[4] == NULL)
            continue;
        argv[1] = parts[3];
        argv[2] = parts[4];
        setup_ask(setup, argv);
    }
}

/* What was undone is read now, be it all of it or not. */
static void
reload_after_removal(struct setup *setup, const struct setup_entry *entries, size_t count)
{
    const char *postfix[] = {"/usr/sbin/postfix", "reload", NULL}, *nginx[] = {"/usr/sbin/nginx", "-s", "reload", NULL};

    if (!setup->is_dry) {
        reload_clusters(setup, entries, count);
        setup_ask(setup, postfix);
        setup_ask(setup, nginx);
    }
    setup_say(setup, "note", "The database kairan, the keys in %s/keys and the users stay. Purging the package takes the keys; the database goes with: "
              "runuser -u postgres -- dropdb kairan", KAIRAN_SYSCONFDIR);
}

static enum status
take_back(struct setup *setup)
{
    const struct setup_entry *entries = setup->record.entries;
    size_t count = setup->record.count;
    enum status status;

    if (count == 0)
        return setup_fail(setup, "There is nothing to take back: %s/record is not there or empty.", SETUP_DIR);
    begin_step(setup, "Taking back");
    status = setup_undo(setup);
    reload_after_removal(setup, entries, count);
    return status;
}

static const char *
own_path(TALLOC_CTX *ctx)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

    return n > 0 ? mem_strndup(ctx, path, (size_t)n) : "/usr/bin/kairan";
}

enum status
command_setup(struct call *call)
{
    struct setup setup = {.ctx = call->ctx, .call = call, .is_dry = has_option(call, "--dry-run"), .program = own_path(call->ctx),
                          .command_ms = COMMAND_MS};
    struct out *out = call->json ? call->out : out_new(call->ctx);
    enum status status = STATUS_OK;

    setup.steps = out_rows(out, "steps");
    setup.example_dir = mem_printf(call->ctx, "%s/examples", call->conf->site_data_dir);
    if (!has_option(call, "--remove"))
        status = read_wishes(&setup);
    if (status == STATUS_OK && geteuid() != 0)
        return fault_set(&call->fault, STATUS_NOT_ALLOWED, NULL, N_("kairan setup reads and changes what belongs to the system: run it as root."));
    if (status == STATUS_OK)
        status = setup_record_read(&setup);
    if (status != STATUS_OK)
        return status;
    umask(022);
    return has_option(call, "--remove") ? take_back(&setup) : run_steps(&setup);
}
