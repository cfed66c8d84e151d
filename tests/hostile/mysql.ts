// What no MySQL client says, before the log-in and after it.
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CAPABILITY,
  COMMAND,
  encodeCommand,
  encodeHandshakeResponse,
  encodePacket,
} from '@articdbm/wire/mysql'
import type { Product } from '../support/product.ts'
import { describe, RawClient, type RawLogin } from '../wire/mysql/raw.ts'
import { type Assault, garbage, strangeAddress } from './assault.ts'
import { drip, flood, lastWords, openSocket } from './socket.ts'

const REFUSED = /^(ERR \d+|closed)$/
/** The door asks for more of whom it doesn't know, so that nobody learns who exists; then time is up. */
const ASKED = /^(ERR \d+|packet 0x1)$/

function response(user: string | Buffer, database = 'shop'): Buffer {
  const encoded = encodeHandshakeResponse({
    capabilities:
      CAPABILITY.protocol41 |
      CAPABILITY.secureConnection |
      CAPABILITY.pluginAuth |
      CAPABILITY.connectWithDb,
    maxPacketBytes: 1 << 24,
    collation: 45,
    user: 'USER',
    authResponse: Buffer.alloc(32, 7),
    database,
    plugin: 'caching_sha2_password',
    attributes: new Map(),
  })
  const at = encoded.indexOf('USER')
  return Buffer.concat([encoded.subarray(0, at), Buffer.from(user), encoded.subarray(at + 4)])
}

/** The first packet that comes, whatever number it has: after bad bytes nobody agrees on numbers. */
async function firstWord(socket: Socket): Promise<string> {
  let words = Buffer.alloc(0)
  return new Promise((resolve) => {
    socket.on('close', () => resolve('closed'))
    socket.on('data', (chunk) => {
      words = Buffer.concat([words, chunk])
      const length = words.length < 4 ? Number.POSITIVE_INFINITY : words.readUIntLE(0, 3)
      if (words.length < length + 4) return
      resolve(describe({ payload: words.subarray(4, length + 4), sequence: 0 }))
    })
  })
}

/** What the door says after its greeting to these bytes; it must close by itself. */
const early = (name: string, bytes: Buffer, expects = REFUSED): Assault => ({
  name,
  expects,
  commit: async ({ ports }) => {
    const client = new RawClient(ports.mysql, strangeAddress())
    await client.greeting()
    const told = firstWord(client.socket)
    client.socket.write(bytes)
    await lastWords(client.socket)
    return told
  },
})

const header = (length: number, sequence: number) =>
  Buffer.of(length & 255, (length >> 8) & 255, (length >> 16) & 255, sequence)

