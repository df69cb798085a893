/* setup-services.c - setup's steps: certificate, nginx, the units, Let's Encrypt */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/setup-text.h"
#include "cli/setup.h"

static const char site_path[] = "/etc/nginx/sites-available/kairan", site_link[] = "/etc/nginx/sites-enabled/kairan";

/* ---- certificate ---- */

/* The public key in it, by which certificate and key are seen to belong together. */
static bool
fit_together(struct setup *setup, const char *certificate, const char *key)
{
    const char *of_certificate[] = {"/usr/bin/openssl", "x509", "-in", certificate, "-noout", "-pubkey", NULL};
    const char *of_key[] = {"/usr/bin/openssl", "pkey", "-in", key, "-pubout", "-passin", "pass:", NULL};
    const char *one = setup_ask(setup, of_certificate), *other = setup_ask(setup, of_key);

    return one != NULL && other != NULL && str_eq(one, other);
}

static enum status
given_certificate(struct setup *setup)
{
    const char *certificate = setup->wish.certificate, *key = setup->wish.key;
    const char *names[] = {"/usr/bin/openssl", "x509", "-in", certificate, "-noout", "-checkhost", setup->wish.host, NULL};
    const char *named;

    if (access(certificate, R_OK) != 0)
        return setup_fail(setup, "--certificate: %s cannot be read.", certificate);
    if (access(key, R_OK) != 0)
        return setup_fail(setup, "--key: %s cannot be read.", key);
    if (!fit_together(setup, certificate, key))
        return setup_fail(setup, "%s and %s do not belong together, or one of them is no PEM file. The certificate's file begins with its own "
                          "certificate, the chain behind it.", certificate, key);
    named = setup_ask(setup, names);
    if (named == NULL || strstr(named, "does match") == NULL)
        setup_say(setup, "note", "%s does not name %s; browsers will warn.", certificate, setup->wish.host);
    setup->certificate = certificate;
    setup->key = key;
    setup_say(setup, "so", "The certificate %s is used.", certificate);
    return STATUS_OK;
}

static bool
use_files(struct setup *setup, const char *certificate, const char *key)
{
    setup->certificate = certificate;
    setup->key = key;
    return access(certificate, R_OK) == 0 && access(key, R_OK) == 0;
}

static bool
use_lets_encrypt(struct setup *setup)
{
    const char *dir = mem_printf(setup->ctx, "/etc/letsencrypt/live/%s", setup->wish.host);

    return use_files(setup, mem_printf(setup->ctx, "%s/fullchain.pem", dir), mem_printf(setup->ctx, "%s/privkey.pem", dir));
}

enum status
step_certificate(struct setup *setup)
{
    const char *host = setup->wish.host, *crt = mem_printf(setup->ctx, "%s/%s.crt", SETUP_TLS_DIR, host),
               *key = mem_printf(setup->ctx, "%s/%s.key", SETUP_TLS_DIR, host);
    const char *make[] = {"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
        "3650", "-subj", mem_printf(setup->ctx, "/CN=%.60s", host), "-addext", mem_printf(setup->ctx, "subjectAltName=DNS:%s", host), "-keyout",
        key, "-out", crt, NULL};

    if (!str_is_empty(setup->wish.certificate))
        return given_certificate(setup);
    if (use_lets_encrypt(setup)) {
        setup_say(setup, "so", "The certificate of Let's Encrypt is used.");
        return STATUS_OK;
    }
    if (use_files(setup, crt, key)) {
        setup_say(setup, "so", "The certificate %s is used, which was made here.", crt);
        return STATUS_OK;
    }
    return setup_run(setup, NULL, make);
}

/* ---- nginx ---- */

