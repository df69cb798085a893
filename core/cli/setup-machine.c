/* setup-machine.c - setup's steps: what must be installed, users and folders, kairan.conf, the database, the list domain */
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/check.h"
#include "cli/setup-text.h"
#include "cli/setup.h"
#include "store/db.h"

/* ---- the machine ---- */

static const struct { const char *path, *package; } needed[] = {
    {"/usr/bin/pg_lsclusters", "postgresql"}, {"/usr/sbin/nginx", "nginx"}, {"/usr/sbin/postconf", "postfix"},
    {"/usr/bin/openssl", "openssl"}, {"/usr/sbin/runuser", "util-linux"}, {"/usr/sbin/useradd", "passwd"},
};

static enum status
need_packages(struct setup *setup)
{
    struct str *missing = str_new(setup->ctx);

    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (access(needed[i].path, X_OK) != 0)
            str_addf(missing, " %s", needed[i].package);
    if (str_eq(setup->wish.certbot, "yes") && access("/usr/bin/certbot", X_OK) != 0)
        str_add(missing, " certbot");
    if (missing->len > 0)
        return setup_fail(setup, "Something needed is not installed here. Run: apt-get install%s", missing->s);
    return STATUS_OK;
}

/* The cluster on the usual port, else the first that runs. Lines: version, name, port, status, owner, folder, log. */
static enum status
find_cluster(struct setup *setup)
{
    const char *argv[] = {"/usr/bin/pg_lsclusters", "--no-header", NULL}, *said = setup_ask(setup, argv);
    const char *down = NULL;

    for (char **line = str_split(setup->ctx, said != NULL ? said : "", '\n', SIZE_MAX); *line != NULL; line++) {
        char *rest = *line, *words[4], *save = NULL;
        size_t n = 0;

        while (n < 4 && (words[n] = strtok_r(n == 0 ? rest : NULL, " ", &save)) != NULL)
            n++;
        if (n < 4)
            continue;
        if (!str_starts(words[3], "online")) {
            down = mem_printf(setup->ctx, "%s %s", words[0], words[1]);
            continue;
        }
        if (setup->cluster_port != NULL && !str_eq(words[2], "5432"))
            continue;
        setup->cluster_version = words[0];
        setup->cluster_name = words[1];
        setup->cluster_port = words[2];
    }
    if (setup->cluster_port != NULL)
        return STATUS_OK;
    if (down != NULL)
        return setup_fail(setup, "PostgreSQL's cluster does not run. Start it: pg_ctlcluster %s start", down);
    return setup_fail(setup, "PostgreSQL has no cluster. Make one: pg_createcluster --start %s main", "15");
}

enum status
step_machine(struct setup *setup)
{
    const char *name;
    enum status status = need_packages(setup);

    if (status == STATUS_OK)
        status = find_cluster(setup);
    if (status != STATUS_OK)
        return status;
    if (access("/etc/postfix/main.cf", F_OK) != 0 || access("/etc/postfix/master.cf", F_OK) != 0)
        return setup_fail(setup, "Postfix has no configuration yet. Run: dpkg-reconfigure postfix    (and choose \"Internet Site\")");
    setup->has_systemd = access("/run/systemd/system", F_OK) == 0;
    name = postconf(setup->ctx, NULL, "myhostname");
    setup->mail_host = name == NULL || strchr(name, '.') == NULL || str_ends(name, ".localdomain") ? setup->wish.host : name;
    setup_say(setup, "so", "PostgreSQL %s (%s), Postfix and nginx are here.", setup->cluster_version, setup->cluster_name);
    setup_say(setup, "so", "Mail goes out as %s; lists are in %s; pages are at https://%s/.", setup->mail_host, setup->wish.domain,
              setup->wish.host);
    return STATUS_OK;
}

/* ---- users and folders ---- */

static enum status
need_user(struct setup *setup, const char *name, const char *home)
{
    const char *argv[] = {"/usr/sbin/useradd", "--system", "--user-group", "--home-dir", home, "--shell", "/usr/sbin/nologin", name, NULL};

    return getpwnam(name) != NULL ? STATUS_OK : setup_run(setup, NULL, argv);
}

