// manager: the control plane. REST, WebSockets, identity, the audit's store, and snapshots for gateways.
//
// What it must never do: connect to a managed database. Console and REST queries are clients of a gateway's door.
// Begin with start.ts, then api.ts and one folder a feature.
import { constants, setPriority } from 'node:os'
import { pathToFileURL } from 'node:url'
import pino from 'pino'
import { readConfig } from './config.ts'
import { startManager } from './start.ts'

export { type Config, readConfig } from './config.ts'
export { type RunningManager, startManager } from './start.ts'

const STOP_TIMEOUT_MS = 15_000

async function main(): Promise<void> {
  // Where they share a machine, statements come before their evidence.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  const config = readConfig()
  const log = pino({ name: 'manager', level: config.logLevel })
  const manager = await startManager(config, log)
  const stop = (signal: string): void => {
    log.info({ signal }, 'draining')
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref()
    manager.close().then(
      () => process.exit(0),
      (fault: unknown) => {
        log.error({ err: fault }, 'draining failed')
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // Whoever started us is gone.
  process.once('disconnect', () => stop('disconnect'))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((fault: unknown) => {
    process.stderr.write(`${fault instanceof Error ? fault.message : fault}\n`)
    process.exit(1)
  })
}
