import {
  CreatedUser,
  OneTimePassword,
  Page,
  Success,
  User,
  UserChange,
  UserCreation,
  UserQuery,
} from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { NameParams, one, page, route } from '../http/route.ts'
import type { Users } from './services.ts'

const tag = 'users'

export function userRoutes(app: FastifyInstance, users: Users): void {
  readRoutes(app, users)
  writeRoutes(app, users)
}

function readRoutes(app: FastifyInstance, users: Users): void {
  route(
    app,
    {
      method: 'GET',
      path: '/users',
      id: 'listUsers',
      summary: 'People, by name',
      tag,
      access: 'users:read',
      query: UserQuery,
      answer: Page(User),
    },
    async ({ query }) => page(await users.list(query), query),
  )
  route(
    app,
    {
      method: 'GET',
      path: '/users/:name',
      id: 'getUser',
      summary: 'One person',
      tag,
      access: 'users:read',
      params: NameParams,
      answer: Success(User),
      problems: [404],
    },
    async ({ params }) => one(await users.get(params.name)),
  )
}

function writeRoutes(app: FastifyInstance, users: Users): void {
  route(
    app,
    {
      method: 'POST',
      path: '/users',
      id: 'createUser',
      summary: 'Add a person; without a password, a one-time password is made and shown once',
      tag,
      access: 'users:write',
      status: 201,
      body: UserCreation,
      answer: Success(CreatedUser),
      problems: [409],
    },
    async ({ actor, body }) => one(await users.create(actor, body)),
  )
  route(
    app,
    {
      method: 'PATCH',
      path: '/users/:name',
      id: 'changeUser',
      summary: 'Change a person; the last active administrator stays one',
      tag,
      access: 'users:write',
      params: NameParams,
      body: UserChange,
      answer: Success(User),
      problems: [404, 409],
    },
    async ({ actor, params, body }) => one(await users.change(actor, params.name, body)),
  )
  route(
    app,
    {
      method: 'DELETE',
      path: '/users/:name',
      id: 'removeUser',
      summary: 'Remove a person with their grants, keys and sessions; the audit keeps their name',
      tag,
      access: 'users:write',
      params: NameParams,
      answer: Success(Type.Null()),
      problems: [404, 409],
    },
    async ({ actor, params }) => {
      await users.remove(actor, params.name)
      return one(null)
    },
  )
  route(
    app,
    {
      method: 'POST',
      path: '/users/:name/password-reset',
      id: 'resetPassword',
      summary: 'Make a one-time password, shown once; their sessions end',
      tag,
      access: 'users:write',
      params: NameParams,
      answer: Success(OneTimePassword),
      problems: [404],
    },
    async ({ actor, params }) =>
      one({ oneTimePassword: await users.resetPassword(actor, params.name) }),
  )
}
