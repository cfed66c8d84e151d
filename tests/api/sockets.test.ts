import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { LiveEvent } from '@articdbm/contract'
import { WebSocket } from 'ws'
import { onSqlite, PASSWORD, type Rig, WEB_ORIGIN } from './harness.ts'

const TIMEOUT_MS = 10_000
const SOCKETS = ['live', 'console'] as const

interface Opened {
  readonly socket: WebSocket
  readonly received: { type: string }[]
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

function open(rig: Rig, path: string, headers: Record<string, string> = {}): Promise<Opened> {
  const socket = new WebSocket(`${rig.url.replace('http', 'ws')}/api/v1/${path}`, { headers })
  const received: { type: string }[] = []
  socket.on('message', (bytes) => received.push(JSON.parse(String(bytes))))
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
  )
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve({ socket, received, closed }))
    socket.once('error', reject)
  })
}

async function until<T>(look: () => T | undefined): Promise<T> {
  const deadline = Date.now() + TIMEOUT_MS
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const hello = (socket: WebSocket, token: string): void =>
  socket.send(JSON.stringify({ type: 'hello', token }))

onSqlite('sockets', (rig) => {
  for (const path of SOCKETS) {
    test(`${path} refuses a wrong token, and a first message that is none`, async () => {
      for (const first of [
        JSON.stringify({ type: 'hello', token: 'wrong' }),
        JSON.stringify({ type: 'run', id: '1', database: 'x', sql: 'SELECT 1' }),
        'garbage',
      ]) {
        const { socket, closed, received } = await open(rig(), path)
        socket.send(first)
        assert.equal((await closed).code, 4401, first)
        assert.deepEqual(received, [])
      }
    })

    test(`${path} refuses a page of a foreign origin, even with a good cookie`, async () => {
      const cookie = await rig().cookieOf('root-admin', PASSWORD)
      const foreign = await open(rig(), path, { cookie, origin: 'http://evil.test' })
      assert.equal((await foreign.closed).code, 4403)
      const own = await open(rig(), path, { cookie, origin: WEB_ORIGIN })
      await until(() => (own.socket.readyState === WebSocket.OPEN ? true : undefined))
      own.socket.terminate()
    })

    test(`${path} refuses who must change the password first`, async () => {
      const name = `fresh-${path}`
      const made = await rig().data('POST', 'users', { name, role: 'viewer' })
      const token = await rig().bearerOf(name, made.oneTimePassword)
      const { socket, closed } = await open(rig(), path)
      hello(socket, token)
      const { code, reason } = await closed
      assert.deepEqual([code, reason], [4403, 'password_change_required'])
    })
  }

  test('a page is told of a change by somebody else, and of the traffic each second', async () => {
    const { socket, received } = await open(rig(), 'live')
    hello(socket, rig().keys.viewer)
    await until(() => received.find(({ type }) => type === 'traffic'))
    await rig().data('POST', 'databases', { name: 'told', engine: 'sqlite', target: '/x.db' })
    await until(() =>
      received.find(
        (event) => event.type === 'changed' && 'what' in event && event.what === 'databases',
      ),
    )
    socket.terminate()
  })

  test('audit news names what the person may fetch, and nothing else', async () => {
    const me = (await rig().as('viewer', { method: 'GET', path: 'auth/me' })).body.data.user
    const pages = await Promise.all(
      (['admin', 'viewer'] as const).map(async (role) => {
        const page = await open(rig(), 'live')
        hello(page.socket, rig().keys[role])
        await until(() => page.received.find(({ type }) => type === 'traffic'))
        return page
      }),
    )
    const session = (principalId: string) => ({
      kind: 'session.opened',
      id: randomUUID(),
      at: new Date().toISOString(),
      gateway: 'g',
      session: 's',
      door: 'mysql',
      principalId,
      principal: 'p',
      address: '192.0.2.1',
      application: '',
      database: 'd',
      isRefused: principalId !== me.id,
      message: '',
    })
    const mine = session(me.id)
    const other = session('other')
    await rig().internal({
      method: 'POST',
      path: 'audit',
      body: { gateway: 'g', events: [mine, other] },
    })
    const news = await Promise.all(
      pages.map(({ received }) =>
        until(() => received.find(({ type }) => type === 'audit.recorded')),
      ),
    )
    const [all, own] = news as Extract<LiveEvent, { type: 'audit.recorded' }>[]
    assert.deepEqual([all?.ids, all?.count, all?.worst], [[mine.id, other.id], 2, 'block'])
    assert.deepEqual([own?.ids, own?.count, own?.worst], [[mine.id], 1, 'allow'])
    for (const { socket } of pages) socket.terminate()
  })

  test('traffic is what the gateways’ counters gained in a second', async () => {
    const { socket, received } = await open(rig(), 'live')
    hello(socket, rig().keys.admin)
    const startedAt = new Date().toISOString()
    const report = (statements: number, at: number) =>
      rig().internal({
        method: 'POST',
        path: 'status',
        body: {
          gateway: 'counting',
          at: new Date(at).toISOString(),
          startedAt,
          version: 'v0',
          revision: 1,
          isDraining: false,
          sessions: 3,
          statements,
          blocked: statements / 10,
          errors: 0,
          p50Ms: 1.5,
          p99Ms: 9,
          auditBacklog: 0,
          databases: [],
        },
      })
    const start = Date.now()
    await report(1_000, start)
    await new Promise((resolve) => setTimeout(resolve, 1_300))
    await report(1_500, start + 1_000)
    const busy = await until(() =>
      received.find(
        (e) => e.type === 'traffic' && 'statementsPerSecond' in e && e.statementsPerSecond !== 0,
      ),
    )
    const { statementsPerSecond, blockedPerSecond, sessions, p99Ms } = busy as Extract<
      LiveEvent,
      { type: 'traffic' }
    >
    assert.deepEqual([statementsPerSecond, blockedPerSecond, sessions, p99Ms], [500, 50, 3, 9])
    const status = await rig().data('GET', 'status')
    assert.equal(status.gateways[0].isFresh, true)
    socket.terminate()
  })

  test('the console answers nonsense and an unknown database with errors, and stays open', async () => {
    const { socket, received } = await open(rig(), 'console')
    hello(socket, rig().keys.viewer)
    await until(() => received.find(({ type }) => type === 'ready'))
    socket.send('{"type":"explode"}')
    socket.send(JSON.stringify({ type: 'run', id: 'r', database: 'nowhere', sql: 'SELECT 1' }))
    await until(() => received.find(({ type }) => type === 'finished'))
    const errors = received.filter(({ type }) => type === 'error') as unknown as { code: string }[]
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['bad_message', 'unknown_database'],
    )
    assert.equal(socket.readyState, WebSocket.OPEN)
    socket.terminate()
  })
})

