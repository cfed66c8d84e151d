// Writes audit rows into a SQLite store until it is killed; prints what was committed.
import { writeSync } from 'node:fs'
import { insertNew, openStore } from '../../manager/src/store/index.ts'
import { auditRow } from './rows.ts'

const store = openStore({ type: 'sqlite', path: process.argv[2] ?? '' })
for (;;) {
  const rows = Array.from({ length: 10 }, () => auditRow())
  const ids = await store.transaction((tx) => insertNew(tx, 'audit_log', rows))
  writeSync(1, `${ids.join(' ')}\n`)
}
