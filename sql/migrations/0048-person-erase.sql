-- What is stored about an erased person beside posts and decisions: letters, links, invitations and requests that wait, refused mail.
-- lock: none
-- beside: yes

CREATE OR REPLACE FUNCTION person_erase(list bigint, words text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keys text[] := ARRAY(SELECT lower(w) FROM unnest(words) AS u (w) WHERE position('@' IN w) > 0);
    nobody CONSTANT text := 'erased@erased.invalid';
BEGIN
    -- Mail of theirs that came to nothing is not kept until its time; whose it was is known only before what follows.
    UPDATE message m SET bytes = NULL, masks = NULL WHERE m.bytes IS NOT NULL AND m.state IN ('refused', 'discarded')
        AND (list IS NULL OR m.list_id = list)
        AND (lower(m.sender) = ANY (keys) OR EXISTS (SELECT FROM held_decision d WHERE d.message_id = m.id AND d.author_key = ANY (keys))
             OR EXISTS (SELECT FROM judgement j WHERE j.message_id = m.id AND j.facts ->> 'author' = ANY (keys)));
    UPDATE message m SET sender = nobody WHERE lower(m.sender) = ANY (keys) AND (list IS NULL OR m.list_id = list);
    DELETE FROM seen WHERE lower(sender) = ANY (keys) AND (list IS NULL OR message_id IN (SELECT id FROM message WHERE list_id = list));
    UPDATE auth_result r SET detail = words_gone(r.detail, words) FROM message m
        WHERE m.id = r.message_id AND (list IS NULL OR m.list_id = list) AND r.detail <> words_gone(r.detail, words);
    UPDATE judgement j SET reason = words_gone(j.reason, words), facts = words_gone(j.facts::text, words)::jsonb FROM message m
        WHERE m.id = j.message_id AND (list IS NULL OR m.list_id = list)
          AND (j.reason <> words_gone(j.reason, words) OR j.facts::text <> words_gone(j.facts::text, words));
    UPDATE held_decision SET author_key = CASE WHEN author_key = ANY (keys) THEN '' ELSE author_key END,
        subject = words_gone(subject, words), reason = words_gone(reason, words), decided_by = words_gone(decided_by, words)
        WHERE (list IS NULL OR list_id = list)
          AND (author_key = ANY (keys) OR subject <> words_gone(subject, words) OR reason <> words_gone(reason, words)
               OR decided_by <> words_gone(decided_by, words));
    -- What waited for them ends; what they were asked, and the links to it, are gone.
    DELETE FROM mail_link k WHERE (list IS NULL OR k.list_id = list)
        AND (lower(k.email) = ANY (keys) OR lower(k.detail) = ANY (keys)
             OR k.request_id IN (SELECT id FROM subscription_request WHERE key = ANY (keys)));
    UPDATE subscription_request SET email = nobody, key = nobody, name = '', asked_by = words_gone(asked_by, words),
        reason = words_gone(reason, words), ended_at = coalesce(ended_at, now()), outcome = coalesce(outcome, 'cancelled'),
        ended_by = words_gone(coalesce(ended_by, ''), words)
        WHERE key = ANY (keys) AND (list IS NULL OR list_id = list);
    WITH gone AS (DELETE FROM invitation i USING invitation_run r
                  WHERE r.id = i.run_id AND lower(i.email) = ANY (keys) AND (list IS NULL OR r.list_id = list) RETURNING i.run_id)
    UPDATE invitation_run r SET left_out = r.left_out + g.count FROM (SELECT run_id, count(*) FROM gone GROUP BY run_id) g WHERE r.id = g.run_id;
    DELETE FROM notice WHERE lower(recipient) = ANY (keys) AND ended_at IS NULL AND owner IS NULL AND (list IS NULL OR list_id = list);
    UPDATE notice SET recipient = nobody WHERE lower(recipient) = ANY (keys) AND ended_at IS NOT NULL AND (list IS NULL OR list_id = list);
    DELETE FROM autoresponse WHERE key = ANY (keys) AND (list IS NULL OR list_id = list);
    DELETE FROM acknowledgement WHERE lower(email) = ANY (keys)
        AND (list IS NULL OR post_id IN (SELECT id FROM post WHERE list_id = list));
    UPDATE audit SET actor = words_gone(actor, words), object = words_gone(object, words), detail = words_gone(detail, words)
        WHERE (list IS NULL OR list_id = list)
          AND (actor <> words_gone(actor, words) OR object <> words_gone(object, words) OR detail <> words_gone(detail, words));
    IF list IS NULL THEN
        UPDATE address a SET key = 'erased-' || a.id || '@erased.invalid', email = 'erased-' || a.id || '@erased.invalid', name = '',
            verified_at = NULL
            WHERE a.key = ANY (keys) AND a.user_id IS NULL AND NOT EXISTS (SELECT FROM member m WHERE m.address_id = a.id AND m.left_at IS NULL);
    END IF;
END $$;
COMMENT ON FUNCTION person_erase(bigint, text[]) IS 'Takes a person out of the rows about posts, decisions, acts and what waits for them: of a list, or of all. Bans stay: they name whom they keep out.';
