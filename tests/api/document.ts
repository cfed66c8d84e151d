// The OpenAPI document as tests use it: which operations there are, and whether an answer is one of those it tells of.
import assert from 'node:assert/strict'
import { Compile } from 'typebox/schema'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
type JsonObject = { [key: string]: Json }

export interface Operation {
  readonly method: string
  readonly path: string
  readonly id: string
  readonly access: string
  readonly hasBody: boolean
}

export class ApiDocument {
  readonly json: JsonObject
  readonly #checks = new Map<string, (value: unknown) => boolean>()

  constructor(json: JsonObject) {
    this.json = json
  }

  get operations(): readonly Operation[] {
    return Object.entries(object(this.json.paths)).flatMap(([path, methods]) =>
      Object.entries(object(methods)).map(([method, operation]) => {
        const { operationId, 'x-access': access, requestBody } = object(operation)
        return {
          method: method.toUpperCase(),
          path,
          id: String(operationId),
          access: String(access ?? 'open'),
          hasBody: requestBody !== undefined,
        }
      }),
    )
  }

  /** Every status and every body must be in the document. */
  check(
    method: string,
    path: string,
    answer: { readonly status: number; readonly body: unknown },
  ): void {
    const [bare = ''] = path.split('?')
    const found = this.operations.find((o) => o.method === method && matches(o.path, bare))
    if (!found) {
      assert.equal(answer.status, 404, `${method} ${path} is not in the document`)
      return
    }
    const where = `${method} ${found.path} ${answer.status}`
    assert.ok(
      this.#checkOf(found, answer.status)(answer.body),
      `${where} answered ${JSON.stringify(answer.body)}`,
    )
  }

  #checkOf({ method, path }: Operation, status: number): (value: unknown) => boolean {
    const key = `${method} ${path} ${status}`
    const known = this.#checks.get(key)
    if (known) return known
    const operation = object(object(object(this.json.paths)[path])[method.toLowerCase()])
    const response = object(operation.responses)[String(status)]
    assert.ok(response, `${key} is not in the document`)
    const schema = object(object(object(response).content)['application/json']).schema
    const compiled = Compile(resolved(schema ?? {}, this.json) as object)
    const check = (value: unknown): boolean => compiled.Check(value)
    this.#checks.set(key, check)
    return check
  }
}

export function object(value: Json | undefined): JsonObject {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), 'an object')
  return value
}

function matches(template: string, path: string): boolean {
  const pattern = template.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${pattern}$`).test(path)
}

/** With every reference replaced by what it names; throws for one that names nothing. */
export function resolved(value: Json, document: JsonObject): Json {
  if (Array.isArray(value)) return value.map((item) => resolved(item, document))
  if (typeof value !== 'object' || value === null) return value
  const { $ref } = value
  if (typeof $ref === 'string') {
    const name = $ref.replace('#/components/schemas/', '')
    const target = object(object(document.components).schemas)[name]
    assert.ok(target, `${$ref} names nothing`)
    return resolved(target, document)
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, resolved(inner, document)]),
  )
}
