-- invariants.sql - what must hold at any time, after any fault; every row that comes back is a breach
--
-- One statement with one parameter, the present time. Run after each fault test and by "kairan check --deep".
-- I3 (copies at the receivers) and the rest of I6 (temporary files) can only be seen outside the database.

-- invariants :many now timestamptz -> invariant text, breach text
-- I1: a message that was taken in has ended, or waits where somebody looks.
SELECT 'I1' AS invariant, format('message %s is %s, but %s', m.id, m.state,
    CASE WHEN m.state = 'received' THEN 'nobody will decide it' ELSE 'it still waits to be decided' END) AS breach
FROM message m LEFT JOIN incoming i ON i.message_id = m.id
WHERE (m.state = 'received') <> (i.message_id IS NOT NULL)
UNION ALL
SELECT 'I1', format('message %s is accepted, but no post', m.id)
FROM message m WHERE m.state = 'accepted' AND m.kind = 'post' AND NOT EXISTS (SELECT FROM post p WHERE p.message_id = m.id)
UNION ALL
SELECT 'I1', format('post %s is of message %s, which is %s', p.id, m.id, m.state)
FROM post p JOIN message m ON m.id = p.message_id WHERE m.state <> 'accepted'
UNION ALL
SELECT 'I1', format('message %s has ended as %s, but has no time of it', m.id, m.state)
FROM message m WHERE m.state NOT IN ('received', 'held') AND m.ended_at IS NULL
UNION ALL
-- Every recipient of a post has a final outcome or stands in an open chunk.
SELECT 'I1', format('post %s was expanded to %s members; %s are accounted for', p.id, p.recipients, k.known)
FROM post p CROSS JOIN LATERAL (
    SELECT count(*) AS known FROM (
        SELECT unnest(c.members) FROM chunk c WHERE c.post_id = p.id
        UNION
        SELECT o.member_id FROM outcome o WHERE o.month = p.month AND o.post_id = p.id AND o.result <> 'deferred') u) k
WHERE p.recipients <> k.known
UNION ALL
-- I2: one final state for each delivery, and no other after it. (Twice the same is a copy that P2 allows; I3 counts those.)
SELECT 'I2', format('post %s, member %s: %s', o.post_id, o.member_id, string_agg(DISTINCT o.result, ' and '))
FROM outcome o WHERE o.result <> 'deferred' GROUP BY o.month, o.post_id, o.member_id HAVING count(DISTINCT o.result) > 1
UNION ALL
SELECT 'I2', format('post %s: member %s stands in %s open chunks', c.post_id, m, count(*))
FROM chunk c, unnest(c.members) AS m GROUP BY c.post_id, m HAVING count(*) > 1
UNION ALL
-- I4: whatever is owned is owned by a process we know, and not for longer than the backstop.
SELECT 'I4', format('%s is owned by process %s, which is not there', w.what, w.owner)
FROM (SELECT format('chunk %s', id) AS what, owner FROM chunk
      UNION ALL SELECT format('incoming %s', message_id), owner FROM incoming
      UNION ALL SELECT format('notice %s', id), owner FROM notice
      UNION ALL SELECT format('job %s', id), owner FROM job) w
WHERE w.owner IS NOT NULL AND NOT EXISTS (SELECT FROM worker_process p WHERE p.id = w.owner)
UNION ALL
SELECT 'I4', format('chunk %s has been claimed since %s', id, claimed_at)
FROM chunk WHERE owner IS NOT NULL AND claimed_at < $1::timestamptz - interval '35 minutes'
UNION ALL
-- I5: the archive is the mail.
SELECT 'I5', format('message %s: its bytes are not those received', id)
FROM message WHERE bytes IS NOT NULL AND (sha256(bytes) <> sha256 OR length(bytes) <> size)
UNION ALL
SELECT 'I5', format('post %s is archived or still to be sent, but its bytes are gone', p.id)
FROM post p JOIN message m ON m.id = p.message_id
WHERE m.bytes IS NULL AND (p.archived OR EXISTS (SELECT FROM chunk c WHERE c.post_id = p.id))
UNION ALL
SELECT 'I5', format('thread %s says %s posts can be read; it is %s', t.id, t.posts, n.posts)
FROM thread t CROSS JOIN LATERAL (SELECT count(*) AS posts FROM post p WHERE p.thread_id = t.id AND p.archived) n WHERE t.posts <> n.posts
UNION ALL
SELECT 'I5', format('list %s says its newest post is number %s; it is %s', l.id, l.last_number, n.newest)
FROM list l CROSS JOIN LATERAL (SELECT coalesce(max(p.number), 0) AS newest FROM post p WHERE p.list_id = l.id) n
WHERE l.last_number < n.newest
UNION ALL
SELECT 'I5', format('post %s has no form to be sent in', p.id)
FROM post p WHERE EXISTS (SELECT FROM chunk c WHERE c.post_id = p.id) AND NOT EXISTS (SELECT FROM variant v WHERE v.post_id = p.id)
UNION ALL
-- I6: no orphans where no foreign key can stand.
SELECT 'I6', format('outcome of post %s, member %s: %s is not there', o.post_id, o.member_id,
    CASE WHEN p.id IS NULL THEN 'the post' ELSE 'the member' END)
FROM outcome o LEFT JOIN post p ON p.id = o.post_id LEFT JOIN member m ON m.id = o.member_id WHERE p.id IS NULL OR m.id IS NULL
UNION ALL
SELECT 'I6', format('chunk %s names member %s, who is not there', c.id, u.id)
FROM chunk c, unnest(c.members) AS u (id) WHERE NOT EXISTS (SELECT FROM member m WHERE m.id = u.id)
UNION ALL
-- I8: what is held is shown, and what is shown is held.
SELECT 'I8', format('message %s is %s, %s among the held', m.id, m.state, CASE WHEN h.id IS NULL THEN 'and not' ELSE 'and still' END)
FROM message m LEFT JOIN held h ON h.message_id = m.id WHERE (m.state = 'held') <> (h.id IS NOT NULL)
ORDER BY 1, 2;
