import type { FastifyInstance } from 'fastify'
import { BadRequest } from './faults.ts'

/** Of arrays and objects within each other. Nothing that the product takes comes near. */
const MAX_LEVELS = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LEVEL_CHANGE: Readonly<Record<number, number>> = { 91: 1, 123: 1, 93: -1, 125: -1 }

/** A parser takes seconds for a body that is millions of levels deep, and nobody else is served meanwhile. */
export function refuseDeepJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (isTooDeep(`${body}`)) done(tooDeep())
    else void parse(request, `${body}`, done)
  })
}

/** Whether a text, JSON or not, opens more arrays and objects than anything here needs. */
export function isTooDeep(text: string): boolean {
  let levels = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else levels += LEVEL_CHANGE[code] ?? 0
    if (levels > MAX_LEVELS) return true
  }
  return false
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at
    if (code === BACKSLASH) at += 1
  }
  return text.length
}

function tooDeep(): BadRequest {
  return new BadRequest('invalid_json', 400, `the body has more than ${MAX_LEVELS} levels`)
}
