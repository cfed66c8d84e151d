// The gateway's side of the internal routes: snapshot down, audit and status up.
import type { GatewayStatus, Secret, Snapshot } from '@articdbm/contract'
import { parseSnapshot } from './keep.ts'

/** The manager answers a long poll within 25 seconds. */
const SNAPSHOT_TIMEOUT_MS = 40_000
const POST_TIMEOUT_MS = 15_000
const NO_CONTENT = 204
const LINES = 'application/x-ndjson'

export interface ManagerLink {
  /** Waits for a snapshot newer than `revision`; undefined when there is none for now. */
  snapshotAfter(revision: number, signal: AbortSignal): Promise<Snapshot | undefined>
  /** Audit events as JSON, one a line. */
  sendAudit(lines: Buffer, signal: AbortSignal): Promise<void>
  sendStatus(status: GatewayStatus, signal: AbortSignal): Promise<void>
}

export interface LinkOptions {
  readonly managerUrl: string
  readonly gateway: string
  readonly token: Secret
}

export function createManagerLink(options: LinkOptions): ManagerLink {
  return {
    snapshotAfter: async (revision, signal) => {
      const path = `snapshot?after=${revision}&gateway=${encodeURIComponent(options.gateway)}`
      const response = await call(options, path, { signal, timeoutMs: SNAPSHOT_TIMEOUT_MS })
      return response.status === NO_CONTENT ? undefined : parseSnapshot(await response.json())
    },
    sendAudit: async (lines, signal) => {
      await call(options, 'audit', { signal, timeoutMs: POST_TIMEOUT_MS, body: lines, type: LINES })
    },
    sendStatus: async (status, signal) => {
      await call(options, 'status', {
        ...{ signal, timeoutMs: POST_TIMEOUT_MS },
        ...{ body: JSON.stringify(status), type: 'application/json' },
      })
    },
  }
}

interface Call {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly body?: string | Buffer
  readonly type?: string
}

async function call(
  options: LinkOptions,
  path: string,
  { signal, timeoutMs, body, type }: Call,
): Promise<Response> {
  const response = await fetch(`${options.managerUrl}/internal/v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${options.token.reveal()}`,
      ...(type !== undefined && { 'content-type': type }),
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    ...(body !== undefined && { body }),
  })
  if (response.ok) return response
  await response.body?.cancel()
  throw new Error(`the manager answered ${response.status} to ${path.split('?')[0]}`)
}
