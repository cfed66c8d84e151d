import { createPool, type Pool, type PoolConnection, type SslOptions } from 'mysql2'
import { beforeDeadline } from '../deadline.ts'
import type { Row } from '../engine.ts'
import { messageOf } from '../engine.ts'
import { StoreUnavailable } from '../faults.ts'
import type { ServerConfig, StoreHost, StoreTls } from '../store-config.ts'

const CONNECT_TIMEOUT_MS = 3_000
const CHECKOUT_TIMEOUT_MS = 10_000
const STATE_TIMEOUT_MS = 2_000
/** How long a node's answer about its state is believed. */
const STATE_VALID_MS = 1_000
/** A node that failed isn't asked again for this long, unless no other is left. */
const AVOIDED_MS = 2_000

export interface Nodes {
  connect(): Promise<PoolConnection>
  end(): Promise<void>
}

interface Node {
  readonly host: StoreHost
  readonly pool: Pool
  checkedAt: number
  avoidedUntil: number
}

/**
 * Connections to the first node that may be used, in the order given. All managers agree on that order, so
 * their writes meet in one node's locks instead of failing certification.
 */
export function openNodes(config: ServerConfig): Nodes {
  if (config.hosts.length === 0) throw new Error('the store needs a host')
  if (config.type !== 'galera' && config.hosts.length > 1) {
    throw new Error('several hosts need DB_TYPE=galera')
  }
  const nodes = config.hosts.map((host) => openNode(host, config))
  return {
    connect: () => connectFirst(nodes, config.type === 'galera'),
    end: async () => {
      await Promise.all(nodes.map(({ pool }) => endPool(pool)))
    },
  }
}

async function connectFirst(nodes: readonly Node[], isGalera: boolean): Promise<PoolConnection> {
  const failures: unknown[] = []
  for (const node of inOrder(nodes)) {
    try {
      return await connectTo(node, isGalera)
    } catch (error) {
      node.avoidedUntil = performance.now() + AVOIDED_MS
      node.checkedAt = Number.NEGATIVE_INFINITY
      failures.push(error)
    }
  }
  if (failures.length === 1) throw failures[0]
  throw new StoreUnavailable(failures.map(messageOf).join('; '), new AggregateError(failures))
}

function inOrder(nodes: readonly Node[]): readonly Node[] {
  const now = performance.now()
  return [
    ...nodes.filter((node) => node.avoidedUntil <= now),
    ...nodes.filter((node) => node.avoidedUntil > now),
  ]
}

async function connectTo(node: Node, isGalera: boolean): Promise<PoolConnection> {
  const connection = await checkout(node)
  if (!isGalera || performance.now() - node.checkedAt < STATE_VALID_MS) return connection
  try {
    await requireSynced(connection)
    node.checkedAt = performance.now()
    return connection
  } catch (error) {
    connection.destroy()
    throw error
  }
}

/** The pool queues without an end; a store that is late says so. */
function checkout({ pool, host }: Node): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      reject(new StoreUnavailable(`no connection to ${host.host}:${host.port} came free`))
    }, CHECKOUT_TIMEOUT_MS)
    pool.getConnection((error, connection) => {
      clearTimeout(timer)
      if (isLate) connection?.release()
      else if (error) reject(error)
      else resolve(connection)
    })
  })
}

const STATE = `SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state', 'wsrep_ready', 'wsrep_cluster_status')`
const SYNCED = '4'

/** A donor, a joiner and a node outside the primary component answer queries, with old rows. */
async function requireSynced(connection: PoolConnection): Promise<void> {
  const rows = await ask(connection, STATE)
  const state = Object.fromEntries(rows.map((row) => [row.Variable_name, row.Value]))
  const isUsable =
    state.wsrep_local_state === SYNCED &&
    state.wsrep_ready === 'ON' &&
    state.wsrep_cluster_status === 'Primary'
  if (!isUsable) throw new StoreUnavailable(`the node is not Synced: ${JSON.stringify(state)}`)
}

function ask(connection: PoolConnection, sql: string): Promise<Row[]> {
  const answer = new Promise<Row[]>((resolve, reject) => {
    connection.query(sql, (error, rows) => {
      if (error) reject(error)
      else resolve(rows as Row[])
    })
  })
  return beforeDeadline(answer, STATE_TIMEOUT_MS)
}

function openNode(host: StoreHost, config: ServerConfig): Node {
  const pool = createPool({
    host: host.host,
    port: host.port,
    database: config.database,
    user: config.user,
    password: config.password.reveal(),
    connectionLimit: config.poolSize,
    maxIdle: config.poolSize,
    idleTimeout: 60_000,
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableKeepAlive: true,
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    multipleStatements: false,
    ...(config.tls ? { ssl: sslOf(config.tls) } : {}),
  })
  pool.on('connection', (connection) => {
    for (const sql of sessionSettings(config)) {
      // A connection without these settings would behave otherwise: it is given up.
      connection.query(sql, (error: unknown) => error && connection.destroy())
    }
  })
  return { host, pool, checkedAt: Number.NEGATIVE_INFINITY, avoidedUntil: 0 }
}

/** The server's and the database's defaults differ from place to place; ours don't. */
function sessionSettings({ type }: ServerConfig): readonly string[] {
  return [
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,PIPES_AS_CONCAT,ONLY_FULL_GROUP_BY', time_zone = '+00:00', innodb_lock_wait_timeout = 10",
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED', // as PostgreSQL's
    // Reads wait until the node has applied what the cluster committed before them.
    ...(type === 'galera' ? ['SET SESSION wsrep_sync_wait = 1'] : []),
  ]
}

function sslOf(tls: StoreTls): SslOptions {
  const minVersion = 'TLSv1.2'
  if (tls.mode === 'require') return { rejectUnauthorized: false, minVersion }
  return { rejectUnauthorized: true, minVersion, ...(tls.ca === undefined ? {} : { ca: tls.ca }) }
}

function endPool(pool: Pool): Promise<void> {
  return new Promise((resolve) => {
    pool.end(() => resolve())
  })
}
