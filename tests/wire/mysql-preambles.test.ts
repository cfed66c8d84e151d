// What tools and drivers say when they connect (tests/corpus/clients): whoever may read, may use them.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import mysql from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'

const { url, skip } = serverUrl('mariadb')
const FOLDER = join(import.meta.dirname, '../corpus/clients')
/** Where MySQL and MariaDB call it differently, each refuses the other's. */
const UNKNOWN_SYSTEM_VARIABLE = 1193

describe('what tools say when they connect to the MySQL door', { skip }, () => {
  let door: TestDoor

  before(async () => {
    const direct = await mysql.createConnection(url)
    await direct.query(
      'CREATE TABLE IF NOT EXISTS open_table (id INT PRIMARY KEY, name VARCHAR(20))',
    )
    await direct.end()
    door = await openDoor({ backendUrl: url })
  })
  after(() => door?.close())

  for (const file of readdirSync(FOLDER)) {
    test(`${file} passes for a reader`, async () => {
      const schema = new URL(url).pathname.slice(1)
      const text = readFileSync(join(FOLDER, file), 'utf8').replaceAll('{schema}', schema)
      const client = await mysql.createConnection({
        ...{
          host: '127.0.0.1',
          port: door.port,
          user: 'ben',
          password: PASSWORD,
          database: 'maria',
        },
      })
      const refused: string[] = []
      for (const sql of text.split('\n').filter((line) => line !== '')) {
        await client.query(sql).catch(({ errno, message }) => {
          if (errno !== UNKNOWN_SYSTEM_VARIABLE) refused.push(`${sql}\n  ${errno} ${message}`)
        })
      }
      client.destroy()
      assert.deepEqual(refused, [])
    })
  }
})