static bool
has_ipv6(void)
{
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* Our site is taken back where nginx does not take it: other sites of this machine are to live on. */
static enum status
try_site(struct setup *setup)
{
    const char *argv[] = {"/usr/sbin/nginx", "-t", NULL};

    if (setup_run(setup, NULL, argv) == STATUS_OK)
        return STATUS_OK;
    return setup_back_out(setup, "nginx", "nginx does not take its configuration with our site in it. What nginx said stands above: mend that and run "
                          "\"kairan setup\" again.");
}

/* nginx that runs without systemd has its process's number here. */
static enum status
make_nginx_read(struct setup *setup)
{
    const char *with_systemd[] = {"/usr/bin/systemctl", "reload-or-restart", "nginx", NULL}, *by_itself[] = {"/usr/sbin/nginx", "-s", "reload", NULL};
    const char *pid = setup_read(setup->ctx, "/run/nginx.pid");

    if (setup->has_systemd)
        return setup_run(setup, "See: journalctl -u nginx", with_systemd);
    if (!str_is_empty(pid) && access(mem_printf(setup->ctx, "/proc/%s", str_trim(setup->ctx, pid)), F_OK) == 0)
        return setup_run(setup, NULL, by_itself);
    setup_say(setup, "note", "nginx does not run, and neither does systemd. Start it: service nginx start");
    return STATUS_OK;
}

enum status
step_nginx(struct setup *setup)
{
    const char *path = mem_printf(setup->ctx, "%s/nginx-example", setup->example_dir);
    char *example = setup_read(setup->ctx, path);
    struct site_words words = {setup->wish.host, setup->certificate, setup->key,
        mem_printf(setup->ctx, "%s/static/", setup->call->conf->site_data_dir), !has_ipv6()};
    enum status status;

    if (example == NULL)
        return setup_fail(setup, "%s cannot be read; install Kairan again.", path);
    status = setup_file(setup, site_path, text_site(setup->ctx, example, &words), 0644);
    if (status == STATUS_OK)
        status = setup_link(setup, site_link, "../sites-available/kairan");
    if (status != STATUS_OK || !setup_is_due(setup, "nginx"))
        return status;
    status = try_site(setup);
    if (status == STATUS_OK)
        status = make_nginx_read(setup);
    return status == STATUS_OK ? setup_has_read(setup, "nginx") : status;
}

/* ---- units ---- */

static enum status
enable_unit(struct setup *setup, const char *unit)
{
    const char *is_enabled[] = {"/usr/bin/systemctl", "is-enabled", unit, NULL}, *is_active[] = {"/usr/bin/systemctl", "is-active", unit, NULL};
    const char *enable[] = {"/usr/bin/systemctl", "enable", "--now", unit, NULL}, *restart[] = {"/usr/bin/systemctl", "restart", unit, NULL};
    const char *mend = mem_printf(setup->ctx, "See: journalctl -u %s", unit);
    enum status status = STATUS_OK;

    if (setup_ask(setup, is_enabled) != NULL && setup_ask(setup, is_active) != NULL) {
        if (setup_is_due(setup, "programs"))
            return setup_run(setup, mend, restart);
        setup_say(setup, "so", "%s runs.", unit);
        return STATUS_OK;
    }
    if (!setup->is_dry)
        status = setup_record_add(setup, "unit", unit, "-", "-");
    return status == STATUS_OK ? setup_run(setup, mend, enable) : status;
}

enum status
step_services(struct setup *setup)
{
    static const char *const units[] = {"kairan-worker", "kairan-web"};
    enum status status = STATUS_OK;

    if (!setup->has_systemd) {
        setup_say(setup, "note", "systemd does not run here. Start the programs by what does: kairan-worker as user kairan, kairan-web as user "
                  "kairan-web with the folder /run/kairan-web (0750, its own).%s", setup_is_due(setup, "programs") ? " Where they run already, start "
                  "them anew: there are new keys." : "");
        return setup_has_read(setup, "programs");
    }
    for (size_t i = 0; i < COUNT_OF(units) && status == STATUS_OK; i++)
        status = enable_unit(setup, units[i]);
    return status == STATUS_OK ? setup_has_read(setup, "programs") : status;
}

/* ---- Let's Encrypt ---- */

/* Without a certificate from there all runs with ours: what is missing is said and does not stop the rest. */
enum status
step_certbot(struct setup *setup)
{
    const char *argv[] = {"/usr/bin/certbot", "certonly", "--webroot", "-w", "/var/www/acme", "-d", setup->wish.host, "--non-interactive",
        "--agree-tos", "--email", setup->wish.admin, "--deploy-hook", "nginx -s reload; postfix reload", NULL};
    enum status status;

    if (!str_eq(setup->wish.certbot, "yes") || !str_is_empty(setup->wish.certificate)) {
        setup_say(setup, "so", "Not asked for.");
        return STATUS_OK;
    }
    if (use_lets_encrypt(setup)) {
        setup_say(setup, "so", "The certificate is there; certbot renews it.");
        return STATUS_OK;
    }
    if (setup_run(setup, NULL, argv) != STATUS_OK) {
        setup_say(setup, "trouble", "Let's Encrypt gave no certificate: mostly because %s does not lead to this machine yet, or port 80 is not open. "
                  "Until then the one made here is used. Mend that and run \"kairan setup\" again.", setup->wish.host);
        setup->call->fault = (struct fault){0};
        return step_certificate(setup);
    }
    status = setup->is_dry ? STATUS_OK : step_certificate(setup);
    if (status == STATUS_OK && !setup->is_dry)
        status = step_nginx(setup);
    return status == STATUS_OK && !setup->is_dry ? step_postfix(setup) : status;
}
