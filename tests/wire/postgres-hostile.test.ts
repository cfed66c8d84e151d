// Bytes that no honest client sends: a protocol error or silence, never a crash, a hang or a growing gateway.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { decodeBackend, encodeFrontend, encodeStartup } from '@articdbm/wire/postgres'
import fc from 'fast-check'
import pg from 'pg'
import { openDoor, PASSWORD, rawSocket, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'
import { createShopFile } from './pg/shop-file.ts'

const options = { timeout: 30_000 }
const file = createShopFile()
let door: TestDoor
before(async () => {
  door = await openDoor({ sqliteFile: file.path })
})
after(async () => {
  await door?.close()
  file.remove()
})

const url = () => door.url('ada', 'files')
const startup = encodeStartup({
  kind: 'startup',
  major: 3,
  minor: 0,
  parameters: new Map([
    ['user', 'ada'],
    ['database', 'files'],
  ]),
})

/** Everything the door says until it closes. */
async function lastWords(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => undefined)
  if (!socket.closed) await once(socket, 'close')
  return Buffer.concat(chunks)
}

async function say(bytes: Buffer, to: TestDoor = door): Promise<Buffer> {
  const socket = await rawSocket(to)
  socket.write(bytes)
  return lastWords(socket)
}

async function stillWorks(): Promise<void> {
  const client = await RawClient.open(url())
  assert.deepEqual(await client.query('select 1'), ['rowDescription', 'row 1', 'SELECT 1', 'idle'])
  client.close()
}

const codeOf = (words: Buffer) => {
  const message = words.length > 0 ? decodeBackend(words) : undefined
  return message?.kind === 'errorResponse' ? message.fields.get('C') : undefined
}

const FIRST_BYTES: readonly (readonly [string, Buffer, string | undefined])[] = [
  ['a length of zero', Buffer.from([0, 0, 0, 0]), undefined],
  ['a length of two gigabytes', Buffer.from([0x7f, 0xff, 0xff, 0xff]), undefined],
  ['a startup of 11,000 bytes', Buffer.from([0, 0, 0x2a, 0xf8, 0, 3, 0, 0]), undefined],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), undefined],
  ['a Terminate before its startup', encodeFrontend({ kind: 'terminate' }), undefined],
  [
    'protocol 2',
    encodeStartup({ kind: 'startup', major: 2, minor: 0, parameters: new Map() }),
    '0A000',
  ],
  [
    'no user',
    encodeStartup({ kind: 'startup', major: 3, minor: 0, parameters: new Map() }),
    '28000',
  ],
  [
    'a user that is not UTF-8',
    Buffer.from('\0\0\0\x10\0\x03\0\0user\0\xff\xfe\0', 'latin1'),
    '22021',
  ],
  [
    'plaintext behind a TLS request',
    Buffer.concat([encodeStartup({ kind: 'sslRequest' }), startup]),
    '08P01',
  ],
  [
    'a cancel request with a key of nobody',
    encodeStartup({ kind: 'cancelRequest', processId: 1, secret: Buffer.alloc(4) }),
    undefined,
  ],
]
for (const [name, bytes, code] of FIRST_BYTES) {
  test(`${name} as first bytes ends in ${code ?? 'silence'}`, options, async () => {
    assert.equal(codeOf(await say(bytes)), code)
    await stillWorks()
  })
}

test(
  'a probe that says nothing, or half a message, is closed after the log-in time-out',
  options,
  async () => {
    const impatient = await openDoor({ limits: { loginTimeoutMs: 500 } })
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from([0, 0]),
      startup.subarray(0, 12),
      Buffer.from([0x16, 3, 1]),
    ]) {
      await say(bytes, impatient) // four times the default would be longer than this test may take
    }
    await impatient.close()
  },
)

