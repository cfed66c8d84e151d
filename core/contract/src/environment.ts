import type { Static, TObject, TProperties } from 'typebox'
import { Value } from 'typebox/value'

export type Environment = Readonly<Record<string, string | undefined>>

/** Undefined where reading failed: why is kept, and told with all the rest. */
export type Attempt = <T>(read: () => T) => T | undefined

/** Reads a process' settings; throws one Error that names every wrong variable at once. */
export function readEnvironment<P extends TProperties>(
  schema: TObject<P>,
  environment: Environment,
): Static<TObject<P>> {
  return composeConfig(schema, environment, (settings) => settings)
}

/** Like readEnvironment, where more can be wrong than the settings alone tell: a file, a key, an address. */
export function composeConfig<P extends TProperties, C>(
  schema: TObject<P>,
  environment: Environment,
  compose: (settings: Static<TObject<P>>, attempt: Attempt) => C,
): C {
  const settings = settingsOf(schema, environment)
  const wrong = Value.Errors(schema, settings).map(describeError)
  const attempt: Attempt = (read) => {
    try {
      return read()
    } catch (error) {
      wrong.push(error instanceof Error ? error.message : String(error))
      return undefined
    }
  }
  const config = attempt(() => compose(settings as Static<TObject<P>>, attempt))
  if (config !== undefined && wrong.length === 0) return config
  throw new Error(`configuration:\n  ${[...new Set(wrong)].join('\n  ')}`)
}

function settingsOf<P extends TProperties>(schema: TObject<P>, environment: Environment): unknown {
  const given = Object.fromEntries(
    Object.keys(schema.properties).flatMap((name) => setting(name, environment[name])),
  )
  return Value.Convert(schema, Value.Default(schema, given))
}

function setting(name: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined || value === '' ? [] : [[name, value]]
}

function describeError(error: { instancePath: string; message: string; params?: object }): string {
  const name = error.instancePath.replace(/^\//, '')
  const missing = 'requiredProperties' in (error.params ?? {}) ? JSON.stringify(error.params) : ''
  return `${name || missing}: ${error.message}`
}
