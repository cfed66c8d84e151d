import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A SQLite file with a few rows of every kind, and many of one. */
export function createShopFile(): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'articdbm-file-'))
  const path = join(folder, 'shop.sqlite')
  const database = new DatabaseSync(path)
  database.exec(`
    create table orders(id integer primary key, customer text, total real, paid boolean, note blob,
      price numeric(10,2), ordered_at timestamp, odd integer);
    insert into orders values
      (1, 'Ada', 9.5, 1, x'00ff', 12.25, '2026-01-01 10:00:00', 5),
      (2, 'Bob', 3.0, 0, null, 7, null, 'five'),
      (3, null, null, null, x'', null, null, null);
    create table many(n integer);
    with recursive c(n) as (select 1 union all select n + 1 from c where n < 50000) insert into many select n from c`)
  database.close()
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
