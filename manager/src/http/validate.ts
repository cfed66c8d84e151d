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
  return (given: unknown) => {
    const converted = httpPart === 'body' ? given : Value.Convert(schema, given)
    const value = Value.Default(schema, converted)
    if (checked.Check(value)) return { value }
    return { error: new ValidationFailed(fieldProblems(checked.Errors(value))) }
  }
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
