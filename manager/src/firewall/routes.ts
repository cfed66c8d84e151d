import {
  Bypass,
  BypassCreation,
  BypassQuery,
  Page,
  Rule,
  RuleChange,
  RuleCreation,
  RuleName,
  RuleQuery,
  RuleSimulation,
  SimulatedRule,
  Success,
} from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { IdParams, one, page, route } from '../http/route.ts'
import type { Bypasses, Rules } from './services.ts'

const tag = 'firewall'
const RuleParams = Type.Object({ name: RuleName })

export function firewallRoutes(
  app: FastifyInstance,
  { rules, bypasses }: { readonly rules: Rules; readonly bypasses: Bypasses },
): void {
  readRoutes(app, rules)
  simulationRoute(app, rules)
  writeRoutes(app, rules)
  bypassRoutes(app, bypasses)
}

function readRoutes(app: FastifyInstance, rules: Rules): void {
  route(
    app,
    {
      method: 'GET',
      path: '/rules',
      id: 'listRules',
      summary: "Rules of one's own, in the order in which they are looked at",
      tag,
      access: 'policies:read',
      query: RuleQuery,
      answer: Page(Rule),
    },
    async ({ query }) => page(await rules.list(query), query),
  )
  route(
    app,
    {
      method: 'GET',
      path: '/rules/:name',
      id: 'getRule',
      summary: 'One rule',
      tag,
      access: 'policies:read',
      params: RuleParams,
      answer: Success(Rule),
      problems: [404],
    },
    async ({ params }) => one(await rules.get(params.name)),
  )
}

function simulationRoute(app: FastifyInstance, rules: Rules): void {
  route(
    app,
    {
      method: 'POST',
      path: '/rules/simulate',
      id: 'simulateRule',
      summary: 'What a rule would have met: up to 100,000 statements of the last days in the audit',
      tag,
      access: 'policies:read',
      body: RuleSimulation,
      answer: Success(SimulatedRule),
      problems: [404, 422],
    },
    async ({ body, reply }) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      return one(await rules.simulate(body, gone.signal))
    },
  )
}

function writeRoutes(app: FastifyInstance, rules: Rules): void {
  route(
    app,
    {
      method: 'POST',
      path: '/rules',
      id: 'addRule',
      summary: 'Add a rule, switched off unless it says otherwise',
      tag,
      access: 'policies:write',
      status: 201,
      body: RuleCreation,
      answer: Success(Rule),
      problems: [404, 409, 422],
    },
    async ({ actor, body }) => one(await rules.add(actor, body)),
  )
  route(
    app,
    {
      method: 'PATCH',
      path: '/rules/:name',
      id: 'changeRule',
      summary: 'Change a rule, switch it on or off, or move it in front of another',
      tag,
      access: 'policies:write',
      params: RuleParams,
      body: RuleChange,
      answer: Success(Rule),
      problems: [404, 409, 422],
    },
    async ({ actor, params, body }) => one(await rules.change(actor, params.name, body)),
  )
  route(
    app,
    {
      method: 'DELETE',
      path: '/rules/:name',
      id: 'removeRule',
      summary: 'Remove a rule; its bypasses end with it',
      tag,
      access: 'policies:write',
      params: RuleParams,
      answer: Success(Type.Null()),
      problems: [404],
    },
    async ({ actor, params }) => {
      await rules.remove(actor, params.name)
      return one(null)
    },
  )
}

function bypassRoutes(app: FastifyInstance, bypasses: Bypasses): void {
  route(
    app,
    {
      method: 'GET',
      path: '/bypasses',
      id: 'listBypasses',
      summary: 'Exceptions to rules with their reason and end, newest first; those that ended, too',
      tag,
      access: 'policies:read',
      query: BypassQuery,
      answer: Page(Bypass),
    },
    async ({ query }) => page(await bypasses.list(query), query),
  )
  route(
    app,
    {
      method: 'POST',
      path: '/bypasses',
      id: 'addBypass',
      summary:
        'Let through what a rule blocks: a statement or a person, for a reason, until a time',
      tag,
      access: 'policies:write',
      status: 201,
      body: BypassCreation,
      answer: Success(Bypass),
      problems: [404, 422],
    },
    async ({ actor, body }) => one(await bypasses.add(actor, body)),
  )
  route(
    app,
    {
      method: 'DELETE',
      path: '/bypasses/:id',
      id: 'endBypass',
      summary: 'End a bypass before its time; open sessions feel it at their next request',
      tag,
      access: 'policies:write',
      params: IdParams,
      answer: Success(Type.Null()),
      problems: [404, 422],
    },
    async ({ actor, params }) => {
      await bypasses.end(actor, params.id)
      return one(null)
    },
  )
}
