// What goes wrong around the MySQL door: lost backends, slow clients, shutting down, backends that lie.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeCommand, encodePacket } from '@articdbm/wire/mysql'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { startCut } from './mysql/cut.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'
import { startFalseBackend } from './mysql/false-backend.ts'
import { createLite } from './mysql/lite.ts'
import { RawClient } from './mysql/raw.ts'

const { url, skip } = serverUrl('mariadb')

const connect = (door: TestDoor, options: mysql.ConnectionOptions = {}) =>
  mysql.createConnection({
    ...{ host: '127.0.0.1', port: door.port, user: 'ann', password: PASSWORD, database: 'maria' },
    ...options,
  })

const outcomeOf = (door: TestDoor, text: string) => {
  const recorded = door.events.find(
    (event) => event.kind === 'statement.recorded' && event.sql.includes(text),
  )
  const ended = door.events.find(
    (event) => event.kind === 'statement.ended' && event.id === recorded?.id,
  )
  return ended?.kind === 'statement.ended' ? ended.outcome : undefined
}

/** The backend is at it: cutting earlier would meet the log-in, or nothing. */
async function untilRunning(text: string): Promise<void> {
  const direct = await mysql.createConnection(url)
  try {
    for (let tries = 0; tries < 300; tries += 1) {
      const [rows] = await direct.query<RowDataPacket[]>(
        'SELECT id FROM information_schema.processlist WHERE INSTR(info, ?) AND id <> CONNECTION_ID()',
        [text],
      )
      if (rows.length > 0) return
      await sleep(50)
    }
    assert.fail('the statement never began')
  } finally {
    await direct.end()
  }
}

const quiet = (client: Connection) => {
  client.on('error', () => undefined)
  return client
}

describe('the MySQL door when its backend fails', { skip }, () => {
  test('a backend lost during a statement is told, recorded, and replaced for the next one', async () => {
    const { hostname, port } = new URL(url)
    const cut = await startCut(hostname, Number(port))
    const through = new URL(url)
    through.port = `${cut.port}`
    const door = await openDoor({ backendUrl: through.href })
    try {
      const client = await connect(door)
      const lost = assert.rejects(client.query('SELECT SLEEP(20) /* lost */'), { errno: 2013 })
      await untilRunning('/* lost */')
      cut.cutAll()
      await lost
      assert.equal(outcomeOf(door, 'lost'), 'lost')
      assert.equal((await client.query<RowDataPacket[]>('SELECT 3 AS n'))[0][0]?.n, 3)
      client.destroy()
    } finally {
      await door.close()
      await cut.close()
    }
  })

  test('a transaction that was lost with its backend is never gone on with', async () => {
    const { hostname, port } = new URL(url)
    const cut = await startCut(hostname, Number(port))
    const through = new URL(url)
    through.port = `${cut.port}`
    const door = await openDoor({ backendUrl: through.href })
    try {
      const client = quiet(await connect(door))
      await client.query('START TRANSACTION')
      cut.cutAll()
      await sleep(100)
      await assert.rejects(client.query('SELECT 1'), { errno: 2013 })
      await assert.rejects(client.query('SELECT 1'))
    } finally {
      await door.close()
      await cut.close()
    }
  })

  test('memory stays flat while a slow client takes a million rows', async () => {
    const door = await openDoor({ backendUrl: url })
    try {
      const client = new RawClient(door.port)
      assert.equal(await client.logIn({ database: 'maria' }), 'OK')
      const taken = client.takeSlowly(4_000_000, 10)
      const text = "SELECT seq, REPEAT('x', 200) AS filler FROM seq_1_to_1000000"
      const start = process.memoryUsage().rss
      let peak = 0
      const watch = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage().rss - start)
      }, 20)
      await client.send(encodeCommand({ kind: 'query', text: Buffer.from(text) }))
      for (let tries = 0; tries < 600 && outcomeOf(door, 'filler') === undefined; tries += 1)
        await sleep(50)
      clearInterval(watch)
      assert.equal(outcomeOf(door, 'filler'), 'ok')
      client.socket.destroy()
      assert.ok((await taken) > 200_000_000)
      assert.ok(peak < 100_000_000, `grew by ${peak} bytes`)
    } finally {
      await door.close()
    }
  })

  test('a client that takes nothing of its answer is ended, and its statement with it', async () => {
    const door = await openDoor({ backendUrl: url, limits: { stallTimeoutMs: 500 } })
    try {
      const client = quiet(await connect(door))
      const { stream } = (
        client as unknown as { connection: { stream: import('node:net').Socket } }
      ).connection
      client
        .query("SELECT REPEAT('y', 1000) AS stalled FROM seq_1_to_200000")
        .catch(() => undefined)
      stream.pause()
      for (let tries = 0; tries < 60 && outcomeOf(door, 'stalled') === undefined; tries += 1)
        await sleep(100)
      assert.equal(outcomeOf(door, 'stalled'), 'lost')
      client.destroy()
    } finally {
      await door.close()
    }
  })
})

