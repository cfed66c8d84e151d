import type { LiveEvent, VerdictAction } from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import type { WebSocket } from 'ws'
import type { Area } from '../base.ts'
import { type Admitted, admit, type SocketAdmission } from '../http/socket.ts'
import type { Actor } from '../identity/actor.ts'
import { may } from '../identity/permissions.ts'
import type { Metrics } from '../status/metrics.ts'
import type { AuditNews, LiveHub, News } from './hub.ts'

/** A page that has this much waiting is told to look again instead, once it has caught up. */
const MAX_WAITING_BYTES = 256 * 1024
const MAX_IDS = 100
const AREAS: readonly Area[] = ['users', 'databases', 'grants', 'firewall', 'sql-files', 'gateways']

export interface LiveParts extends SocketAdmission {
  readonly hub: LiveHub
  readonly metrics: Metrics
}

export function liveSocket(app: FastifyInstance, parts: LiveParts): void {
  app.get('/live', { websocket: true, schema: { hide: true } }, async (socket, request) => {
    const admitted = await admit(socket, request, 'status:read', parts)
    if (admitted) listen(admitted, parts)
  })
}

function listen({ actor, socket }: Admitted, { hub, metrics }: LiveParts): void {
  const tell = teller(socket)
  const leave = hub.subscribe((news) => {
    const event = eventFor(news, actor)
    if (event) tell(event)
  })
  metrics.liveSockets(hub.size)
  socket.once('close', () => {
    leave()
    metrics.liveSockets(hub.size)
  })
  // Nothing is expected from a page; reading on lets pongs and the close arrive.
  socket.resume()
}

/** Sends what fits; what doesn't is dropped, and later the page is told that everything may have changed. */
function teller(socket: WebSocket): (event: LiveEvent) => void {
  let isBehind = false
  return (event) => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > MAX_WAITING_BYTES) {
      isBehind = true
      return
    }
    if (isBehind) {
      isBehind = false
      for (const what of AREAS) socket.send(JSON.stringify({ type: 'changed', what, at: event.at }))
    }
    socket.send(JSON.stringify(event))
  }
}

/** Audit news is narrowed to what the person may fetch. */
function eventFor(news: News, actor: Actor): LiveEvent | undefined {
  if (news.kind === 'event') return news.event
  const isAll = may(actor.role, 'audit:read-all')
  const entries = isAll
    ? news.entries
    : news.entries.filter(({ principalId }) => principalId === actor.userId)
  if (entries.length === 0) return undefined
  return {
    type: 'audit.recorded',
    ids: entries.slice(-MAX_IDS).map(({ id }) => id),
    count: isAll ? news.count : entries.length,
    worst: worstOf(entries),
    at: new Date().toISOString(),
  }
}

function worstOf(entries: readonly AuditNews[]): VerdictAction {
  const verdicts = new Set(entries.map(({ verdict }) => verdict))
  if (verdicts.has('block')) return 'block'
  return verdicts.has('alert') ? 'alert' : 'allow'
}
