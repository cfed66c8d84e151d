import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  decodeEof,
  decodeErr,
  decodeOk,
  encodeEndOfRows,
  encodeEof,
  encodeErr,
  encodeOk,
} from './answer.ts'
import { encodingNamed, encodingOf } from './collation.ts'
import { decodeColumn, decodeTextRow, encodeColumn, encodeTextRow } from './column.ts'
import { decodeCommand, encodeCommand } from './command.ts'
import { CAPABILITY, COMMAND } from './constants.ts'
import * as handshake from './handshake.ts'
import { decodeExecuteBody, decodeParameters, encodeExecuteBody } from './parameters.ts'
import { PayloadReader } from './payload-reader.ts'
import { lenenc } from './payload-writer.ts'
import { PacketViolation } from './violation.ts'

const nonce = Buffer.from('abcdefghijklmnopqrst')
const everything = Object.values(CAPABILITY).reduce((sum, bit) => sum | bit, 0) >>> 0
const name = fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\0', ''))

test('length-encoded integers come back as they were, at every width', () => {
  for (const value of [0n, 250n, 251n, 65_535n, 65_536n, 0xff_ffffn, 0x100_0000n, 2n ** 64n - 1n]) {
    assert.equal(new PayloadReader(lenenc(value)).lenenc(), value)
  }
})

test('a greeting comes back as it was', () => {
  const greeting = {
    ...{ serverVersion: '8.0.36-ArticDBM', connectionId: 77, nonce, capabilities: everything },
    ...{ collation: 45, status: 2, plugin: 'caching_sha2_password' },
  }
  assert.deepEqual(handshake.decodeGreeting(handshake.encodeGreeting(greeting)), greeting)
})

test('a handshake response comes back as it was', () => {
  fc.assert(
    fc.property(name, name, fc.uint8Array({ maxLength: 300 }), (user, database, auth) => {
      const response = {
        ...{ capabilities: everything, maxPacketBytes: 1 << 24, collation: 224, user, database },
        ...{ authResponse: Buffer.from(auth), plugin: 'caching_sha2_password' },
        attributes: new Map([['program_name', 'mysql']]),
      }
      const decoded = handshake.decodeHandshakeResponse(handshake.encodeHandshakeResponse(response))
      assert.deepEqual(decoded, response)
    }),
  )
})

test('an SSLRequest is told from a response', () => {
  const request = handshake.encodeSslRequest({
    ...{ capabilities: everything, maxPacketBytes: 1, collation: 45 },
  })
  assert.ok(handshake.isSslRequest(request))
  assert.ok(!handshake.isSslRequest(Buffer.concat([request, Buffer.from('u\0')])))
})

test('a COM_CHANGE_USER comes back as it was', () => {
  const change = {
    ...{ user: 'ann', authResponse: nonce, database: 'shop', collation: 45 },
    ...{ plugin: 'caching_sha2_password', attributes: new Map([['a', 'b']]) },
  }
  assert.deepEqual(
    handshake.decodeChangeUser(handshake.encodeChangeUser(change), everything),
    change,
  )
})

test('OK, ERR and EOF come back as they were', () => {
  const ok = {
    affectedRows: 300n,
    lastInsertId: 2n ** 40n,
    status: 2,
    warnings: 3,
    message: 'Rows',
  }
  assert.deepEqual(decodeOk(encodeOk(ok)), ok)
  assert.deepEqual(decodeOk(encodeEndOfRows(ok)), ok)
  const err = { errno: 1064, sqlState: '42000', message: 'syntax – ü' }
  assert.deepEqual(decodeErr(encodeErr(err)), err)
  assert.deepEqual(decodeEof(encodeEof({ warnings: 1, status: 34 })), { warnings: 1, status: 34 })
})

test('an OK with session tracking gives its message', () => {
  const tracked = Buffer.concat([encodeOk({ status: 0x4002 }), Buffer.from('\x02hi\x00')])
  assert.equal(decodeOk(tracked).message, 'hi')
})

