import {
  type Galera,
  type Server,
  startGalera,
  startMariadb,
  startPostgres,
  startRedis,
} from '../servers/index.ts'

export interface Servers extends AsyncDisposable {
  /** What tests read through `serverUrl`. */
  readonly environment: Readonly<Record<string, string>>
}

/** One of each for the whole run, started side by side. */
export async function startServers(
  chromium: string | undefined,
  say: (line: string) => void,
): Promise<Servers> {
  const begun = performance.now()
  const starting = [
    startPostgres({ tls: true }),
    startMariadb({ tls: true }),
    startGalera(),
    startRedis(),
  ] as const
  try {
    const [postgres, mariadb, galera, redis] = await Promise.all(starting)
    say(`servers are up after ${Math.round(performance.now() - begun)} ms`)
    const environment = describe({ postgres, mariadb, galera, redis, chromium })
    return { environment, [Symbol.asyncDispose]: () => stopAll(starting) }
  } catch (fault) {
    await stopAll(starting)
    throw fault
  }
}

interface Started {
  readonly postgres: Server
  readonly mariadb: Server
  readonly galera: Galera
  readonly redis: Server
  readonly chromium: string | undefined
}

function describe({ postgres, mariadb, galera, redis, chromium }: Started): Record<string, string> {
  return {
    TEST_POSTGRES_URL: postgres.url,
    TEST_POSTGRES_TLS_CA: postgres.caFile ?? '',
    TEST_MARIADB_URL: mariadb.url,
    TEST_MARIADB_TLS_CA: mariadb.caFile ?? '',
    TEST_GALERA_URLS: galera.nodes.map(({ url }) => url).join(','),
    TEST_REDIS_URL: redis.url,
    TEST_CHROMIUM: chromium ?? '',
  }
}

async function stopAll(starting: readonly Promise<{ stop(): Promise<void> }>[]): Promise<void> {
  const started = await Promise.allSettled(starting)
  await Promise.allSettled(
    started.map((server) => (server.status === 'fulfilled' ? server.value.stop() : undefined)),
  )
}
