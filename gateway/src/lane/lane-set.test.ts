import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { DEFAULT_POLICY, DEFAULT_POOL, type SnapshotDatabase } from '@articdbm/contract'
import type { BackendConnection, BackendPool, Lease } from '../pool/pool.ts'
import { LaneSet } from './lane-set.ts'
import type { Concluded, Fate, Line, LineListener } from './line.ts'
import type { LaneRequest } from './request.ts'

const DATABASE: SnapshotDatabase = {
  ...{ id: 'd', name: 'd', engine: 'postgres', target: 'd', defaultSchema: 'public' },
  ...{ backends: [], credential: null, pool: DEFAULT_POOL, policy: DEFAULT_POLICY },
}

class Connection implements BackendConnection {
  isOpen = true
  isReusable = true
  close(): void {
    this.isOpen = false
  }
  onClosed(): void {}
}

interface Seen {
  readonly said: string
}

/** Answers nothing by itself: `say` is the backend. */
class ScriptedLine implements Line<Seen, Asked> {
  seen: Seen = { said: '' }
  readonly outlivesCancel: boolean
  readonly written: string[] = []
  isLeft = false
  fate: Fate = 'answered'
  readonly #listener: LineListener

  constructor(listener: LineListener, outlivesCancel: boolean) {
    this.#listener = listener
    this.outlivesCancel = outlivesCancel
  }

  ask(request: Asked, outgoing: Buffer[]): number {
    outgoing.push(Buffer.from(`${request.text};`))
    return 0
  }
  expect(): void {}
  conclude({ isBystander }: Concluded<Asked>): Fate {
    return this.seen.said === 'cancelled' && isBystander ? 'ask elsewhere' : this.fate
  }
  write(bytes: Buffer): void {
    this.written.push(bytes.toString())
  }
  pause(): void {}
  resume(): void {}
  cancel(): Promise<boolean> {
    return Promise.resolve(true)
  }
  leave(): void {
    this.isLeft = true
  }

  say(said: string): void {
    this.seen = { said }
    this.#listener.take(Buffer.from(said), true)
  }
  lose(): void {
    this.#listener.lost()
  }
}

class Asked implements LaneRequest<Seen> {
  readonly text: string
  tries = 0
  outcome = 'waits'
  constructor(text: string) {
    this.text = text
  }
  answer(): boolean {
    return true
  }
  drained(): Promise<void> {
    return Promise.resolve()
  }
  ended({ said }: Seen): void {
    this.outcome = said
  }
  failed(fault: unknown): void {
    this.outcome = fault instanceof Error ? fault.constructor.name : 'torn'
  }
}

function createSet(
  options: { waiting?: number; adopt?: () => Promise<void>; outlivesCancel?: boolean } = {},
) {
  const lines: ScriptedLine[] = []
  const seen = { checkouts: 0, disposed: 0 }
  const pool: BackendPool<Connection> = {
    checkout: async (): Promise<Lease<Connection>> => {
      seen.checkouts += 1
      const dispose = () => {
        seen.disposed += 1
      }
      return { connection: new Connection(), pin: () => undefined, [Symbol.dispose]: dispose }
    },
    weigh: () => undefined,
    get figures() {
      return { open: 0, idle: 0, leased: 0, waiting: options.waiting ?? 0 }
    },
  }
  const adopt = options.adopt ?? (() => Promise.resolve())
  const set = new LaneSet<Connection, Seen, Asked>(
    { database: DATABASE, pool, adopt },
    (_, listener) => {
      const line = new ScriptedLine(listener, options.outlivesCancel ?? true)
      lines.push(line)
      return line
    },
  )
  return { set, lines, seen }
}

/** A set with one lane. */
async function opened(options: Parameters<typeof createSet>[0] = {}) {
  const created = createSet(options)
  assert.equal(created.set.makeRoom(), false)
  await turn()
  assert.equal(created.set.makeRoom(), true)
  const [line] = created.lines
  assert.ok(line)
  return { ...created, line }
}

const sendAll = async (set: ReturnType<typeof createSet>['set'], texts: readonly string[]) => {
  const requests = texts.map((text) => new Asked(text))
  for (const request of requests) set.send(request)
  await turn()
  return requests
}

test('a first lane stands in line with those who lease, and is kept for who comes then', async (t) => {
  // Its upkeep gives an unused lane to who waits, in its own time.
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { set, seen } = await opened({ waiting: 5 })
  assert.deepEqual(seen, { checkouts: 1, disposed: 0 })
  set.close()
})

test('settings that no connection takes have no lane, and nobody waits for one', async () => {
  const { set, seen } = createSet({ adopt: () => Promise.reject(new Error('no such setting')) })
  for (let asked = 0; asked < 5; asked += 1) {
    assert.equal(set.makeRoom(), false)
    await turn()
  }
  assert.deepEqual(seen, { checkouts: 1, disposed: 1 })
  set.close()
})

test('requests of one turn share a write, and answers go to them in order', async () => {
  const { set, line } = await opened()
  const requests = await sendAll(set, ['a', 'b', 'c'])
  assert.deepEqual(line.written, ['a;b;c;'])
  for (const said of ['one', 'two', 'three']) line.say(said)
  assert.deepEqual(
    requests.map(({ outcome }) => outcome),
    ['one', 'two', 'three'],
  )
  set.close()
})

test('what a lost lane has not answered is asked on another', async () => {
  const { set, lines, line } = await opened()
  const [first, second] = await sendAll(set, ['a', 'b'])
  line.say('one')
  line.lose()
  await turn()
  assert.equal(first?.outcome, 'one')
  const other = lines.find(({ isLeft }) => !isLeft)
  assert.deepEqual(other?.written, ['b;'])
  other?.say('two')
  assert.equal(second?.outcome, 'two')
  set.close()
})

test('a request that is asked here again keeps its turn to be answered', async () => {
  const { set, line } = await opened()
  const [first, second] = await sendAll(set, ['a', 'b'])
  line.fate = 'ask here'
  line.say('prepared')
  line.fate = 'answered'
  await turn()
  assert.deepEqual(line.written, ['a;b;', 'a;'])
  for (const said of ['of b', 'of a']) line.say(said)
  assert.deepEqual([first?.outcome, second?.outcome], ['of a', 'of b'])
  assert.equal(first?.tries, 1)
  set.close()
})

test('a cancel that hits a neighbour has it asked again, and the lane ends where it might hit more', async () => {
  const { set, lines, line, seen } = await opened({ outlivesCancel: false })
  const [first, second] = await sendAll(set, ['a', 'b'])
  assert.ok(first && second)
  await set.cancel(second)
  line.say('cancelled')
  line.say('late')
  await turn()
  assert.equal(second.outcome, 'late')
  assert.ok(line.isLeft)
  assert.equal(seen.disposed, 1)
  const other = lines.find(({ isLeft }) => !isLeft)
  other?.say('again')
  assert.equal(first.outcome, 'again')
  set.close()
})
