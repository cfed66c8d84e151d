import type { Backend, SnapshotDatabase } from '@articdbm/contract'

/** SQLite has no server; its pool still dials "a backend". */
const FILE: Backend = { id: 'file', host: '', port: 1, role: 'primary', weight: 1, tls: 'disable' }

/** Primaries in the order to try: by weight, drawn at random among them. Replicas get no traffic yet. */
export function backendsToTry(
  database: SnapshotDatabase,
  random: () => number,
): readonly Backend[] {
  if (database.engine === 'sqlite') return [FILE]
  return database.backends
    .filter(({ role, weight }) => role === 'primary' && weight > 0)
    .map((backend) => ({ backend, rank: random() ** (1 / backend.weight) }))
    .sort((left, right) => right.rank - left.rank)
    .map(({ backend }) => backend)
}
