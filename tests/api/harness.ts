// A real manager on a free port and a store of its own, and clients that check each answer against the document.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { after, before, describe } from 'node:test'
import { linkToken } from '@articdbm/credential'
import { type Config, type RunningManager, startManager } from '@articdbm/manager/main'
import { openOperations } from '@articdbm/manager/operations'
import pino from 'pino'
import { ENGINES, type Place } from '../store/harness.ts'
import { freePort } from '../support/servers/index.ts'
import { ApiDocument } from './document.ts'

export const WEB_ORIGIN = 'http://web.test'
export const PASSWORD = 'correct horse battery'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer.
  readonly body: any
}

export interface Wish {
  readonly method: string
  /** Below /api/v1. */
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export class Rig {
  readonly place: Place
  readonly config: Config
  readonly #manager: RunningManager
  readonly #logLines: string[]
  readonly document: ApiDocument
  /** API keys, so that nothing a test revokes is theirs. */
  readonly keys: Readonly<Record<'admin' | 'maintainer' | 'viewer', string>>

  constructor(parts: {
    readonly place: Place
    readonly config: Config
    readonly manager: RunningManager
    readonly logLines: string[]
    readonly document: ApiDocument
    readonly keys: Rig['keys']
  }) {
    this.place = parts.place
    this.config = parts.config
    this.#manager = parts.manager
    this.#logLines = parts.logLines
    this.document = parts.document
    this.keys = parts.keys
  }

  get url(): string {
    return `http://127.0.0.1:${this.#manager.port}`
  }

  get log(): string {
    return this.#logLines.join('')
  }

  /** Checks that the answer is one that the OpenAPI document tells of. */
  async ask(wish: Wish): Promise<Answer> {
    const answer = await ask(this.url, { ...wish, path: `/api/v1/${wish.path}` })
    this.document.check(wish.method, `/api/v1/${wish.path}`, answer)
    return answer
  }

  as(role: 'admin' | 'maintainer' | 'viewer', wish: Wish): Promise<Answer> {
    const authorization = `Bearer ${this.keys[role]}`
    return this.ask({ ...wish, headers: { authorization, ...wish.headers } })
  }

  /** As the administrator; fails the test when it is refused. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer.
  async data(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await this.as('admin', { method, path, ...(body === undefined ? {} : { body }) })
    assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`)
    return answer.body.data
  }

  async cookieOf(name: string, password: string): Promise<string> {
    const answer = await this.ask({
      method: 'POST',
      path: 'auth/login',
      body: { name, password },
    })
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  }

  async bearerOf(name: string, password: string): Promise<string> {
    const answer = await this.ask({
      method: 'POST',
      path: 'auth/token',
      body: { name, password },
    })
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body.data.accessToken
  }

  /** As a gateway. */
  internal(wish: Omit<Wish, 'headers'>): Promise<Answer> {
    const authorization = `Bearer ${linkToken(this.config.master)}`
    return ask(this.url, {
      ...wish,
      path: `/internal/v1/${wish.path}`,
      headers: { authorization },
    })
  }

  async stop(): Promise<void> {
    await this.#manager.close()
    await this.place.drop()
  }
}

export async function ask(
  url: string,
  { method, path, body, headers = {} }: Wish,
): Promise<Answer> {
  const isText = typeof body === 'string'
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    signal: AbortSignal.timeout(60_000),
    redirect: 'manual',
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  }
}

export async function startRig(place: Place): Promise<Rig> {
  const config: Config = {
    host: '127.0.0.1',
    port: 0,
    logLevel: 'debug',
    master: randomBytes(32),
    store: place.config,
    doors: {
      // Nobody listens there: tests that need a gateway start one.
      postgres: { host: '127.0.0.1', port: await freePort() },
      mysql: { host: '127.0.0.1', port: await freePort() },
      ca: undefined,
    },
    webOrigins: [WEB_ORIGIN],
    trustedProxies: ['127.0.0.1'],
    auditRetentionDays: 90,
    passwordCost: 10,
    requestTimeoutMs: 120_000,
  }
  await makePeople(config)
  const logLines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logLines.push(String(chunk))
      done()
    },
  })
  const manager = await startManager(config, pino({ level: 'debug' }, sink))
  const url = `http://127.0.0.1:${manager.port}`
  const { body } = await ask(url, { method: 'GET', path: '/api/v1/openapi.json' })
  const document = new ApiDocument(body)
  const keys = {
    admin: await keyOf(url, 'root-admin'),
    maintainer: await keyOf(url, 'a-maintainer'),
    viewer: await keyOf(url, 'a-viewer'),
  }
  return new Rig({ place, config, manager, logLines, document, keys })
}

async function makePeople(config: Config): Promise<void> {
  await using operations = openOperations(config)
  await operations.migrate()
  for (const [name, role] of [
    ['root-admin', 'admin'],
    ['a-maintainer', 'maintainer'],
    ['a-viewer', 'viewer'],
  ] as const) {
    await operations.addUser({ name, role, password: PASSWORD })
  }
}

async function keyOf(url: string, name: string): Promise<string> {
  const given = { name, password: PASSWORD }
  const token = await ask(url, { method: 'POST', path: '/api/v1/auth/token', body: given })
  const made = await ask(url, {
    method: 'POST',
    path: '/api/v1/api-keys',
    body: { name: `key of ${name}` },
    headers: { authorization: `Bearer ${token.body.data.accessToken}` },
  })
  return made.body.data.key
}

/** The same tests on each engine of the store, each on a manager of its own. */
export function onEachStore(name: string, tests: (rig: () => Rig) => void): void {
  for (const engine of ENGINES) {
    describe(`${name} (store on ${engine.name})`, { skip: engine.skip }, () => {
      let rig: Rig | undefined
      before(async () => {
        rig = await startRig(await engine.create())
      })
      after(async () => rig?.stop())
      tests(() => {
        assert.ok(rig)
        return rig
      })
    })
  }
}

/** On the embedded store alone, for what has nothing to do with the store. */
export function onSqlite(name: string, tests: (rig: () => Rig) => void): void {
  const [sqlite] = ENGINES
  assert.ok(sqlite)
  describe(name, () => {
    let rig: Rig | undefined
    before(async () => {
      rig = await startRig(await sqlite.create())
    })
    after(async () => rig?.stop())
    tests(() => {
      assert.ok(rig)
      return rig
    })
  })
}
