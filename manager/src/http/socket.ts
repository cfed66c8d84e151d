// How a WebSocket is admitted: origin, then a cookie, a bearer header, or a `hello` with a token as first message.
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { RawData, WebSocket } from 'ws'
import type { Actor } from '../identity/actor.ts'
import { may, type Permission } from '../identity/permissions.ts'
import type { Logins } from '../identity/services.ts'
import { LOGIN_COOKIE } from './cookie.ts'
import { isTooDeep } from './json.ts'
import { isOwnOrigin } from './origin.ts'

/** Private close codes: 4000 plus what HTTP would have said. */
export const CLOSE = {
  goingAway: 1001,
  policy: 1008,
  badMessage: 4400,
  notAuthenticated: 4401,
  forbidden: 4403,
  tooSlow: 4408,
} as const

const HELLO_TIMEOUT_MS = 5_000
const PING_EVERY_MS = 30_000
const RECHECK_EVERY_MS = 60_000

const Hello = Type.Object({
  type: Type.Literal('hello'),
  token: Type.String({ minLength: 1, maxLength: 4_000 }),
})

export interface SocketAdmission {
  readonly logins: Logins
  readonly webOrigins: readonly string[]
  readonly stopping: AbortSignal
}

export interface Admitted {
  readonly actor: Actor
  readonly socket: WebSocket
}

class NotAdmitted extends Error {
  readonly closeCode: number
  constructor(closeCode: number, reason: string) {
    super(reason)
    this.closeCode = closeCode
  }
}

/** Undefined, and the socket is closed with the reason, for who may not come in. */
export async function admit(
  socket: WebSocket,
  request: FastifyRequest,
  permission: Permission,
  admission: SocketAdmission,
): Promise<Admitted | undefined> {
  socket.on('error', () => socket.terminate())
  try {
    if (request.headers.origin !== undefined && !isOwnOrigin(request, admission.webOrigins)) {
      throw new NotAdmitted(CLOSE.forbidden, 'foreign origin')
    }
    const authenticate = await credentialOf(socket, request, admission)
    const actor = await authenticate()
    assertAllowed(actor, permission)
    keepAlive(socket, admission, async () => assertAllowed(await authenticate(), permission))
    return { actor, socket }
  } catch (fault) {
    refuse(socket, fault)
    return undefined
  }
}

function refuse(socket: WebSocket, fault: unknown): void {
  const isOurs = fault instanceof NotAdmitted
  socket.resume() // the other side's close must be read
  socket.close(
    isOurs ? fault.closeCode : CLOSE.notAuthenticated,
    isOurs ? fault.message : 'not authenticated',
  )
}

/** Asked again now and then: a login that was revoked must not live on in a socket. */
async function credentialOf(
  socket: WebSocket,
  request: FastifyRequest,
  { logins }: SocketAdmission,
): Promise<() => Promise<Actor>> {
  const address = request.ip
  const cookie = request.cookies[LOGIN_COOKIE]
  if (cookie !== undefined) {
    socket.pause()
    return () => logins.byCookie(cookie, address)
  }
  const bearer = /^Bearer +(\S{1,4000})$/i.exec(request.headers.authorization ?? '')?.[1]
  if (bearer !== undefined) socket.pause()
  const token = bearer ?? (await firstToken(socket))
  return () => logins.byBearer(token, address)
}

function firstToken(socket: WebSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new NotAdmitted(CLOSE.notAuthenticated, 'no hello came')),
      HELLO_TIMEOUT_MS,
    )
    socket.once('close', () => {
      clearTimeout(timer)
      reject(new NotAdmitted(CLOSE.goingAway, 'closed'))
    })
    socket.once('message', (message) => {
      clearTimeout(timer)
      socket.pause() // what follows belongs to who listens next
      const hello = readMessage(message)
      if (Value.Check(Hello, hello)) resolve(hello.token)
      else reject(new NotAdmitted(CLOSE.notAuthenticated, 'the first message must be hello'))
    })
  })
}

function assertAllowed(actor: Actor, permission: Permission): void {
  if (actor.mustChangePassword) throw new NotAdmitted(CLOSE.forbidden, 'password_change_required')
  if (!may(actor.role, permission)) throw new NotAdmitted(CLOSE.forbidden, 'forbidden')
}

export function readMessage(message: RawData): unknown {
  try {
    const text = message.toString()
    return isTooDeep(text) ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function keepAlive(
  socket: WebSocket,
  { stopping }: SocketAdmission,
  recheck: () => Promise<void>,
): void {
  let isAlive = true
  socket.on('pong', () => {
    isAlive = true
  })
  const ping = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, PING_EVERY_MS)
  const check = setInterval(() => {
    recheck().catch((fault) => refuse(socket, fault))
  }, RECHECK_EVERY_MS)
  const leave = (): void => socket.close(CLOSE.goingAway, 'shutting down')
  stopping.addEventListener('abort', leave, { once: true })
  socket.once('close', () => {
    clearInterval(ping)
    clearInterval(check)
    stopping.removeEventListener('abort', leave)
  })
}
