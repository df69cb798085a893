#!/usr/bin/python3
"""core/auth against results that others published: DKIM, DMARC and suffix-list cases of the shared corpora, and our
signatures against dkimpy. Prints how many cases agree; a case that does not must stand in MISSES with its reason."""
import json
import os
import subprocess
import sys
import tempfile

SRC = os.environ.get("srcdir", ".")
JUDGE = os.path.join(os.environ.get("builddir", "."), "tests/unit/auth/judge")
CORPORA = os.environ.get("KAIRAN_CORPORA", os.path.join(SRC, "../shared/corpora"))
AUTH = os.path.join(CORPORA, "auth")
SKIPPED = 77

# (collection, case): why our answer is another one. Every row must be met, so that none outlives its reason.
MISSES = {
    ("rspamd", "DKIM TEMPFAIL SERVFAIL UNALIGNED: R_DKIM_TEMPFAIL"): "its recorded DNS has an empty answer, not SERVFAIL",
    ("rspamd", "DKIM Ignore Unknown Tags: R_DKIM_ALLOW"): "its key is not among the recorded DNS",
    ("psl", "www.city.kobe.jp"): "the rule is newer than Debian 12's list",
}

agreed, failures, met = {}, [], set()


def judge(zone, *arguments, message=b""):
    with tempfile.NamedTemporaryFile("w", suffix=".zone") as file:
        file.write("".join("\t".join(row) + "\n" for row in zone))
        file.flush()
        done = subprocess.run([JUDGE, file.name, *arguments], input=message, capture_output=True)
    if done.returncode != 0:
        raise SystemExit(f"judge {arguments}: status {done.returncode}: {done.stderr.decode()[-2000:]}")
    if b"dkim_disagree" in done.stderr:
        failures.append(f"libopendkim and ours differ: {done.stderr.decode()}")
    return json.loads(done.stdout)


def expect(collection, case, expected, got, good):
    if good:
        agreed[collection] = agreed.get(collection, 0) + 1
    elif (collection, case) in MISSES:
        met.add((collection, case))
    else:
        failures.append(f"{collection} {case}: expected {expected}, got {got}")


def read(*path):
    with open(os.path.join(AUTH, *path), "rb") as file:
        return file.read()


def read_json(*path):
    return json.loads(read(*path))


def results(answer):
    return [row["result"] for row in answer["dkim"]]


def words(answer):
    return [(row["domain"], row["result"], row["reason"]) for row in answer["dkim"]]


def mail_dkim():
    zone = []
    for line in read("dkim-mail-dkim", "dns.dat").decode().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, value = line.split(None, 1)
        if value == "NXDOMAIN":
            continue
        zone.append(("TXT", name, "TEMPERROR" if value.startswith("~~") else value.strip()))
    today = 0
    for line in read("dkim-mail-dkim", "expected.tsv").decode().splitlines()[1:]:
        name, expected, algorithms, bits, versions, expires, _, note = (line.split("\t") + [""] * 8)[:8]
        now = str(int(expires) - 1) if expires.isdigit() and expected == "pass" else "1500000000"
        answer = judge(zone, now, message=read("dkim-mail-dkim", name))
        passed = "pass" in results(answer)
        # RFC 6376 wants v=1, RFC 8301 sha256 and 1024 bits: most that passed when this was collected cannot any more.
        outdated = "1" not in versions.split(",") or "sha256" not in algorithms or (bits.isdigit() and int(bits) < 1024)
        today += expected == "pass" and not outdated
        if not (passed and "g=" in note):   # g= is no part of DKIM any more
            expect("mail-dkim", name, expected, words(answer), passed == (expected == "pass" and not outdated))
    print(f"  mail-dkim: {today} of those that passed once may pass today")


def stalwart():
    for name in sorted(os.listdir(os.path.join(AUTH, "dkim-stalwart"))):
        if not name.endswith(".txt"):
            continue
        dns, message = read("dkim-stalwart", name).split(b"\n\n", 1)
        zone = [("TXT", *line.split(None, 1)) for line in dns.decode().splitlines() if line.strip()]
        answer = judge(zone, "1667843664", message=message)
        got = results(answer)
        if name.startswith("dkim-"):
            expect("stalwart", name, "last passes", words(answer), got and got[-1] == "pass")
        else:
            expect("stalwart", name, "one passes", words(answer), "pass" in got)


