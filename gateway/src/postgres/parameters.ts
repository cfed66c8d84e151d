// What a startup message asks for, and which settings a session may have.
import { encodeBackend, type StartupMessage } from '@articdbm/wire/postgres'
import { PostgresFault } from './fault.ts'

export interface Startup {
  readonly user: string
  readonly database: string
  readonly application: string
  /** By lower-case name; given to each backend connection that serves the session. */
  readonly settings: ReadonlyMap<string, string>
  /** Protocol 3.2 has long cancel keys. */
  readonly hasLongKeys: boolean
  /** To be sent first where the client asked for more than there is. */
  readonly negotiation: Buffer | undefined
}

/** Settings that change neither what a name means, nor how bytes are read, nor what is permitted. */
const HARMLESS = new Set([
  'application_name',
  'bytea_output',
  'client_min_messages',
  'datestyle',
  'deadlock_timeout',
  'default_transaction_deferrable',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'extra_float_digits',
  'from_collapse_limit',
  'geqo',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'intervalstyle',
  'jit',
  'join_collapse_limit',
  'lock_timeout',
  'plan_cache_mode',
  'statement_timeout',
  'synchronous_commit',
  'timezone',
  'transaction_timeout',
  'work_mem',
  'xmloption',
])

export function isHarmless(setting: string): boolean {
  return HARMLESS.has(setting) || /^enable_[a-z_]+$/.test(setting)
}

/** Throws a PostgresFault that says what can't be had. */
export function readStartup(message: StartupMessage & { kind: 'startup' }): Startup {
  if (message.major !== 3) {
    throw new PostgresFault(
      '0A000',
      `unsupported frontend protocol ${message.major}.${message.minor}`,
    )
  }
  const asked = new Map(message.parameters)
  const user = asked.get('user') ?? ''
  if (user === '') throw new PostgresFault('28000', 'no user name in the startup message')
  refuseReplication(asked.get('replication'))
  const settings = new Map<string, string>()
  for (const [name, value] of settingsOf(asked)) accept(settings, name.toLowerCase(), value)
  return {
    user,
    database: asked.get('database') || user,
    application: settings.get('application_name') ?? '',
    settings,
    hasLongKeys: message.minor >= 2,
    negotiation: negotiate(message),
  }
}

function refuseReplication(value: string | undefined): void {
  if (value === undefined || /^(false|off|no|0)$/i.test(value)) return
  throw new PostgresFault('0A000', 'the replication protocol is not offered through this gateway')
}

function settingsOf(asked: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  const direct = [...asked].filter(
    ([name]) => !/^(user|database|replication|options|_pq_\..*)$/.test(name),
  )
  return [...readOptions(asked.get('options') ?? ''), ...direct]
}

/** `-c name=value`, `-cname=value` and `--name=value`; a backslash keeps the next character as it is. */
function readOptions(options: string): readonly (readonly [string, string])[] {
  const words = (options.match(/(?:\\.|\S)+/gs) ?? []).map((word) => word.replace(/\\(.)/gs, '$1'))
  const settings: [string, string][] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const isSeparate = word === '-c' || word === '--'
    const text = isSeparate ? (words[++at] ?? '') : word.replace(/^(-c|--)/, '')
    const match = text.match(/^([A-Za-z_][\w.-]*)=(.*)$/s)
    if (!match || !(isSeparate || /^(-c|--)/.test(word))) {
      throw new PostgresFault('22023', `options: only "-c name=value" is understood, not "${word}"`)
    }
    settings.push([(match[1] ?? '').replaceAll('-', '_'), match[2] ?? ''])
  }
  return settings
}

function accept(settings: Map<string, string>, name: string, value: string): void {
  const refusal = name === 'search_path' ? undefined : refuseSetting(name, value)
  if (refusal) throw refusal
  if (isHarmless(name) || name === 'search_path') settings.set(name, value)
}

/** Who sets it changes what names mean: not everybody may. Without schemas, nothing means anything else. */
export function needsJudging(name: string, value: string): boolean {
  return name === 'search_path' && value !== ''
}

/** Undefined: the setting may have this value. The value is undefined where a statement doesn't show it. */
export function refuseSetting(name: string, value: string | undefined): PostgresFault | undefined {
  if (isHarmless(name)) return undefined
  if (name === 'client_encoding' || name === 'names') return refuseEncoding(value)
  if (name === 'standard_conforming_strings' && /^(on|true|yes|1)$/i.test(value ?? ''))
    return undefined
  if (name === 'search_path' && value === '') return undefined
  return new PostgresFault(
    '42501',
    `parameter "${name}" cannot be set through this gateway`,
    'It could change what names mean, how statements are read, or what is permitted.',
  )
}

function refuseEncoding(value: string | undefined): PostgresFault | undefined {
  const encoding = (value ?? '').toLowerCase().replace(/[^a-z0-9]/g, '')
  if (/^(utf8|unicode|sqlascii)$/.test(encoding)) return undefined
  return new PostgresFault(
    '22023',
    `client_encoding "${value ?? ''}" is not supported: this gateway reads statements as UTF8`,
  )
}

/** What a client is told of its settings at log-in; `version` instead of the server's own where it is given. */
export function parameterStatuses(
  parameters: ReadonlyMap<string, string>,
  version: string | undefined,
): readonly Buffer[] {
  const told = version === undefined ? [] : [['server_version', version] as const]
  return [...new Map([...parameters, ...told])].map(([name, value]) =>
    encodeBackend({ kind: 'parameterStatus', name, value }),
  )
}

const NEWEST_MINOR = 2

function negotiate(message: StartupMessage & { kind: 'startup' }): Buffer | undefined {
  const unknownOptions = [...message.parameters.keys()].filter((name) => name.startsWith('_pq_.'))
  const isTooNew = message.minor > NEWEST_MINOR || message.minor === 1
  if (!isTooNew && unknownOptions.length === 0) return undefined
  const minor = message.minor >= NEWEST_MINOR ? NEWEST_MINOR : 0
  return encodeBackend({
    kind: 'negotiateProtocolVersion',
    minor: (3 << 16) | minor,
    unknownOptions,
  })
}
