import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A SQLite file with a table that `bob` may read, one that he may not, and values of every kind. */
export function createLite(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'mysql-lite-')), 'lite.db')
  const database = new DatabaseSync(file)
  database.exec(`
    CREATE TABLE open_table (id INTEGER PRIMARY KEY, name VARCHAR(20));
    INSERT INTO open_table VALUES (1, 'one'), (2, NULL), (9007199254740993, 'ü🙂');
    CREATE TABLE secret (a INT);
    INSERT INTO secret VALUES (42);
    CREATE TABLE kinds (i INTEGER, r REAL, t TEXT, b BLOB, n NUMERIC, u);
    INSERT INTO kinds VALUES (9223372036854775807, 1.5, 'text', x'00ff', 10, 'any'), (NULL, NULL, NULL, NULL, NULL, NULL);
    CREATE TABLE loose (i INTEGER);
    INSERT INTO loose VALUES (1), ('not a number'), (2.5), (x'00');
    CREATE VIEW seen AS SELECT name FROM open_table;
  `)
  database.close()
  return file
}
