// The one reader of the environment in this process. docs/USAGE.md explains each variable.
import { type Environment, readEnvironment } from '@articdbm/contract'
import { type Static, Type } from 'typebox'

const port = (fallback: number) => Type.Integer({ minimum: 0, maximum: 65_535, default: fallback })

const Settings = Type.Object({
  ARTICDBM_DATA_DIR: Type.String({ default: '.articdbm' }),
  ARTICDBM_MASTER_KEY: Type.Optional(Type.String()),
  ARTICDBM_MASTER_KEY_FILE: Type.Optional(Type.String()),
  MANAGER_URL: Type.String({ default: 'http://127.0.0.1:8000' }),
  GATEWAY_NAME: Type.String({ default: 'gateway', maxLength: 64 }),
  GATEWAY_HOST: Type.String({ default: '127.0.0.1' }),
  POSTGRES_DOOR_PORT: port(6432),
  MYSQL_DOOR_PORT: port(6033),
  /** What PostgreSQL's clients are told the server is; empty: what each server says itself. */
  POSTGRES_DOOR_VERSION: Type.String({
    pattern: '^(?:\\d+(?:\\.\\d+)*(?: [- \\w().,+~]+)?)?$',
    maxLength: 60,
    default: '',
  }),
  /** What MySQL's clients are told the server is. */
  MYSQL_DOOR_VERSION: Type.String({
    pattern: '^\\d+\\.\\d+\\.\\d+[-+.~\\w]*$',
    maxLength: 60,
    default: '8.0.36-ArticDBM',
  }),
  METRICS_PORT: port(9090),
  DOOR_CERTIFICATE_FILE: Type.Optional(Type.String()),
  DOOR_KEY_FILE: Type.Optional(Type.String()),
  DOOR_CLIENT_CA_FILE: Type.Optional(Type.String()),
  DOOR_CLIENT_CERTIFICATES: Type.Union([Type.Literal('optional'), Type.Literal('required')], {
    default: 'optional',
  }),
  PROXY_PROTOCOL_FROM: Type.String({ default: '' }),
  MAX_SESSIONS: Type.Integer({ minimum: 1, maximum: 100_000, default: 5_000 }),
  MAX_FRAME_BYTES: Type.Integer({ minimum: 65_536, default: 16_777_216 }),
  MAX_REQUEST_BYTES: Type.Integer({ minimum: 65_536, default: 33_554_432 }),
  LOGIN_TIMEOUT_MS: Type.Integer({ minimum: 100, default: 15_000 }),
  STALL_TIMEOUT_MS: Type.Integer({ minimum: 100, default: 300_000 }),
  DRAIN_TIMEOUT_MS: Type.Integer({ minimum: 0, default: 20_000 }),
  AUDIT_DURABILITY: Type.Union([Type.Literal('process'), Type.Literal('disk')], {
    default: 'process',
  }),
  AUDIT_MAX_BYTES: Type.Integer({ minimum: 1_048_576, default: 10_737_418_240 }),
  LOG_LEVEL: Type.String({ default: 'info' }),
})
export type Config = Static<typeof Settings>

/** Throws one Error that lists everything that is wrong. */
export function readConfig(environment: Environment = process.env): Config {
  return readEnvironment(Settings, environment)
}