const BEFORE_LOGIN: readonly Assault[] = [
  early('garbage', garbage(4_096)),
  early('HTTP', Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')),
  early('a packet of no bytes', header(0, 1)),
  early('a packet of three bytes', Buffer.concat([header(3, 1), garbage(3)])),
  early('a packet of 16 MB announced', header(0xff_ffff, 1), /^ERR 1153$/),
  early('a packet with a wrong number', encodePacket(response('owner'), 9)),
  early('a response that ends early', encodePacket(response('owner').subarray(0, 40), 1)),
  early(
    'a response that claims more than it has',
    encodePacket(Buffer.concat([response('owner').subarray(0, 38), Buffer.alloc(8, 0xfe)]), 1),
  ),
  early('a user that is not UTF-8', encodePacket(response(Buffer.of(0xff, 0xfe)), 1), ASKED),
  early(
    'a TLS request with garbage behind',
    Buffer.concat([
      encodePacket(Buffer.concat([Buffer.of(0, 0x0a, 0, 0), Buffer.alloc(28)]), 1),
      garbage(300),
    ]),
  ),
  early(
    'half a response, then silence',
    encodePacket(response('owner'), 1).subarray(0, 20),
    /^closed$/,
  ),
  early('nothing at all', Buffer.alloc(0), /^closed$/),
  {
    name: 'a response byte by byte, too slowly',
    expects: /^closed$/,
    commit: async ({ ports }) => {
      await drip(ports.mysql, encodePacket(response('owner'), 1), 200)
      return 'closed'
    },
  },
]

async function logIn(product: Product, login: RawLogin = {}, address = '127.0.0.1') {
  const { name: user, password } = product.owner
  const client = new RawClient(product.ports.mysql, address)
  return { client, told: await client.logIn({ user, password, database: 'shop', ...login }) }
}

/** The first word of a session that was opened honestly to these bytes. */
const late = (name: string, bytes: Buffer, expects: RegExp): Assault => ({
  name,
  expects,
  commit: async (product) => {
    const { client } = await logIn(product)
    const told = firstWord(client.socket)
    client.socket.write(bytes)
    await Promise.race([told, sleep(10_000)])
    client.socket.destroy()
    return told
  },
})

const command = (payload: Buffer) => encodePacket(payload, 0)
const query = (text: Buffer) => command(Buffer.concat([Buffer.of(COMMAND.query), text]))

const AFTER_LOGIN: readonly Assault[] = [
  late('a packet of no bytes', header(0, 0), /^(ERR \d+|closed)$/),
  late('a packet that goes on beyond the bound', header(0xff_ffff, 0), /^ERR 1153$/),
  late('a packet with a wrong number', encodePacket(Buffer.of(COMMAND.ping), 7), /^ERR 1156$/),
  late('half a packet, then silence', header(50, 0), /^(ERR \d+|closed)$/),
  late('garbage', garbage(3_000, 3), /^(ERR \d+|closed)$/),
  late(
    'a query that is not UTF-8',
    query(Buffer.from("SELECT '\xff\xfe'", 'latin1')),
    /^ERR 1300$/,
  ),
  late('a query with a NUL', query(Buffer.from('SELECT 1\0; DROP TABLE orders')), /^ERR \d+$/),
  late('a query of nothing', query(Buffer.alloc(0)), /^ERR \d+$/),
  late(
    'an Execute of nothing',
    command(encodeCommand({ kind: 'execute', statementId: 77, flags: 0, body: Buffer.alloc(0) })),
    /^ERR 1243$/,
  ),
  late(
    'a Fetch of nothing',
    command(encodeCommand({ kind: 'fetch', statementId: 77, rows: 1 })),
    /^ERR 1243$/,
  ),
  late('an Execute too short', command(Buffer.of(COMMAND.stmtExecute, 1)), /^(ERR \d+|closed)$/),
  late(
    'a change of user to garbage',
    command(Buffer.concat([Buffer.of(0x11), garbage(60)])),
    /^(ERR \d+|EOF|closed)$/,
  ),
  late('an unknown command', command(Buffer.of(0xee)), /^ERR 1047$/),
  late('a binlog dump', command(Buffer.of(0x12, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0)), /^ERR 1047$/),
  {
    name: 'a database that is not UTF-8',
    expects: /^ERR \d+$/,
    commit: async (product) => {
      const { client } = await logIn(product)
      const told = await client.ask(Buffer.of(COMMAND.initDb, 0xff, 0xc0, 0xaf))
      client.socket.destroy()
      return told
    },
  },
  {
    name: 'two thousand prepared statements',
    expects: /^OK, then ERR 1461$/,
    commit: async (product) => {
      const { client } = await logIn(product)
      const prepare = encodeCommand({
        kind: 'prepare',
        text: Buffer.from("UPDATE orders SET status = 'x' WHERE id = -1"),
      })
      const answers = new Set<string>()
      for (let at = 0; at < 1_001; at += 1) answers.add(await client.ask(prepare))
      client.socket.destroy()
      return [...answers].join(', then ')
    },
  },
  {
    name: 'frames that go on and on',
    expects: /^took 16 MB or fewer$/,
    commit: async (product) => {
      const { client } = await logIn(product)
      client.socket.write(header(0xff_ffff, 0))
      const taken = await flood(client.socket, 100)
      client.socket.destroy()
      return taken <= 16 ? 'took 16 MB or fewer' : `took ${taken} MB`
    },
  },
]

const LOGINS: readonly Assault[] = [
  {
    name: 'wrong passwords, sixteen at once',
    expects: /^(ERR 1045,?){16}$/,
    commit: async (product) => {
      const tries = Array.from({ length: 16 }, async (_, at) => {
        const { client, told } = await logIn(product, { password: `wrong ${at}` }, strangeAddress())
        client.socket.destroy()
        return told
      })
      return (await Promise.all(tries)).join()
    },
  },
  ...(
    [
      ['an unknown user', { user: 'nobody' }, /^ERR 1045$/],
      ['an unknown database', { database: 'nowhere' }, /^ERR 1049$/],
      ['a database by path', { database: '../../etc/passwd' }, /^ERR 1049$/],
    ] as const
  ).map(
    ([name, login, expects]): Assault => ({
      name,
      expects,
      commit: async (product) => {
        const { client, told } = await logIn(product, login, strangeAddress())
        client.socket.destroy()
        return told
      },
    }),
  ),
  {
    name: 'fifty clients that never say a word',
    expects: /^closed$/,
    commit: async ({ ports }) => {
      const sockets = await Promise.all(Array.from({ length: 50 }, () => openSocket(ports.mysql)))
      await Promise.all(sockets.map((socket) => lastWords(socket)))
      return 'closed'
    },
  },
]

export const MYSQL_ASSAULTS: readonly Assault[] = [...BEFORE_LOGIN, ...AFTER_LOGIN, ...LOGINS]
