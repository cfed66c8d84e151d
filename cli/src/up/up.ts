// `articdbm up`: the three processes on one machine, on an embedded store, with nothing else needed.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DATA_DIRECTORY, environment, HOME } from '../config.ts'
import { forgetSettings, keepSettings } from '../store/settings.ts'
import { printWelcome } from './banner.ts'
import { ensureMasterKey } from './master-key.ts'
import { findPorts, type Ports } from './ports.ts'
import { prepareStore } from './prepare.ts'
import { type ChildSpec, type RunningChild, startChild, untilAnswers } from './process.ts'

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 30_000

export interface UpOptions {
  /** Adds the demo database `shop`. */
  readonly demo: boolean
}

/** Runs until Ctrl-C, SIGTERM, or until one of the three ends by itself; then stops them in order. */
export async function up(options: UpOptions): Promise<void> {
  const stopped = stopSignal()
  mkdirSync(join(DATA_DIRECTORY, 'logs'), { recursive: true, mode: 0o700 })
  const ports = await findPorts()
  const settings = settingsFor(ports, ensureMasterKey(DATA_DIRECTORY))
  const prepared = await prepareStore({ ...environment, ...settings }, options.demo)
  const children: RunningChild[] = []
  try {
    keepSettings(settings)
    for (const spec of specs(ports, settings)) {
      children.push(await startChild(spec, START_TIMEOUT_MS))
    }
    const crash = Promise.race(children.map(({ crashed }) => crashed))
    await untilAnswers(gatewayReady(ports), crash, START_TIMEOUT_MS)
    printWelcome(ports, prepared)
    const message = await Promise.race([stopped, crash])
    if (message !== undefined) throw new Error(message)
    process.stdout.write('\ndraining…\n')
  } finally {
    await stopAll(children)
    forgetSettings()
  }
}

/** The web UI first, so that nobody clicks any more; then the gateway, which ships its audit to the manager. */
async function stopAll(children: readonly RunningChild[]): Promise<void> {
  const order = ['webui', 'gateway', 'manager']
  for (const name of order) {
    await children.find((child) => child.name === name)?.stop(STOP_TIMEOUT_MS)
  }
}

function settingsFor(ports: Ports, masterKeyFile: string): Readonly<Record<string, string>> {
  const certificate = join(DATA_DIRECTORY, 'gateway', 'tls', 'door.crt')
  return {
    ARTICDBM_DATA_DIR: DATA_DIRECTORY,
    ARTICDBM_MASTER_KEY_FILE: masterKeyFile,
    MANAGER_PORT: String(ports.manager),
    MANAGER_URL: `http://127.0.0.1:${ports.manager}`,
    POSTGRES_DOOR_PORT: String(ports.postgres),
    MYSQL_DOOR_PORT: String(ports.mysql),
    METRICS_PORT: String(ports.metrics),
    GATEWAY_POSTGRES_DOOR: `127.0.0.1:${ports.postgres}`,
    GATEWAY_MYSQL_DOOR: `127.0.0.1:${ports.mysql}`,
    GATEWAY_CA_FILE: certificate,
    TRUSTED_PROXIES: '127.0.0.1',
    WEB_ORIGIN: `http://localhost:${ports.webui},http://127.0.0.1:${ports.webui}`,
  }
}

function specs(ports: Ports, settings: ChildSpec['environment']): readonly ChildSpec[] {
  const child = (
    name: string,
    script: string,
    readyUrl: string,
    options: readonly string[] = [],
  ) => ({
    name,
    script: join(HOME, script),
    options,
    environment: settings,
    logFile: join(DATA_DIRECTORY, 'logs', `${name}.log`),
    readyUrl,
  })
  // The gateway first: it makes the doors' certificate, which the manager trusts. It is ready once the manager is.
  return [
    child('gateway', 'gateway/src/main.ts', `http://127.0.0.1:${ports.metrics}/healthz`),
    child('manager', 'manager/src/main.ts', `http://127.0.0.1:${ports.manager}/readyz`),
    child('webui', 'webui/serve.ts', `http://127.0.0.1:${ports.webui}/`, [String(ports.webui)]),
  ]
}

function gatewayReady(ports: Ports): string {
  return `http://127.0.0.1:${ports.metrics}/readyz`
}

function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => resolve(undefined))
    }
  })
}
