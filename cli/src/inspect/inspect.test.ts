import assert from 'node:assert/strict'
import { Readable, Writable } from 'node:stream'
import { before, describe, test } from 'node:test'
import { loadGrammars } from '@articdbm/sql'
import { inspectLines, inspectText } from './inspect.ts'

before(loadGrammars)

/** The answers, with a chunk's border after every `size` characters. */
async function answersTo(input: string, size: number): Promise<readonly unknown[]> {
  let said = ''
  const output = new Writable({
    highWaterMark: 10,
    write: (chunk, _encoding, done) => {
      said += String(chunk)
      setImmediate(done)
    },
  })
  const bytes = Buffer.from(input)
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
  await inspectLines(Readable.from(chunks, { objectMode: false }), output, 'postgres')
  return said
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
}

/** One shape after another, and back: what is known of the first must not be said of what only looks like it. */
const TEXTS = [
  'SELECT name FROM people WHERE id = 1',
  'SELECT name FROM people WHERE id = 2',
  "SELECT name FROM people WHERE name = 'é' AND id = 3",
  "SELECT name FROM people WHERE name = '' OR '1' = '1'",
  "SELECT name FROM people WHERE name = '' OR '1' = '2'",
  'SELECT name FROM people WHERE id = 1 OR 1 = 1',
  'SELECT name FROM people WHERE id = 7',
  'SELECT name FROM',
  'DELETE FROM people WHERE id = 4',
]

describe('inspecting lines', () => {
  for (const size of [1, 7, 65_536]) {
    test(`answers each as if it stood alone, in chunks of ${size} bytes`, async () => {
      const all = [...TEXTS, ...TEXTS]
      const input = all.map((sql, id) => JSON.stringify({ id, sql })).join('\r\n')
      assert.deepEqual(
        await answersTo(input, size),
        all.map((sql, id) => inspectText(id, sql, 'postgres')),
      )
    })
  }

  test('a line that can not be read is answered in its place', async () => {
    const lines = ['{"id":1,"sql":"SELECT 1"}', '', 'nonsense', '{"id":2}', '{"sql":"SELECT 2"}\n']
    const answers = await answersTo(lines.join('\n'), 9)
    assert.deepEqual(answers.slice(1, 3), [
      { id: null, error: 'not {"id","sql"}' },
      { id: 2, error: 'not {"id","sql"}' },
    ])
    assert.deepEqual(answers[3], inspectText(null, 'SELECT 2', 'postgres'))
  })
})