/* nginx reaches the pages' socket, and nothing else. */
static enum status
need_member(struct setup *setup, const char *user, const char *group)
{
    const char *argv[] = {"/usr/sbin/usermod", "--append", "--groups", group, user, NULL};
    enum status status;

    if (setup_is_member(user, group))
        return STATUS_OK;
    status = setup_record_add(setup, "member", user, "-", group);
    return status == STATUS_OK ? setup_run(setup, NULL, argv) : status;
}

/* is_shared: other programs use it too; one that is there stays as it is. */
static const struct folder { const char *path; mode_t mode; const char *user, *group; bool is_shared; } folders[] = {
    {KAIRAN_SYSCONFDIR, 0755, "root", "root", false},
    {KAIRAN_SYSCONFDIR "/keys", 0700, "kairan", "kairan", false},
    {SETUP_TLS_DIR, 0700, "root", "root", false},
    {"/var/lib/kairan", 0700, "kairan", "kairan", false},
    /* setgid: the sockets in it belong to Postfix's group */
    {"/var/spool/postfix/kairan", 02750, "kairan", "postfix", false},
    {"/var/spool/kairan", 02750, "kairan", "www-data", false},
    {"/var/cache/nginx", 0755, "root", "root", true},
    {"/var/cache/nginx/kairan", 0700, "www-data", "root", false},
    {"/var/www/acme", 0755, "root", "root", true},
};

static enum status
need_folder(struct setup *setup, const struct folder *folder)
{
    struct stat there;

    if (!folder->is_shared || stat(folder->path, &there) != 0 || !S_ISDIR(there.st_mode))
        return setup_folder(setup, folder->path, folder->mode, folder->user, folder->group);
    if ((there.st_mode & folder->mode) != folder->mode)
        setup_say(setup, "note", "The folder %s is there with mode %04o and stays so. Where nginx cannot use it, give it %04o.", folder->path,
                  (unsigned)(there.st_mode & 07777), (unsigned)folder->mode);
    return STATUS_OK;
}

enum status
step_people(struct setup *setup)
{
    enum status status = need_user(setup, "kairan", "/var/lib/kairan");

    if (status == STATUS_OK)
        status = need_user(setup, "kairan-web", "/nonexistent");
    if (status == STATUS_OK)
        status = need_member(setup, "www-data", "kairan-web");
    for (size_t i = 0; i < COUNT_OF(folders) && status == STATUS_OK; i++)
        status = need_folder(setup, &folders[i]);
    return status;
}

/* ---- kairan.conf ---- */

/* Our Postfix passes bytes on unchanged, unless it hands all to another or edits what goes out. */
static bool
is_transparent(struct setup *setup)
{
    return str_is_empty(postconf(setup->ctx, NULL, "relayhost")) && str_is_empty(postconf(setup->ctx, NULL, "smtp_header_checks")) &&
        str_is_empty(postconf(setup->ctx, NULL, "smtp_body_checks"));
}

static char *
conninfo(struct setup *setup, const char *role)
{
    return mem_printf(setup->ctx, "dbname=kairan user=kairan_%s%s%s", role, str_eq(setup->cluster_port, "5432") ? "" : " port=",
                      str_eq(setup->cluster_port, "5432") ? "" : setup->cluster_port);
}

static char *
conf_text(struct setup *setup)
{
    const struct setup_wish *wish = &setup->wish;
    struct str *text = str_new(setup->ctx);

    str_addf(text, "# kairan.conf - written by \"kairan setup\"; yours from now on. See kairan.conf(5); all names with their defaults stand in\n"
             "# %s/kairan.conf\n", setup->example_dir);
    str_addf(text, "[site]\nname = %s\nurl = https://%s\ncontact = %s\nlanguage = %s\n", wish->site_name, wish->host, wish->admin, wish->language);
    if (!str_is_empty(wish->time_zone))
        str_addf(text, "timezone = %s\n", wish->time_zone);
    if (!str_is_empty(wish->certificate))
        str_addf(text, "certificate = %s\n", wish->certificate);
    if (!str_eq(setup->cluster_port, "5432"))
        str_addf(text, "\n[database]\nworker = %s\nweb = %s\nadmin = %s\nowner = %s\n", conninfo(setup, "worker"), conninfo(setup, "web"),
                 conninfo(setup, "admin"), conninfo(setup, "owner"));
    str_addf(text, "\n[worker]\nhostname = %s\nlmtp_socket = /var/spool/postfix/kairan/lmtp.sock\n"
             "socketmap_socket = /var/spool/postfix/kairan/socketmap.sock\nstate_dir = /var/lib/kairan\n", setup->mail_host);
    str_addf(text, "\n# Postfix's port of its own for us (master.cf). transparent: it passes bytes on unchanged, so authors keep their From.\n"
             "[smtp]\nhost = 127.0.0.1\nport = 10026\ntls = none\ntransparent = %s\n", is_transparent(setup) ? "yes" : "no");
    return text->s;
}

