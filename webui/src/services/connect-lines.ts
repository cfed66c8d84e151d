import type { Database, SystemStatus } from '@articdbm/contract'

export interface ConnectLine {
  readonly client: 'psql' | 'mysql'
  readonly line: string
}

type Doors = SystemStatus['doors']

/** What to paste into a terminal to open this database; SQLite opens at both doors. */
export function connectLines(
  database: Pick<Database, 'name' | 'engine'>,
  doors: Doors,
  user: string,
): readonly ConnectLine[] {
  const lines: ConnectLine[] = []
  const isPostgres = database.engine === 'postgres'
  const isSqlite = database.engine === 'sqlite'
  if (doors.postgres && (isPostgres || isSqlite)) {
    const { host, port } = addressOf(doors.postgres)
    lines.push({ client: 'psql', line: `psql -h ${host} -p ${port} -U ${user} ${database.name}` })
  }
  if (doors.mysql && !isPostgres) {
    const { host, port } = addressOf(doors.mysql)
    lines.push({
      client: 'mysql',
      line: `mysql --ssl -h ${host} -P ${port} -u ${user} -p ${database.name}`,
    })
  }
  return lines
}

const ANYWHERE = ['0.0.0.0', '::', '[::]', '']

/** A door that listens on every address is reached by the name that this page was. */
function addressOf(address: string): { readonly host: string; readonly port: string } {
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, colon)
  return {
    host: ANYWHERE.includes(host) ? window.location.hostname : host,
    port: address.slice(colon + 1),
  }
}
