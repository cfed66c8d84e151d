// What no PostgreSQL client says, before the log-in and after it.
import { once } from 'node:events'
import { decodeBackend, encodeFrontend, encodeStartup } from '@articdbm/wire/postgres'
import type { Product } from '../support/product.ts'
import { RawClient } from '../wire/pg/raw.ts'
import { type Assault, garbage, strangeAddress } from './assault.ts'
import { drip, flood, lastWords, openSocket, say } from './socket.ts'

/** As a server does with what is no start-up at all. */
const NO_STARTUP = /^closed$/
const REFUSED = /^error (08P01|0A000|28000|22021|28P01|3D000)$/

export function startup(user: string, database: string): Buffer {
  const parameters = new Map(Object.entries({ user, database }))
  return encodeStartup({ kind: 'startup', major: 3, minor: 0, parameters })
}

/** A frame with whatever length it claims. */
export function frame(code: string, length: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5, code)
  head.writeInt32BE(length, 1)
  return Buffer.concat([head, body])
}

function verdictOf(words: Buffer): string {
  if (words.length === 0) return 'closed'
  const message = decodeBackend(words)
  return message?.kind === 'errorResponse' ? `error ${message.fields.get('C')}` : `${message?.kind}`
}

const early = (name: string, bytes: Buffer, expects = REFUSED): Assault => ({
  name,
  expects,
  commit: async ({ ports }) => verdictOf(await say(ports.postgres, bytes)),
})

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const rawStartup = (parameters: Buffer): Buffer =>
  Buffer.concat([int32(8 + parameters.length), int32(0x0003_0000), parameters])

const startupOf = (length: number): Buffer => Buffer.concat([int32(length), garbage(64)])

const BEFORE_LOGIN: readonly Assault[] = [
  early('garbage', garbage(4_096), /^(error 08P01|closed)$/),
  ...[0, 3, -1, -(2 ** 31), 2 ** 31 - 1].map((length) =>
    early(`a start-up of length ${length}`, startupOf(length), NO_STARTUP),
  ),
  early('a start-up of length 7', startupOf(7)),
  early('HTTP', Buffer.from('POST / HTTP/1.1\r\nhost: x\r\n\r\n'), NO_STARTUP),
  early('a user that is not UTF-8', rawStartup(Buffer.from('user\0\xff\xfe\0\0', 'latin1'))),
  early(
    'a database that is not UTF-8',
    rawStartup(Buffer.from('user\0owner\0database\0\xc0\xaf\0\0', 'latin1')),
  ),
  early('parameters without an end', rawStartup(Buffer.from('user\0owner'))),
  early(
    'a TLS request with plaintext behind',
    Buffer.concat([encodeStartup({ kind: 'sslRequest' }), startup('owner', 'shop')]),
  ),
  early('garbage as TLS', Buffer.concat([Buffer.of(0x16, 3, 1, 2, 0), garbage(600)]), /^\S+/),
  early('a record of TLS that never ends', Buffer.of(0x16, 3, 1, 0x40, 0), /^closed$/),
  early('half a start-up, then silence', startup('owner', 'shop').subarray(0, 11), /^closed$/),
  early('nothing at all', Buffer.alloc(0), /^closed$/),
  {
    name: 'a start-up byte by byte, too slowly',
    expects: /^closed$/,
    commit: async ({ ports }) =>
      verdictOf(await drip(ports.postgres, startup('owner', 'shop'), 200)),
  },
  ...[
    ['a query', encodeFrontend({ kind: 'query', text: 'select 1' })] as const,
    ['a credential of 100 MB', frame('p', 100_000_000)] as const,
    ['a negative credential', frame('p', -5)] as const,
    ['garbage', garbage(500, 7)] as const,
  ].map(
    ([name, bytes]): Assault => ({
      name: `${name} in place of the password`,
      expects: /^error 08P01$/,
      commit: async ({ ports }) => {
        const socket = await openSocket(ports.postgres)
        socket.write(startup('owner', 'shop'))
        await once(socket, 'data')
        socket.write(bytes)
        return verdictOf(await lastWords(socket))
      },
    }),
  ),
]

export async function logIn(product: Product, person = product.owner, database = 'shop') {
  const socket = await openSocket(product.ports.postgres, '127.0.0.1')
  const url = new URL(`postgres://127.0.0.1/${database}`)
  url.username = person.name
  url.password = person.password
  return RawClient.over(socket, url.href)
}

/** What a session that was opened honestly answers to these bytes; then it is left. */
const late = (name: string, bytes: Buffer, expects: RegExp): Assault => ({
  name,
  expects,
  commit: async (product) => {
    const client = await logIn(product)
    client.socket.write(bytes)
    const words = client.end()
    client.socket.end()
    return (await words).join()
  },
})

const SYNC = encodeFrontend({ kind: 'sync' })
const ENDS = /^error 08P01$/

