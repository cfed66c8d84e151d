import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { composeConfig, readEnvironment } from './environment.ts'

const Settings = Type.Object({
  PORT: Type.Integer({ minimum: 1, maximum: 65_535, default: 6432 }),
  IS_QUIET: Type.Boolean({ default: false }),
  KEY_FILE: Type.Optional(Type.String()),
})

test('a variable that is unset or empty has its default, the others their type', () => {
  assert.deepEqual(readEnvironment(Settings, { PORT: '', OTHER: 'x' }), {
    PORT: 6432,
    IS_QUIET: false,
  })
  assert.deepEqual(readEnvironment(Settings, { PORT: '5432', IS_QUIET: 'true', KEY_FILE: 'k' }), {
    PORT: 5432,
    IS_QUIET: true,
    KEY_FILE: 'k',
  })
})

test('every wrong variable is named at once', () => {
  assert.throws(() => readEnvironment(Settings, { PORT: '0', IS_QUIET: 'perhaps' }), {
    message: 'configuration:\n  PORT: must be >= 1\n  IS_QUIET: must be boolean',
  })
})

test('what composing finds wrong is told with the wrong variables, each thing once', () => {
  const unreadable = () => {
    throw new Error('KEY_FILE: there is no such file')
  }
  const compose = () =>
    composeConfig(Settings, { PORT: '0' }, (_, attempt) => [attempt(unreadable), unreadable()])
  assert.throws(compose, {
    message: 'configuration:\n  PORT: must be >= 1\n  KEY_FILE: there is no such file',
  })
})

test('a configuration is what was composed of the settings', () => {
  const port = composeConfig(Settings, {}, ({ PORT }, attempt) => attempt(() => PORT + 1))
  assert.equal(port, 6433)
})
