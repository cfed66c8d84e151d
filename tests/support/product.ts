// The whole product on free ports with a folder of its own, for tests that need all of it.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { openSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { prepareStore } from '@articdbm/cli/prepare'
import { NODE_FLAGS } from '@articdbm/cli/process'
import { Rest } from './rest.ts'
import { freePorts } from './servers/index.ts'

const HOME = resolve(import.meta.dirname, '../..')
const READY_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 20_000
const PASSWORD = 'a password for tests 1'

export type ProcessName = 'gateway' | 'manager' | 'webui'

export interface ProductOptions {
  readonly withWebui?: boolean
  /** The demo database `shop`, and the owner's grants on it. */
  readonly withShop?: boolean
  /** More environment for all processes: the store's place, limits. */
  readonly environment?: Readonly<Record<string, string>>
}

export interface Person {
  readonly name: string
  readonly password: string
}

export class Product {
  readonly directory: string
  readonly ports: Readonly<Record<'postgres' | 'mysql' | 'metrics' | 'manager' | 'webui', number>>
  readonly owner: Person = { name: 'owner', password: PASSWORD }
  /** What its processes, and the command line beside them, run with. */
  readonly environment: Readonly<Record<string, string>>
  readonly #children = new Map<ProcessName, ChildProcess>()
  readonly #logins = new Map<string, Promise<Rest>>()

  private constructor(
    directory: string,
    ports: Product['ports'],
    environment: Readonly<Record<string, string>>,
  ) {
    this.directory = directory
    this.ports = ports
    this.environment = environment
  }

  static async start(options: ProductOptions = {}): Promise<Product> {
    const directory = await mkdtemp(join(tmpdir(), 'articdbm-product-'))
    const [postgres = 0, mysql = 0, metrics = 0, manager = 0, webui = 0] = await freePorts(5)
    const ports = { postgres, mysql, metrics, manager, webui }
    const keyFile = join(directory, 'master.key')
    await writeFile(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 })
    const environment = { ...settings(directory, ports, keyFile), ...options.environment }
    const prepared = await prepareStore(environment, options.withShop ?? false)
    const product = new Product(directory, ports, environment)
    try {
      await product.startProcess('gateway')
      await product.startProcess('manager')
      if (options.withWebui) await product.startProcess('webui')
      await product.isReady()
      await product.#chooseOwnersPassword(prepared.password ?? '')
    } catch (error) {
      await product.stop()
      throw error
    }
    return product
  }

  get restUrl(): string {
    return `http://127.0.0.1:${this.ports.manager}`
  }

  /** One log-in a person: passwords are slow on purpose. */
  login(person: Person = this.owner): Promise<Rest> {
    const key = `${person.name} ${person.password}`
    const known = this.#logins.get(key) ?? Rest.login(this.restUrl, person.name, person.password)
    this.#logins.set(key, known)
    return known
  }

  /** Adds somebody who may do `actions` on one table (or `*`) of each database. */
  async addPerson(name: string, grants: readonly GrantWish[]): Promise<Person> {
    const rest = await this.login()
    await rest.data('POST', 'users', { name, role: 'viewer', password: PASSWORD })
    for (const grant of grants) await rest.data('POST', 'grants', { user: name, ...grant })
    return { name, password: PASSWORD }
  }

  async startProcess(name: ProcessName): Promise<void> {
    const log = openSync(this.logFile(name), 'a')
    const { script, options, readyUrl } = this.#spec(name)
    const child = spawn(process.execPath, [...NODE_FLAGS, join(HOME, script), ...options], {
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', log, log, 'ipc'],
    })
    this.#children.set(name, child)
    await waitFor(readyUrl, async () => {
      if (child.exitCode === null) return
      throw new Error(`${name} ended:\n${await readFile(this.logFile(name), 'utf8')}`)
    })
  }

  /** Resolves once the gateway has its configuration and takes sessions. */
  isReady(): Promise<void> {
    return waitFor(`http://127.0.0.1:${this.ports.metrics}/readyz`)
  }

  pid(name: ProcessName): number {
    return this.#children.get(name)?.pid ?? 0
  }

  logFile(name: ProcessName): string {
    return join(this.directory, `${name}.log`)
  }

  kill(name: ProcessName): Promise<void> {
    return this.#end(name, 'SIGKILL')
  }

  drain(name: ProcessName): Promise<void> {
    return this.#end(name, 'SIGTERM')
  }

  async stop(): Promise<void> {
    for (const name of ['webui', 'gateway', 'manager'] as const) await this.drain(name)
    await rm(this.directory, { recursive: true, force: true })
  }

  /** Waits until the gateway says that the manager has every audit event written before now. */
  async auditIsShipped(): Promise<void> {
    const rest = await this.login()
    const since = new Date().toISOString()
    const deadline = Date.now() + READY_TIMEOUT_MS
    while (Date.now() < deadline) {
      const { gateways } = await rest.data('GET', 'status')
      const [gateway] = gateways
      if (gateway?.at > since && gateway.auditBacklog === 0) return
      await new Promise((done) => setTimeout(done, 200))
    }
    throw new Error('the audit was not shipped in time')
  }

  async #chooseOwnersPassword(oneTime: string): Promise<void> {
    const rest = await this.login({ name: this.owner.name, password: oneTime })
    await rest.data('POST', 'auth/password', {
      currentPassword: oneTime,
      newPassword: this.owner.password,
    })
  }

  #spec(name: ProcessName) {
    const { ports } = this
    switch (name) {
      case 'gateway':
        return {
          script: 'gateway/src/main.ts',
          options: [],
          readyUrl: `http://127.0.0.1:${ports.metrics}/healthz`,
        }
      case 'manager':
        return { script: 'manager/src/main.ts', options: [], readyUrl: `${this.restUrl}/readyz` }
      case 'webui':
        return {
          script: 'webui/serve.ts',
          options: [String(ports.webui)],
          readyUrl: `http://127.0.0.1:${ports.webui}/`,
        }
    }
  }

  async #end(name: ProcessName, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#children.get(name)
    if (!child) return
    this.#children.delete(name)
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await ended
    clearTimeout(timer)
  }
}

