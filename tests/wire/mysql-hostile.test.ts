// What no driver says: the MySQL door answers it, or ends the session, and goes on with everybody else.
import assert from 'node:assert/strict'
import { after, before, describe as group, test } from 'node:test'
import { COMMAND, encodeCommand, encodePacket } from '@articdbm/wire/mysql'
import fc from 'fast-check'
import { openDoor, type TestDoor } from './mysql/door.ts'
import { createLite } from './mysql/lite.ts'
import { describe, RawClient } from './mysql/raw.ts'

const MAX_REQUEST_BYTES = 300_000

group('the MySQL door and hostile bytes', () => {
  let door: TestDoor

  before(async () => {
    door = await openDoor({
      sqliteFile: createLite(),
      limits: { stallTimeoutMs: 600, loginTimeoutMs: 1_500, maxRequestBytes: MAX_REQUEST_BYTES },
    })
  })
  after(() => door.close())

  const loggedIn = async (login = {}) => {
    const client = new RawClient(door.port)
    assert.equal(await client.logIn(login), 'OK')
    return client
  }
  const query = (text: string | Buffer) =>
    encodeCommand({ kind: 'query', text: Buffer.from(text as string) })

  const stillServes = async () => {
    const client = await loggedIn()
    assert.match(await client.ask(query('SELECT id FROM open_table')), /^packet/)
    client.socket.destroy()
  }

  test('a log-in and a query byte by byte are as good as any', async () => {
    const client = await loggedIn({ isBytewise: true })
    assert.equal(await client.ask(query('SELECT id FROM open_table')), 'packet 0x1')
    client.socket.destroy()
  })

  test('a client that starts with another plugin is asked for caching_sha2_password', async () => {
    const client = new RawClient(door.port)
    assert.equal(await client.logIn({ plugin: 'mysql_native_password' }), 'OK')
    assert.equal(client.switchedTo, 'caching_sha2_password')
    client.socket.destroy()
  })

  test('garbage in place of a response ends the session', async () => {
    for (const bytes of [
      Buffer.alloc(40, 0xff),
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(5),
    ]) {
      const client = new RawClient(door.port)
      await client.greeting()
      await client.write(bytes)
      await client.closed
    }
    await stillServes()
  })

  test('a length beyond the bound is refused at its header, before the login and after it', async () => {
    const early = new RawClient(door.port)
    await early.greeting()
    await early.write(Buffer.of(0xff, 0xff, 0xff, 1))
    assert.equal(describe(await early.next(1)), 'ERR 1153')
    await early.closed
    const late = await loggedIn()
    await late.write(Buffer.of(0xff, 0xff, 0xff, 0))
    assert.equal(describe(await late.next(1)), 'ERR 1153')
    await late.closed
  })

  test('packets out of order end the session', async () => {
    const client = await loggedIn()
    await client.write(encodePacket(query('SELECT 1'), 5))
    assert.equal(describe(await client.next(1)), 'ERR 1156')
    await client.closed
  })

  test('silence ends the session: before the login, and within a packet', async () => {
    const silent = new RawClient(door.port)
    const half = await loggedIn()
    await half.write(encodePacket(query('SELECT 1'), 0).subarray(0, 6))
    await Promise.all([silent.closed, half.closed])
  })

  test('a text that is not UTF-8 is refused and never executed', async () => {
    const client = await loggedIn()
    for (const bytes of [
      Buffer.of(0x27, 0xff, 0x27),
      Buffer.from("'\xbf'", 'latin1'),
      Buffer.of(0x27, 0xed, 0xa0, 0x80, 0x27),
    ]) {
      const text = Buffer.concat([Buffer.from('SELECT '), bytes])
      assert.equal(await client.ask(query(text)), 'ERR 1300')
      assert.equal(await client.ask(encodeCommand({ kind: 'prepare', text })), 'ERR 1300')
    }
    client.socket.destroy()
  })

  test('a client whose charset could hide a quote is refused, one of single bytes may send ASCII', async () => {
    for (const collation of [28, 13, 1, 95, 248, 35]) {
      const client = new RawClient(door.port)
      assert.equal(await client.logIn({ collation }), 'ERR 1115', `${collation}`)
      await client.closed
    }
    const latin = await loggedIn({ collation: 8 })
    assert.match(await latin.ask(query("SELECT 'plain'")), /^packet/)
    latin.socket.destroy()
    const another = await loggedIn({ collation: 8 })
    assert.equal(await another.ask(query(Buffer.from("SELECT '\xe4'", 'latin1'))), 'ERR 1300')
    another.socket.destroy()
  })

  test('every command gets an answer; those of replication and of the unknown are refused', async () => {
    const silent: readonly number[] = [COMMAND.quit, COMMAND.stmtClose, COMMAND.stmtSendLongData]
    const known = new Set<number>(Object.values(COMMAND))
    const client = await loggedIn()
    for (let code = 0; code < 256; code += 1) {
      if (known.has(code)) continue
      assert.equal(
        await client.ask(Buffer.of(code, 1, 2, 3, 4)),
        'ERR 1047',
        `0x${code.toString(16)}`,
      )
    }
    client.socket.destroy()
    for (const code of [...known].filter((one) => !silent.includes(one))) {
      const short = await loggedIn()
      await short.send(Buffer.of(code))
      assert.notEqual(describe(await short.next(1)), '')
      short.socket.destroy()
    }
    await stillServes()
  })

  test('prepared statements that don’t exist, and bodies that end too early, are refused', async () => {
    const client = await loggedIn()
    const body = Buffer.alloc(0)
    assert.equal(
      await client.ask(encodeCommand({ kind: 'execute', statementId: 99, flags: 0, body })),
      'ERR 1243',
    )
    assert.equal(
      await client.ask(encodeCommand({ kind: 'fetch', statementId: 99, rows: 1 })),
      'ERR 1243',
    )
    assert.equal(await client.ask(encodeCommand({ kind: 'reset', statementId: 99 })), 'ERR 1243')
    const text = Buffer.from('SELECT ?, ?')
    await client.send(encodeCommand({ kind: 'prepare', text }))
    // OK, two parameters, EOF, two columns, EOF.
    for (let sequence = 1; sequence <= 7; sequence += 1) await client.next(sequence)
    for (const bytes of [
      body,
      Buffer.of(0),
      Buffer.of(0, 1, 8),
      Buffer.of(0, 1, 8, 0, 8, 0, 1),
      Buffer.of(0, 1, 0x42, 0, 0x42, 0),
    ]) {
      const told = await client.ask(
        encodeCommand({ kind: 'execute', statementId: 1, flags: 0, body: bytes }),
      )
      assert.match(told, /^ERR/)
    }
    client.socket.destroy()
  })

  test('long data beyond the bound is refused at the execution and kept no longer', async () => {
    const client = await loggedIn()
    await client.send(encodeCommand({ kind: 'prepare', text: Buffer.from('SELECT ?') }))
    for (let sequence = 1; sequence <= 5; sequence += 1) await client.next(sequence)
    const bytes = Buffer.alloc(100_000, 0x61)
    for (let chunk = 0; chunk < 4; chunk += 1) {
      await client.send(encodeCommand({ kind: 'long data', statementId: 1, parameter: 0, bytes }))
    }
    const body = Buffer.of(0, 1, 0xfc, 0)
    assert.equal(
      await client.ask(encodeCommand({ kind: 'execute', statementId: 1, flags: 0, body })),
      'ERR 1210',
    )
    client.socket.destroy()
  })

  test('random commands are answered or end the session, and the door goes on', async () => {
    const silent = new Set<number | undefined>([COMMAND.stmtClose, COMMAND.stmtSendLongData])
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 60 }), async (bytes) => {
        if (silent.has(bytes[0])) return
        const client = await loggedIn()
        await client.send(Buffer.from(bytes))
        await client.next(1)
        client.socket.destroy()
      }),
      { numRuns: 60 },
    )
    await stillServes()
  })

  test('random bytes at any time end the session or are answered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), async (bytes) => {
        const client = await loggedIn()
        await client.write(Buffer.from(bytes))
        client.socket.end()
        await client.closed
      }),
      { numRuns: 40 },
    )
    await stillServes()
  })
})