test(
  'probes of a load balancer leave no session, no record and no error in the log',
  options,
  async () => {
    const quiet = await openDoor()
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from([0]),
      encodeStartup({ kind: 'sslRequest' }),
    ]) {
      const ended = await rawSocket(quiet)
      ended.end(bytes)
      await once(ended.resume(), 'close')
      const reset = await rawSocket(quiet)
      reset.write(bytes)
      reset.resetAndDestroy()
    }
    // Fails where an error was logged.
    await quiet.close()
    assert.deepEqual(quiet.events, [])
  },
)

test('GSSENC is declined and the socket kept', options, async () => {
  const socket = await rawSocket(door)
  socket.write(encodeStartup({ kind: 'gssEncRequest' }))
  const [answer] = await once(socket, 'data')
  assert.equal(String(answer), 'N')
  socket.write(startup)
  const [challenge] = await once(socket, 'data')
  assert.equal(decodeBackend(challenge)?.kind, 'authenticationSasl')
  socket.destroy()
})

test('a wrong password and an unknown name are refused alike', options, async () => {
  const refusal = async (user: string, password: string) => {
    const there = new URL(url())
    there.username = user
    there.password = password
    return await RawClient.open(there.href).catch((error: Error) => error.message)
  }
  const [known, unknown] = [await refusal('ada', 'wrong'), await refusal('nobody', 'wrong')]
  assert.equal(known, 'password authentication failed for user "ada"')
  assert.equal(unknown, 'password authentication failed for user "nobody"')
})

const SASL: readonly (readonly [string, Buffer])[] = [
  ['another message', encodeFrontend({ kind: 'query', text: 'select 1' })],
  [
    'an unknown mechanism',
    encodeFrontend({ kind: 'credential', bytes: Buffer.from('PLAIN\0\0\0\0\0') }),
  ],
  ['a huge message', Buffer.from([0x70, 0x06, 0x40, 0, 0])],
  ...[
    'p=tls-unique,,n=,r=abc',
    'n,a=eve,n=,r=abc',
    'n,,n=,r=',
    'n,,r=abc',
    'n,,m=x,n=,r=abc',
    '',
    `n,,n=,r=${'x'.repeat(600)}`,
  ].map((text): readonly [string, Buffer] => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(Buffer.byteLength(text))
    const bytes = Buffer.concat([Buffer.from('SCRAM-SHA-256\0'), length, Buffer.from(text)])
    return [JSON.stringify(text.slice(0, 30)), encodeFrontend({ kind: 'credential', bytes })]
  }),
]
for (const [name, bytes] of SASL) {
  test(`${name} instead of a SCRAM message ends the session`, options, async () => {
    const socket = await rawSocket(door)
    socket.write(startup)
    await once(socket, 'data')
    socket.write(bytes)
    assert.equal(codeOf(await lastWords(socket)), '08P01')
  })
}

const IN_SESSION: readonly (readonly [string, Buffer, readonly string[]])[] = [
  ['an unknown message type', Buffer.from([0x01, 0, 0, 0, 4]), ['error 08P01']],
  ['a frame of 100 MB', Buffer.from([0x51, 0x06, 0x40, 0, 0]), ['error 08P01']],
  ['a length of three', Buffer.from([0x51, 0, 0, 0, 3]), ['error 08P01']],
  ['a Query without an end', Buffer.from([0x51, 0, 0, 0, 6, 0x41, 0x42]), ['error 08P01']],
  [
    'a Bind that counts 65,535 parameters',
    Buffer.from([0x42, 0, 0, 0, 10, 0, 0, 0xff, 0xff, 0, 0]),
    ['error 08P01'],
  ],
  [
    'a function call without arguments or their count',
    Buffer.from([0x46, 0, 0, 0, 8, 0, 0, 0, 1]),
    ['error 08P01'],
  ],
  [
    'a password in the middle',
    encodeFrontend({ kind: 'credential', bytes: Buffer.from('x\0') }),
    ['error 08P01'],
  ],
]
for (const [name, bytes, words] of IN_SESSION) {
  test(`${name} ends the session with a clear error`, options, async () => {
    const client = await RawClient.open(url())
    client.socket.write(bytes)
    assert.deepEqual(await client.end(), words)
    await stillWorks()
  })
}

