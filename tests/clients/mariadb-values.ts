// Values at the edges of MariaDB's types, as literals and as parameters, and statements that it refuses.

export const VALUES: readonly string[] = [
  ...['NULL', 'TRUE', '-1', '18446744073709551615', '-9223372036854775808', '2147483648'],
  ...['1e300', '0.1e0', '-0.0', '12345678901234567890.123456789', 'CAST(1.5 AS FLOAT)', '1/3'],
  ...[
    "''",
    "'é漢🙂'",
    "REPEAT('x', 70000)",
    "CAST('ab' AS CHAR(5))",
    "_binary'\\0\\\\'",
    "X'00FF80'",
  ],
  ...["DATE'2026-02-28'", "CAST('0000-00-00' AS DATE)", "TIMESTAMP'2026-01-01 00:00:00.123456'"],
  ...[
    "CAST('2026-01-01 00:00:00.5' AS DATETIME(3))",
    "TIME'-838:59:59'",
    "CAST('12:00' AS TIME(6))",
  ],
  ...["b'1010'", 'CAST(7 AS UNSIGNED)', "CAST('x' AS BINARY(3))", "'ß' = 'ss'"],
  ...["'x' COLLATE utf8mb4_bin", 'NULL + 1', "INET6_ATON('::1')", 'CAST(1 AS DECIMAL(30,10))'],
  ...['@@collation_connection', '@@character_set_results', "'a' = 'A '"],
  ...['(SELECT total FROM orders WHERE id = 1)', '(SELECT status FROM orders WHERE id = 99)'],
]

export const PARAMETERS: readonly (string | number | bigint | boolean | Date | Buffer | null)[] = [
  ...[null, '', 'é漢🙂', "'; DROP TABLE orders; --", "a\\'b\0c\n", 'x'.repeat(70_000)],
  ...[0, -1, 1.5, 2 ** 53, 9_223_372_036_854_775_807n, true, false],
  ...[Buffer.from([0, 255, 128]), Buffer.alloc(0), new Date('2026-02-28T12:00:00.123Z')],
]

export const WRONG: readonly string[] = [
  'SELECT   nope FROM orders',
  'SELECT * FROM nowhere_at_all',
  'INSERT INTO orders (id) VALUES (1)',
  "INSERT INTO customers (id, name) VALUES (77, REPEAT('x', 200))",
  "INSERT INTO orders (id, total) VALUES ('x', 1)",
  'SELECT (SELECT 1 UNION SELECT id FROM orders)',
  'SELECT ABS(1, 2)',
  'CREATE TABLE orders (id INT)',
  'DROP TABLE nowhere_at_all',
]
