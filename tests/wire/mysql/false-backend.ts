import { createServer } from 'node:net'
import {
  CAPABILITY,
  encodeGreeting,
  encodeOk,
  encodePacket,
  encodePackets,
  PacketReader,
  STATUS,
} from '@articdbm/wire/mysql'
import { encodeConstant } from '../../../gateway/src/mysql/session/constants.ts'

const ok = encodePacket(encodeOk({ status: STATUS.autocommit }), 1)

/** A backend that answers the gateway's own statements, and those of clients with `bytes`. */
export async function startFalseBackend(bytes: Buffer): Promise<{ port: number; close(): void }> {
  const server = createServer((socket) => {
    const reader = new PacketReader(1 << 20)
    let isLoggedIn = false
    socket.on('error', () => undefined)
    socket.write(encodePacket(greeting(), 0))
    socket.on('data', (chunk: Buffer) => {
      reader.push(chunk)
      reader.expect(isLoggedIn ? 0 : 1)
      const packet = reader.next()
      if (!packet) return
      socket.write(isLoggedIn ? answer(packet.payload, bytes) : encodePacket(ok.subarray(4), 2))
      isLoggedIn = true
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as { port: number }).port, close: () => void server.close() }
}

function greeting(): Buffer {
  return encodeGreeting({
    ...{ serverVersion: '8.0.36', connectionId: 1, nonce: Buffer.alloc(20, 0x61), collation: 45 },
    ...{ status: STATUS.autocommit, plugin: 'mysql_native_password' },
    capabilities: Object.values(CAPABILITY).reduce((all, bit) => all | bit, 0) & ~CAPABILITY.ssl,
  })
}

function answer(command: Buffer, bytes: Buffer): Buffer {
  const text = command.subarray(1).toString()
  if (text.includes('sql_mode')) {
    return encodePackets(encodeConstant({ names: ['m'], rows: [['ANSI_QUOTES']] }), 1)
  }
  return command[0] === 3 && !text.startsWith('SET') ? Buffer.from(bytes) : Buffer.from(ok)
}
