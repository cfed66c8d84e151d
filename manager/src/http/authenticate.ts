import { isSameText } from '@articdbm/credential'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor } from '../identity/actor.ts'
import { may } from '../identity/permissions.ts'
import type { Logins } from '../identity/services.ts'
import { LOGIN_COOKIE } from './cookie.ts'
import { CsrfRefused, Forbidden, NotAuthenticated, PasswordChangeRequired } from './faults.ts'
import { isOwnOrigin } from './origin.ts'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])
const CSRF_HEADER = 'x-articdbm-csrf'
const MAX_CREDENTIAL_CHARACTERS = 4_000

export interface AuthenticationParts {
  readonly logins: Logins
  readonly webOrigins: readonly string[]
}

/** Who asks, and may they? Decided before a body is read. */
export function authenticateRequests(app: FastifyInstance, parts: AuthenticationParts): void {
  app.decorateRequest('actor', undefined)
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config
    if (access === undefined) return
    if (access === 'anonymous') return assertNotForeign(request, parts.webOrigins)
    const actor = await actorOf(request, parts)
    request.actor = actor
    if (access === 'self') return
    if (actor.mustChangePassword) throw new PasswordChangeRequired()
    if (!may(actor.role, access)) throw new Forbidden(access)
  })
}

async function actorOf(request: FastifyRequest, parts: AuthenticationParts): Promise<Actor> {
  const bearer = bearerOf(request)
  if (bearer !== undefined) return parts.logins.byBearer(bearer, request.ip)
  const cookie = request.cookies[LOGIN_COOKIE]
  if (cookie === undefined) throw new NotAuthenticated()
  const actor = await parts.logins.byCookie(cookie.slice(0, MAX_CREDENTIAL_CHARACTERS), request.ip)
  assertOwnPage(request, actor, parts.webOrigins)
  return actor
}

function bearerOf(request: FastifyRequest): string | undefined {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')
  const credential = match?.[1]
  if (credential !== undefined && credential.length > MAX_CREDENTIAL_CHARACTERS) {
    throw new NotAuthenticated()
  }
  return credential
}

/** A browser sends the cookie along with whatever page asks: an unsafe request must prove that it is ours. */
function assertOwnPage(request: FastifyRequest, actor: Actor, origins: readonly string[]): void {
  if (SAFE_METHODS.has(request.method)) return
  const given = request.headers[CSRF_HEADER]
  if (typeof given === 'string' && actor.csrfToken && isSameText(given, actor.csrfToken)) return
  if (request.headers.origin !== undefined && isOwnOrigin(request, origins)) return
  throw new CsrfRefused()
}

/** Nobody may be logged in as somebody else by a foreign page. */
function assertNotForeign(request: FastifyRequest, origins: readonly string[]): void {
  if (SAFE_METHODS.has(request.method) || request.headers.origin === undefined) return
  if (!isOwnOrigin(request, origins)) throw new CsrfRefused()
}
