// Clients whose every write has a number of its own and is sent once, and who remember what they were told of it.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Session, until } from './replicated.ts'

/** What one client saw of one fault: how often, by code and text. */
type Seen = Map<string, number>

const PAUSE_MS = 15

export class Witnesses {
  readonly acknowledged: number[] = []
  /** Told to have failed: such a write is there at most once. */
  readonly failed: number[] = []
  /** Rows that were another client's. */
  readonly strange: string[] = []
  seen: Seen = new Map()
  readonly #done: number[] = []
  readonly #running: Promise<void>[] = []
  readonly #busy = new Set<number>()
  #next = 1
  #isStopped = false
  #isPaused = false

  start(open: () => Promise<Session>): void {
    const client = this.#done.push(0) - 1
    this.#running.push(this.#live(open, client))
  }

  get failures(): number {
    return [...this.seen].reduce((sum, [what, times]) => sum + (what === 'ok' ? 0 : times), 0)
  }

  /** The highest number that was sent, or is about to be. */
  get issued(): number {
    return this.#next - 1
  }

  /** What is stored is what clients were told: all that was acknowledged, nothing twice, nothing that nobody sent. */
  assertTold(stored: readonly number[]): void {
    const numbers = new Set(stored)
    assert.equal(numbers.size, stored.length, 'a write is there twice')
    const lost = this.acknowledged.filter((number) => !numbers.has(number))
    assert.deepEqual(lost, [], 'acknowledged, and not there')
    const told = new Set([...this.acknowledged, ...this.failed])
    assert.deepEqual(
      stored.filter((number) => !told.has(number)),
      [],
      'there, and nobody has sent it',
    )
    assert.deepEqual(this.strange, [], "another client's row")
  }

  /** Every client has got through some more rounds of each kind of work. */
  async allGoOn(when: string): Promise<void> {
    const goals = this.#done.map((done) => done + 6)
    const areThere = async () => goals.every((goal, client) => (this.#done[client] ?? 0) >= goal)
    await until(`all clients work ${when}`, areThere).catch((error: unknown) => {
      throw new Error(`${error}; rounds ${this.#done}; seen ${JSON.stringify([...this.seen])}`)
    })
  }

  /** Resolves when nothing is under way. */
  async pause(): Promise<void> {
    this.#isPaused = true
    await until('nothing is under way', async () => this.#busy.size === 0)
  }

  resume(): void {
    this.#isPaused = false
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.allSettled(this.#running)
  }

  async #live(open: () => Promise<Session>, client: number): Promise<void> {
    let session: Session | undefined
    for (let round = 0; !this.#isStopped; round += 1) {
      await new Promise((done) => setTimeout(done, PAUSE_MS))
      if (this.#isPaused) continue
      this.#busy.add(client)
      try {
        session ??= await open()
        await this.#work(session, client, round % 3)
        this.#note('ok')
        this.#done[client] = (this.#done[client] ?? 0) + 1
      } catch (error) {
        this.#note(named(error))
        session = await this.#keptOrClosed(session)
      }
      this.#busy.delete(client)
    }
    session?.close()
  }

  /** A session that takes a ROLLBACK goes on, as an application's would. */
  async #keptOrClosed(session: Session | undefined): Promise<Session | undefined> {
    const isWell = await session?.ask('ROLLBACK').then(
      () => true,
      () => false,
    )
    if (isWell) return session
    session?.close()
    return undefined
  }

  async #work(session: Session, client: number, kind: number): Promise<void> {
    if (kind === 0) return this.#read(session, client)
    if (kind === 1) return this.#write((insert) => session.ask(insert), client)
    await session.ask('BEGIN')
    await this.#write(async (insert) => {
      await session.ask(insert)
      await session.ask('COMMIT')
    }, client)
  }

  async #read(session: Session, client: number): Promise<void> {
    const sql = `SELECT owner, secret FROM sentinels WHERE owner = ${client}`
    const rows = JSON.stringify(await session.ask(sql))
    if (rows !== JSON.stringify([[`${client}`, `secret-${client}`]])) this.strange.push(rows)
  }

  async #write(send: (insert: string) => Promise<unknown>, client: number): Promise<void> {
    const number = this.#next
    this.#next += 1
    try {
      await send(`INSERT INTO writes VALUES (${number}, ${client})`)
      this.acknowledged.push(number)
    } catch (error) {
      this.failed.push(number)
      throw error
    }
  }

  #note(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1)
  }
}

/** A write whose answer can't come, whenever a fault comes: another session has locked its row. */
export async function askForLockedRow(open: () => Promise<Session>) {
  const write = 'UPDATE sentinels SET secret = secret WHERE owner = 0'
  const holder = await open()
  const asker = await open()
  await holder.ask('BEGIN')
  await holder.ask(write)
  return {
    /** How it ended: 'ok', or what the client was told. */
    answer: (await askUntilItWaits(() => asker.ask(write).then(() => 'ok', named))).ended,
    close: () => {
      holder.close()
      asker.close()
    },
  }
}

/** Longer than anybody waits for a connection: who still waits then waits for the row. */
const HAS_A_CONNECTION_MS = 1_500

async function askUntilItWaits(
  ask: () => Promise<string>,
): Promise<{ readonly ended: Promise<string> }> {
  for (;;) {
    const ended = ask()
    const first = await Promise.race([ended, sleep(HAS_A_CONNECTION_MS, 'waits')])
    if (!/came free/.test(first)) return { ended }
  }
}

/** Code and text, without what differs from run to run. */
function named(error: unknown): string {
  const { code, errno, sqlState, message } = error as Record<string, unknown>
  const codes = [code, errno, sqlState].filter((one) => one !== undefined).join(' ')
  return `${codes || 'no code'}  ${`${message}`.replace(/[\d.]+:\d+/g, 'HOST:PORT')}`
}
