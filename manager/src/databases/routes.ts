import {
  Database,
  DatabaseChange,
  DatabaseCreation,
  DatabasePool,
  DatabaseQuery,
  DatabaseTest,
  Page,
  Success,
} from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { NameParams, one, page, route } from '../http/route.ts'
import type { Databases } from './services.ts'

const tag = 'databases'

export function databaseRoutes(app: FastifyInstance, databases: Databases): void {
  readRoutes(app, databases)
  writeRoutes(app, databases)
}

function readRoutes(app: FastifyInstance, databases: Databases): void {
  route(
    app,
    {
      method: 'GET',
      path: '/databases',
      id: 'listDatabases',
      summary: 'Databases, by name; a viewer sees those that a grant opens',
      tag,
      access: 'databases:read',
      query: DatabaseQuery,
      answer: Page(Database),
    },
    async ({ actor, query }) => page(await databases.list(actor, query), query),
  )
  route(
    app,
    {
      method: 'GET',
      path: '/databases/:name',
      id: 'getDatabase',
      summary: 'One database; its credential is never shown',
      tag,
      access: 'databases:read',
      params: NameParams,
      answer: Success(Database),
      problems: [404],
    },
    async ({ actor, params }) => one(await databases.get(actor, params.name)),
  )
  route(
    app,
    {
      method: 'GET',
      path: '/databases/:name/pool',
      id: 'getDatabasePool',
      summary:
        "Its backends' role, health and lag, their connections, and which are pinned and why",
      tag,
      access: 'databases:write',
      params: NameParams,
      answer: Success(DatabasePool),
      problems: [404],
    },
    async ({ actor, params }) => one(await databases.pool(actor, params.name)),
  )
  route(
    app,
    {
      method: 'POST',
      path: '/databases/:name/test',
      id: 'testDatabase',
      summary: "Does it answer? Asked through the gateway's door",
      tag,
      access: 'databases:test',
      params: NameParams,
      answer: Success(DatabaseTest),
      problems: [404],
    },
    async ({ actor, params }) => one(await databases.test(actor, params.name)),
  )
}

function writeRoutes(app: FastifyInstance, databases: Databases): void {
  route(
    app,
    {
      method: 'POST',
      path: '/databases',
      id: 'createDatabase',
      summary: 'Add a database',
      tag,
      access: 'databases:write',
      status: 201,
      body: DatabaseCreation,
      answer: Success(Database),
      problems: [409, 422],
    },
    async ({ actor, body }) => one(await databases.create(actor, body)),
  )
  route(
    app,
    {
      method: 'PATCH',
      path: '/databases/:name',
      id: 'changeDatabase',
      summary: 'Change a database; backends are replaced as a whole',
      tag,
      access: 'databases:write',
      params: NameParams,
      body: DatabaseChange,
      answer: Success(Database),
      problems: [404, 409, 422],
    },
    async ({ actor, params, body }) => one(await databases.change(actor, params.name, body)),
  )
  route(
    app,
    {
      method: 'DELETE',
      path: '/databases/:name',
      id: 'removeDatabase',
      summary: 'Remove a database with its grants; the database itself is not touched',
      tag,
      access: 'databases:write',
      params: NameParams,
      answer: Success(Type.Null()),
      problems: [404],
    },
    async ({ actor, params }) => {
      await databases.remove(actor, params.name)
      return one(null)
    },
  )
}
