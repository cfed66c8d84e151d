// TLS from the gateway to the backends: required, and verified against an authority.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { attempt } from '../support/doors.ts'
import { type Person, Product } from '../support/product.ts'
import { serverUrl } from '../support/servers/index.ts'

const ENGINES = [
  { engine: 'postgres', door: 'postgres', authority: process.env.TEST_POSTGRES_TLS_CA ?? '' },
  { engine: 'mariadb', door: 'mysql', authority: process.env.TEST_MARIADB_TLS_CA ?? '' },
] as const
const TARGET = { postgres: 'postgres', mariadb: 'mysql' } as const

for (const { engine, door, authority } of ENGINES) {
  const skip = serverUrl(engine).skip || (authority === '' && 'needs a server with TLS')

  describe(`${engine}: TLS to the backend`, { skip }, () => {
    let trusting: Product
    let strange: Product
    let reader: Person

    before(async () => {
      trusting = await Product.start({ environment: { NODE_EXTRA_CA_CERTS: authority } })
      strange = await Product.start()
      for (const product of [trusting, strange]) {
        for (const tls of ['require', 'verify']) await addDatabase(product, tls)
      }
      const grants = ['require', 'verify'].map((database) => ({
        database,
        actions: ['read'] as const,
      }))
      reader = await trusting.addPerson('reader', grants)
    })
    after(async () => {
      await trusting?.stop()
      await strange?.stop()
    })

    for (const database of ['require', 'verify']) {
      test(`mode "${database}" answers through an encrypted connection`, async () => {
        const statements = ['SELECT 41 + 1']
        const { rows, message } = await attempt(trusting, reader, door, { database, statements })
        assert.equal(message, '')
        assert.equal(String(rows[0]?.[0]), '42')
      })
    }

    test('a certificate that nobody vouches for is refused where it must be verified', async () => {
      const rest = await strange.login()
      const required = await rest.data('POST', 'databases/require/test')
      assert.equal(required.isReachable, true, required.message)
      const verified = await rest.data('POST', 'databases/verify/test')
      assert.equal(verified.isReachable, false)
      assert.match(verified.message, /certificate|self-signed/i)
    })
  })

  async function addDatabase(product: Product, tls: string): Promise<void> {
    const url = new URL(serverUrl(engine).url)
    const rest = await product.login()
    await rest.data('POST', 'databases', {
      name: tls,
      engine,
      target: TARGET[engine],
      backends: [{ host: 'localhost', port: Number(url.port), tls }],
      credential: {
        user: decodeURIComponent(url.username),
        password: decodeURIComponent(url.password),
      },
    })
  }
}
