import {
  Habit,
  HabitChange,
  HabitCreation,
  HabitQuery,
  LearningQuery,
  LearningRequest,
  LearningResult,
  LearntApplication,
  Page,
  Success,
} from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { IdParams, one, page, route } from '../http/route.ts'
import type { Learning } from './services.ts'

const tag = 'learning'

export function learningRoutes(app: FastifyInstance, learning: Learning): void {
  readRoutes(app, learning)
  learnRoute(app, learning)
  habitRoutes(app, learning)
}

function readRoutes(app: FastifyInstance, learning: Learning): void {
  route(
    app,
    {
      method: 'GET',
      path: '/learning',
      id: 'listLearntApplications',
      summary: "What is known of each person's applications, and how well",
      tag,
      access: 'policies:read',
      query: LearningQuery,
      answer: Success(Type.Array(LearntApplication)),
      problems: [404],
    },
    async ({ query }) => one(await learning.applications(query)),
  )
  route(
    app,
    {
      method: 'GET',
      path: '/habits',
      id: 'listHabits',
      summary: 'What applications do, each with a sample; those seen last come first',
      tag,
      access: 'policies:read',
      query: HabitQuery,
      answer: Page(Habit),
    },
    async ({ query }) => page(await learning.habits(query), query),
  )
}

function learnRoute(app: FastifyInstance, learning: Learning): void {
  route(
    app,
    {
      method: 'POST',
      path: '/learning',
      id: 'learn',
      summary:
        'Learn what applications sent in the last days: up to 500,000 statements of the audit',
      tag,
      access: 'policies:write',
      body: LearningRequest,
      answer: Success(LearningResult),
      problems: [404, 422],
    },
    async ({ actor, body, reply }) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      return one(await learning.learn(actor, body, gone.signal))
    },
  )
}

function habitRoutes(app: FastifyInstance, learning: Learning): void {
  route(
    app,
    {
      method: 'POST',
      path: '/habits',
      id: 'addHabit',
      summary: 'Promote or deny a statement as the audit has it',
      tag,
      access: 'policies:write',
      status: 201,
      body: HabitCreation,
      answer: Success(Habit),
      problems: [404, 422],
    },
    async ({ actor, body }) => one(await learning.add(actor, body)),
  )
  route(
    app,
    {
      method: 'PATCH',
      path: '/habits/:id',
      id: 'changeHabit',
      summary: 'Promote or deny a habit',
      tag,
      access: 'policies:write',
      params: IdParams,
      body: HabitChange,
      answer: Success(Habit),
      problems: [404],
    },
    async ({ actor, params, body }) => one(await learning.change(actor, params.id, body.state)),
  )
  route(
    app,
    {
      method: 'DELETE',
      path: '/habits/:id',
      id: 'forgetHabit',
      summary: 'Forget a habit',
      tag,
      access: 'policies:write',
      params: IdParams,
      answer: Success(Type.Null()),
      problems: [404],
    },
    async ({ actor, params }) => {
      await learning.forget(actor, params.id)
      return one(null)
    },
  )
}
