// What a real driver says to a door, byte for byte.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

export interface Recording {
  readonly name: string
  readonly bytes: Buffer
}

/** Says from when on the driver's bytes are wanted: after the log-in, which cannot be played twice. */
export type Mark = () => void

/** Lets `drive` speak to the door through a relay that keeps what it says after its mark. */
export async function record(
  name: string,
  doorPort: number,
  drive: (port: number, mark: Mark) => Promise<void>,
): Promise<Recording> {
  let chunks: Buffer[] = []
  const relay = createServer((client) => {
    const door = connect(doorPort, '127.0.0.1')
    client.on('data', (chunk: Buffer) => chunks.push(chunk))
    client.pipe(door).pipe(client)
    for (const [one, other] of [
      [client, door],
      [door, client],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  const mark = () => {
    chunks = []
  }
  try {
    await drive((relay.address() as AddressInfo).port, mark)
  } finally {
    relay.close()
  }
  const bytes = Buffer.concat(chunks)
  if (bytes.length === 0) throw new Error(`nothing was recorded of ${name}`)
  return { name, bytes }
}