static void
say_difference(struct setup *setup, const char *name, const char *is, const char *wanted)
{
    if (!str_eq(is, wanted))
        setup_say(setup, "note", "%s: %s is \"%s\"; setup would write \"%s\". It stays as it is.", SETUP_CONF, name, is, wanted);
}

/* A configuration that is there is its owner's: only told where it differs. */
enum status
step_configuration(struct setup *setup)
{
    const struct conf *conf = setup->call->conf;
    struct conf *now;

    if (access(SETUP_CONF, F_OK) != 0)
        return setup_file(setup, SETUP_CONF, conf_text(setup), 0644);
    if (conf_read(setup->ctx, SETUP_CONF, &now, &setup->call->fault) != STATUS_OK)
        return STATUS_INVALID;
    conf = now;
    setup_say(setup, "so", "%s is there and stays.", SETUP_CONF);
    say_difference(setup, "[site] url", conf->site_url, mem_printf(setup->ctx, "https://%s", setup->wish.host));
    say_difference(setup, "[site] certificate", conf->site_certificate, setup->wish.certificate);
    say_difference(setup, "[worker] hostname", conf->worker_hostname, setup->mail_host);
    say_difference(setup, "[worker] lmtp_socket", conf->worker_lmtp_socket, "/var/spool/postfix/kairan/lmtp.sock");
    say_difference(setup, "[worker] socketmap_socket", conf->worker_socketmap_socket, "/var/spool/postfix/kairan/socketmap.sock");
    say_difference(setup, "[smtp] port", mem_printf(setup->ctx, "%d", conf->smtp_port), "10026");
    return STATUS_OK;
}

/* ---- database ---- */

static bool
connects(struct setup *setup, const char *role)
{
    struct db *db = db_open(setup->ctx, conninfo(setup, role), "kairan setup");
    bool is_connected = db_is_connected(db);

    talloc_free(db);
    return is_connected;
}

/* Whose database it is must not be locked out by our lines: pg_dump, vacuumdb and what is mended by hand come as postgres. */
static bool
postgres_connects(struct setup *setup)
{
    const char *argv[] = {"/usr/sbin/runuser", "-u", "postgres", "--", "/usr/bin/psql", "-XAtq", "-p", setup->cluster_port, "-c", "SELECT 1",
        "kairan", NULL};

    return setup_ask(setup, argv) != NULL;
}

static bool
all_connect(struct setup *setup)
{
    return connects(setup, "owner") && connects(setup, "admin") && connects(setup, "worker") && connects(setup, "web") && postgres_connects(setup);
}

static const char ident_lines[] =
    "kairan  kairan      kairan_worker\n"
    "kairan  kairan-web  kairan_web\n"
    "kairan  root        kairan_admin\n"
    "kairan  root        kairan_owner\n"
    "kairan  root        kairan_worker\n"
    "kairan  root        kairan_web\n"
    "kairan  postgres    postgres\n";

static enum status
let_in(struct setup *setup)
{
    const char *dir = mem_printf(setup->ctx, "/etc/postgresql/%s/%s", setup->cluster_version, setup->cluster_name);
    const char *reload[] = {"/usr/bin/pg_ctlcluster", setup->cluster_version, setup->cluster_name, "reload", NULL};
    enum status status = setup_block(setup, mem_printf(setup->ctx, "%s/pg_ident.conf", dir), ident_lines, NULL);

    if (status == STATUS_OK)
        status = setup_block(setup, mem_printf(setup->ctx, "%s/pg_hba.conf", dir), "local  kairan  all  peer map=kairan\n", "local");
    if (status != STATUS_OK || !setup_is_due(setup, "postgresql"))
        return status;
    status = setup_run(setup, NULL, reload);
    return status == STATUS_OK ? setup_has_read(setup, "postgresql") : status;
}