describe('the MySQL door when it drains', () => {
  test('idle clients are told at once, those in a transaction after it', async () => {
    const door = await openDoor({ sqliteFile: createLite() })
    try {
      const [idle, busy] = await Promise.all([
        connect(door, { database: 'lite' }),
        connect(door, { database: 'lite' }),
      ])
      await busy.query('START TRANSACTION')
      const told = new Promise<number>((resolve) => {
        idle.on('error', (error: Error & { code?: unknown }) => resolve(Number(error.code)))
      })
      busy.on('error', () => undefined)
      door.drain()
      assert.equal(await told, 1053)
      await busy.query('INSERT INTO loose VALUES (5)')
      await busy.query('COMMIT')
      await assert.rejects(busy.query('SELECT 1'))
    } finally {
      await door.close()
    }
  })
})

describe('the MySQL door before backends that lie', () => {
  const cases: readonly (readonly [string, Buffer])[] = [
    ['asks for a file of the client', encodePacket(Buffer.from('\xfb/etc/passwd', 'latin1'), 1)],
    ['sends garbage', Buffer.alloc(300, 0xaa)],
    ['ends its rows without columns', encodePacket(Buffer.of(2), 1)],
  ]
  for (const [what, bytes] of cases) {
    test(`a backend that ${what} is closed, and the client is told or closed`, async () => {
      const backend = await startFalseBackend(bytes)
      const door = await openDoor({ backendUrl: `mysql://u:p@127.0.0.1:${backend.port}/x` })
      try {
        const client = quiet(await connect(door))
        const answer = client.query('SELECT 1').then(
          () => 'answered',
          () => 'refused',
        )
        assert.notEqual(await Promise.race([answer, sleep(1_500, 'waits')]), 'answered')
        client.destroy()
      } finally {
        await door.close()
        backend.close()
      }
    })
  }

  test('a backend that refuses the credential is told in its own words, without the password', async () => {
    const far = await openDoor({ sqliteFile: createLite() })
    const door = await openDoor({
      backendUrl: `mysql://ann:not-the-secret@127.0.0.1:${far.port}/lite`,
    })
    try {
      const client = await connect(door)
      await assert.rejects(client.query('SELECT 1'), (error: Error & { errno: number }) => {
        assert.equal(error.errno, 2013)
        assert.match(error.message, /password authentication failed for user "ann"/)
        assert.ok(!error.message.includes('not-the-secret'))
        return true
      })
      client.destroy()
    } finally {
      await door.close()
      await far.close()
    }
  })
})

describe('the MySQL door as a client of caching_sha2_password', () => {
  for (const tls of ['disable', 'prefer', 'require'] as const) {
    test(`it proves itself with TLS mode ${tls}`, async () => {
      const far = await openDoor({ sqliteFile: createLite() })
      const secret = encodeURIComponent(PASSWORD)
      const backendUrl = `mysql://ann:${secret}@127.0.0.1:${far.port}/lite`
      const door = await openDoor({ backendUrl, backendTls: tls })
      try {
        const client = await connect(door)
        const [rows] = await client.execute<RowDataPacket[]>('SELECT count(*) AS n FROM open_table')
        assert.equal(rows[0]?.n, 3)
        client.destroy()
      } finally {
        await door.close()
        await far.close()
      }
    })
  }

  test('a certificate that nobody vouches for is refused where it is to be verified', async () => {
    const far = await openDoor({ sqliteFile: createLite() })
    const backendUrl = `mysql://ann:${encodeURIComponent(PASSWORD)}@127.0.0.1:${far.port}/lite`
    const door = await openDoor({ backendUrl, backendTls: 'verify' })
    try {
      const client = await connect(door)
      await assert.rejects(client.query('SELECT 1'), /certificate/)
      client.destroy()
    } finally {
      await door.close()
      await far.close()
    }
  })
})
