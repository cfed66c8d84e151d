import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

const LOWEST = 15_000
const taken = new Set<number>()

/** Free loopback ports below the range the kernel gives to outgoing connections, each given out once. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = []
  while (ports.length < count) ports.push(await freePort())
  return ports
}

export async function freePort(): Promise<number> {
  const highest = ephemeralStart()
  for (let tries = 0; tries < 500; tries += 1) {
    const port = LOWEST + Math.floor(Math.random() * (highest - LOWEST))
    if (taken.has(port) || !(await isFree(port))) continue
    taken.add(port)
    return port
  }
  throw new Error(`no free port between ${LOWEST} and ${highest}`)
}

/** A port that lies in the ephemeral range may be taken by any outgoing connection before a server binds it. */
function ephemeralStart(): number {
  try {
    const start = Number(
      readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0],
    )
    return start > LOWEST + 1000 ? start : 32_768
  } catch {
    return 32_768
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      probe.close(() => resolve(true))
    })
  })
}
