import {
  Login,
  LoginRequest,
  Me,
  PasswordChange,
  RefreshRequest,
  Success,
  TokenPair,
} from '@articdbm/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { LOGIN_COOKIE, loginCookie } from '../http/cookie.ts'
import { IdParams, one, route } from '../http/route.ts'
import type { Limits } from '../http/token-bucket.ts'
import type { Logins, Users, Visitor } from './services.ts'

export interface IdentityParts {
  readonly logins: Logins
  readonly users: Users
  readonly limits: Limits
}

export function identityRoutes(app: FastifyInstance, parts: IdentityParts): void {
  loginRoutes(app, parts)
  tokenRoutes(app, parts)
  selfRoutes(app, parts)
}

function loginRoutes(app: FastifyInstance, { logins, limits }: IdentityParts): void {
  route(
    app,
    {
      method: 'POST',
      path: '/auth/login',
      id: 'logIn',
      summary: 'Open a web session; the answer sets its cookie',
      tag: 'auth',
      access: 'anonymous',
      body: LoginRequest,
      answer: Success(Me),
      problems: [401],
    },
    async ({ body, request, reply }) => {
      limits.login(request.ip, body.name)
      const opened = await logins.open(body, visitorOf(request))
      setCookie(reply, opened.secret, request.protocol === 'https')
      return one(opened.me)
    },
  )
  route(
    app,
    {
      method: 'POST',
      path: '/auth/logout',
      id: 'logOut',
      summary: 'End this web session',
      tag: 'auth',
      access: 'self',
      answer: Success(Type.Null()),
    },
    async ({ actor, request, reply }) => {
      await logins.close(actor)
      reply.clearCookie(LOGIN_COOKIE, loginCookie(request.protocol === 'https'))
      return one(null)
    },
  )
}

function tokenRoutes(app: FastifyInstance, { logins, limits }: IdentityParts): void {
  route(
    app,
    {
      method: 'POST',
      path: '/auth/token',
      id: 'issueToken',
      summary: 'An access token for one hour and a refresh token',
      tag: 'auth',
      access: 'anonymous',
      body: LoginRequest,
      answer: Success(TokenPair),
      problems: [401],
    },
    async ({ body, request }) => {
      limits.login(request.ip, body.name)
      return one(await logins.issueTokens(body, visitorOf(request)))
    },
  )
  route(
    app,
    {
      method: 'POST',
      path: '/auth/refresh',
      id: 'refreshToken',
      summary: 'A new pair for a refresh token, which works once',
      tag: 'auth',
      access: 'anonymous',
      body: RefreshRequest,
      answer: Success(TokenPair),
      problems: [401],
    },
    async ({ body, request }) => {
      limits.login(request.ip, 'refresh')
      return one(await logins.refresh(body.refreshToken, visitorOf(request)))
    },
  )
}

function selfRoutes(app: FastifyInstance, { logins, users }: IdentityParts): void {
  const tag = 'auth'
  route(
    app,
    {
      method: 'GET',
      path: '/auth/me',
      id: 'getMe',
      summary: 'Who I am and what I may do',
      tag,
      access: 'self',
      answer: Success(Me),
    },
    async ({ actor }) => one(await logins.me(actor)),
  )
  route(
    app,
    {
      method: 'POST',
      path: '/auth/password',
      id: 'changePassword',
      summary: 'Change my password; my other sessions end',
      tag,
      access: 'self',
      body: PasswordChange,
      answer: Success(Type.Null()),
      problems: [422],
    },
    async ({ actor, body }) => {
      await users.changePassword(actor, body)
      return one(null)
    },
  )
  route(
    app,
    {
      method: 'GET',
      path: '/auth/logins',
      id: 'listLogins',
      summary: 'My open sessions',
      tag,
      access: 'self:write',
      answer: Success(Type.Array(Login)),
    },
    async ({ actor }) => one(await logins.list(actor)),
  )
  route(
    app,
    {
      method: 'DELETE',
      path: '/auth/logins/:id',
      id: 'revokeLogin',
      summary: 'End one of my sessions',
      tag,
      access: 'self:write',
      params: IdParams,
      answer: Success(Type.Null()),
      problems: [404],
    },
    async ({ actor, params }) => {
      await logins.revoke(actor, params.id)
      return one(null)
    },
  )
}

function setCookie(reply: FastifyReply, secret: string, isHttps: boolean): void {
  reply.setCookie(LOGIN_COOKIE, secret, loginCookie(isHttps))
}

function visitorOf(request: FastifyRequest): Visitor {
  return {
    address: request.ip,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 200),
  }
}
