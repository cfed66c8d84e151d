import type { Target } from '../suite.ts'

/** What libpq, and the drivers that follow it, read where they are told nothing else. */
export function environmentFor(target: Target, database: string): Readonly<Record<string, string>> {
  return {
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    PGHOST: target.host,
    PGPORT: String(target.port),
    PGUSER: target.user,
    PGPASSWORD: target.password,
    PGDATABASE: database,
  }
}
