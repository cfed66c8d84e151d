import assert from 'node:assert/strict'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type AuditEvent, AuditUnavailable } from '@articdbm/contract'
import { linesOf } from './segment.ts'
import { shipRest } from './shipper.ts'
import { Spool, type SpoolOptions } from './spool.ts'

const log = { info: () => undefined, warn: () => undefined, error: () => undefined }

function ended(id: string): AuditEvent {
  const at = '2026-01-01T00:00:00.000Z'
  return {
    kind: 'statement.ended',
    id,
    at,
    outcome: 'ok',
    rows: 1,
    bytes: 2,
    durationMs: 3,
    errorCode: '',
  }
}

function inFolder(work: (options: SpoolOptions) => Promise<void>) {
  return async () => {
    const directory = mkdtempSync(join(tmpdir(), 'articdbm-spool-'))
    try {
      await work({ directory, maxSegmentBytes: 2_000, maxBytes: 100_000, durability: 'process' })
    } finally {
      rmSync(directory, { recursive: true })
    }
  }
}

async function shipped(options: SpoolOptions): Promise<string[]> {
  const ids: string[] = []
  const spool = new Spool(options)
  const send = async (lines: Buffer) => {
    for (const line of `${lines}`.trimEnd().split('\n')) ids.push(JSON.parse(line).id)
  }
  await shipRest({ spool, send, log }, AbortSignal.timeout(5_000))
  return ids
}

const names = (count: number) => Array.from({ length: count }, (_, at) => `event-${at}`)

test(
  'what was appended is there after the process is gone, in order, over several segments',
  inFolder(async (options) => {
    const spool = new Spool(options)
    for (const id of names(100)) await spool.append([ended(id)])
    assert.ok(readdirSync(options.directory).length > 3)
    assert.deepEqual(await shipped(options), names(100))
    assert.deepEqual(readdirSync(options.directory), [])
  }),
)

test(
  'appends of one turn share a write and are all resolved',
  inFolder(async (options) => {
    const spool = new Spool({ ...options, durability: 'disk' })
    await Promise.all(names(50).map((id) => spool.append([ended(id)])))
    assert.deepEqual(await shipped(options), names(50))
  }),
)

test(
  'what is noted is written with the next append, in order, or by itself',
  inFolder(async (options) => {
    const spool = new Spool(options)
    const lost: string[] = []
    const note = (id: string) =>
      spool.note(linesOf([ended(id)]), (fault) => fault && lost.push(fault.message))
    note('noted first')
    await spool.append([ended('appended')])
    note('noted last')
    spool.close()
    assert.deepEqual(await shipped(options), ['noted first', 'appended', 'noted last'])
    assert.deepEqual(lost, [])
  }),
)

test(
  'who notes something in a full spool is told that it was lost',
  inFolder(async (options) => {
    const spool = new Spool({ ...options, maxBytes: 10 })
    const lost = await new Promise((resolve) => spool.note(linesOf([ended('x')]), resolve))
    assert.ok(lost instanceof AuditUnavailable)
  }),
)

test(
  'a record torn by a crash is left out, and only that one',
  inFolder(async (options) => {
    const spool = new Spool(options)
    await spool.append([ended('whole')])
    const [name = ''] = readdirSync(options.directory)
    appendFileSync(join(options.directory, name), 'deadbeef 500\n{"kind":"statement.end')
    assert.deepEqual(await shipped(options), ['whole'])
  }),
)

test(
  'a block that was changed on disk is left out, and what follows it is not',
  inFolder(async (options) => {
    const spool = new Spool(options)
    await spool.append([ended('changed')])
    await spool.append([ended('whole')])
    const [name = ''] = readdirSync(options.directory)
    const path = join(options.directory, name)
    writeFileSync(path, readFileSync(path, 'latin1').replace('changed', 'Changed'), 'latin1')
    assert.deepEqual(await shipped(options), ['whole'])
  }),
)

test(
  'an event longer than a chunk is shipped whole',
  inFolder(async (options) => {
    const wide = { ...options, maxBytes: 10_000_000, maxSegmentBytes: 10_000_000 }
    const spool = new Spool(wide)
    const long = 'x'.repeat(3_000_000)
    await spool.append([ended('before'), ended(long), ended('after')])
    assert.deepEqual(await shipped(wide), ['before', long, 'after'])
  }),
)

test(
  'a full spool refuses, so that nothing unrecorded is forwarded',
  inFolder(async (options) => {
    const spool = new Spool({ ...options, maxBytes: 500 })
    await spool.append([ended('first')])
    await assert.rejects(spool.append([ended('x'.repeat(500))]), AuditUnavailable)
    assert.deepEqual(await shipped(options), ['first'])
  }),
)

test(
  'a segment is kept until the manager has acknowledged it',
  inFolder(async (options) => {
    const spool = new Spool(options)
    await spool.append([ended('one')])
    const send = async () => {
      throw new Error('the manager is away')
    }
    await assert.rejects(shipRest({ spool, send, log }, AbortSignal.timeout(1_000)), /away/)
    assert.deepEqual(await shipped(options), ['one'])
  }),
)
