import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { cpuSeconds, parseMachine, parseStat, readProcesses, treesOf } from './processes.ts'

const STAT =
  '4711 (a (strange) name) S 12 4711 4711 0 -1 4194560 1 2 0 0 250 130 40 9 20 0 1 0 88 9912320 321 18446744073709551615'

test("a process' line is read whatever its name holds", () => {
  assert.deepEqual(parseStat(STAT), { pid: 4711, parent: 12, cpuTicks: 429, residentKb: 1284 })
})

test('a tree is the roots and all that descends from them, once', () => {
  const process = (pid: number, parent: number) => ({ pid, parent, cpuTicks: 10, residentKb: 1 })
  const all = [process(9, 5), process(2, 1), process(3, 2), process(5, 3), process(7, 1)]
  assert.deepEqual(
    treesOf(all, [2, 3])
      .map(({ pid }) => pid)
      .sort(),
    [2, 3, 5, 9],
  )
  assert.equal(cpuSeconds(treesOf(all, [7])), 0.1)
  assert.deepEqual(treesOf(all, [4]), [])
})

test("the machine's time is what ran, without idling, waiting and interrupts", () => {
  assert.equal(parseMachine('cpu  100 20 30 9000 800 7 6 50 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n'), 2)
})

test('this process and a child of its own are found', async () => {
  const child = spawn('sleep', ['60'])
  const tree = treesOf(readProcesses(), [process.pid])
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  assert.ok(tree.some(({ pid, residentKb }) => pid === process.pid && residentKb > 1_000))
  assert.ok(tree.some(({ pid }) => pid === child.pid))
})
