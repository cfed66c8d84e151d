import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameOfFile, problemOfText, readSqlFile } from './read-file.ts'

const MIB = 1_048_576

test('a file is read as UTF-8', async () => {
  assert.deepEqual(await readSqlFile(new Blob(["SELECT 'ä'"])), { text: "SELECT 'ä'" })
})

test('what is no text is refused', async () => {
  const { problem } = await readSqlFile(new Blob([new Uint8Array([0x53, 0xff, 0xfe])]))
  assert.match(problem ?? '', /UTF-8/)
})

test('what is longer than 1 MiB is not read', async () => {
  const arrayBuffer = () => Promise.reject(new Error('it was read'))
  assert.match((await readSqlFile({ size: MIB + 1, arrayBuffer })).problem ?? '', /1 MiB/)
  assert.equal((await readSqlFile(new Blob(['x'.repeat(MIB)]))).problem, undefined)
})

test('a typed text is measured in bytes', () => {
  assert.equal(problemOfText('x'.repeat(MIB)), undefined)
  assert.match(problemOfText('ä'.repeat(MIB / 2 + 1)) ?? '', /1 MiB/)
  assert.match(problemOfText(' \n ') ?? '', /Choose a file/)
})

test('a file’s own name becomes one that is taken', () => {
  for (const [given, taken] of [
    ['0042_orders.sql', '0042_orders.sql'],
    ['.hidden.sql', 'hidden.sql'],
    ['größe (1).sql', 'gr e 1 .sql'],
    ['日本', ''],
    [`${'a'.repeat(130)}.sql`, 'a'.repeat(120)],
  ] as const) {
    assert.equal(nameOfFile(given), taken)
  }
})
