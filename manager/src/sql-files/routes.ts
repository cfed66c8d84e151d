import {
  Page,
  PageQuery,
  SqlFile,
  SqlFileChange,
  SqlFileCreation,
  SqlFileQuery,
  SqlFileRun,
  SqlFileSeen,
  SqlFileSummary,
  Success,
} from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { IdParams, one, page, route } from '../http/route.ts'
import type { SqlFiles } from './services.ts'

const tag = 'sql-files'
const RunParams = Type.Object({ ...IdParams.properties, run: Type.String({ maxLength: 64 }) })

export function sqlFileRoutes(app: FastifyInstance, files: SqlFiles): void {
  readRoutes(app, files)
  writeRoutes(app, files)
  approveRoute(app, files)
  runRoutes(app, files)
}

function readRoutes(app: FastifyInstance, files: SqlFiles): void {
  route(
    app,
    {
      method: 'GET',
      path: '/sql-files',
      id: 'listSqlFiles',
      summary: 'SQL files, newest first; a viewer sees their own',
      tag,
      access: 'sql-files:read',
      query: SqlFileQuery,
      answer: Page(SqlFileSummary),
    },
    async ({ actor, query }) => page(await files.list(actor, query), query),
  )
  route(
    app,
    {
      method: 'GET',
      path: '/sql-files/:id',
      id: 'getSqlFile',
      summary: 'A file with its text, and what each statement does and may',
      tag,
      access: 'sql-files:read',
      params: IdParams,
      answer: Success(SqlFile),
      problems: [404],
    },
    async ({ actor, params }) => one(await files.get(actor, params.id)),
  )
}

function writeRoutes(app: FastifyInstance, files: SqlFiles): void {
  route(
    app,
    {
      method: 'POST',
      path: '/sql-files',
      id: 'uploadSqlFile',
      summary: 'Upload a file and have its statements read; nothing is executed',
      tag,
      access: 'sql-files:write',
      status: 201,
      body: SqlFileCreation,
      answer: Success(SqlFile),
      problems: [404, 409, 422],
    },
    async ({ actor, body }) => one(await files.upload(actor, body)),
  )
  route(
    app,
    {
      method: 'PATCH',
      path: '/sql-files/:id',
      id: 'changeSqlFile',
      summary: 'Change a file; that voids its approval',
      tag,
      access: 'sql-files:write',
      params: IdParams,
      body: SqlFileChange,
      answer: Success(SqlFile),
      problems: [404, 409, 422],
    },
    async ({ actor, params, body }) => one(await files.change(actor, params.id, body)),
  )
}

function approveRoute(app: FastifyInstance, files: SqlFiles): void {
  route(
    app,
    {
      method: 'POST',
      path: '/sql-files/:id/approve',
      id: 'approveSqlFile',
      summary: 'Approve this very text, which somebody else has uploaded',
      tag,
      access: 'sql-files:approve',
      params: IdParams,
      body: SqlFileSeen,
      answer: Success(SqlFile),
      problems: [404, 409, 422],
    },
    async ({ actor, params, body }) => one(await files.approve(actor, params.id, body)),
  )
}

function runRoutes(app: FastifyInstance, files: SqlFiles): void {
  route(
    app,
    {
      method: 'GET',
      path: '/sql-files/:id/runs',
      id: 'listSqlFileRuns',
      summary: 'Runs of a file, newest first',
      tag,
      access: 'sql-files:read',
      params: IdParams,
      query: PageQuery,
      answer: Page(SqlFileRun),
      problems: [404],
    },
    async ({ actor, params, query }) => page(await files.runs(actor, params.id, query), query),
  )
  route(
    app,
    {
      method: 'POST',
      path: '/sql-files/:id/runs',
      id: 'runSqlFile',
      summary: "Execute an approved file through the gateway's door, as me",
      tag,
      access: 'sql-files:run',
      status: 201,
      params: IdParams,
      body: SqlFileSeen,
      answer: Success(SqlFileRun),
      problems: [404, 409, 422],
    },
    async ({ actor, params, body }) => one(await files.run(actor, params.id, body)),
  )
  route(
    app,
    {
      method: 'POST',
      path: '/sql-files/:id/runs/:run/cancel',
      id: 'cancelSqlFileRun',
      summary: 'Cancel a run that is under way',
      tag,
      access: 'sql-files:run',
      params: RunParams,
      answer: Success(SqlFileRun),
      problems: [404, 422],
    },
    async ({ actor, params }) => one(await files.cancel(actor, params.id, params.run)),
  )
}
