-- The way out: chunks, copies, outcomes.

-- chunk_claim :one owner bigint, now timestamptz -> id bigint, post_id bigint, members bigint[], attempt int, tries int, list_removed bool
UPDATE chunk SET owner = $1, claimed_at = $2, attempt = attempt + 1
WHERE id = (SELECT id FROM chunk WHERE owner IS NULL AND turn IS NOT NULL ORDER BY turn, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, post_id, members, attempt, tries,
    (SELECT l.removed_at IS NOT NULL FROM post p JOIN list l ON l.id = p.list_id WHERE p.id = chunk.post_id);

-- chunk_promote :exec now timestamptz
UPDATE chunk SET turn = coalesce((SELECT min(turn) FROM chunk WHERE owner IS NULL AND turn IS NOT NULL), 0)
WHERE id IN (SELECT id FROM chunk WHERE turn IS NULL AND owner IS NULL AND due_at <= $1
             ORDER BY due_at LIMIT 100 FOR UPDATE SKIP LOCKED);

-- chunk_is_mine :one id bigint, owner bigint, now timestamptz -> mine bool
UPDATE chunk SET claimed_at = $3 WHERE id = $1 AND owner = $2 RETURNING true;

-- chunk_members :many month date, post bigint, members bigint[], now timestamptz -> id bigint, email text, key text, epoch int, reached bool, is_list bool
-- OFFSET 0 keeps each question a look into an index for each member. Made a join, it was answered by reading all outcomes of the
-- post for each of them: of a post to 20,000 every chunk took longer than the one before.
SELECT m.id, a.email, a.key, m.epoch, m.left_at IS NULL AND m.role = 'member'
        AND delivery_effective(m.delivery_status, m.vacation_until, a.delivery_status, a.vacation_until,
                               u.delivery_status, u.vacation_until, $4) = 'enabled',
    EXISTS (SELECT FROM domain_name d JOIN list_name l ON l.domain_id = d.domain_id
            WHERE d.name = split_part(a.key, '@', 2) AND l.name = split_part(a.key, '@', 1) OFFSET 0)
FROM unnest($3) WITH ORDINALITY AS w (id, n) JOIN member m ON m.id = w.id JOIN address a ON a.id = m.address_id
LEFT JOIN site_user u ON u.id = a.user_id
WHERE NOT EXISTS (SELECT FROM outcome o WHERE o.month = $1 AND o.post_id = $2 AND o.member_id = m.id AND o.result <> 'deferred'
                  OFFSET 0)
ORDER BY w.n;

-- Put off are members as they were claimed. A membership that moved meanwhile to another row (chunk_follow) has the new row at its
-- place; it is put off too when nothing has ended for the one that was claimed.
-- chunk_finish :exec id bigint, owner bigint, month date, claimed bigint[], put_off bigint[], due timestamptz
WITH gone AS (DELETE FROM chunk WHERE id = $1 AND owner = $2 RETURNING post_id, members, tries, attempt),
waiting AS (
    SELECT array_agg(there.id ORDER BY n) AS members
    FROM gone, unnest(gone.members) WITH ORDINALITY AS there (id, n) JOIN unnest($4) WITH ORDINALITY AS was (id, n) USING (n)
    WHERE was.id = ANY ($5)
        OR there.id <> was.id AND NOT EXISTS (SELECT FROM outcome o WHERE o.month = $3 AND o.post_id = gone.post_id AND o.member_id = was.id
                                                 AND o.result IN ('handed_on', 'failed')))
INSERT INTO chunk (post_id, members, turn, tries, attempt, due_at)
SELECT gone.post_id, waiting.members, NULL, tries + 1, attempt, $6 FROM gone, waiting WHERE cardinality(waiting.members) > 0;

-- chunk_give_back :exec id bigint, owner bigint, due timestamptz, trouble text
UPDATE chunk SET owner = NULL, turn = NULL, due_at = $3, trouble = $4 WHERE id = $1 AND owner = $2;

-- outcome_add :exec month date, post bigint, member bigint, attempt int, result text, variant text, phase text, reply text, queue_id text, now timestamptz
INSERT INTO outcome (month, post_id, member_id, attempt, result, variant, phase, reply, queue_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING;

-- outcome_add_many :exec month date, post bigint, members bigint[], attempt int, results text[], variants text[], phases text[], replies text[], queue_ids text[], now timestamptz
INSERT INTO outcome (month, post_id, member_id, attempt, result, variant, phase, reply, queue_id, at)
SELECT $1, $2, m, $4, r, v, p, t, q, $10 FROM unnest($3, $5, $6, $7, $8, $9) AS u (m, r, v, p, t, q) ON CONFLICT DO NOTHING;

-- post_for_send :one id bigint -> list_id bigint, number bigint, hash text, month text, accepted_at timestamptz, list text, domain_id bigint, domain text, web_host text, token_domain text, message_id bigint, bulk bool
SELECT p.list_id, p.number, p.hash, p.month::text, p.accepted_at, l.name, d.id, d.name, d.web_host, d.token_domain, p.message_id, p.bulk
FROM post p JOIN list l ON l.id = p.list_id JOIN domain d ON d.id = l.domain_id WHERE p.id = $1;

-- variants_for_send :many post bigint -> kind text, head bytea, body bytea, body_sha256 bytea, eightbit bool, valid_until timestamptz
SELECT v.kind, v.head, coalesce(v.body, substring(m.bytes FROM v.body_offset + 1)), v.body_sha256, v.eightbit, v.valid_until
FROM variant v JOIN post p ON p.id = v.post_id JOIN message m ON m.id = p.message_id WHERE v.post_id = $1;

-- dkim_keys_active :many domain bigint -> selector text, algorithm text
SELECT selector, algorithm FROM dkim_key WHERE domain_id = $1 AND active ORDER BY algorithm DESC, id DESC;

-- notice_claim :one owner bigint, now timestamptz -> id bigint, domain_id bigint, domain text, recipient text, bytes bytea, tries int, created_at timestamptz, kind text
UPDATE notice n SET owner = $1, tries = tries + 1, due_at = $2 FROM domain d
WHERE d.id = n.domain_id AND n.id = (SELECT id FROM notice WHERE owner IS NULL AND ended_at IS NULL AND due_at <= $2
                                     ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING n.id, n.domain_id, d.name, n.recipient, n.bytes, n.tries, n.created_at, n.kind;

-- notice_end :exec id bigint, owner bigint, result text, now timestamptz
UPDATE notice SET owner = NULL, ended_at = $4, result = $3, bytes = NULL WHERE id = $1 AND owner = $2;

-- notice_put_off :exec id bigint, owner bigint, due timestamptz, result text
UPDATE notice SET owner = NULL, due_at = $3, result = $4 WHERE id = $1 AND owner = $2;
