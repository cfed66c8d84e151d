// The prepared protocol as drivers in C and Java speak it: types said once, long data, cursors, many statements.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  decodeEof,
  decodePreparedOk,
  encodeCommand,
  FIELD_TYPE,
  isEof,
  STATUS,
} from '@articdbm/wire/mysql'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, type TestDoor } from './mysql/door.ts'
import { RawClient, describe as told } from './mysql/raw.ts'

const { url, skip } = serverUrl('mariadb')
const CURSOR_READ_ONLY = 1

describe('the prepared protocol at the MySQL door', { skip }, () => {
  let door: TestDoor

  before(async () => {
    door = await openDoor({
      backendUrl: url,
      maxConnections: 3,
      limits: { maxPreparedPerSession: 5 },
    })
  })
  after(() => door?.close())

  const loggedIn = async () => {
    const client = new RawClient(door.port)
    assert.equal(await client.logIn({ database: 'maria' }), 'OK')
    return client
  }

  /** All payloads up to the end of the answer: an OK, an ERR, or so many EOFs. */
  const answer = async (client: RawClient, ends: number, first0: 'ok' | 'row' = 'ok') => {
    const payloads: Buffer[] = []
    for (let sequence = 1, seen = 0; seen < ends; sequence += 1) {
      const packet = await client.next(sequence & 0xff)
      assert.ok(packet, 'the session ended')
      payloads.push(packet.payload)
      const [first = 0] = packet.payload
      if (sequence === 1 && (first === 0xff || (first === 0 && first0 === 'ok'))) break
      if (isEof(first, packet.payload.length)) seen += 1
    }
    return payloads
  }

  const prepare = async (client: RawClient, text: string) => {
    await client.send(encodeCommand({ kind: 'prepare', text: Buffer.from(text) }))
    const first = await client.next(1)
    assert.ok(first && first.payload[0] === 0, told(first))
    const { statementId, parameters, columns } = decodePreparedOk(first.payload)
    const definitions = (parameters && parameters + 1) + (columns && columns + 1)
    for (let at = 0; at < definitions; at += 1) await client.next(2 + at)
    return statementId
  }

  const execute = async (client: RawClient, statementId: number, body: Buffer) => {
    await client.send(encodeCommand({ kind: 'execute', statementId, flags: 0, body }))
    return answer(client, 2)
  }

  const asInteger = (value: number, isTyped: boolean) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt(value))
    const types = isTyped ? Buffer.of(1, FIELD_TYPE.longLong, 0) : Buffer.of(0)
    return Buffer.concat([Buffer.of(0), types, bytes])
  }
  const lastInteger = (payloads: readonly Buffer[]) => payloads.at(-2)?.readBigInt64LE(2)

  test('types are said once, and hold on whichever connection the next execution gets', async () => {
    const client = await loggedIn()
    const id = await prepare(client, 'SELECT CAST(? AS SIGNED) AS v')
    assert.equal(lastInteger(await execute(client, id, asInteger(7, true))), 7n)
    // Others take the connection that knows the statement.
    const others = await Promise.all([loggedIn(), loggedIn()])
    for (const other of others) {
      await other.send(encodeCommand({ kind: 'query', text: Buffer.from('START TRANSACTION') }))
      await other.next(1)
    }
    assert.equal(lastInteger(await execute(client, id, asInteger(-8, false))), -8n)
    for (const one of [client, ...others]) one.socket.destroy()
  })

  test('long data arrives whole, and is gone after the execution', async () => {
    const client = await loggedIn()
    const statementId = await prepare(client, 'SELECT CAST(LENGTH(?) AS SIGNED) AS v')
    const bytes = Buffer.alloc(150_000, 0x61)
    for (let chunk = 0; chunk < 3; chunk += 1) {
      await client.send(encodeCommand({ kind: 'long data', statementId, parameter: 0, bytes }))
    }
    const body = Buffer.of(0, 1, FIELD_TYPE.blob, 0)
    assert.equal(lastInteger(await execute(client, statementId, body)), 450_000n)
    const short = Buffer.concat([body, Buffer.of(2), Buffer.from('xy')])
    assert.equal(lastInteger(await execute(client, statementId, short)), 2n)
    client.socket.destroy()
  })

  test('a cursor gives its rows in portions, and the record ends with the last', async () => {
    const client = await loggedIn()
    const statementId = await prepare(client, 'SELECT seq FROM seq_1_to_25 /* cursor */')
    const body = Buffer.alloc(0)
    await client.send(
      encodeCommand({ kind: 'execute', statementId, flags: CURSOR_READ_ONLY, body }),
    )
    const opened = await answer(client, 1)
    assert.notEqual(decodeEof(opened.at(-1) ?? body).status & STATUS.cursorExists, 0)
    const counts: number[] = []
    for (let portion = 0; portion < 3; portion += 1) {
      await client.send(encodeCommand({ kind: 'fetch', statementId, rows: 10 }))
      counts.push((await answer(client, 1, 'row')).length - 1)
    }
    assert.deepEqual(counts, [10, 10, 5])
    const recorded = door.events.find(
      (e) => e.kind === 'statement.recorded' && e.sql.includes('cursor'),
    )
    const ended = door.events.find((e) => e.kind === 'statement.ended' && e.id === recorded?.id)
    assert.equal(ended?.kind === 'statement.ended' && ended.rows, 25)
    assert.equal(
      await client.ask(encodeCommand({ kind: 'fetch', statementId, rows: 1 })),
      'ERR 1243',
    )
    client.socket.destroy()
  })

  test('a reset or a second execution closes the cursor, and the session goes on', async () => {
    const client = await loggedIn()
    const statementId = await prepare(client, 'SELECT seq FROM seq_1_to_25')
    const body = Buffer.alloc(0)
    for (let round = 0; round < 3; round += 1) {
      await client.send(
        encodeCommand({ kind: 'execute', statementId, flags: CURSOR_READ_ONLY, body }),
      )
      await answer(client, 1)
      await client.send(encodeCommand({ kind: 'fetch', statementId, rows: 3 }))
      assert.equal((await answer(client, 1, 'row')).length, 4)
    }
    assert.equal(await client.ask(encodeCommand({ kind: 'reset', statementId })), 'OK')
    assert.equal((await execute(client, statementId, body)).length, 1 + 1 + 1 + 25 + 1)
    client.socket.destroy()
  })

  test('more prepared statements than a session may have are refused until one is closed', async () => {
    const client = await loggedIn()
    const ids: number[] = []
    for (let at = 0; at < 5; at += 1) ids.push(await prepare(client, `SELECT ${at}`))
    const sixth = encodeCommand({ kind: 'prepare', text: Buffer.from('SELECT 6') })
    assert.equal(await client.ask(sixth), 'ERR 1461')
    await client.send(encodeCommand({ kind: 'close', statementId: ids[0] ?? 0 }))
    assert.equal(await client.ask(sixth), 'OK')
    client.socket.destroy()
  })

  test('preparing inside a transaction does not lose it', async () => {
    const client = await loggedIn()
    await client.ask(encodeCommand({ kind: 'query', text: Buffer.from('START TRANSACTION') }))
    await prepare(client, 'SELECT 1')
    await client.send(encodeCommand({ kind: 'ping' }))
    const pong = await client.next(1)
    assert.equal((pong?.payload.readUInt16LE(3) ?? 0) & STATUS.inTransaction, STATUS.inTransaction)
    client.socket.destroy()
  })

  test('a reset session knows its statements no longer', async () => {
    const client = await loggedIn()
    const statementId = await prepare(client, 'SELECT 1')
    assert.equal(await client.ask(encodeCommand({ kind: 'reset connection' })), 'OK')
    const body = Buffer.alloc(0)
    assert.equal(
      await client.ask(encodeCommand({ kind: 'execute', statementId, flags: 0, body })),
      'ERR 1243',
    )
    client.socket.destroy()
  })

  test('the columns of a table are listed as the command of old asks', async () => {
    const client = await loggedIn()
    await client.ask(
      encodeCommand({ kind: 'query', text: Buffer.from('DROP TABLE IF EXISTS listed') }),
    )
    const create = Buffer.from('CREATE TABLE listed (a INT, b TEXT)')
    assert.equal(await client.ask(encodeCommand({ kind: 'query', text: create })), 'OK')
    const table = Buffer.from('listed')
    await client.send(encodeCommand({ kind: 'field list', table, wildcard: Buffer.alloc(0) }))
    assert.equal((await answer(client, 1)).length, 3)
    client.socket.destroy()
  })
})
