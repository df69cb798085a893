-- token_key_all :many -> id int, secret bytea
SELECT id, secret FROM token_key ORDER BY id DESC;

-- token_key_add :exec id int, secret bytea, now timestamptz
INSERT INTO token_key (id, secret, created_at) VALUES ($1, $2, $3);

-- selftest_vectors :many words tsvector[] -> lexemes text[]
SELECT tsvector_to_array(v) FROM unnest($1) AS u (v);

-- selftest_values :one a bigint, b int, c bool, d text, e bytea, f timestamptz, g bigint[], h text[] -> a bigint, b int, c bool, d text, e bytea, f timestamptz, g bigint[], h text[]
SELECT $1::bigint, $2::int, $3::bool, $4::text, $5::bytea, $6::timestamptz, $7::bigint[], $8::text[];
