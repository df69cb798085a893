-- What the command line asks: the queue, where a post is, what is wrong.

-- queue_incoming :one now timestamptz -> waiting bigint, at_work bigint, put_off bigint, oldest timestamptz, next_due timestamptz
SELECT count(*) FILTER (WHERE i.owner IS NULL AND i.due_at <= $1), count(*) FILTER (WHERE i.owner IS NOT NULL),
       count(*) FILTER (WHERE i.owner IS NULL AND i.due_at > $1), min(m.received_at), min(i.due_at) FILTER (WHERE i.owner IS NULL)
FROM incoming i JOIN message m ON m.id = i.message_id;

-- queue_waiting_for_people :one -> held bigint, set_aside bigint, invitations bigint
SELECT count(*) FILTER (WHERE state = 'held'), count(*) FILTER (WHERE state = 'set_aside'), (SELECT count(*) FROM invitation) FROM message
WHERE state IN ('held', 'set_aside');

-- queue_deliveries :many now timestamptz -> list text, posts bigint, copies bigint, waiting bigint, at_work bigint, put_off bigint, oldest timestamptz, next_due timestamptz, trouble text
SELECT l.name || '@' || d.name, count(DISTINCT p.id), sum(cardinality(c.members))::bigint,
       coalesce(sum(cardinality(c.members)) FILTER (WHERE c.owner IS NULL AND c.due_at <= $1), 0)::bigint,
       coalesce(sum(cardinality(c.members)) FILTER (WHERE c.owner IS NOT NULL), 0)::bigint,
       coalesce(sum(cardinality(c.members)) FILTER (WHERE c.owner IS NULL AND c.due_at > $1), 0)::bigint,
       min(p.accepted_at), min(c.due_at) FILTER (WHERE c.owner IS NULL), max(c.trouble)
FROM chunk c JOIN post p ON p.id = c.post_id JOIN list l ON l.id = p.list_id JOIN domain d ON d.id = l.domain_id
GROUP BY l.name, d.name ORDER BY 1;

-- queue_notices :one now timestamptz -> waiting bigint, at_work bigint, put_off bigint, oldest timestamptz, next_due timestamptz
SELECT count(*) FILTER (WHERE owner IS NULL AND due_at <= $1), count(*) FILTER (WHERE owner IS NOT NULL),
       count(*) FILTER (WHERE owner IS NULL AND due_at > $1), min(created_at), min(due_at) FILTER (WHERE owner IS NULL)
FROM notice WHERE ended_at IS NULL;

-- queue_messages :many most int -> id bigint, list text, state text, sender text, size int, received_at timestamptz, attempts int, due_at timestamptz, trouble text
SELECT m.id, coalesce(l.name || '@' || d.name, m.recipient), m.state, m.sender, m.size, m.received_at, coalesce(i.attempts, 0), i.due_at,
       i.trouble
FROM message m LEFT JOIN incoming i ON i.message_id = m.id LEFT JOIN list l ON l.id = m.list_id
LEFT JOIN domain d ON d.id = l.domain_id
WHERE m.state IN ('received', 'held', 'set_aside') ORDER BY m.id LIMIT $1;

-- queue_message :one id bigint -> id bigint, list text, list_id bigint, state text, sender text, recipient text, kind text, size int, submitted bool, client_ip text, client_helo text, received_at timestamptz, ended_at timestamptz, queued bool, attempts int, at_work bool, due_at timestamptz, approved_by text, trouble text, post bigint, number bigint
SELECT m.id, l.name || '@' || d.name, m.list_id, m.state, m.sender, m.recipient, m.kind, m.size, m.submitted, m.client_ip,
       m.client_helo, m.received_at, m.ended_at, i.message_id IS NOT NULL, coalesce(i.attempts, 0), i.owner IS NOT NULL, i.due_at,
       i.approved_by, i.trouble, p.id, p.number
FROM message m LEFT JOIN incoming i ON i.message_id = m.id LEFT JOIN list l ON l.id = m.list_id
LEFT JOIN domain d ON d.id = l.domain_id LEFT JOIN post p ON p.message_id = m.id
WHERE m.id = $1;

-- queue_retry_chunks :exec message bigint, now timestamptz
UPDATE chunk c SET due_at = $2 FROM post p WHERE p.message_id = $1 AND c.post_id = p.id AND c.owner IS NULL AND c.due_at > $2;

-- queue_retry_incoming :exec message bigint, now timestamptz
UPDATE incoming SET due_at = $2, attempts = 0 WHERE message_id = $1 AND owner IS NULL;

