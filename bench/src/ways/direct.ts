import type { Bed, Engine } from '../bed.ts'
import type { Way } from './way.ts'

export async function direct(bed: Bed, engine: Engine): Promise<Way> {
  const server = await bed.server(engine)
  const { host, port } = server
  return {
    name: 'direct',
    address: { host, port, ...bed.login(server) },
    pids: [],
    managerPids: [],
    note: '',
    settle: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  }
}
