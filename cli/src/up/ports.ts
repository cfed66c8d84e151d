import { createServer } from 'node:net'

/** The ports of PRODUCT's table where they are free, others where they are taken. */
export const PREFERRED_PORTS = {
  webui: 3000,
  manager: 8000,
  postgres: 6432,
  mysql: 6033,
  metrics: 9090,
} as const

export type Ports = Readonly<Record<keyof typeof PREFERRED_PORTS, number>>

export async function findPorts(preferred: Ports = PREFERRED_PORTS): Promise<Ports> {
  const names = Object.keys(preferred) as (keyof Ports)[]
  const found: [string, number][] = []
  for (const name of names) found.push([name, await freePort(preferred[name])])
  return Object.fromEntries(found) as Record<keyof Ports, number>
}

async function freePort(preferred: number): Promise<number> {
  return (await tryPort(preferred)) ?? (await tryPort(0)) ?? preferred
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const found = typeof address === 'object' && address ? address.port : undefined
      server.close(() => resolve(found))
    })
  })
}