-- queue_back_from_aside :exec message bigint, now timestamptz
WITH hint AS (SELECT pg_notify('kairan_incoming', '')),
back AS (UPDATE message SET state = 'received', ended_at = NULL WHERE id = $1 AND state = 'set_aside' AND bytes IS NOT NULL RETURNING id),
freed AS (DELETE FROM incoming i USING back WHERE i.message_id = back.id)
INSERT INTO incoming (message_id, due_at) SELECT back.id, $2 FROM back, hint;

-- queue_discard :exec message bigint, now timestamptz
WITH waiting AS (DELETE FROM incoming WHERE message_id = $1 AND owner IS NULL RETURNING message_id),
shown AS (DELETE FROM held WHERE message_id = $1 RETURNING id, list_id, message_id, author_key, subject, cancel_hash),
said AS (INSERT INTO held_decision (held_id, list_id, message_id, action, decided_by, author_key, subject, cancel_hash, decided_at)
         SELECT id, list_id, message_id, 'discarded', 'command line', author_key, subject, cancel_hash, $2 FROM shown)
UPDATE message SET state = 'discarded', ended_at = $2
WHERE id = $1 AND (state = 'set_aside' OR (state = 'received' AND EXISTS (SELECT FROM waiting))
                   OR (state = 'held' AND EXISTS (SELECT FROM shown)));

-- post_find :one list bigint, number bigint, hash text -> id bigint, list_id bigint, number bigint, hash text, message_id bigint, subject text, from_address text, rfc_message_id text, received_at timestamptz, accepted_at timestamptz, archived bool, recipients int, size int
SELECT p.id, p.list_id, p.number, p.hash, p.message_id, p.subject, p.from_address, p.rfc_message_id, m.received_at, p.accepted_at, p.archived,
       p.recipients, m.size
FROM post p JOIN message m ON m.id = p.message_id WHERE p.list_id = $1 AND (p.number = $2 OR p.hash = $3);

-- judgement_get :one message bigint -> action text, rule text, reason text, hits text[], misses text[], facts text, judged_at timestamptz
SELECT action, rule, reason, hits, misses, facts::text, judged_at FROM judgement WHERE message_id = $1;

-- auth_results_get :many message bigint -> method text, result text, domain text, selector text, aligned bool, detail text
SELECT method, result, domain, selector, aligned, detail FROM auth_result WHERE message_id = $1 ORDER BY position;

-- variants_get :many post bigint -> kind text, eightbit bool, proof text, valid_until timestamptz
SELECT kind, eightbit, proof, valid_until FROM variant WHERE post_id = $1 ORDER BY kind;

-- post_fate :one post bigint -> handed_on bigint, failed bigint, gone bigint, put_off bigint, waiting bigint, first_at timestamptz, last_at timestamptz, next_due timestamptz
WITH newest AS (
    SELECT DISTINCT ON (o.member_id) o.member_id, o.result, o.at
    FROM post p JOIN outcome o ON o.month = p.month AND o.post_id = p.id
    WHERE p.id = $1 ORDER BY o.member_id, o.attempt DESC
), open AS (
    SELECT unnest(members) AS member_id, due_at FROM chunk WHERE post_id = $1
)
SELECT (SELECT count(*) FROM newest WHERE result = 'handed_on'), (SELECT count(*) FROM newest WHERE result = 'failed'),
       (SELECT count(*) FROM newest WHERE result = 'left'),
       (SELECT count(*) FROM open JOIN newest USING (member_id) WHERE newest.result = 'deferred'),
       (SELECT count(*) FROM open LEFT JOIN newest USING (member_id) WHERE newest.member_id IS NULL),
       (SELECT min(at) FROM newest WHERE result = 'handed_on'), (SELECT max(at) FROM newest WHERE result = 'handed_on'),
       (SELECT min(due_at) FROM open);

-- post_outcomes :many post bigint, trouble bool, most int -> address text, attempt int, result text, variant text, phase text, reply text, queue_id text, at timestamptz
SELECT a.email, o.attempt, o.result, o.variant, o.phase, o.reply, o.queue_id, o.at
FROM post p JOIN outcome o ON o.month = p.month AND o.post_id = p.id JOIN member m ON m.id = o.member_id
JOIN address a ON a.id = m.address_id
WHERE p.id = $1 AND (NOT $2 OR o.result IN ('failed', 'deferred')) ORDER BY a.key, o.attempt LIMIT $3;