def mailauth():
    zone = [("TXT", name, "".join(strings)) for name, records in read_json("dkim-mailauth", "ec-dns.json").items()
            for strings in records.get("TXT", [])]
    for name in sorted(os.listdir(os.path.join(AUTH, "dkim-mailauth"))):
        if not name.endswith(".eml"):
            continue
        answer = judge(zone, "1730000000", message=read("dkim-mailauth", name))
        if name == "ec-signed.eml":
            expect("mailauth", name, "both pass", words(answer), results(answer) == ["pass", "pass"])
        else:
            expect("mailauth", name, "no key, no pass", words(answer), "pass" not in results(answer))


def mimekit():
    pem = read("dkim-mimekit", "gmail.pub").decode().splitlines()
    GMAIL.append(("TXT", "20120113._domainkey.gmail.com", "v=DKIM1; k=rsa; p=" + "".join(pem[1:-1])))
    answer = judge(GMAIL, "1730000000", message=read("dkim-mimekit", "gmail.msg"))
    expect("mimekit", "gmail.msg", "pass", words(answer), "pass" in results(answer))
    answer = judge(RFC8463, "1730000000", message=read("dkim-mimekit", "rfc8463-example.msg"))
    expect("mimekit", "rfc8463-example.msg", "both pass", words(answer), results(answer) == ["pass", "pass"])


GMAIL = []     # set by mimekit(), which has the key

RFC8463 = [
    ("TXT", "brisbane._domainkey.football.example.com",
     "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="),
    ("TXT", "test._domainkey.football.example.com",
     "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/"
     "J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT"
     "+l/K4w3QIDAQAB"),
]


def dkimpy_data():
    exim = [("TXT", "sed._domainkey.test.ex", read("dkim-dkimpy", "eximtest.dns").decode().strip())]
    for name, zone in (("ed25519test2.msg", exim), ("test2.message", GMAIL)):
        answer = judge(zone, "1500000000", message=read("dkim-dkimpy", name))
        expect("dkimpy", name, "pass", words(answer), results(answer) == ["pass"])
    # broken key records must not verify, and no From must not verify
    for record in ("badversion.txt", "test_bad.txt"):
        text = read("dkim-dkimpy", record).decode().strip()
        answer = judge([("TXT", "test._domainkey.football.example.com", text)], "1730000000",
                       message=read("dkim-mimekit", "rfc8463-example.msg"))
        expect("dkimpy", record, "no pass", words(answer), "pass" not in results(answer))
    answer = judge(RFC8463, "1730000000", message=read("dkim-dkimpy", "test_nofrom.message"))
    expect("dkimpy", "test_nofrom.message", "no pass, no author", words(answer),
           "pass" not in results(answer) and answer["dmarc"]["result"] == "permerror")


RSPAMD_DKIM = {"R_DKIM_ALLOW": {"pass"}, "R_DKIM_REJECT": {"fail"}, "R_DKIM_PERMFAIL": {"permerror", "policy"},
               "R_DKIM_TEMPFAIL": {"temperror"}, "R_DKIM_NA": {"none"}}
RSPAMD_DMARC = {"DMARC_POLICY_ALLOW": ("pass", None), "DMARC_POLICY_REJECT": ("fail", "reject"),
                "DMARC_POLICY_QUARANTINE": ("fail", "quarantine"), "DMARC_POLICY_SOFTFAIL": ("fail", "none"),
                "DMARC_NA": ("none", None), "DMARC_DNSFAIL": ("temperror", None)}


