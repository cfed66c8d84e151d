// Values at the edges of PostgreSQL's types, as literals and as parameters, and statements that it refuses.

export const VALUES: readonly string[] = [
  ...['NULL::int', 'NULL::text', 'NULL::jsonb', 'true', 'false', '(-32768)::int2', '2147483647'],
  ...["'9223372036854775807'::int8", "'NaN'::float8", "'-Infinity'::float4", '-0.0::float8'],
  ...[
    '1e300::float8',
    '12345678901234567890.123456789::numeric',
    "'NaN'::numeric",
    '0.000::numeric',
  ],
  ...["''::text", "'é漢😀'::text", "repeat('x', 70000)", "'ab'::char(5)", "'abc'::varchar(5)"],
  ...["'\\x00ff80'::bytea", "''::bytea", "'infinity'::date", "'0044-03-15 BC'::date"],
  ...["'24:00:00'::time", "'12:34:56.789+02'::timetz", "'2026-01-01 00:00:00.123456'::timestamp"],
  ...["'-infinity'::timestamptz", "'1 year 2 months -3 days 04:05:06.7'::interval"],
  ...["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", '\'{"a": [1, null]}\'::json'],
  ...['\'{"b": 1, "a": null}\'::jsonb', "'192.168.0.1/24'::inet", "'08:00:2b:01:02:03'::macaddr"],
  ...["'10101'::varbit", "'(1,2)'::point", 'ARRAY[1,2,NULL]::int4[]', "'{}'::text[]"],
  ...["'[1,10)'::int4range", "row(1, 'a', NULL)", '12.34::money', "'a fat cat'::tsvector"],
  ...["'16/B374D848'::pg_lsn", "'pg_class'::regclass"],
]

export const PARAMETERS: readonly {
  readonly type: string
  readonly values: readonly (string | number | boolean | Buffer | null)[]
}[] = [
  { type: 'int4', values: [0, -1, 2_147_483_647, 2_147_483_648, 'x', null] },
  { type: 'int8', values: ['9223372036854775807', '-9223372036854775808', null] },
  { type: 'numeric', values: ['1e-20', 'NaN', '99999999999999999999.5', null] },
  { type: 'text', values: ['', 'é漢😀', "'; DROP TABLE orders; --", 'x'.repeat(70_000), null] },
  { type: 'bytea', values: [Buffer.alloc(0), Buffer.from([0, 255, 128]), null] },
  { type: 'boolean', values: [true, false, null] },
  { type: 'timestamptz', values: ['2026-02-28 12:00:00+05:30', 'infinity', 'never', null] },
  { type: 'jsonb', values: ['{"a": "\\u00e9"}', '[]', '{', null] },
  { type: 'int4[]', values: ['{1,NULL,3}', '{}', '{{1},{2}}', null] },
]

export const WRONG: readonly string[] = [
  'SELECT   nope FROM orders',
  'SELECT * FROM nowhere_at_all',
  'SELECT 1/0',
  "SELECT 'x'::int",
  'SELECT abs(1, 2, 3)',
  'INSERT INTO orders (id) VALUES (1)',
  "INSERT INTO customers (id, name) VALUES (77, repeat('x', 200))",
  "SELECT '\\xzz'::bytea",
  "SELECT to_date('x', 'YYYY')",
]
