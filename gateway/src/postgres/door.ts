import type { Socket } from 'node:net'
import { PERSON_SETTING, ShuttingDown, UnknownDatabase } from '@articdbm/contract'
import { encodeBackend, type StartupMessage } from '@articdbm/wire/postgres'
import type { StatementRequest } from '../admit/admission.ts'
import type { Gateway, SessionFacts, WireDoor } from '../gateway.ts'
import { SessionLanes } from '../lane/session-lanes.ts'
import type { Pools } from '../pool/pools.ts'
import { authenticate } from './authenticate.ts'
import { createPostgresDialer, type PostgresConnection } from './backend/connection.ts'
import { PostgresExecutor } from './backend/executor.ts'
import { probePostgres } from './backend/probe.ts'
import type { Client } from './client.ts'
import type { Checkout } from './holding.ts'
import { createLanes, type PostgresLanes } from './lane/line.ts'
import { SharedListeners } from './listening/shared-listeners.ts'
import { Subscription } from './listening/subscription.ts'
import { admitSettings } from './log-in-settings.ts'
import { readStartup, type Startup } from './parameters.ts'
import { OutdatedStatements } from './prepared-names.ts'
import { errorResponse, isBug } from './refusal.ts'
import { CancelKeys } from './registry.ts'
import { ClientGone } from './relay.ts'
import { Session } from './session.ts'
import type { SessionParts } from './session-parts.ts'
import { checkoutSqlite } from './sqlite/executor.ts'
import { judgeSqlite } from './sqlite/substitutes.ts'
import { SQLITE_VERSION } from './sqlite/told.ts'
import { type Arrived, arrive } from './startup.ts'
import { tellOfWait } from './waiting-notice.ts'

const SHORT_KEY_BYTES = 4
const LONG_KEY_BYTES = 32

/** Somebody has logged in and been told so. */
interface Opened {
  readonly client: Client
  readonly session: Session
  readonly facts: SessionFacts
  readonly processId: number
}

export class PostgresDoor implements WireDoor {
  readonly #gateway: Gateway
  readonly #version: string | undefined
  readonly #pools: Pools<PostgresConnection>
  readonly #lanes = createLanes()
  readonly #outdated = new OutdatedStatements()
  readonly #listeners: SharedListeners
  readonly #keys = new CancelKeys()
  readonly #sockets = new Set<Socket>()

