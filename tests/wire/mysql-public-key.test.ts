// caching_sha2_password without TLS: the password goes encrypted for the door's key, which the client asks for or has.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { CAPABILITY, encodeHandshakeResponse } from '@articdbm/wire/mysql'
import { type ConnectionConfig, createConnection as connectMariadb } from 'mariadb'
import mysql from 'mysql2'
import { createConnection } from 'mysql2/promise'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'
import { createLite } from './mysql/lite.ts'
import { RawClient, describe as told } from './mysql/raw.ts'

const FOREIGN = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  ...{ publicKeyEncoding: { type: 'spki', format: 'pem' } },
  ...{ privateKeyEncoding: { type: 'pkcs8', format: 'pem' } },
} as const).publicKey

describe('logging in without TLS', { timeout: 60_000 }, () => {
  let door: TestDoor
  before(async () => {
    door = await openDoor({ sqliteFile: createLite() })
  })
  after(() => door?.close())

  const access = (user: string, password = PASSWORD) => ({
    ...{ host: '127.0.0.1', port: door.port, user, password },
  })
  const byMariadb = async (config: ConnectionConfig) => {
    const client = await connectMariadb(config)
    const rows = await client.query('SELECT 1 AS one')
    await client.end()
    return Number(rows[0].one)
  }

  /** As far as the question for the password; the door has never seen this one, so the quick way isn't open. */
  async function askedForPassword(user: string): Promise<RawClient> {
    const client = new RawClient(door.port)
    await client.greeting()
    const { protocol41, secureConnection, pluginAuth } = CAPABILITY
    const response = encodeHandshakeResponse({
      ...{ capabilities: protocol41 | secureConnection | pluginAuth, maxPacketBytes: 1 << 24 },
      ...{ collation: 45, user, authResponse: Buffer.alloc(32, 7), database: '' },
      ...{ plugin: 'caching_sha2_password', attributes: new Map() },
    })
    await client.send(response, 1)
    const asked = await client.next(2)
    assert.deepEqual(asked?.payload, Buffer.of(1, 4))
    return client
  }

  async function publicKey(): Promise<string> {
    const client = await askedForPassword('eve')
    await client.send(Buffer.of(2), 3)
    const told = await client.next(4)
    client.socket.destroy()
    return `${told?.payload.subarray(1)}`
  }

  test('the MariaDB connector asks for the key, and the second time needs none', async () => {
    assert.equal(await byMariadb({ ...access('ann'), allowPublicKeyRetrieval: true }), 1)
    assert.equal(await byMariadb({ ...access('ann'), allowPublicKeyRetrieval: false }), 1)
  })

  test('a client that may not ask for the key gives up by itself', async () => {
    await assert.rejects(byMariadb({ ...access('ben'), allowPublicKeyRetrieval: false }), /RSA/i)
  })

  test('a client that has the key asks for nothing', async () => {
    const key = await publicKey()
    assert.match(key, /^-----BEGIN PUBLIC KEY-----\n/)
    const config = { ...access('ben'), allowPublicKeyRetrieval: false }
    await assert.rejects(byMariadb({ ...config, cachingRsaPublicKey: FOREIGN }), { errno: 1045 })
    assert.equal(await byMariadb({ ...config, cachingRsaPublicKey: key }), 1)
    const plugin = mysql.authPlugins.caching_sha2_password({ serverPublicKey: key })
    const client = await createConnection({
      ...access('bob'),
      authPlugins: { caching_sha2_password: plugin },
    })
    assert.deepEqual((await client.query('SELECT 1 AS one'))[0], [{ one: 1 }])
    await client.end()
  })

  test('a wrong password is refused by both ways, and never kept as the right one', async () => {
    const wrong = { ...access('ann', 'wrong'), allowPublicKeyRetrieval: true }
    await assert.rejects(byMariadb(wrong), { errno: 1045 })
    await assert.rejects(byMariadb(wrong), { errno: 1045 })
    await assert.rejects(createConnection(access('ann', 'wrong')), { errno: 1045 })
    assert.equal(await byMariadb(access('ann')), 1)
  })

  for (const [what, bytes] of [
    ['bytes that no key made', Buffer.alloc(256, 9)],
    ['bytes of another length', Buffer.alloc(31, 9)],
    ['the password in the clear', Buffer.from(`${PASSWORD}\0`)],
    ['nothing', Buffer.alloc(0)],
  ] as const) {
    test(`${what} in place of the encrypted password is refused`, async () => {
      const client = await askedForPassword('eve')
      await client.send(bytes, 3)
      assert.equal(told(await client.next(4)), 'ERR 1045')
      await client.closed
    })
  }
})
