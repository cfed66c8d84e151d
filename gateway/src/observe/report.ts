// Once a second the manager hears how this gateway is.
import type { BackendStatus, DatabaseStatus, GatewayStatus } from '@articdbm/contract'
import { addFigures } from '../pool/pool.ts'

const PERIOD_MS = 1_000

/** Runs until the signal aborts. A report that fails is not repeated: the next one is newer. */
export async function reportStatus(
  status: () => GatewayStatus,
  send: (status: GatewayStatus, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await send(status(), signal).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, PERIOD_MS))
  }
}

/** A database that both doors serve is reported once: figures add up, the worse state shows. */
export function mergeStatuses(all: readonly DatabaseStatus[]): DatabaseStatus[] {
  const merged = new Map<string, DatabaseStatus>()
  for (const status of all) {
    const known = merged.get(status.databaseId)
    merged.set(status.databaseId, known ? add(known, status) : status)
  }
  return [...merged.values()]
}

function add(left: DatabaseStatus, right: DatabaseStatus): DatabaseStatus {
  const worse = left.state === 'down' ? left : right
  return {
    ...worse,
    sessions: Math.max(left.sessions, right.sessions),
    ...addFigures(left, right),
    maxConnections: left.maxConnections + right.maxConnections,
    ...(left.backends && right.backends
      ? { backends: addBackends(left.backends, right.backends) }
      : {}),
    pinned: [...(left.pinned ?? []), ...(right.pinned ?? [])],
  }
}

/** Both pools know of the same backends, in the same order. */
function addBackends(
  left: readonly BackendStatus[],
  right: readonly BackendStatus[],
): BackendStatus[] {
  return left.map((one) => {
    const other = right.find(({ host, port }) => host === one.host && port === one.port)
    return other ? { ...one, ...addFigures(one, other) } : one
  })
}
