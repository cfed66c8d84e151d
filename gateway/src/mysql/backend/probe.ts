import type { Backend } from '@articdbm/contract'
import type { Observation, Probe } from '../../route/observation.ts'
import { type Position, parseDomains, parseSources, seqno } from '../../route/position.ts'
import { askRows, type NamedRow } from './ask-rows.ts'
import type { MysqlBackend } from './connection.ts'

/** Galera's "Synced". */
const SYNCED = '4'

type Flavour = 'galera' | 'mariadb' | 'mysql'
const flavours = new WeakMap<MysqlBackend, Flavour>()

/** What the server says it is, not what it was configured as. */
export const probeMysql: Probe<MysqlBackend> = async (connection, configured) => {
  const flavour = flavours.get(connection) ?? (await flavourOf(connection))
  flavours.set(connection, flavour)
  if (flavour === 'galera') return probeGalera(connection)
  return probeReplication(connection, flavour, configured)
}

async function flavourOf(connection: MysqlBackend): Promise<Flavour> {
  const [version] = await askRows(connection, 'SELECT VERSION() AS version')
  const isMariadb = /mariadb/i.test(version?.get('version') ?? '')
  if (!isMariadb) return 'mysql'
  const [wsrep] = await askRows(connection, "SHOW GLOBAL VARIABLES LIKE 'wsrep_on'")
  return wsrep?.get('value') === 'ON' ? 'galera' : 'mariadb'
}

const GALERA_STATUS =
  "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_local_state', 'wsrep_cluster_status'," +
  " 'wsrep_last_committed', 'wsrep_cluster_state_uuid', 'wsrep_desync_count')"

async function probeGalera(connection: MysqlBackend): Promise<Observation> {
  const rows = await askRows(connection, GALERA_STATUS)
  const status = new Map(
    rows.map((row) => [row.get('variable_name')?.toLowerCase(), row.get('value') ?? '']),
  )
  const of = (name: string) => status.get(`wsrep_${name}`) ?? ''
  return {
    role: 'primary',
    unfit: unfitBy(of),
    position: seqno(of('cluster_state_uuid'), of('last_committed')),
    lagMs: undefined,
    timeline: 0,
  }
}

function unfitBy(of: (name: string) => string): string {
  if (of('ready') !== 'ON') return 'it is not ready (wsrep_ready)'
  if (of('cluster_status') !== 'Primary') return 'it is not in the primary component'
  if (of('local_state') !== SYNCED)
    return `it is not synced (wsrep_local_state ${of('local_state')})`
  return Number(of('desync_count')) > 0 ? 'it is desynced' : ''
}

async function probeReplication(
  connection: MysqlBackend,
  flavour: 'mariadb' | 'mysql',
  configured: Backend['role'],
): Promise<Observation> {
  const isMariadb = flavour === 'mariadb'
  const [own] = await askRows(connection, isMariadb ? MARIADB_POSITIONS : MYSQL_POSITIONS)
  const follows = await sourceStatus(connection, isMariadb)
  const role = roleOf(isSwitchedOn(own?.get('read_only')), follows, configured)
  const at = own?.get(role === 'replica' ? 'replayed' : 'written') ?? ''
  return {
    role,
    unfit: '',
    position: positionOf(isMariadb, at),
    lagMs: role === 'replica' ? lagOf(follows) : undefined,
    timeline: 0,
  }
}

const MARIADB_POSITIONS =
  'SELECT @@GLOBAL.read_only AS read_only, @@GLOBAL.gtid_binlog_pos AS written, @@GLOBAL.gtid_slave_pos AS replayed'
const MYSQL_POSITIONS =
  'SELECT @@GLOBAL.read_only AS read_only, @@GLOBAL.gtid_executed AS written, @@GLOBAL.gtid_executed AS replayed'

function positionOf(isMariadb: boolean, text: string): Position | undefined {
  return isMariadb ? parseDomains(text) : parseSources(text)
}

/** Undefined: it replicates from nobody. `hidden`: the account may not see it. */
type Following = NamedRow | 'hidden' | undefined

async function sourceStatus(connection: MysqlBackend, isMariadb: boolean): Promise<Following> {
  try {
    const question = isMariadb ? 'SHOW SLAVE STATUS' : 'SHOW REPLICA STATUS'
    const [row] = await askRows(connection, question)
    return row
  } catch (error) {
    if (!connection.isOpen) throw error
    return 'hidden'
  }
}

/** Newer MariaDB says OFF where others say 0. */
function isSwitchedOn(value: string | null | undefined): boolean {
  return !/^(?:0|off)$/i.test(value ?? '')
}

/** Who may be written to and follows nobody is a primary; where only half of it is known the wish decides. */
function roleOf(
  isReadOnly: boolean,
  follows: Following,
  configured: Backend['role'],
): Backend['role'] {
  if (isReadOnly) return 'replica'
  return follows === undefined ? 'primary' : configured
}

function lagOf(follows: Following): number | undefined {
  if (follows === undefined || follows === 'hidden') return undefined
  const seconds = follows.get('seconds_behind_master') ?? follows.get('seconds_behind_source')
  return seconds === undefined || seconds === null ? undefined : Number(seconds) * 1000
}
