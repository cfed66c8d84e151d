import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BackendConnection } from './pool.ts'
import { Silence } from './silence.ts'

class Quiet implements BackendConnection {
  readonly isOpen = true
  readonly isReusable = true
  readonly wire = { bytesRead: 100, sever: () => undefined }
  close(): void {}
  onClosed(): void {}
}

const FILE: BackendConnection = {
  ...{ isOpen: true, isReusable: true },
  close: () => undefined,
  onClosed: () => undefined,
}

const times = <T>(count: number, work: () => T): T[] => Array.from({ length: count }, work)

test('who has heard nothing for five checks without a backend is let go', () => {
  const silence = new Silence<Quiet>()
  const quiet = new Quiet()
  const given = times(5, () => silence.count([quiet]))
  assert.deepEqual(given, [[], [], [], [], [quiet]])
})

test('a byte on one connection keeps all: the backend is there, and has no room for who is new', () => {
  const silence = new Silence<Quiet>()
  const [quiet, busy] = [new Quiet(), new Quiet()]
  const given = times(20, () => {
    busy.wire.bytesRead += 1
    return silence.count([quiet, busy])
  })
  assert.deepEqual(given.flat(), [])
})

test('a check that finds the backend begins the count anew', () => {
  const silence = new Silence<Quiet>()
  const quiet = new Quiet()
  times(4, () => silence.count([quiet]))
  silence.forget()
  assert.deepEqual(times(4, () => silence.count([quiet])).flat(), [])
})

test('who came later has a count of their own, and a file has none', () => {
  const silence = new Silence<BackendConnection>()
  const [early, late] = [new Quiet(), new Quiet()]
  const file: BackendConnection = { ...FILE }
  times(3, () => silence.count([early, file]))
  assert.deepEqual(silence.count([early, late, file]), [])
  assert.deepEqual(silence.count([early, late, file]), [early])
})
