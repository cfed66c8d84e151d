// What people type into psql. Each script leaves nothing behind, so that it can be run twice.

const TYPES = String.raw`
CREATE TEMP TABLE typed (id serial PRIMARY KEY, b boolean, i2 smallint, i8 bigint, n numeric(20,6), f8 float8,
  t text, v varchar(5), c char(4), raw bytea, d date, ts timestamp, tz timestamptz, iv interval, u uuid, j jsonb,
  a int[], m money, ip inet, r int4range);
INSERT INTO typed (b) VALUES (NULL);
INSERT INTO typed (b, i2, i8, n, f8, t, v, c, raw) VALUES
  (true, -32768, 9223372036854775807, 12345678901234.567891, 'NaN', 'é漢😀', 'abcde', 'ab', '\x00ff');
INSERT INTO typed (d, ts, tz, iv, u, j, a, m, ip, r) VALUES
  ('0044-03-15 BC', 'infinity', '2026-01-01 00:00:00.123456+05:30', '1 year -2 days 03:04:05.6',
   'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"k": [1, null]}', '{1,NULL,3}', 12.34, '10.0.0.1/8', '[1,5)');
SELECT * FROM typed ORDER BY id;
\x on
SELECT * FROM typed ORDER BY id;
\x off
SELECT count(*), count(b), max(n), avg(f8) FROM typed;
UPDATE typed SET t = upper(t) WHERE t IS NOT NULL RETURNING id, t;
DELETE FROM typed WHERE d IS NULL RETURNING id;
SELECT id, d, lag(d) OVER (ORDER BY id) FROM typed;
\gdesc
SELECT 1 AS one, NULL AS nothing \gset
\echo :one :nothing
VALUES (1, 'a'), (2, NULL);
TABLE typed;
`

const TRANSACTIONS = String.raw`
BEGIN;
CREATE TEMP TABLE t (id int PRIMARY KEY, note text NOT NULL);
INSERT INTO t VALUES (1, 'one');
SAVEPOINT a;
INSERT INTO t VALUES (1, 'again');
SELECT * FROM t;
ROLLBACK TO a;
INSERT INTO t VALUES (2, NULL);
ROLLBACK TO a;
SELECT * FROM t;
COMMIT;
COMMIT;
BEGIN; SELECT 1/0; SELECT 2; ROLLBACK;
SELECT 1 \; SELECT 2 \; SELECT 3;
SELECT * FROM nowhere_at_all;
SELECT id, nothing FROM t;
DO $$ BEGIN RAISE NOTICE 'a notice'; RAISE WARNING 'a warning' USING HINT = 'mind it', DETAIL = 'so'; END $$;
SET work_mem = '5MB'; SHOW work_mem; RESET work_mem;
SET TIME ZONE 'Asia/Kolkata'; SELECT '2026-01-01 00:00:00Z'::timestamptz;
PREPARE p (int) AS SELECT $1 + 1 AS next; EXECUTE p (41); DEALLOCATE p;
DECLARE outside CURSOR FOR SELECT 1;
BEGIN; DECLARE c CURSOR FOR SELECT generate_series(1, 5); FETCH 2 FROM c; MOVE 1 FROM c; FETCH ALL FROM c; COMMIT;
EXPLAIN (COSTS OFF) SELECT * FROM t WHERE id = 1;
`

const DESCRIBES = String.raw`
\d
\dt
\d orders
\d+ customers
\dn
\dT
\di
\l clients_pg
\du
\dx
\sf pg_catalog.abs
\encoding
\dconfig work_mem
`

export const PSQL_SCRIPTS: Readonly<Record<string, string>> = {
  'types and nulls': TYPES,
  'transactions, errors, settings and cursors': TRANSACTIONS,
  'its own commands': DESCRIBES,
}
