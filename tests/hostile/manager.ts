// What no browser, script or gateway sends to the manager: REST, the console's socket, the gateways' own routes.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { linkToken, parseMasterKey } from '@articdbm/credential'
import { WebSocket } from 'ws'
import type { Product } from '../support/product.ts'
import { type Assault, garbage } from './assault.ts'
import { drip, flood, lastWords, openSocket, say } from './socket.ts'

const statusOf = (words: Buffer) =>
  /^HTTP\/1\.1 (\d{3})/.exec(words.toString('latin1'))?.[1] ?? 'closed'

const bytes = (name: string, text: string | Buffer, expects: RegExp): Assault => ({
  name,
  expects,
  commit: async ({ ports }) => statusOf(await say(ports.manager, Buffer.from(text as string))),
})

interface Sent {
  readonly path: string
  readonly body: string | Buffer
  readonly type?: string
  readonly token?: string
}

async function post(product: Product, { path, body, type, token }: Sent): Promise<string> {
  const response = await fetch(`${product.restUrl}${path}`, {
    method: 'POST',
    headers: {
      'content-type': type ?? 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body,
    signal: AbortSignal.timeout(20_000),
  })
  const answer = (await response.json()) as { error?: string }
  return `${response.status} ${answer.error ?? ''}`
}

const QUERY = '/api/v1/databases/shop/query'
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

/** As somebody who is logged in: the bytes get as far as they can. */
const asOwner = (
  name: string,
  wish: Omit<Sent, 'path'> & { path?: string },
  expects: RegExp,
): Assault => ({
  name,
  expects,
  commit: async (product) => {
    const { token } = await product.login()
    return post(product, { path: QUERY, token, ...wish })
  },
})

const REST: readonly Assault[] = [
  bytes('garbage', garbage(4_096), /^400$/),
  bytes('a request line without an end', `GET /${'a'.repeat(100_000)}`, /^(414|431|400)$/),
  bytes(
    'a million bytes of header',
    `GET / HTTP/1.1\r\nx: ${'a'.repeat(1_000_000)}`,
    /^(431|closed)$/,
  ),
  bytes(
    'a negative length',
    'POST /api/v1/auth/token HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
    /^400$/,
  ),
  bytes(
    'two lengths',
    'POST /api/v1/auth/token HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 5\r\n\r\n{}',
    /^400$/,
  ),
  bytes(
    'a length beside chunks',
    'POST /api/v1/auth/token HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    /^400$/,
  ),
  bytes(
    'a length of 2 GB',
    `POST /api/v1/auth/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${2 ** 31 - 1}\r\nconnection: close\r\n\r\n`,
    /^413$/,
  ),
  bytes(
    'half a body, then silence',
    'POST /api/v1/auth/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"name"',
    /^(408|closed)$/,
  ),
  {
    name: 'a header byte by byte, too slowly',
    expects: /^(408|closed)$/,
    commit: async ({ ports }) =>
      statusOf(
        await drip(ports.manager, Buffer.from(`GET / HTTP/1.1\r\nx: ${'y'.repeat(60)}`), 150),
      ),
  },
  {
    name: 'a body without an end',
    expects: /^took 16 MB or fewer$/,
    commit: async (product) => {
      const { token } = await product.login()
      const socket = await openSocket(product.ports.manager, '127.0.0.1')
      const words = lastWords(socket).catch(() => Buffer.alloc(0))
      socket.write(
        `POST ${QUERY} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 104857600\r\n\r\n`,
      )
      const taken = await flood(socket, 100)
      socket.destroy()
      await words
      return taken <= 16 ? 'took 16 MB or fewer' : `took ${taken} MB`
    },
  },
  asOwner('no JSON', { body: '{"sql": ' }, /^400 /),
  asOwner(
    'JSON that is not UTF-8',
    { body: Buffer.from('{"sql": "select \xff"}', 'latin1') },
    /^(200|400|403|422) /,
  ),
  asOwner('JSON a hundred thousand deep', { body: deep(100_000) }, /^400 /),
  asOwner(
    'a statement that is JSON two million deep',
    { body: `{"sql": ${deep(2_000_000)}}` },
    /^400 /,
  ),
  asOwner(
    'a body of 6 MB',
    { body: JSON.stringify({ sql: 'x'.repeat(6_000_000) }) },
    /^413 body_too_large$/,
  ),
  asOwner('a statement of 4 MB', { body: JSON.stringify({ sql: 'x'.repeat(4_000_000) }) }, /^400 /),
  asOwner(
    'a hundred thousand parameters',
    { body: JSON.stringify({ sql: 'select 1', parameters: Array(100_000).fill(1) }) },
    /^400 /,
  ),
  asOwner(
    'text',
    { body: 'select 1', type: 'text/plain' },
    /^(400 validation_failed|415 unsupported_media_type)$/,
  ),
  asOwner('a form', { body: 'sql=select+1', type: 'application/x-www-form-urlencoded' }, /^415 /),
  asOwner('a type of garbage', { body: '{}', type: 'application/json; charset="' }, /^(400|415) /),
  asOwner('a prototype', { body: '{"__proto__": {"x": 1}, "sql": "select 1"}' }, /^400 /),
  asOwner(
    'a NUL in a statement',
    { body: '{"sql": "select 1\\u0000 from orders"}' },
    /^(400|403|422) /,
  ),
  asOwner(
    'a lone surrogate in a statement',
    { body: '{"sql": "select \'\\ud800\'"}' },
    /^(200|400|403|422) /,
  ),
  asOwner(
    'a database that is not UTF-8',
    { path: '/api/v1/databases/%ff%fe/query', body: '{"sql": "select 1"}' },
    /^(400|404) /,
  ),
  asOwner(
    'a database by path',
    { path: '/api/v1/databases/..%2f..%2fetc/query', body: '{"sql": "select 1"}' },
    /^(400|404) /,
  ),
  asOwner(
    'a database with a NUL',
    { path: '/api/v1/databases/a%00b/query', body: '{"sql": "select 1"}' },
    /^(400|404) /,
  ),
  asOwner(
    'a name with a lone surrogate',
    { path: '/api/v1/auth/token', body: '{"name": "\\ud800", "password": "x"}' },
    /^(400|401) /,
  ),
  asOwner(
    'a password of 4 MB',
    {
      path: '/api/v1/auth/token',
      body: JSON.stringify({ name: 'owner', password: 'x'.repeat(4_000_000) }),
    },
    /^400 /,
  ),
  {
    name: 'tokens of garbage',
    expects: /^(401 \w+,?)+$/,
    commit: async (product) => {
      const tokens = ['x', 'eyJhbGciOiJub25lIn0.e30.', 'a.b.c', 'z'.repeat(4_000), '%00', '../..']
      const told = tokens.map((token) =>
        post(product, { path: QUERY, token, body: '{"sql": "select 1"}' }),
      )
      return (await Promise.all(told)).join()
    },
  },
]

/** What a socket of the console says to these messages: `error code` or `closed code`, whichever comes first. */
async function converse(
  product: Product,
  messages: readonly (string | Buffer)[],
  isKnown = true,
): Promise<string> {
  const socket = new WebSocket(`${product.restUrl.replace('http', 'ws')}/api/v1/console`)
  const { promise, resolve } = Promise.withResolvers<string>()
  const timer = setTimeout(() => resolve('silent'), 12_000)
  const sendAll = () => {
    for (const message of messages) socket.send(message)
  }
  socket.on('error', () => undefined)
  socket.on('close', (code) => resolve(`closed ${code}`))
  socket.on('message', (text) => {
    const { type, code } = JSON.parse(String(text))
    if (type === 'ready') sendAll()
    if (type === 'error') resolve(`error ${code}`)
    if (type === 'finished') resolve('finished')
  })
  const { token } = await product.login()
  const greet = () => (isKnown ? socket.send(JSON.stringify({ type: 'hello', token })) : sendAll())
  if (socket.readyState === socket.OPEN) greet()
  else socket.on('open', greet)
  return promise.finally(() => {
    clearTimeout(timer)
    socket.terminate()
  })
}

const inConsole = (name: string, message: string | Buffer, expects: RegExp): Assault => ({
  name,
  expects,
  commit: (product) => converse(product, [message]),
})
const beforeHello = (name: string, message: string | Buffer, expects: RegExp): Assault => ({
  name,
  expects,
  commit: (product) => converse(product, [message], false),
})
const run = (wish: object) => JSON.stringify({ type: 'run', id: '1', database: 'shop', ...wish })

const CONSOLE: readonly Assault[] = [
  beforeHello('a run before hello', run({ sql: 'select 1' }), /^closed 4401$/),
  beforeHello('garbage before hello', garbage(2_000), /^closed 4401$/),
  beforeHello('a wrong token', '{"type": "hello", "token": "x.y.z"}', /^closed 4401$/),
  beforeHello(
    'a token of 10 MB',
    JSON.stringify({ type: 'hello', token: 'x'.repeat(10_000_000) }),
    /^closed (1009|1006)$/,
  ),
  {
    name: 'silence instead of hello',
    expects: /^closed 4401$/,
    commit: (product) => converse(product, [], false),
  },
  inConsole('garbage', garbage(2_000), /^error bad_message$/),
  inConsole('JSON a hundred thousand deep', deep(100_000), /^error bad_message$/),
  inConsole(
    'text that is not UTF-8',
    Buffer.from('{"type": "run", "\xff"', 'latin1'),
    /^error bad_message$/,
  ),
  inConsole('a message of 6 MB', run({ sql: 'x'.repeat(6_000_000) }), /^closed (1009|1006)$/),
  inConsole('a statement of 4 MB', run({ sql: 'x'.repeat(4_000_000) }), /^error bad_message$/),
  inConsole('a number for a statement', run({ sql: 1 }), /^error bad_message$/),
  inConsole('a lone surrogate', run({ sql: "select '\ud800'" }), /^(finished|error \w+)$/),
  inConsole(
    'an unknown database',
    run({ database: 'nowhere', sql: 'select 1' }),
    /^error unknown_database$/,
  ),
  {
    name: 'tabs without an end',
    expects: /^error too_many_tabs$/,
    commit: (product) =>
      converse(
        product,
        Array.from({ length: 40 }, (_, at) =>
          run({ id: `${at}`, tab: `${at}`, sql: 'select 1 from orders' }),
        ),
      ),
  },
  {
    name: 'a frame of nobody’s protocol',
    expects: /^closed$/,
    commit: async ({ ports }) => {
      const socket = await openSocket(ports.manager)
      const words = lastWords(socket)
      socket.write(
        'GET /api/v1/console HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
      socket.write(garbage(300, 5))
      await words
      return 'closed'
    },
  },
]

async function gatewaysToken({ directory }: Product): Promise<string> {
  return linkToken(parseMasterKey(await readFile(join(directory, 'master.key'), 'utf8')))
}

/** With the master key: a gateway gone mad. */
const asGateway = (name: string, wish: Sent, expects: RegExp): Assault => ({
  name,
  expects,
  commit: async (product) => post(product, { token: await gatewaysToken(product), ...wish }),
})
const asNobody = (name: string, wish: Sent): Assault => ({
  name,
  expects: /^401 /,
  commit: (product) => post(product, wish),
})

const INTERNAL: readonly Assault[] = [
  asNobody('audit of nobody', { path: '/internal/v1/audit', body: '{"events": []}' }),
  asNobody('status with a guessed token', {
    path: '/internal/v1/status',
    body: '{}',
    token: 'a'.repeat(64),
  }),
  asGateway('audit that is no JSON', { path: '/internal/v1/audit', body: '{{{{' }, /^400 /),
  asGateway(
    'audit a hundred thousand deep',
    { path: '/internal/v1/audit', body: deep(100_000) },
    /^400 /,
  ),
  asGateway(
    'audit of another shape',
    { path: '/internal/v1/audit', body: '{"events": [{"x": 1}]}' },
    /^400 /,
  ),
  asGateway('status of garbage', { path: '/internal/v1/status', body: garbage(900) }, /^400 /),
  asGateway(
    'audit as text',
    { path: '/internal/v1/audit', body: 'x', type: 'text/plain' },
    /^(400|415) /,
  ),
  {
    name: 'a hundred megabytes of audit from nobody',
    expects: /^(401|closed)$/,
    commit: async ({ ports }) => {
      const socket = await openSocket(ports.manager)
      const words = lastWords(socket)
      socket.write(
        'POST /internal/v1/audit HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 104857600\r\n\r\n',
      )
      await flood(socket, 100)
      return statusOf(await words)
    },
  },
]

export const MANAGER_ASSAULTS: Readonly<
  Record<'rest' | 'console' | 'internal', readonly Assault[]>
> = {
  rest: REST,
  console: CONSOLE,
  internal: INTERNAL,
}
