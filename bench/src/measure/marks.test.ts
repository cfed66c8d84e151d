import assert from 'node:assert/strict'
import { test } from 'node:test'
import { costOf, type Mark } from './marks.ts'

const BENCH = 1
const GATEWAY = 2
const MANAGER = 3
const SERVER = 4

function mark(atMs: number, machineSeconds: number, ticks: Readonly<Record<number, number>>): Mark {
  const processes = Object.entries(ticks).map(([pid, cpuTicks]) => ({
    pid: Number(pid),
    parent: Number(pid) === BENCH ? 0 : BENCH,
    cpuTicks,
    residentKb: 0,
  }))
  return { atMs, machineSeconds, processes }
}

const MARKS = {
  before: mark(1_000, 50, { [BENCH]: 0, [GATEWAY]: 100, [MANAGER]: 100, [SERVER]: 100 }),
  loaded: mark(6_000, 58, { [BENCH]: 100, [GATEWAY]: 300, [MANAGER]: 150, [SERVER]: 350 }),
  settled: mark(7_500, 60, { [BENCH]: 100, [GATEWAY]: 340, [MANAGER]: 200, [SERVER]: 350 }),
}
const SUBJECT = {
  way: { pids: [GATEWAY], managerPids: [MANAGER] },
  serverPid: SERVER,
  ownPid: BENCH,
  cores: 2,
}

test('CPU is told a unit, and counted until the last audit event is shipped', () => {
  const figures = costOf(SUBJECT, MARKS, { figures: {}, cost: { count: 50_000, per: 100_000 } })
  assert.deepEqual(figures, {
    proxyCpu: 4.8,
    managerCpu: 2,
    serverCpu: 5,
    auditLagMs: 1_500,
    foreignCpu: 20, // 8 s ran, 6 s of them in the tree of the bench, of 5 s on 2 cores
  })
})

test('a direct way has no proxy, and nothing has a price where nothing was counted', () => {
  const way = { pids: [], managerPids: [] }
  const cost = { count: 100, per: 100 }
  assert.deepEqual(costOf({ ...SUBJECT, way }, MARKS, { figures: {}, cost }), {
    serverCpu: 2.5,
    foreignCpu: 20,
  })
  assert.deepEqual(costOf({ ...SUBJECT, way }, MARKS, { figures: {} }), { foreignCpu: 20 })
})
