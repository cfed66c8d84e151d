// What a real server won't do, but something in its place might: oddities at log-in and in answers.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import {
  type BackendMessage,
  encodeBackend,
  encodeStartup,
  FRONTEND,
  FrameReader,
} from '@articdbm/wire/postgres'
import { openDoor, rawSocket, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'

const options = { timeout: 30_000 }

const error = (...fields: [string, string][]): BackendMessage => ({
  kind: 'errorResponse',
  fields: new Map(fields),
})
const NOTICE: BackendMessage = {
  kind: 'noticeResponse',
  fields: new Map([
    ['S', 'NOTICE'],
    ['M', 'the password expires soon'],
  ]),
}
const status = (name: string, value: string): BackendMessage => ({
  kind: 'parameterStatus',
  name,
  value,
})
const READY: BackendMessage = { kind: 'readyForQuery', status: 'idle' }
const STATUSES = [status('client_encoding', 'UTF8'), status('standard_conforming_strings', 'on')]
const WELCOME: readonly BackendMessage[] = [{ kind: 'authenticationOk' }, ...STATUSES, READY]
const DONE: BackendMessage = { kind: 'commandComplete', tag: 'SELECT 0' }

/** What it says; the nonce is the client's. */
type Step = readonly BackendMessage[] | ((nonce: string) => readonly BackendMessage[])

interface Script {
  /** Said to the startup message, and after each message of a log-in. */
  readonly logIn: readonly Step[]
  /** Said to each Query. */
  readonly answer: readonly BackendMessage[]
}

/** Follows a script over one connection. */
function follow(socket: Socket, { logIn, answer }: Script): void {
  const reader = new FrameReader(1_000_000)
  const steps = logIn[Symbol.iterator]()
  const say = (step: Step = [], nonce = '') => {
    const messages = typeof step === 'function' ? step(nonce) : step
    socket.write(Buffer.concat(messages.map(encodeBackend)))
  }
  let hasBegun = false
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    reader.push(chunk)
    if (!hasBegun) say(reader.nextStartup() && steps.next().value)
    hasBegun = true
    for (let frame = reader.next(); frame; frame = reader.next()) {
      const nonce = frame.body.toString('latin1').match(/r=([^,]+)/)?.[1]
      if (frame.code === FRONTEND.credential) say(steps.next().value, nonce)
      if (frame.code === FRONTEND.query) say(answer)
    }
  })
}

