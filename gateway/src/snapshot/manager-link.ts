// The gateway's side of the internal routes: snapshot down, audit and status up.
import { Agent, request as requestPlain } from 'node:http'
import { request as requestTls, Agent as TlsAgent } from 'node:https'
import type { GatewayStatus, Secret, Snapshot } from '@articdbm/contract'
import { parseSnapshot } from './keep.ts'

/** The manager answers a long poll within 25 seconds. */
const SNAPSHOT_TIMEOUT_MS = 40_000
const POST_TIMEOUT_MS = 15_000
const NO_CONTENT = 204
/** One batch at a time is on its way. */
const KEPT = { keepAlive: true, maxSockets: 1 } as const
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
  const post = createPost(options)
  return {
    snapshotAfter: async (revision, signal) => {
      const path = `snapshot?after=${revision}&gateway=${encodeURIComponent(options.gateway)}`
      const response = await call(options, path, { signal, timeoutMs: SNAPSHOT_TIMEOUT_MS })
      return response.status === NO_CONTENT ? undefined : parseSnapshot(await response.json())
    },
    sendAudit: async (lines, signal) => {
      await post('audit', lines, AbortSignal.any([signal, AbortSignal.timeout(POST_TIMEOUT_MS)]))
    },
    sendStatus: async (status, signal) => {
      await call(options, 'status', {
        ...{ signal, timeoutMs: POST_TIMEOUT_MS },
        ...{ body: JSON.stringify(status), type: 'application/json' },
      })
    },
  }
}

/** For what is much and often: `fetch` copies each body, and V8 then looks through all memory several times a second. */
function createPost({ managerUrl, token }: LinkOptions) {
  const isTls = managerUrl.startsWith('https:')
  const request = isTls ? requestTls : requestPlain
  const agent = isTls ? new TlsAgent(KEPT) : new Agent(KEPT)
  const headers = { authorization: `Bearer ${token.reveal()}`, 'content-type': LINES }
  const post = (path: string, body: Buffer, signal: AbortSignal): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = request(`${managerUrl}/internal/v1/${path}`, {
        ...{ method: 'POST', agent, signal },
        headers: { ...headers, 'content-length': body.length },
      })
      sent.once('error', (error) => {
        // The manager had closed the connection that was kept. It takes each event once, whatever is sent twice.
        if (sent.reusedSocket && !signal.aborted) resolve(post(path, body, signal))
        else reject(error)
      })
      sent.once('response', (response) => {
        response.once('error', reject)
        response.once('end', () => resolve(response.statusCode ?? 0))
        response.resume()
      })
      sent.end(body)
    })
  return async (path: string, body: Buffer, signal: AbortSignal): Promise<void> => {
    const status = await post(path, body, signal)
    if (status < 200 || status >= 300) throw refused(status, path)
  }
}

function refused(status: number, path: string): Error {
  return new Error(`the manager answered ${status} to ${path.split('?')[0]}`)
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
  throw refused(response.status, path)
}