def rspamd():
    zone = []
    for entry in read_json("rspamd", "dns.json"):
        kind, values = entry["type"].upper(), entry.get("replies") or []
        if entry["rcode"] == "noerror":
            zone += [(kind, entry["name"], str(value)) for value in values]
        elif entry["rcode"] in ("timeout", "servfail"):
            zone.append((kind, entry["name"], "TEMPERROR"))
    for case in read_json("rspamd", "cases.json"):
        if not os.path.exists(os.path.join(AUTH, "rspamd", case["file"])) or "arc" in case["suite"]:
            continue
        if case["args"].get("IP") and "DKIM" not in case["test"]:
            print(f"  rspamd {case['test']}: rests on SPF, which comes later")
            continue
        answer = judge(zone, "1600000000", message=read("rspamd", case["file"]))
        for symbol in case["expect"]:
            name = f"{case['test']}: {symbol}"
            if symbol in RSPAMD_DKIM:
                expect("rspamd", name, symbol, words(answer), bool(RSPAMD_DKIM[symbol] & set(results(answer))))
            elif symbol in RSPAMD_DMARC:
                want = RSPAMD_DMARC[symbol]
                got = (answer["dmarc"]["result"], answer["dmarc"]["policy"])
                expect("rspamd", name, want, (got, words(answer)), got[0] == want[0] and want[1] in (None, got[1]))


def postal_zone(zone):
    rows = []
    for name, records in zone.items():
        for kind, values in records.items():
            for value in values:
                if kind == "TXT":
                    value = "".join(value)
                elif kind == "MX":
                    value = f"{value.get('priority', 10)} {value.get('exchange', 'mx')}" if isinstance(value, dict) else str(value)
                rows.append((kind, name, value))
        if not records:
            rows.append(("PTR", name, "exists"))
    return rows


def dmarc_postal():
    def domains(entries):
        return ",".join(entry["domain"] if isinstance(entry, dict) else entry for entry in entries) or "-"

    for test in read_json("dmarc", "rfc9989.json"):
        answers = [judge(postal_zone(call["zone"]), "dmarc", call["headerFrom"].split("@")[-1], domains(call["dkimDomains"]),
                         domains(call["spfDomains"]).split(",")[0]) for call in test["calls"]]
        for check in test["checks"]:
            path, want = check["path"], check.get("value")
            answer = answers[int(path[1]) if path.startswith("#") else 0]
            got = {"status.result": answer["result"], "policy": answer["policy"], "domain": answer["domain"],
                   "alignment.dkim.strict": answer["dkim_strict"], "alignment.spf.strict": answer["spf_strict"],
                   "alignment.dkim.result": answer["dkim"] or False, "alignment.spf.result": answer["spf"] or False,
                   "calls.map.()": [name for name in answer["asked"].split() if name.startswith("_dmarc.")],
                   }.get(path.partition(".")[2] if path.startswith("#") else path, "not compared")
            if check["check"] == "to.be.true":
                want = True
            elif check["check"] == "to.not.have.property":
                got = want if want not in answer else "present"
            elif check["check"] in ("to.be.false", "to.not.be.ok"):
                want = False
            expect("rfc9989", f"{test['name']}: {path}", want, got, want == got)


def dmarc_walk():
    for case in read_json("dmarc", "treewalk.json"):
        zone = [("TXT", "_dmarc." + name, text) for name, text in case["records"].items()]
        name = case["name"]
        if "start" in case:
            answer = judge(zone, "walk", case["start"])
            if "queries" in case:
                expect("treewalk", name + ": queries", case["queries"], answer["asked"], answer["asked"].split() == case["queries"])
            if "organizational_domain" in case:
                want, got = case["organizational_domain"], answer["organizational_domain"]
                expect("treewalk", name + ": organization", want, got, want == got)
        if "author" in case:
            walk = judge(zone, "walk", case["author"])
            expect("treewalk", name + ": author's queries", case["author_queries"], walk["asked"],
                   walk["asked"].split() == case["author_queries"])
            walk = judge(zone, "walk", case["dkim"])
            expect("treewalk", name + ": dkim's queries", case["dkim_queries"], walk["asked"],
                   walk["asked"].split() == case["dkim_queries"])
            answer = judge(zone, "dmarc", case["author"], case["dkim"], case["spf"])
            got = (answer["organizational_domain"], answer["spf"] is not None, answer["dkim"] is not None, answer["domain"])
            want = (case["author_organizational_domain"], case["spf_aligned"], case["dkim_aligned"], case["policy_domain"])
            expect("treewalk", name + ": result", want, got, want == got)