  /** `version`: what clients are told the server is; undefined: what it says itself. */
  constructor(gateway: Gateway, version: string | undefined) {
    this.#gateway = gateway
    this.#version = version
    this.#pools = gateway.createPools({
      dial: createPostgresDialer(this.#outdated),
      engines: ['postgres'],
      probe: probePostgres,
    })
    this.#listeners = new SharedListeners(gateway, this.#pools)
  }

  serve(socket: Socket, address: string): Promise<void> {
    socket.setNoDelay(true)
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    // Two steps, so that nothing of the log-in is kept for as long as the session lasts.
    return this.#letIn(socket, address).then((opened) => opened && this.#serve(opened, address))
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#lanes.close()
    this.#listeners.close()
    await this.#pools.close()
  }

  /** Undefined: nobody wants a session, or may have one; then all is said. */
  async #letIn(socket: Socket, address: string): Promise<Opened | undefined> {
    const deadline = setTimeout(() => socket.destroy(), this.#gateway.limits.loginTimeoutMs)
    try {
      const arrived = await arrive(socket, this.#gateway.limits, this.#gateway.tls)
      if (!arrived) socket.destroy()
      else if (arrived.message.kind === 'startup') {
        return await this.#open(arrived, arrived.message, address)
      } else {
        await this.#keys.cancel(arrived.message)
        arrived.client.end()
      }
    } catch (error) {
      this.#logFailure(error, address)
    } finally {
      clearTimeout(deadline)
    }
    return undefined
  }

  /** From the startup message to the first ReadyForQuery. */
  async #open(
    { client, encryption }: Arrived,
    message: StartupMessage & { kind: 'startup' },
    address: string,
  ): Promise<Opened | undefined> {
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
      if (facts) return await this.#begin(client, startup, facts)
      client.end()
    } catch (error) {
      this.#part(client, error, address)
    }
    return undefined
  }

  async #begin(client: Client, startup: Startup, facts: SessionFacts): Promise<Opened> {
    const parts = this.#partsOf(client, startup, facts)
    await admitSettings({ ...parts, admission: this.#gateway.admission })
    const session = new Session(parts)
    const key = this.#keys.issue(session, startup.hasLongKeys ? LONG_KEY_BYTES : SHORT_KEY_BYTES)
    const opened = { client, session, facts, processId: key.processId }
    this.#gateway.observer.sessionOpened(facts.databaseId)
    try {
      const statuses = await session.welcome(this.#version)
      const last = [
        encodeBackend({ kind: 'backendKeyData', ...key }),
        encodeBackend({ kind: 'readyForQuery', status: 'idle' }),
      ]
      client.maxFrameBytes = this.#gateway.limits.maxFrameBytes
      await client.write(Buffer.concat([...statuses, ...last]))
      client.quicken()
      return opened
    } catch (error) {
      this.#forget(opened)
      throw error
    }
  }

  async #serve(opened: Opened, address: string): Promise<void> {
    try {
      await opened.session.serve()
      opened.client.end()
    } catch (error) {
      this.#part(opened.client, error, address)
    } finally {
      this.#forget(opened)
    }
  }

  #forget({ facts, processId }: Opened): void {
    this.#keys.revoke(processId)
    this.#gateway.observer.sessionClosed(facts.databaseId)
  }

  /** Ends a session that failed, with the reason as its last words where anybody is there to hear them. */
  #part(client: Client, error: unknown, address: string): void {
    if (error instanceof ClientGone) {
      client.end()
      return
    }
    this.#logFailure(error, address)
    client.end(errorResponse(error, 'FATAL'))
  }

  #partsOf(client: Client, startup: Startup, facts: SessionFacts): SessionParts {
    const gateway = this.#gateway
    const database = gateway.database(facts.databaseId)
    const isSqlite = database?.engine === 'sqlite'
    const tellsPerson = database?.policy.tellPerson === true && !isSqlite
    const settings = tellsPerson ? withPerson(startup.settings, facts) : startup.settings
    const told = { database: database?.name ?? '', version: this.#sqliteVersion }
    const listener = database && !isSqlite ? this.#listeners.of(database) : undefined
    const judge = (request: StatementRequest) =>
      isSqlite
        ? judgeSqlite(gateway, request, facts, told)
        : gateway.admission.judge(request, facts)
    return {
      ...{ client, gateway, facts, judge, settings },
      checkout: this.#checkoutOf(facts, client),
      lanes: this.#lanesOf(facts, tellsPerson),
      subscription: new Subscription(listener),
      definitions: () => this.#outdated.definitions,
    }
  }

  /** The database as it is at that moment: it may have moved or gone since the log-in. */
  #checkoutOf(facts: SessionFacts, client: Client): Checkout {
    const gateway = this.#gateway
    const database = () => gateway.database(facts.databaseId)
    return {
      wait: async (signal, wish) => {
        const found = database()
        if (!found) throw new UnknownDatabase(facts.databaseId)
        if (found.engine === 'sqlite') {
          const file = { database: found, version: this.#sqliteVersion }
          return await checkoutSqlite(gateway, file, signal, wish)
        }
        const pool = this.#pools.of(found)
        return new PostgresExecutor(await tellOfWait(client, pool, pool.checkout(signal, wish)))
      },
      now: (wish) => {
        const found = database()
        const lease = found && found.engine !== 'sqlite' && this.#pools.of(found).checkoutNow(wish)
        return lease ? new PostgresExecutor(lease) : undefined
      },
    }
  }

  #lanesOf({ databaseId }: SessionFacts, tellsPerson: boolean): PostgresLanes {
    return new SessionLanes({
      ...{ lanes: this.#lanes, pools: this.#pools, keyOf },
      database: () => {
        const database = this.#gateway.database(databaseId)
        // A lane that tells for whom it works would be one person's alone.
        return database?.engine === 'postgres' && !tellsPerson ? database : undefined
      },
      adopt: async (connection, settings) => {
        const failure = await connection.adopt(settings)
        if (failure) throw failure
      },
    })
  }

  get #sqliteVersion(): string {
    return this.#version ?? SQLITE_VERSION
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

/** Each connection that serves the session says for whom it works; the firewall lets nobody else say so. */
function withPerson(
  settings: ReadonlyMap<string, string>,
  { principal }: SessionFacts,
): ReadonlyMap<string, string> {
  return new Map([...settings, [PERSON_SETTING, principal.name]])
}
