import { type ConsoleMessage, ConsoleRequest } from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import { Value } from 'typebox/value'
import type { RawData, WebSocket } from 'ws'
import { NotAcceptable } from '../http/faults.ts'
import { type Admitted, admit, readMessage, type SocketAdmission } from '../http/socket.ts'
import type { Actor } from '../identity/actor.ts'
import type { Metrics } from '../status/metrics.ts'
import { type DoorParts, openDoor } from './open-door.ts'
import { consoleProblem } from './present-error.ts'
import { engineOf } from './query.ts'
import { type Run, Tab } from './tab.ts'

const MAX_TABS_PER_SOCKET = 12
const MAX_TABS_PER_PERSON = 32
const IDLE_TAB_MS = 15 * 60_000
const LOOK_EVERY_MS = 30_000

export interface ConsoleSocketParts extends SocketAdmission {
  readonly metrics: Metrics
}

export function consoleSocket(
  app: FastifyInstance,
  door: DoorParts,
  parts: ConsoleSocketParts,
): void {
  const tabsOf = new TabCounts(parts.metrics)
  app.get('/console', { websocket: true, schema: { hide: true } }, async (socket, request) => {
    const admitted = await admit(socket, request, 'databases:query', parts)
    if (admitted) new ConsoleSession(admitted, door, tabsOf).start()
  })
}

/** How many connections each person's consoles hold in this process. */
class TabCounts {
  readonly #metrics: Metrics
  readonly #counts = new Map<string, number>()
  constructor(metrics: Metrics) {
    this.#metrics = metrics
  }

  mayOpen(userId: string): boolean {
    return (this.#counts.get(userId) ?? 0) < MAX_TABS_PER_PERSON
  }

  change(userId: string, by: 1 | -1): void {
    this.#counts.set(userId, (this.#counts.get(userId) ?? 0) + by)
    if (this.#counts.get(userId) === 0) this.#counts.delete(userId)
    this.#metrics.consoleTabs([...this.#counts.values()].reduce((sum, count) => sum + count, 0))
  }
}

class ConsoleSession {
  readonly #socket: WebSocket
  readonly #actor: Actor
  readonly #door: DoorParts
  readonly #counts: TabCounts
  readonly #tabs = new Map<string, Tab>()

  constructor({ socket, actor }: Admitted, door: DoorParts, counts: TabCounts) {
    this.#socket = socket
    this.#actor = actor
    this.#door = door
    this.#counts = counts
  }

  start(): void {
    const idle = setInterval(() => this.#closeIdle(), LOOK_EVERY_MS)
    this.#socket.on('message', (message) => this.#take(message))
    this.#socket.once('close', () => {
      clearInterval(idle)
      for (const key of [...this.#tabs.keys()]) this.#end(key)
    })
    if (this.#socket.readyState !== this.#socket.OPEN) this.#socket.emit('close')
    this.#send({ type: 'ready', user: this.#actor.name })
    this.#socket.resume()
  }

  #take(message: RawData): void {
    const request = readMessage(message)
    if (!Value.Check(ConsoleRequest, request)) {
      const fault = new NotAcceptable('bad_message', 'this message is not one of the console')
      this.#send({ type: 'error', id: '', index: 0, ...consoleProblem(fault, 0) })
      return
    }
    switch (request.type) {
      case 'hello':
        return
      case 'run':
        this.#run(request).catch((error) => this.#fail(request.id, error))
        return
      case 'more':
        this.#tabRunning(request.id)?.more()
        return
      case 'cancel':
        this.#tabRunning(request.id)
          ?.cancel()
          .catch((error) => this.#fail(request.id, error))
        return
      case 'close':
        this.#end(request.tab)
    }
  }

  async #run(request: Run): Promise<void> {
    const key = request.tab ?? request.database
    const tab = await this.#tabFor(key, request.database)
    await tab.run(request)
  }

  /** A tab that turns to another database gets another connection. */
  async #tabFor(key: string, database: string): Promise<Tab> {
    const engine = await engineOf(this.#door, database)
    const known = this.#tabs.get(key)
    if (known?.database === database) return known
    if (known?.isRunning()) throw new NotAcceptable('tab_busy', 'this tab still executes')
    if (known) this.#end(key)
    if (this.#tabs.size >= MAX_TABS_PER_SOCKET || !this.#counts.mayOpen(this.#actor.userId)) {
      throw new NotAcceptable('too_many_tabs', 'you have too many console tabs: close some')
    }
    const tab = new Tab({
      database,
      engine,
      send: (message) => this.#send(message),
      open: (onNotice) =>
        openDoor(this.#door, {
          actor: this.#actor,
          database,
          engine,
          door: 'console',
          scope: 'session',
          onNotice,
        }),
    })
    this.#tabs.set(key, tab)
    this.#counts.change(this.#actor.userId, 1)
    return tab
  }

  #tabRunning(id: string): Tab | undefined {
    return [...this.#tabs.values()].find((tab) => tab.isRunning(id))
  }

  #closeIdle(): void {
    for (const [key, tab] of this.#tabs) if (tab.idleMs > IDLE_TAB_MS) this.#end(key)
  }

  #end(key: string): void {
    const tab = this.#tabs.get(key)
    if (!tab) return
    this.#tabs.delete(key)
    this.#counts.change(this.#actor.userId, -1)
    tab.close().catch((error) => this.#door.base.log.debug({ err: error }, 'a tab closed badly'))
  }

  #fail(id: string, error: unknown): void {
    this.#send({ type: 'error', id, index: 0, ...consoleProblem(error, 0) })
    this.#send({ type: 'finished', id, transaction: 'unknown', durationMs: 0 })
  }

  #send(message: ConsoleMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message))
  }
}
