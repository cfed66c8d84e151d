import type { FieldProblem } from '@articdbm/contract'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { ValidationFailed } from './faults.ts'

const MAX_FIELDS = 20

/** Bodies are taken as they are; what comes as text (query, parameters) is converted first. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const checked = Compile(schema)
  const fillIn = hasDefaults(schema)
    ? (given: unknown) => Value.Default(schema, given)
    : (given: unknown) => given
  return (given: unknown) => {
    const value = fillIn(httpPart === 'body' ? given : Value.Convert(schema, given))
    if (checked.Check(value)) return { value }
    return { error: new ValidationFailed(fieldProblems(checked.Errors(value))) }
  }
}

/** Filling in walks the whole value and tries each branch of a union: it costs more than all the rest. */
function hasDefaults(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  return 'default' in schema || Object.values(schema).some(hasDefaults)
}

interface Found {
  readonly keyword: string
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

/** Errors of a union's branches say less than the union's own; unknown fields are named. */
export function fieldProblems(errors: Iterable<Found>): readonly FieldProblem[] {
  const problems = new Map<string, string>()
  for (const error of errors) {
    for (const { field, message } of problemsOf(error)) {
      if (problems.size < MAX_FIELDS && !problems.has(field)) problems.set(field, message)
    }
  }
  return [...problems].map(([field, message]) => ({ field, message }))
}

function problemsOf(error: Found): readonly FieldProblem[] {
  const path = error.instancePath.split('/').slice(1)
  const named = (name: string, message: string) => ({ field: [...path, name].join('.'), message })
  const { additionalProperties, requiredProperties } = error.params as {
    additionalProperties?: readonly string[]
    requiredProperties?: readonly string[]
  }
  if (additionalProperties) return additionalProperties.map((n) => named(n, 'is not known'))
  if (requiredProperties) return requiredProperties.map((n) => named(n, 'is missing'))
  if (error.keyword === 'boolean') return []
  return [{ field: path.join('.') || '(body)', message: error.message }]
}
