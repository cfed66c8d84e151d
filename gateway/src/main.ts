// gateway: the data path. PostgreSQL and MySQL wire protocols in, real databases out, one verdict in between.
//
// What it is: listen -> identity -> a session in postgres/ or mysql/ -> admit (judge, record) -> pool -> backend.
// What it must never do: forward what was not judged and recorded, or trust a length before checking it.
// Begin with gateway.ts (what a session may use), then postgres/index.ts; start.ts puts the rooms together.
import { pino } from 'pino'
import { readConfig } from './config.ts'
import { startGateway } from './start.ts'

const config = readConfig()
const log = pino({ level: config.LOG_LEVEL, base: { process: 'gateway' } })
const running = await startGateway(config, log)
log.info(running.ports, 'the doors are open')

let isDraining = false
// `disconnect`: whoever started us is gone.
for (const name of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
  process.on(name, () => {
    if (isDraining) return
    isDraining = true
    log.info({ reason: name }, 'draining')
    running.drain().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'draining failed')
        process.exit(1)
      },
    )
  })
}