test('a text that is not UTF-8 fails its statement and not its session', options, async () => {
  const client = await RawClient.open(url())
  client.socket.write(Buffer.from([0x51, 0, 0, 0, 7, 0xff, 0xfe, 0]))
  assert.deepEqual(await client.summary(), ['error 22021', 'idle'])
  client.socket.write(Buffer.from([0x50, 0, 0, 0, 10, 0, 0xff, 0xfe, 0, 0, 0]))
  client.send({ kind: 'sync' })
  assert.deepEqual(await client.summary(), ['error 22021', 'idle'])
  client.close()
})

test('a session sent byte by byte is understood', options, async () => {
  const client = await RawClient.open(url())
  const bytes = Buffer.concat([
    encodeFrontend({ kind: 'query', text: 'select 1' }),
    encodeFrontend({ kind: 'parse', statement: '', text: 'select 2', parameterTypes: [] }),
    encodeFrontend({
      kind: 'bind',
      portal: '',
      statement: '',
      parameterFormats: [],
      parameters: [],
      resultFormats: [],
    }),
    encodeFrontend({ kind: 'execute', portal: '', maxRows: 0 }),
    encodeFrontend({ kind: 'sync' }),
  ])
  for (const byte of bytes) {
    client.socket.write(Buffer.from([byte]))
    await sleep(1)
  }
  assert.deepEqual(await client.summary(2), [
    'rowDescription',
    'row 1',
    'SELECT 1',
    'idle',
    'parseComplete',
    'bindComplete',
    'row 2',
    'SELECT 1',
    'idle',
  ])
  client.close()
})

test('garbage before and within a session never crashes or hangs the door', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 9, maxLength: 200 }),
      fc.boolean(),
      async (array, isLoggedIn) => {
        if (!isLoggedIn) {
          const socket = await rawSocket(door)
          socket.end(Buffer.from(array))
          await lastWords(socket)
          return
        }
        const client = await RawClient.open(url())
        client.socket.end(Buffer.from(array))
        await client.end()
      },
    ),
    { numRuns: 60 },
  )
  await stillWorks()
})

test('ten thousand parentheses and five megabytes of statement are answered', options, async () => {
  const client = await RawClient.open(url())
  const deep = await client.query(`select ${'('.repeat(10_000)}1${')'.repeat(10_000)}`)
  assert.match(deep.join(), /^error \w{5},idle$/)
  const long = await client.query(`select '${'x'.repeat(5_000_000)}'`)
  assert.equal(long.at(-1), 'idle')
  client.close()
})

test('TLS: asked for by SSLRequest, and TLS 1.1 refused', options, async () => {
  const client = new pg.Client({ connectionString: url(), ssl: { rejectUnauthorized: false } })
  await client.connect()
  assert.equal((await client.query('select 1 as one')).rows[0].one, '1')
  await client.end()
  const old = new pg.Client({
    connectionString: url(),
    ssl: { rejectUnauthorized: false, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' },
  })
  await assert.rejects(old.connect())
})

test('TLS from the first byte needs the ALPN protocol of PostgreSQL', options, async () => {
  const open = async (protocols: string[] | undefined): Promise<TLSSocket> => {
    const wish: ConnectionOptions = {
      host: '127.0.0.1',
      port: door.port,
      rejectUnauthorized: false,
    }
    const socket = connectTls(protocols ? { ...wish, ALPNProtocols: protocols } : wish)
    await once(socket, 'secureConnect')
    return socket
  }
  const socket = await open(['postgresql'])
  socket.write(startup)
  const [challenge] = await once(socket, 'data')
  assert.equal(decodeBackend(challenge)?.kind, 'authenticationSasl')
  socket.destroy()
  const strange = await open(undefined)
  strange.write(startup)
  assert.doesNotMatch((await lastWords(strange)).toString('latin1'), /SCRAM/)
})

test('no answer and no log shows the password', options, async () => {
  const client = await RawClient.open(url())
  await client.query('select nope')
  client.close()
  assert.equal(JSON.stringify(door.events).includes(PASSWORD), false)
})
