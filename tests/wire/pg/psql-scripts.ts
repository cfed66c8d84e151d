/** What people ask psql of the museum. */
export const SCRIPTS: readonly string[] = [
  ...[
    '',
    't',
    'i',
    's',
    'v',
    'm',
    'E',
    'f',
    'n',
    'p',
    'T',
    'D',
    'o',
    'C',
    'u',
    'x',
    'b',
    'c',
    'a',
    'A',
    'l',
    'y',
    'L',
  ].map((letter) => `\\d${letter}\n\\d${letter}+\n\\d${letter}S\n\\d${letter} *item*\n`),
  String.raw`\d item
\d+ item
\d+ place
\d+ log
\d+ log_2025
\d+ few
\d+ sums
\d counter
\d+ item_lower
\d side.*
\d "Odd ""name"
\dd
\ddp
\dp
\dp side.*
\z item
\dF
\dF+ plain_words
\dFp
\dRp+
\dX
\dP+
\dPt
\di+ side.*
\dAc
\dAo btree int*
\dconfig *work_mem
\dg+
\dO
\dew
\des
\dL+
\dlo
`,
  String.raw`\l
\l+ shop
\lo_list
\db+
\sf twice
\sf+ noted
\sv few
\sv+ few
\ef nowhere_at_all
\df+ tidy
\df twice integer
\da total
\do <->
\h select
\encoding
\conninfo_that_is_none
`,
  String.raw`SELECT * FROM (VALUES ('a', 'x', 1), ('a', 'y', 2), ('b', 'x', 3)) t(r, c, v) \crosstabview
SELECT r, c, v FROM (VALUES ('a', 'x', 1), ('b', 'y', 2)) t(r, c, v) \crosstabview c r v
SELECT 1 AS one, 'two' AS two \gset my_
\echo :my_one :'my_two'
SELECT 'SELECT ' || g FROM generate_series(1, 3) g \gexec
SELECT 'CREATE TEMP TABLE made' || g || '(a int)' FROM generate_series(1, 2) g \gexec
SELECT 1 AS a, 'b' AS b, null::numeric(5, 2) AS c \gdesc
SELECT 1 \gx
SELECT name FROM item ORDER BY id \g (format=csv)
\set FETCH_COUNT 2
SELECT id, name FROM item ORDER BY id;
\unset FETCH_COUNT
\set ON_ERROR_ROLLBACK on
BEGIN;
SELECT 1/0;
SELECT 2;
COMMIT;
\set AUTOCOMMIT off
SELECT 3;
SELECT 1/0;
ROLLBACK;
\set AUTOCOMMIT on
\set ON_ERROR_ROLLBACK off
\errverbose
SELECT * FROM nowhere_at_all;
\errverbose
PREPARE p AS SELECT 1; EXECUTE p; DEALLOCATE p; EXECUTE p; DEALLOCATE p;
\if :my_one
SELECT :'my_two' AS told;
\endif
\lo_export 424242 /dev/null
\lo_import /dev/null
\x
SELECT * FROM item ORDER BY id;
\x
\pset format html
TABLE few;
`,
]