def suffixes():
    rows = [row for row in read_json("dmarc", "psl.json")]
    text = "".join(domain + "\n" for domain, _ in rows)
    got = subprocess.run([JUDGE, "-", "psl"], input=text.encode(), capture_output=True, check=True).stdout.decode().splitlines()
    for (domain, want), answer in zip(rows, got):
        expect("psl", domain, want, answer, answer == (want or "-").lower())


SAMPLES = [
    b"From: Taro <taro@example.jp>\nTo: list@example.jp\nSubject: =?UTF-8?B?5Zue6Kan?=\nDate: Sat, 21 Nov 2026 09:12:00 +0000\n"
    b"Message-ID: <a@example.jp>\nList-Unsubscribe: <https://lists.example.jp/u/x>,\n <mailto:u.x@lists.example.jp>\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\nContent-Type: text/plain; charset=utf-8\n\n"
    b"\xe5\x9b\x9e\xe8\xa6\xa7  \t \n\n two  blanks \n\n\n",
    b"From: a@example.jp\nSubject: empty body\n\n",
    b"From: a@example.jp\nTo: b@example.jp\nTo: c@example.jp\nSubject:\n  folded\n \ttwice \n\nbody\n",
]


def dkimpy_verifies():
    """Ours, signed; theirs, verified. A changed letter and an added From must not verify."""
    try:
        import dkim
    except ImportError:
        print("  python3-dkim is not installed: our signatures were not verified by it")
        return
    for kind in ("RSA", "ED25519"):
        with tempfile.TemporaryDirectory() as folder:
            pem = os.path.join(folder, "key.pem")
            command = ["openssl", "genpkey", "-algorithm", kind, "-out", pem]
            subprocess.run(command + (["-pkeyopt", "rsa_keygen_bits:2048"] if kind == "RSA" else []), check=True,
                           capture_output=True)
            der = subprocess.run(["openssl", "pkey", "-in", pem, "-pubout", "-outform", "DER"], check=True,
                                 capture_output=True).stdout
            import base64
            record = b"v=DKIM1; k=%s; p=%s" % (kind.lower().encode(), base64.b64encode(der if kind == "RSA" else der[-32:]))
            for number, sample in enumerate(SAMPLES):
                signed = subprocess.run([JUDGE, "-", "sign", pem, "lists.example.jp", "s1", "1700000000"], input=sample,
                                        capture_output=True, check=True).stdout

                def verify(message):
                    try:
                        return dkim.DKIM(message).verify(dnsfunc=lambda name, timeout=5: record)
                    except dkim.ValidationError:
                        return False

                name = f"{kind} sample {number}"
                expect("dkimpy verifies", name, True, False, verify(signed))
                head, body = signed.split(b"\r\n\r\n", 1)
                expect("dkimpy verifies", name + ", second From", False, True,
                       not verify(b"From: evil@example.org\r\n" + signed))
                expect("dkimpy verifies", name + ", Subject changed", False, True,
                       not verify(head.replace(b"Subject:", b"Subject: x", 1) + b"\r\n\r\n" + body))
                expect("dkimpy verifies", name + ", body changed", False, True, not verify(signed + b"more\r\n"))
                own = judge([("TXT", "s1._domainkey.lists.example.jp", record.decode())], "1700000100", message=signed)
                expect("libopendkim verifies", name, ["pass"], words(own), results(own) == ["pass"])


def main():
    if not os.path.exists(JUDGE):
        print(f"{JUDGE} is not built")
        return 1
    dkimpy_verifies()
    if not os.path.isdir(AUTH):
        print("the shared corpora are not here")
        return 1 if failures else SKIPPED
    for part in (mail_dkim, stalwart, mailauth, mimekit, dkimpy_data, rspamd, dmarc_postal, dmarc_walk, suffixes):
        part()
    for collection, count in agreed.items():
        print(f"  {collection}: {count} agree")
    for collection, case in sorted(met):
        print(f"  {collection} {case}: differs, {MISSES[collection, case]}")
    for row in sorted(set(MISSES) - met):
        if os.path.exists(os.path.join(AUTH, "dmarc" if row[0] == "psl" else row[0])):
            failures.append(f"{row}: agrees now; take it out of MISSES")
    for failure in failures:
        print("FAIL", failure)
    return 1 if failures else 0


sys.exit(main())
