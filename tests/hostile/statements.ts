// Statements that are long, deep or broken beyond what a person writes.

const repeated = (text: string, times: number, between = '') =>
  Array(times).fill(text).join(between)

export const STATEMENTS: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: '10,000 nested parentheses',
    sql: `SELECT ${repeated('(', 10_000)}1${repeated(')', 10_000)}`,
  },
  { name: '100,000 parentheses that never close', sql: `SELECT ${repeated('(', 100_000)}` },
  { name: 'a literal of 5 MB', sql: `SELECT '${repeated('x', 5_000_000)}'` },
  { name: '100,000 tokens', sql: `SELECT ${repeated('1', 50_000, '+')}` },
  { name: '50,000 columns', sql: `SELECT ${repeated('id', 50_000, ',')} FROM orders` },
  {
    name: 'a list of 50,000',
    sql: `SELECT id FROM orders WHERE id IN (${repeated('1', 50_000, ',')})`,
  },
  {
    name: '2,000 nested subqueries',
    sql: `${repeated('SELECT * FROM (', 2_000)}SELECT 1${repeated(') t', 2_000)}`,
  },
  { name: '5,000 nested NOTs', sql: `SELECT ${repeated('NOT ', 5_000)}1` },
  { name: '2,000 UNIONs', sql: repeated('SELECT id FROM orders', 2_000, ' UNION ') },
  { name: '20,000 statements', sql: repeated('SELECT 1', 20_000, ';') },
  { name: '100,000 openings of comments', sql: `SELECT 1 ${repeated('/*', 100_000)}` },
  { name: 'a quote of 1 MB that never ends', sql: `SELECT '${repeated('x', 900_000)}` },
  { name: 'a dollar quote that never ends', sql: `SELECT $x$${repeated('$y$', 100_000)}` },
  { name: 'a NUL', sql: 'SELECT 1\0 FROM orders' },
  { name: 'a lone surrogate', sql: "SELECT '\ud800' FROM orders" },
  {
    name: 'zero-width and right-to-left marks',
    sql: 'SEL\u200bECT \u202e1 FROM\u2028orders\ufeff',
  },
  {
    name: 'placeholders beyond all counting',
    sql: 'SELECT $99999999999999999999, ?4294967297, :a',
  },
]
