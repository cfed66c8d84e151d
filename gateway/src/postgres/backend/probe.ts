import type { Probe } from '../../route/observation.ts'
import { parseLsn } from '../../route/position.ts'
import { askRow } from './ask-row.ts'
import type { PostgresConnection } from './connection.ts'

/** In recovery a server has no timeline of its own yet, so it is left out there. */
const QUESTION = `
  SELECT r, CASE WHEN r THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END,
    CASE WHEN NOT r THEN 0
      WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
      ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000 END,
    CASE WHEN r THEN '' ELSE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END
  FROM (SELECT pg_is_in_recovery() AS r) AS recovery`

export const probePostgres: Probe<PostgresConnection> = async (connection) => {
  const [isReplica, lsn, lagMs, timeline] = await askRow(connection, QUESTION)
  return {
    role: isReplica === 't' ? 'replica' : 'primary',
    unfit: '',
    position: parseLsn(lsn ?? ''),
    lagMs: lagMs === null || lagMs === undefined ? undefined : Math.max(0, Number(lagMs)),
    timeline: Number.parseInt(timeline || '0', 16),
  }
}
