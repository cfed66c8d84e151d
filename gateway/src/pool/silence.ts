// A network that drops everything tells nobody: the kernel sends again for a quarter of an hour. Whoever waits on a
// connection is let go once the backend can't be reached for this many checks in a row and nothing came of it meanwhile.
import type { BackendConnection } from './pool.ts'

const MAX_SILENT_CHECKS = 5

interface Silent {
  readonly bytesRead: number
  readonly checks: number
}

export class Silence<C extends BackendConnection> {
  #silent: ReadonlyMap<C, Silent> = new Map()

  /**
   * One more check in which the backend wasn't there at all. Gives the connections that have waited long enough. A
   * byte on any of them shows that it is there, and only has no room for who is new.
   */
  count(connections: Iterable<C>): readonly C[] {
    const before = this.#silent
    const now = new Map<C, Silent>()
    let hasSpoken = false
    for (const connection of connections) {
      const bytesRead = connection.wire?.bytesRead
      if (bytesRead === undefined) continue
      const known = before.get(connection)
      hasSpoken ||= known !== undefined && known.bytesRead !== bytesRead
      now.set(connection, { bytesRead, checks: (known?.checks ?? 0) + 1 })
    }
    this.#silent = hasSpoken ? new Map() : now
    return [...this.#silent]
      .filter(([, { checks }]) => checks >= MAX_SILENT_CHECKS)
      .map(([connection]) => connection)
  }

  /** The backend is there. */
  forget(): void {
    this.#silent = new Map()
  }
}