onSqlite('gateways', (rig) => {
  test('only who knows the master key gets a snapshot or may send audit', async () => {
    for (const path of ['snapshot?after=-1', 'audit', 'status']) {
      for (const authorization of ['', 'Bearer x', `Bearer ${rig().keys.admin}`]) {
        const answer = await fetch(`${rig().url}/internal/v1/${path}`, {
          method: path.startsWith('s') && path !== 'status' ? 'GET' : 'POST',
          headers: authorization ? { authorization } : {},
        })
        await answer.body?.cancel()
        assert.equal(answer.status, 401, `${path} ${authorization}`)
      }
    }
  })

  test('a waiting gateway gets the next snapshot as soon as something changes', async () => {
    const first = (await rig().internal({ method: 'GET', path: 'snapshot?after=-1' })).body
    const waiting = rig().internal({ method: 'GET', path: `snapshot?after=${first.revision}` })
    const early = await Promise.race([
      waiting.then(() => 'answered'),
      new Promise((resolve) => setTimeout(() => resolve('waits'), 300)),
    ])
    assert.equal(early, 'waits')
    await rig().data('POST', 'users', { name: 'joiner', role: 'viewer', password: PASSWORD })
    const startedMs = Date.now()
    const second = (await waiting).body
    assert.ok(Date.now() - startedMs < 2_000)
    assert.ok(second.revision > first.revision)
    const joiner = second.principals.find((p: { name: string }) => p.name === 'joiner')
    assert.equal(joiner.verifier.iterations, 4096)
    assert.ok(!JSON.stringify(second).includes('$2b$'), 'bcrypt hashes stay here')
  })

  test('a batch that is not one is refused whole', async () => {
    const body = { gateway: 'g', events: [{ kind: 'statement.recorded', id: 'x' }] }
    const answer = await rig().internal({ method: 'POST', path: 'audit', body })
    assert.deepEqual([answer.status, answer.body.error], [400, 'validation_failed'])
  })

  test('health and metrics need no credential', async () => {
    for (const path of ['/healthz', '/readyz', '/api/health']) {
      const answer = await fetch(`${rig().url}${path}`)
      assert.equal(answer.status, 200, path)
      const body = (await answer.json()) as { data: { state: string } }
      assert.equal(body.data.state, 'ok')
    }
    const metrics = await (await fetch(`${rig().url}/metrics`)).text()
    assert.match(metrics, /articdbm_manager_request_seconds_count\{/)
    assert.match(metrics, /articdbm_manager_snapshot_revision \d/)
  })
})