const AFTER_LOGIN: readonly Assault[] = [
  ...[0, 3, -1, -(2 ** 31), 2 ** 31 - 1, 100_000_000].map((length) =>
    late(`a query of length ${length}`, frame('Q', length), ENDS),
  ),
  late('an unknown message', frame('!', 4), ENDS),
  late('garbage', garbage(3_000, 3), /^error 08P01/),
  late('a start-up', startup('owner', 'shop'), /^(error 08P01)?$/),
  late('a query without its NUL', frame('Q', 12, Buffer.from('select 1')), ENDS),
  late('a query with a NUL within', frame('Q', 15, Buffer.from('select 1\0\0x\0')), ENDS),
  late(
    'text that is not UTF-8',
    Buffer.concat([frame('Q', 15, Buffer.from("select '\xff'\0", 'latin1').subarray(0, 11)), SYNC]),
    /^error (22021|08P01)/,
  ),
  late(
    'a Bind to nothing',
    Buffer.concat([frame('B', 16, Buffer.from('\0nobody\0\0\0\0\0\0\0'.slice(0, 12))), SYNC]),
    /^error (26000|08P01)/,
  ),
  late(
    'an Execute of nothing',
    Buffer.concat([frame('E', 13, Buffer.from('none\0\0\0\0\0').subarray(0, 9)), SYNC]),
    /^error 34000,idle/,
  ),
  late(
    'a Describe of nothing',
    Buffer.concat([frame('D', 6, Buffer.from('S\0')), SYNC]),
    /^error 26000,idle/,
  ),
  late('a Describe of a strange kind', frame('D', 6, Buffer.from('Z\0')), ENDS),
  late(
    'a Parse that counts 65,535 types',
    frame('P', 8, Buffer.from('\0\0\xff\xff', 'latin1')),
    ENDS,
  ),
  late(
    'a Bind that counts 65,535 values',
    frame('B', 10, Buffer.from('\0\0\0\0\xff\xff', 'latin1')),
    ENDS,
  ),
  late(
    'a Bind with a value of two gigabytes',
    frame('B', 14, Buffer.from('\0\0\0\0\0\x01\x7f\xff\xff\xff', 'latin1')),
    ENDS,
  ),
  late(
    'rows of a COPY that nobody began',
    Buffer.concat([frame('d', 8, garbage(4)), frame('c', 4), frame('f', 5, Buffer.alloc(1)), SYNC]),
    /^(idle|error 08P01)/,
  ),
  late(
    'ten thousand Syncs',
    Buffer.concat(Array.from({ length: 10_000 }, () => SYNC)),
    /^(idle,){9999}idle$/,
  ),
  late(
    'five thousand named statements',
    Buffer.concat([
      ...Array.from({ length: 5_000 }, (_, at) =>
        encodeFrontend({
          kind: 'parse',
          statement: `s${at}`,
          text: 'select 1',
          parameterTypes: [],
        }),
      ),
      SYNC,
    ]),
    /^(parseComplete,)+error \w{5},idle$/,
  ),
  late('half a query, then the end', frame('Q', 400, Buffer.from('select')), /^$/),
  {
    name: 'a frame within the bound that never ends',
    expects: /^took 16 MB or fewer$/,
    commit: async (product) => {
      const client = await logIn(product)
      client.socket.write(frame('Q', 100_000_000))
      const taken = await flood(client.socket, 100)
      client.socket.destroy()
      return taken <= 16 ? 'took 16 MB or fewer' : `took ${taken} MB`
    },
  },
]

const attempt = async (product: Product, name: string, password: string, database = 'shop') => {
  const address = strangeAddress()
  const socket = await openSocket(product.ports.postgres, address)
  const url = new URL(`postgres://127.0.0.1/${encodeURIComponent(database)}`)
  url.username = name
  url.password = password
  const failed = await RawClient.over(socket, url.href).catch((error: Error) => error.message)
  socket.destroy()
  return typeof failed === 'string' ? failed : 'logged in'
}

const LOGINS: readonly Assault[] = [
  {
    name: 'wrong passwords, sixteen at once',
    expects: /^(password authentication failed for user "owner",?){16}$/,
    commit: async (product) =>
      (
        await Promise.all(
          Array.from({ length: 16 }, (_, at) => attempt(product, 'owner', `wrong ${at}`)),
        )
      ).join(),
  },
  {
    name: 'an unknown user',
    expects: /^password authentication failed for user "nobody"$/,
    commit: (product) => attempt(product, 'nobody', 'x'),
  },
  {
    name: 'an unknown database',
    expects: /^database "nowhere" does not exist/,
    commit: (product) => attempt(product, product.owner.name, product.owner.password, 'nowhere'),
  },
]

export const POSTGRES_ASSAULTS: readonly Assault[] = [...BEFORE_LOGIN, ...AFTER_LOGIN, ...LOGINS]
