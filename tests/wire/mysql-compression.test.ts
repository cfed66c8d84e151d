// The compressed protocol at the MySQL door: the same answers, packets over several frames, and no bomb.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { deflateSync, inflateSync } from 'node:zlib'
import {
  CAPABILITY,
  COMMAND,
  CompressedFrames,
  encodePacket,
  FRAME_HEADER_BYTES,
  HEADER_BYTES,
  MARKER,
  MAX_FRAME_BYTES,
} from '@articdbm/wire/mysql'
import mariadb from 'mariadb'
import mysql, { type RowDataPacket } from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'
import { createLite } from './mysql/lite.ts'
import { RawClient } from './mysql/raw.ts'

const { url, skip } = serverUrl('mariadb')
const call = promisify(execFile)
const MEGABYTE = 1 << 20

describe('compression at the MySQL door', { skip }, () => {
  let door: TestDoor

  before(async () => {
    door = await openDoor({ backendUrl: url, sqliteFile: createLite() })
  })
  after(() => door?.close())

  const account = { user: 'ann', password: PASSWORD, database: 'maria' }
  const there = () => ({ host: '127.0.0.1', port: door.port, ...account })

  for (const ssl of [undefined, { rejectUnauthorized: false }]) {
    const way = ssl ? 'inside TLS' : 'without TLS'
    const options = ssl ? { ssl } : {}

    test(`mysql2 sends and reads as without it, ${way}`, async () => {
      const client = await mysql.createConnection({ ...there(), ...options, compress: true })
      for (const length of [0, 1, 40, 60, 1000, 70_000, 300_000]) {
        const sent = 'ü'.repeat(length)
        const [rows] = await client.query<RowDataPacket[]>('SELECT ? AS v, LENGTH(?) AS l', [
          sent,
          sent,
        ])
        assert.equal(rows[0]?.v, sent)
        assert.equal(Number(rows[0]?.l), 2 * length)
      }
      await assert.rejects(client.query('SELECT * FROM missing_table'), { errno: 1146 })
      const [rows] = await client.execute<RowDataPacket[]>('SELECT ? + 1 AS v', [41])
      assert.equal(Number(rows[0]?.v), 42)
      await client.changeUser({ ...account, database: 'lite' })
      const [lite] = await client.query<RowDataPacket[]>('SELECT a FROM secret')
      assert.equal(Number(lite[0]?.a), 42)
      await client.end()
    })

    test(`the MariaDB connector sends and reads as without it, ${way}`, async () => {
      const wish = { ...there(), ...options, compress: true, allowPublicKeyRetrieval: true }
      const client = await mariadb.createConnection(wish)
      const sent = 'ü'.repeat(400_000)
      const [row] = await client.query('SELECT ? AS v', [sent])
      assert.equal(row.v, sent)
      assert.equal((await client.query('SELECT seq FROM seq_1_to_100000')).length, 100_000)
      await client.end()
    })
  }

  test('packets of 16 MB and more go over several frames, both ways', async () => {
    const admin = await mysql.createConnection(url)
    const [[before]] = await admin.query<RowDataPacket[]>('SELECT @@max_allowed_packet AS bytes')
    await admin.query(`SET GLOBAL max_allowed_packet = ${64 * MEGABYTE}`)
    // Connections of the backend's have its limit from their beginning.
    const own = await openDoor({ backendUrl: url })
    const client = await mysql.createConnection({ ...there(), port: own.port, compress: true })
    const half = Buffer.alloc(9 * MEGABYTE, 'abcdefg')
    const [[row]] = await client.execute<RowDataPacket[]>('SELECT ? AS a, ? AS b', [half, half])
    assert.ok(half.equals(row?.a) && half.equals(row?.b))
    await client.end()
    await own.close()
    await admin.query(`SET GLOBAL max_allowed_packet = ${before?.bytes}`)
    await admin.end()
  })

  test('the mysql client prints the same with it', async () => {
    const options = ['--no-defaults', '-h127.0.0.1', `-P${door.port}`, '-uann', `-p${PASSWORD}`]
    const script = 'SELECT seq, REPEAT("x", seq) FROM seq_1_to_500; SELECT missing; SELECT 2;'
    const run = (more: string[]) =>
      call('mysql', [...options, ...more, '-Dmaria', '--force', '-e', script], {
        maxBuffer: 1 << 26,
      }).catch((error) => error)
    const plain = await run([])
    const compressed = await run(['--compress'])
    assert.equal(compressed.stdout, plain.stdout)
    assert.match(compressed.stderr, /ERROR 1054/)
  })

  test('a client that also offers zstd is spoken to by zlib', async () => {
    const client = await compressedClient(CAPABILITY.zstd)
    await client.send(encodePacket(Buffer.of(COMMAND.ping), 0))
    const bytes = await client.raw.bytes(FRAME_HEADER_BYTES + HEADER_BYTES + 7)
    assert.equal(bytes[FRAME_HEADER_BYTES + HEADER_BYTES], MARKER.ok)
    client.raw.socket.destroy()
  })

  test('a bomb is inflated no further than it said, and ends the session with a word', async () => {
    const bomb = deflateSync(Buffer.alloc(32 * MEGABYTE))
    for (const inflatedBytes of [100, 70_000, MAX_FRAME_BYTES]) {
      const client = await compressedClient()
      client.raw.socket.write(client.frames.encode({ body: bomb, inflatedBytes }))
      await client.raw.closed
      assert.match(await lastWords(client), /can't be inflated/)
    }
  })

  test('what cannot be inflated, and a frame out of order, end the session with a word', async () => {
    for (const body of [Buffer.alloc(100, 7), Buffer.alloc(0)]) {
      const client = await compressedClient()
      client.raw.socket.write(client.frames.encode({ body, inflatedBytes: 1000 }))
      await client.raw.closed
      assert.match(await lastWords(client), /can't be inflated/)
    }
    const client = await compressedClient()
    client.frames.encode({ body: Buffer.alloc(0), inflatedBytes: 0 })
    await client.send(command('SELECT 1'))
    await client.raw.closed
  })

  interface CompressedClient {
    readonly raw: RawClient
    readonly frames: CompressedFrames
    send(bytes: Buffer): Promise<void>
  }

  async function compressedClient(more = 0): Promise<CompressedClient> {
    const raw = new RawClient(door.port)
    const capabilities = CAPABILITY.compress | more
    assert.equal(await raw.logIn({ database: 'maria', capabilities }), 'OK')
    const frames = new CompressedFrames()
    const send = (bytes: Buffer) => raw.write(frames.encode({ body: bytes, inflatedBytes: 0 }))
    return { raw, frames, send }
  }

  /** An ERR in a frame, deflated or not. */
  async function lastWords({ raw }: CompressedClient): Promise<string> {
    const frame = await raw.bytes(FRAME_HEADER_BYTES)
    const body = frame.subarray(FRAME_HEADER_BYTES)
    return `${frame.readUIntLE(4, 3) === 0 ? body : inflateSync(body)}`
  }

  const command = (sql: string) => encodePacket(Buffer.from(`\x03${sql}`), 0)
})
