import type { Socket } from 'node:net'
import { ShuttingDown, type SnapshotDatabase, UnknownDatabase } from '@articdbm/contract'
import { encodeBackend, type StartupMessage } from '@articdbm/wire/postgres'
import type { StatementRequest } from '../admit/admission.ts'
import type { Gateway, SessionFacts, WireDoor } from '../gateway.ts'
import type { Pools } from '../pool/pools.ts'
import { authenticate } from './authenticate.ts'
import { dialPostgres, type PostgresConnection } from './backend/connection.ts'
import { PostgresExecutor } from './backend/executor.ts'
import { probePostgres } from './backend/probe.ts'
import type { Client } from './client.ts'
import type { Checkout } from './holding.ts'
import { createLanes, type PostgresLaneSet } from './lane/line.ts'
import { SharedListeners } from './listening/shared-listeners.ts'
import { Subscription } from './listening/subscription.ts'
import { readStartup, type Startup } from './parameters.ts'
import { errorResponse, isBug } from './refusal.ts'
import { CancelKeys } from './registry.ts'
import { ClientGone } from './relay.ts'
import { Session } from './session.ts'
import type { SessionParts } from './session-parts.ts'
import { checkoutSqlite } from './sqlite/executor.ts'
import { judgeSqlite } from './sqlite/substitutes.ts'
import { arrive, type Encryption } from './startup.ts'

const SHORT_KEY_BYTES = 4
const LONG_KEY_BYTES = 32

interface Arriving {
  readonly address: string
  readonly encryption: Encryption | undefined
  readonly loggedIn: () => void
}

export class PostgresDoor implements WireDoor {
  readonly #gateway: Gateway
  readonly #pools: Pools<PostgresConnection>
  readonly #lanes = createLanes()
  readonly #listeners: SharedListeners
  readonly #keys = new CancelKeys()
  readonly #sockets = new Set<Socket>()

