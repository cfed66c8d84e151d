import type { Bed, Engine } from '../bed.ts'
import type { Recipe } from './proxy.ts'

/** In TCP mode, with the thread a core that it takes by itself. */
export async function haproxy(bed: Bed, engine: Engine): Promise<Recipe> {
  const server = await bed.server(engine)
  return {
    name: 'haproxy',
    account: 'haproxy',
    signal: 'SIGTERM',
    address: bed.login(server),
    compose: async ({ port }) => ({
      file: 'haproxy',
      args: ['-db', '-f', 'haproxy.cfg'],
      files: {
        'haproxy.cfg': `global
  maxconn 1000
defaults
  mode tcp
  timeout connect 5s
  timeout client 10m
  timeout server 10m
listen database
  bind 127.0.0.1:${port}
  server one ${server.host}:${server.port}
`,
      },
    }),
  }
}