test('every command comes back as it was', () => {
  const text = Buffer.from('SELECT 1')
  const commands = [
    { kind: 'quit' },
    { kind: 'ping' },
    { kind: 'statistics' },
    { kind: 'reset connection' },
    { kind: 'init db', database: text },
    { kind: 'query', text },
    { kind: 'field list', table: text, wildcard: Buffer.from('%') },
    { kind: 'kill', connectionId: 9 },
    { kind: 'set option', option: 1 },
    { kind: 'prepare', text },
    { kind: 'execute', statementId: 4, flags: 1, body: text },
    { kind: 'long data', statementId: 4, parameter: 2, bytes: text },
    { kind: 'fetch', statementId: 4, rows: 10 },
    { kind: 'close', statementId: 4 },
    { kind: 'reset', statementId: 4 },
  ] as const
  for (const command of commands) {
    assert.deepEqual(decodeCommand(encodeCommand(command)), command)
  }
})

test('columns and rows come back as they were', () => {
  const column = {
    ...{ schema: 's', table: 't', originalTable: 'o', name: 'ä', originalName: 'b' },
    ...{ collation: 45, length: 400, type: 253, flags: 1, decimals: 31 },
  }
  assert.deepEqual(decodeColumn(encodeColumn(column)), column)
  const row = [Buffer.from('x'), null, Buffer.alloc(0), Buffer.alloc(70_000, 1)]
  assert.deepEqual(decodeTextRow(encodeTextRow(row), 4), row)
})

test('parameters are read by their types, those of the execution before, too', () => {
  const types = Buffer.of(0x08, 0, 0xfd, 0, 0x08, 0x80, 0x0c, 0, 0x06, 0)
  const big = Buffer.alloc(8, 0xff)
  const moment = Buffer.of(7, 0xea, 0x07, 11, 22, 10, 20, 30)
  const values = Buffer.concat([big, Buffer.of(2), Buffer.from('hi'), big, moment])
  const body = { nulls: Buffer.of(0b10000), types, values }
  const decoded = decodeExecuteBody(encodeExecuteBody(body), 5)
  assert.deepEqual(decoded, body)
  assert.deepEqual(decodeParameters(decoded, types, new Map()), [
    ...[-1n, 'hi', 2n ** 64n - 1n, '2026-11-22 10:20:30'],
    null,
  ])
})

test('charsets whose second byte may be a quote are unsafe, and so is what is not known', () => {
  for (const id of [1, 13, 28, 35, 60, 95, 248, 999])
    assert.equal(encodingOf(id), 'unsafe', `${id}`)
  for (const id of [33, 45, 224, 255]) assert.equal(encodingOf(id), 'utf8')
  for (const id of [8, 63]) assert.equal(encodingOf(id), 'ascii only')
  assert.equal(encodingNamed('GBK'), 'unsafe')
  assert.equal(encodingNamed('constructor'), 'unsafe')
})

test('garbage is a violation or a value for every decoder, never another error', () => {
  const decoders: readonly ((bytes: Buffer) => unknown)[] = [
    handshake.decodeGreeting,
    handshake.decodeHandshakeResponse,
    handshake.decodeAuthSwitch,
    (bytes) => handshake.decodeChangeUser(bytes, everything),
    decodeCommand,
    decodeColumn,
    decodeOk,
    decodeErr,
    decodeEof,
    (bytes) => decodeTextRow(bytes, 5),
    (bytes) => {
      const body = decodeExecuteBody(bytes, 3)
      return body.types && decodeParameters(body, body.types, new Map())
    },
  ]
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (garbage) => {
      for (const decode of decoders) {
        try {
          decode(Buffer.from(garbage))
        } catch (fault) {
          assert.ok(fault instanceof PacketViolation, `${fault}`)
        }
      }
    }),
    { numRuns: 2000 },
  )
})

test('the first byte of a change of user is its command', () => {
  assert.equal(decodeCommand(Buffer.of(COMMAND.changeUser, 1, 2)).kind, 'change user')
})
