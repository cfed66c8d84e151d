import type { Static, TObject, TProperties } from 'typebox'
import { Value } from 'typebox/value'

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads a process' settings; throws one Error that names every wrong variable at once. */
export function readEnvironment<P extends TProperties>(
  schema: TObject<P>,
  environment: Environment,
): Static<TObject<P>> {
  const given = Object.fromEntries(
    Object.keys(schema.properties).flatMap((name) => setting(name, environment[name])),
  )
  const settings: unknown = Value.Convert(schema, Value.Default(schema, given))
  if (Value.Check(schema, settings)) return settings
  const wrong = [...Value.Errors(schema, settings)].map(describeError)
  throw new Error(`configuration:\n${[...new Set(wrong)].join('\n')}`)
}

function setting(name: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined || value === '' ? [] : [[name, value]]
}

function describeError(error: { instancePath: string; message: string; params?: object }): string {
  const name = error.instancePath.replace(/^\//, '')
  const missing = 'requiredProperties' in (error.params ?? {}) ? JSON.stringify(error.params) : ''
  return `  ${name || missing}: ${error.message}`
}
