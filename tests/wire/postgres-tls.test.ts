// TLS of the PostgreSQL door and of its backends: channel binding, and certificates of clients.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls'
import {
  decodeBackend,
  encodeFrontend,
  encodeSaslInitial,
  encodeStartup,
} from '@articdbm/wire/postgres'
import pg from 'pg'
import { beginScram, channelBinding } from '../../gateway/src/postgres/scram.ts'
import { execute, missing } from '../clients/program.ts'
import { type Server as PostgresServer, startPostgres } from '../support/servers/index.ts'
import { Authority, type ClientCertificate } from './pg/authority.ts'
import { BACKEND_URL, openDoor, PASSWORD, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'

const options = {
  timeout: 120_000,
  skip: BACKEND_URL ? missing('openssl') : 'needs TEST_POSTGRES_URL',
}
const AUTHORITY = options.skip === false ? new Authority() : undefined
let door: TestDoor

before(async () => {
  if (!options.skip) door = await openDoor()
})
after(async () => {
  await door?.close()
  AUTHORITY?.remove()
})

function psql(port: number, settings: Record<string, string>) {
  const wish = { host: '127.0.0.1', port: `${port}`, user: 'ada', dbname: 'shop', ...settings }
  const text = Object.entries(wish).map(([name, value]) => `${name}=${value}`)
  return execute('psql', ['-XAtc', 'select 7 * 6', text.join(' ')], {
    environment: { PGPASSWORD: PASSWORD },
  })
}

test(
  'psql with channel_binding=require gets in, and without TLS it does not',
  options,
  async () => {
    const bound = await psql(door.port, { sslmode: 'require', channel_binding: 'require' })
    assert.deepEqual([bound.out, bound.err], ['42\n', ''])
    const plain = await psql(door.port, { sslmode: 'disable', channel_binding: 'require' })
    assert.match(plain.err, /channel binding required, but SSL not in use/)
  },
)

test('psql that wants no channel binding gets in by the plain mechanism', options, async () => {
  const plain = await psql(door.port, { sslmode: 'require', channel_binding: 'disable' })
  assert.deepEqual([plain.out, plain.err], ['42\n', ''])
})

test('a wrong password is refused by the bound mechanism, too', options, async () => {
  const client = new pg.Client({
    connectionString: door.url().replace(encodeURIComponent(PASSWORD), 'wrong'),
    ssl: { rejectUnauthorized: false },
    enableChannelBinding: true,
  })
  await assert.rejects(client.connect(), /password authentication failed/)
})

test('node pg with channel binding, where the mechanism is on offer', options, async () => {
  const client = new pg.Client({
    connectionString: door.url(),
    ssl: { rejectUnauthorized: false },
    enableChannelBinding: true,
  })
  await client.connect()
  assert.equal((await client.query('select 1 as one')).rows[0].one, 1)
  await client.end()
})

async function secureSocket(port: number): Promise<TLSSocket> {
  const socket = connectTls({
    host: '127.0.0.1',
    port,
    rejectUnauthorized: false,
    ALPNProtocols: ['postgresql'],
  })
  await once(socket, 'secureConnect')
  return socket
}

async function answerTo(socket: Socket, bytes: Buffer) {
  socket.write(bytes)
  const [answer] = await once(socket, 'data')
  return decodeBackend(answer)
}

const STARTUP = encodeStartup({
  kind: 'startup',
  major: 3,
  minor: 0,
  parameters: new Map([
    ['user', 'ada'],
    ['database', 'shop'],
  ]),
})

test(
  'who was told that there is no channel binding was lied to, and is refused',
  options,
  async () => {
    const socket = await secureSocket(door.port)
    const offered = await answerTo(socket, STARTUP)
    assert.deepEqual(offered?.kind === 'authenticationSasl' && offered.mechanisms, [
      'SCRAM-SHA-256-PLUS',
      'SCRAM-SHA-256',
    ])
    const answer = await answerTo(socket, encodeSaslInitial('SCRAM-SHA-256', 'y,,n=,r=abcdefgh'))
    assert.equal(answer?.kind, 'errorResponse')
    socket.destroy()
  },
)

test('a proof bound to the certificate of somebody between is refused', options, async () => {
  const socket = await secureSocket(door.port)
  await answerTo(socket, STARTUP)
  const exchange = beginScram(PASSWORD, 'abcdefgh', channelBinding(Buffer.alloc(32, 1), true))
  const initial = encodeSaslInitial('SCRAM-SHA-256-PLUS', exchange.first)
  const challenge = await answerTo(socket, initial)
  assert.equal(challenge?.kind, 'authenticationSaslContinue')
  const first = challenge?.kind === 'authenticationSaslContinue' ? challenge.bytes.toString() : ''
  const { final } = await exchange.prove(first)
  const answer = await answerTo(
    socket,
    encodeFrontend({ kind: 'credential', bytes: Buffer.from(final) }),
  )
  assert.match(answer?.kind === 'errorResponse' ? `${answer.fields.get('M')}` : '', /binding check/)
  socket.destroy()
})

/** Ends TLS with a certificate of its own and begins it anew towards the server. */
function between(target: PostgresServer, certificate: ClientCertificate): Server {
  const context = createSecureContext(certificate)
  return createServer((plain) => {
    plain.on('error', () => undefined)
    plain.once('data', () => {
      plain.write('S')
      const near = new TLSSocket(plain, { isServer: true, secureContext: context })
      const outward = connect(target.port, target.host)
      outward.on('error', () => plain.destroy())
      outward.write(encodeStartup({ kind: 'sslRequest' }))
      outward.once('data', () => {
        const far = connectTls({ socket: outward, rejectUnauthorized: false })
        for (const one of [near, far]) one.on('error', () => undefined)
        near.pipe(far).pipe(near)
      })
    })
  })
}

test(
  'a backend is bound to its certificate: whoever stands between gets nothing',
  options,
  async (t) => {
    const server = await startPostgres({ tls: true })
    t.after(() => server.stop())
    const straight = await openDoor({ backendTls: 'require', url: server.url })
    t.after(() => straight.close())
    const client = await RawClient.open(straight.url())
    assert.deepEqual((await client.query('select 7 * 6')).slice(1, 2), ['row 42'])
    client.close()
    const proxy = between(server, AUTHORITY?.sign('somebody else') as ClientCertificate)
    t.after(() => proxy.close())
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo
    const url = server.url.replace(`:${server.port}/`, `:${port}/`)
    const led = await openDoor({ backendTls: 'require', url })
    t.after(() => led.close())
    await assert.rejects(RawClient.open(led.url()), /channel binding check failed/)
  },
)

const CERTIFICATES: readonly (readonly [string, () => ClientCertificate | undefined, RegExp])[] = [
  ['none', () => undefined, /requires a valid client certificate/],
  ['one of their name', () => AUTHORITY?.sign('ada'), /^$/],
  ['one of their e-mail address', () => AUTHORITY?.sign('A. L.', { email: 'ada' }), /^$/],
  ['one of another', () => AUTHORITY?.sign('grace'), /requires a valid client certificate/],
  ['one that is over', () => AUTHORITY?.sign('ada', { days: -1 }), /has expired/],
  ['one of another authority', () => foreign(), /is not trusted/],
]

function foreign(): ClientCertificate {
  const authority = new Authority()
  const certificate = authority.sign('ada')
  after(() => authority.remove())
  return certificate
}

function sslSettings(certificate: ClientCertificate | undefined): Record<string, string> {
  const sslmode = 'require'
  if (!certificate) return { sslmode, sslcert: '/nonexistent' }
  return { sslmode, sslcert: certificate.certificateFile, sslkey: certificate.keyFile }
}

for (const [name, certificate, refusal] of CERTIFICATES) {
  test(`where a certificate is demanded, psql shows ${name}`, options, async (t) => {
    const strict = await openDoor({
      clientCaFile: AUTHORITY?.certificateFile ?? '',
      demandsCertificate: true,
    })
    t.after(() => strict.close())
    const { out, err } = await psql(strict.port, sslSettings(certificate()))
    assert.equal(out, refusal.source === '^$' ? '42\n' : '')
    assert.match(err, refusal)
  })
}

test('a demanded certificate does not replace the password, nor TLS', options, async (t) => {
  const strict = await openDoor({
    clientCaFile: AUTHORITY?.certificateFile ?? '',
    demandsCertificate: true,
  })
  t.after(() => strict.close())
  const certificate = AUTHORITY?.sign('ada')
  const wrong = await execute(
    'psql',
    [
      '-XAtc',
      'select 1',
      `host=127.0.0.1 port=${strict.port} user=ada dbname=shop sslmode=require sslcert=${certificate?.certificateFile} sslkey=${certificate?.keyFile}`,
    ],
    {
      environment: { PGPASSWORD: 'wrong' },
    },
  )
  assert.match(wrong.err, /password authentication failed/)
  const plain = await psql(strict.port, { sslmode: 'disable' })
  assert.match(plain.err, /requires a valid client certificate/)
  assert.equal(
    strict.events.filter((event) => event.kind === 'session.opened' && event.isRefused).length,
    2,
  )
})

test(
  'where it is optional, who shows none gets in and who shows another one does not',
  options,
  async (t) => {
    const lenient = await openDoor({ clientCaFile: AUTHORITY?.certificateFile ?? '' })
    t.after(() => lenient.close())
    const none = await psql(lenient.port, sslSettings(undefined))
    assert.equal(none.out, '42\n')
    const others = await psql(lenient.port, sslSettings(AUTHORITY?.sign('grace')))
    assert.match(others.err, /requires a valid client certificate/)
  },
)