export interface GrantWish {
  readonly database: string
  readonly schema?: string
  readonly table?: string
  readonly actions: readonly ('read' | 'write' | 'admin')[]
}

function settings(
  directory: string,
  ports: Product['ports'],
  keyFile: string,
): Readonly<Record<string, string>> {
  return {
    ARTICDBM_DATA_DIR: directory,
    ARTICDBM_MASTER_KEY_FILE: keyFile,
    DB_TYPE: 'sqlite',
    MANAGER_PORT: String(ports.manager),
    MANAGER_URL: `http://127.0.0.1:${ports.manager}`,
    POSTGRES_DOOR_PORT: String(ports.postgres),
    MYSQL_DOOR_PORT: String(ports.mysql),
    METRICS_PORT: String(ports.metrics),
    GATEWAY_POSTGRES_DOOR: `127.0.0.1:${ports.postgres}`,
    GATEWAY_MYSQL_DOOR: `127.0.0.1:${ports.mysql}`,
    GATEWAY_CA_FILE: join(directory, 'gateway', 'tls', 'door.crt'),
    TRUSTED_PROXIES: '127.0.0.1',
    WEB_ORIGIN: `http://127.0.0.1:${ports.webui},http://localhost:${ports.webui}`,
  }
}

async function waitFor(
  url: string,
  check: () => Promise<void> = async () => undefined,
): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS
  while (Date.now() < deadline) {
    await check()
    const isReady = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      async (response) => {
        await response.body?.cancel()
        return response.ok
      },
      () => false,
    )
    if (isReady) return
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error(`${url} did not answer`)
}
