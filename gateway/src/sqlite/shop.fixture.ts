// A small database for the tests of this folder.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createSqliteDatabases } from './index.ts'
import type {
  SqliteConnection,
  SqliteDatabases,
  SqliteEvent,
  SqliteRun,
  SqliteValue,
} from './types.ts'

const SEED = `
  CREATE TABLE kinds(i INTEGER, r REAL, t TEXT, b BLOB, n);
  CREATE TABLE customers(id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, age INTEGER CHECK (age > 0));
  CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id) ON DELETE CASCADE);
  CREATE TABLE secrets(code TEXT);
  CREATE TABLE journal(note TEXT);
  CREATE TABLE counters(n INTEGER);
  CREATE TABLE many(id INTEGER PRIMARY KEY, filler TEXT);
  CREATE VIEW order_codes AS SELECT o.id, s.code FROM orders o JOIN secrets s;
  CREATE VIEW deep_codes AS SELECT * FROM order_codes WHERE id IN (SELECT id FROM customers);
  CREATE TRIGGER journalled AFTER INSERT ON orders
    BEGIN INSERT INTO journal SELECT 'order ' || new.id || ' ' || code FROM secrets; END;
  CREATE VIRTUAL TABLE docs USING fts5(body);
  INSERT INTO customers VALUES (1, 'a@b.c', 30), (2, 'd@e.f', 40);
  INSERT INTO secrets VALUES ('x1');
  INSERT INTO counters VALUES (0);
  WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 100000)
    INSERT INTO many SELECT x, hex(randomblob(20)) FROM c;
`

interface Shop {
  readonly databases: SqliteDatabases
  readonly folder: string
  readonly path: string
  readonly close: () => Promise<void>
}

export function openShop(): Shop {
  const folder = mkdtempSync(join(tmpdir(), 'articdbm-sqlite-'))
  const path = join(folder, 'shop.db')
  const seed = new DatabaseSync(path)
  seed.exec(SEED)
  seed.close()
  const databases = createSqliteDatabases()
  const close = async () => {
    await databases.close()
    rmSync(folder, { recursive: true })
  }
  return { databases, folder, path, close }
}

interface Given {
  readonly parameters?: readonly SqliteValue[]
  readonly allowed?: SqliteRun['allowed']
  readonly timeoutMs?: number
}

interface Taken {
  readonly rows: readonly (readonly SqliteValue[])[]
  readonly end: Extract<SqliteEvent, { kind: 'end' }> | undefined
}

export async function take(
  connection: SqliteConnection,
  sql: string,
  given: Given = {},
): Promise<Taken> {
  const { parameters = [], allowed = 'everything', timeoutMs = 10_000 } = given
  const rows: (readonly SqliteValue[])[] = []
  let end: Taken['end']
  for await (const event of connection.execute({ sql, parameters, allowed, timeoutMs })) {
    if (event.kind === 'rows') rows.push(...event.rows)
    if (event.kind === 'end') end = event
  }
  return { rows, end }
}