/** A door before a backend that follows a script, without TLS. */
async function doorBefore(script: Script, t: TestContext): Promise<TestDoor> {
  const server = createServer((socket) => follow(socket, script))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const backend = { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
  const door = await openDoor({ backend, backendTls: 'disable', pool: { maxConnections: 1 } })
  t.after(async () => {
    await door.close()
    server.close()
  })
  return door
}

test('notices at log-in, and no cancel key, are no hindrance', options, async (t) => {
  const logIn = [
    [NOTICE, { kind: 'authenticationOk' }, NOTICE, ...STATUSES, NOTICE, READY],
  ] as const
  const door = await doorBefore({ logIn, answer: [NOTICE, DONE, READY] }, t)
  const client = await RawClient.open(door.url())
  assert.deepEqual(await client.query('select 1'), ['noticeResponse', 'SELECT 0', 'idle'])
  client.close()
})

test('a cancel that the server can not take ends without one', options, async (t) => {
  const door = await doorBefore({ logIn: [WELCOME], answer: [] }, t)
  const client = await RawClient.open(door.url())
  client.send({ kind: 'query', text: 'select 1' })
  const socket = await rawSocket(door)
  const key = { processId: 0, secret: Buffer.alloc(4), ...client.cancelKey }
  socket.end(encodeStartup({ kind: 'cancelRequest', ...key }))
  await once(socket.resume(), 'close')
  client.socket.destroy()
})

const sasl = (first: (nonce: string) => string): readonly Step[] => [
  [{ kind: 'authenticationSasl', mechanisms: ['SCRAM-SHA-256'] }],
  (nonce) => [{ kind: 'authenticationSaslContinue', bytes: Buffer.from(first(nonce)) }],
  WELCOME,
]
const REFUSING: readonly (readonly [string, Script['logIn'], RegExp])[] = [
  ['an error without a SQLSTATE', [[error(['M', 'go away'])]], /can't be reached: .*go away/],
  ['an error without a word', [[error()]], /can't be reached: .*it refused the log-in/],
  [
    'a wish for the password in clear',
    [[{ kind: 'authenticationCleartext' }]],
    /password in clear without TLS/,
  ],
  [
    'no SCRAM that is known',
    [[{ kind: 'authenticationSasl', mechanisms: ['NONSENSE'] }]],
    /it offers only NONSENSE/,
  ],
  ['Kerberos', [[{ kind: 'authenticationOther', method: 7 }]], /not supported/],
  ['a nonce that is not ours', sasl(() => 'r=another,s=AAAA,i=4096'), /malformed SCRAM message/],
  [
    'a salt that is not base64',
    sasl((nonce) => `r=${nonce}x,s=***,i=4096`),
    /malformed SCRAM message/,
  ],
  [
    'two thousand million iterations',
    sasl((nonce) => `r=${nonce}x,s=AAAA,i=2000000000`),
    /malformed SCRAM message/,
  ],
  ['no iterations', sasl((nonce) => `r=${nonce}x,s=AAAA,i=0`), /malformed SCRAM message/],
  [
    'a nonce of a kilobyte',
    sasl((nonce) => `r=${nonce}${'x'.repeat(1024)},s=AAAA,i=4096`),
    /malformed SCRAM message/,
  ],
  [
    'a proof of nothing',
    [
      ...sasl((nonce) => `r=${nonce}x,s=AAAA,i=4096`).slice(0, 2),
      [{ kind: 'authenticationSaslFinal', bytes: Buffer.from('v=AAAA') }, ...WELCOME],
    ],
    /could not prove that it knows the password/,
  ],
  [
    'a welcome instead of a proof',
    sasl((nonce) => `r=${nonce}x,s=AAAA,i=4096`),
    /it answered the log-in with authenticationOk/,
  ],
  ['rows before it knows who asks', [[DONE, ...WELCOME]], /not supported \(commandComplete\)/],
  [
    'another encoding',
    [[{ kind: 'authenticationOk' }, status('client_encoding', 'SJIS'), READY]],
    /its client_encoding is SJIS, not UTF8/,
  ],
  [
    'backslashes as escapes',
    [
      [
        { kind: 'authenticationOk' },
        status('client_encoding', 'UTF8'),
        status('standard_conforming_strings', 'off'),
        READY,
      ],
    ],
    /its standard_conforming_strings is off, not on/,
  ],
]
for (const [name, logIn, reason] of REFUSING) {
  test(
    `a backend that answers the log-in with ${name} is refused, and the client told`,
    options,
    async (t) => {
      const door = await doorBefore({ logIn, answer: [] }, t)
      await assert.rejects(RawClient.open(door.url()), reason)
    },
  )
}

const ANSWERS: readonly (readonly [string, readonly BackendMessage[], readonly string[]])[] = [
  [
    'an error without a SQLSTATE',
    [error(['S', 'ERROR'], ['M', 'no']), READY],
    ['error undefined', 'idle'],
  ],
  ['an error without a word', [error(), READY], ['error undefined', 'idle']],
  [
    'notices and settings in between',
    [NOTICE, status('TimeZone', 'UTC'), DONE, NOTICE, READY],
    ['noticeResponse', 'SELECT 0', 'noticeResponse', 'idle'],
  ],
]
for (const [name, answer, summary] of ANSWERS) {
  test(`${name} in an answer is passed on, and the session lives`, options, async (t) => {
    const door = await doorBefore({ logIn: [WELCOME], answer }, t)
    const client = await RawClient.open(door.url())
    for (let left = 2; left > 0; left -= 1)
      assert.deepEqual(await client.query('select 1'), summary)
    const { outcome, errorCode } = door.endings().at(-1) ?? {}
    const isError = summary[0]?.startsWith('error') ?? false
    assert.deepEqual([outcome, errorCode], isError ? ['error', 'XX000'] : ['ok', ''])
    client.close()
  })
}