  constructor(gateway: Gateway) {
    this.#gateway = gateway
    this.#pools = gateway.createPools({
      dial: dialPostgres,
      engines: ['postgres'],
      probe: probePostgres,
    })
    this.#listeners = new SharedListeners(gateway, this.#pools)
  }

  async serve(socket: Socket, address: string): Promise<void> {
    socket.setNoDelay(true)
    this.#sockets.add(socket)
    const closed = new Promise<void>((resolve) => {
      if (socket.closed) resolve()
      else socket.once('close', () => resolve())
    })
    const deadline = setTimeout(() => socket.destroy(), this.#gateway.limits.loginTimeoutMs)
    try {
      await this.#greet(socket, address, () => clearTimeout(deadline))
    } finally {
      clearTimeout(deadline)
      await closed
      this.#sockets.delete(socket)
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#lanes.close()
    this.#listeners.close()
    await this.#pools.close()
  }

  /** From the first byte to the startup message. */
  async #greet(socket: Socket, address: string, loggedIn: () => void): Promise<void> {
    try {
      const arrived = await arrive(socket, this.#gateway.limits, this.#gateway.tls)
      if (!arrived) socket.destroy()
      else if (arrived.message.kind === 'startup') {
        const { encryption } = arrived
        await this.#open(arrived.client, arrived.message, { address, encryption, loggedIn })
      } else {
        await this.#keys.cancel(arrived.message)
        arrived.client.end()
      }
    } catch (error) {
      this.#logFailure(error, address)
    }
  }

  async #open(
    client: Client,
    message: StartupMessage & { kind: 'startup' },
    { address, encryption, loggedIn }: Arriving,
  ): Promise<void> {
    try {
      if (this.#gateway.draining.aborted) throw new ShuttingDown()
      const startup = readStartup(message)
      if (startup.negotiation) await client.write(startup.negotiation)
      const { user, database, application } = startup
      const certificateNames = encryption?.certificateNames
      const arrival = {
        door: 'postgres',
        address,
        application,
        database,
        certificateNames,
      } as const
      const claim = { user, binding: encryption?.binding }
      const facts = await authenticate(client, this.#gateway, claim, arrival)
      if (facts) await this.#serve(client, startup, facts, loggedIn)
      client.end()
    } catch (error) {
      if (error instanceof ClientGone) {
        client.end()
        return
      }
      this.#logFailure(error, address)
      client.end(errorResponse(error, 'FATAL'))
    }
  }

  async #serve(
    client: Client,
    startup: Startup,
    facts: SessionFacts,
    loggedIn: () => void,
  ): Promise<void> {
    const gateway = this.#gateway
    const checkout = this.#checkoutOf(facts)
    const database = gateway.database(facts.databaseId)
    const isSqlite = database?.engine === 'sqlite'
    const listener = database && !isSqlite ? this.#listeners.of(database) : undefined
    const subscription = new Subscription(listener)
    const judge = (request: StatementRequest) =>
      isSqlite ? judgeSqlite(gateway, request, facts) : gateway.admission.judge(request, facts)
    const { settings } = startup
    const lanes = this.#lanesOf(facts)
    const parts = { client, gateway, facts, checkout, judge, settings, lanes, subscription }
    const session = new Session(parts)
    const key = this.#keys.issue(session, startup.hasLongKeys ? LONG_KEY_BYTES : SHORT_KEY_BYTES)
    gateway.observer.sessionOpened(facts.databaseId)
    try {
      const statuses = await session.welcome()
      const last = [
        encodeBackend({ kind: 'backendKeyData', ...key }),
        encodeBackend({ kind: 'readyForQuery', status: 'idle' }),
      ]
      client.maxFrameBytes = gateway.limits.maxFrameBytes
      await client.write(Buffer.concat([...statuses, ...last]))
      loggedIn()
      client.quicken()
      await session.serve()
    } finally {
      this.#keys.revoke(key)
      gateway.observer.sessionClosed(facts.databaseId)
    }
  }

  /** The database as it is at that moment: it may have moved or gone since the log-in. */
  #checkoutOf(facts: SessionFacts): Checkout {
    const gateway = this.#gateway
    const database = () => gateway.database(facts.databaseId)
    return {
      wait: async (signal, wish) => {
        const found = database()
        if (!found) throw new UnknownDatabase(facts.databaseId)
        if (found.engine === 'sqlite') return await checkoutSqlite(gateway, found, signal, wish)
        return new PostgresExecutor(await this.#pools.of(found).checkout(signal, wish))
      },
      now: (wish) => {
        const found = database()
        const lease = found && found.engine !== 'sqlite' && this.#pools.of(found).checkoutNow(wish)
        return lease ? new PostgresExecutor(lease) : undefined
      },
    }
  }

  #lanesOf(facts: SessionFacts): SessionParts['lanes'] {
    let known: { database: SnapshotDatabase; settings: object; lanes: PostgresLaneSet } | undefined
    return (settings) => {
      const database = this.#gateway.database(facts.databaseId)
      if (known?.database === database && known?.settings === settings) return known.lanes
      if (database?.engine !== 'postgres') return undefined
      const lanes = this.#lanes.of(keyOf(settings), {
        database,
        pool: this.#pools.of(database),
        adopt: async (connection) => {
          const failure = await connection.adopt(settings)
          if (failure) throw failure
        },
      })
      known = lanes && { database, settings, lanes }
      return lanes
    }
  }

  #logFailure(error: unknown, address: string): void {
    const { log } = this.#gateway
    if (isBug(error)) log.error({ err: error, address }, 'a session failed')
    else log.info({ reason: error instanceof Error ? error.message : '', address }, 'session ended')
  }
}

function keyOf(settings: ReadonlyMap<string, string>): string {
  return JSON.stringify([...settings].sort(([left], [right]) => (left < right ? -1 : 1)))
}