static enum status
as_postgres(struct setup *setup, const char *const words[], bool only_ask, const char **answer_r)
{
    const char *argv[20] = {"/usr/sbin/runuser", "-u", "postgres", "--"};

    for (size_t i = 0; words[i] != NULL && i < 15; i++)
        argv[4 + i] = words[i];
    if (!only_ask)
        return setup_run(setup, NULL, argv);
    *answer_r = setup_ask(setup, argv);
    return STATUS_OK;
}

static enum status
make_database(struct setup *setup)
{
    const char *roles = mem_printf(setup->ctx, "%s/sql/roles.sql", setup->call->conf->site_data_dir), *all = NULL;
    const char *psql[] = {"/usr/bin/psql", "-qX", "-v", "ON_ERROR_STOP=1", "-p", setup->cluster_port, "-f", roles, NULL};
    const char *list[] = {"/usr/bin/psql", "-XAtl", "-p", setup->cluster_port, NULL};
    const char *create[] = {"/usr/bin/createdb", "-p", setup->cluster_port, "-O", "kairan_owner", "-E", "UTF8", "-T", "template0", "kairan", NULL};
    enum status status = as_postgres(setup, psql, false, NULL);

    if (status == STATUS_OK)
        status = as_postgres(setup, list, true, &all);
    if (status == STATUS_OK && (all == NULL || strstr(mem_printf(setup->ctx, "\n%s", all), "\nkairan|") == NULL))
        status = as_postgres(setup, create, false, NULL);
    return status;
}

/* A reload takes PostgreSQL a moment. */
static bool
soon_connects(struct setup *setup)
{
    for (int i = 0; i < 50; i++) {
        if (all_connect(setup))
            return true;
        usleep(100000);
    }
    return false;
}

enum status
step_database(struct setup *setup)
{
    enum status status;

    if (!setup_is_due(setup, "postgresql") && all_connect(setup)) {
        setup_say(setup, "so", "The database is there, and its four roles connect.");
        return STATUS_OK;
    }
    status = make_database(setup);
    if (status == STATUS_OK)
        status = let_in(setup);
    if (status == STATUS_OK && !setup->is_dry && !soon_connects(setup))
        return setup_fail(setup, "The database's four roles and postgres still cannot all connect. Look at the log of PostgreSQL, in "
                          "/var/log/postgresql, and at lines above ours in pg_hba.conf; then run \"kairan setup\" again.");
    return status;
}

enum status
step_schema(struct setup *setup)
{
    const char *status_words[] = {"db", "status", NULL}, *migrate[] = {"db", "migrate", NULL};

    if (access(SETUP_CONF, F_OK) == 0 && setup_ask_own(setup, status_words) != NULL) {
        setup_say(setup, "so", "The schema is up to date.");
        return STATUS_OK;
    }
    return setup_run_own(setup, NULL, migrate);
}

/* ---- the list domain ---- */

enum status
step_domain(struct setup *setup)
{
    const char *domain = setup->wish.domain, *answer;
    const char *show[] = {"domain", "show", domain, NULL}, *keys[] = {"dkim", "show", domain, NULL}, *new_keys[] = {"dkim", "new", domain, NULL};
    const char *create[] = {"domain", "create", domain, "--web-host", setup->wish.host, NULL};
    enum status status = STATUS_OK;

    if (setup_ask_own(setup, show) == NULL)
        status = setup_run_own(setup, NULL, create);
    else
        setup_say(setup, "so", "The domain %s is there.", domain);
    if (status != STATUS_OK)
        return status;
    answer = setup_ask_own(setup, keys);
    if (answer != NULL && strstr(answer, "IN TXT") != NULL) {
        setup_say(setup, "so", "It has keys.");
        return STATUS_OK;
    }
    status = setup_due(setup, "programs");
    return status == STATUS_OK ? setup_run_own(setup, NULL, new_keys) : status;
}
