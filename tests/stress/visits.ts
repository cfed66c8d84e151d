// Clients that come and go among the others: they make errors, cancel, execute prepared statements, leave in the middle.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as dial } from 'node:net'
import { encodeStartup } from '@articdbm/wire/postgres'
import mysql, { type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'

/** From coming to leaving; rejects at a wrong answer. */
export type Visit = (owner: number) => Promise<void>

const STATEMENTS = 40

export function postgresVisits(url: string): readonly Visit[] {
  const connect = async () => {
    const client = new pg.Client(url)
    client.on('error', () => undefined)
    await client.connect()
    return client
  }
  const textOf = (owner: number, mine: string) =>
    `SELECT '${mine}' AS back, owner FROM stress WHERE owner = ${owner} AND n = 1`
  return [
    async function errs(owner) {
      const client = await connect()
      for (const mine of namesOf(owner)) {
        const asked = client.query(`SELECT owner FROM stress WHERE owner = '${mine}'`)
        await assert.rejects(asked, ({ message }: Error) => message.includes(`"${mine}"`))
      }
      await client.end()
    },
    async function cancels(owner) {
      const client = await connect()
      for (const mine of namesOf(owner)) {
        const asked = client.query(textOf(owner, mine)).catch((fault) => fault)
        await sendCancel(client, new URL(url))
        const answer: pg.QueryResult & { code?: string } = await asked
        if (answer.code === '57014') continue
        assert.deepEqual(answer.rows, [{ back: mine, owner }])
      }
      await client.end()
    },
    async function leaves(owner) {
      const client = await connect()
      const [first, ...others] = namesOf(owner).map((mine) => client.query(textOf(owner, mine)))
      const ignored = Promise.allSettled(others)
      assert.deepEqual((await first)?.rows, [{ back: namesOf(owner)[0], owner }])
      const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
      connection.stream.destroy()
      await ignored
    },
  ]
}

/** PostgreSQL's documentation, 55.2.8: over a connection of its own, without an answer. */
async function sendCancel(client: pg.Client, { hostname, port }: URL): Promise<void> {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
  const secret = Buffer.alloc(4)
  secret.writeInt32BE(secretKey)
  const request = encodeStartup({ kind: 'cancelRequest', processId: processID, secret })
  const socket = dial({ host: hostname, port: Number(port) })
  socket.on('error', () => undefined)
  socket.end(request)
  await once(socket, 'close')
}

export function mysqlVisits(options: mysql.ConnectionOptions): readonly Visit[] {
  const connect = async () => {
    const client = await mysql.createConnection(options)
    client.on('error', () => undefined)
    return client
  }
  const text = 'SELECT ? AS back, owner FROM stress WHERE owner = ? AND n = ?'
  return [
    async function executes(owner) {
      const client = await connect()
      for (const mine of namesOf(owner)) {
        const [rows] = await client.execute<RowDataPacket[]>(text, [mine, owner, 1])
        assert.deepEqual({ ...rows[0] }, { back: mine, owner })
      }
      await client.end()
    },
    async function errs(owner) {
      const client = await connect()
      for (const mine of namesOf(owner)) {
        const asked = client.query(`SELECT owner FROM stress WHERE \`${mine}\` = 1`)
        await assert.rejects(asked, ({ message }: Error) => message.includes(mine))
      }
      await client.end()
    },
    async function leaves(owner) {
      const client = await connect()
      const asked = namesOf(owner).map((mine) => client.query(text, [mine, owner, 1]))
      const ignored = Promise.allSettled(asked.slice(1))
      const [rows] = (await asked[0]) as [RowDataPacket[], unknown]
      assert.deepEqual({ ...rows[0] }, { back: namesOf(owner)[0], owner })
      client.destroy()
      await Promise.race([ignored, once(client, 'end').catch(() => undefined)])
    },
  ]
}

function namesOf(owner: number): readonly string[] {
  return Array.from({ length: STATEMENTS }, (_, at) => `mine-${owner}-${at}`)
}

/** One visit of each kind at a time, again and again until `work` is done; tells how many there were. */
export async function amongVisits<T>(
  visits: readonly Visit[],
  firstOwner: number,
  work: Promise<T>,
): Promise<{ readonly result: T; readonly count: number }> {
  let isDone = false
  let count = 0
  const visitors = visits.map(async (visit, at) => {
    while (!isDone) {
      await visit(firstOwner + at)
      count += 1
    }
  })
  const result = await Promise.race([work, failureOf(visitors)]).finally(() => {
    isDone = true
  })
  await Promise.all(visitors)
  return { result: result as T, count }
}

/** Never resolves: a visitor that is done has nothing to tell. */
function failureOf(visitors: readonly Promise<void>[]): Promise<never> {
  return new Promise((_, reject) => {
    for (const visitor of visitors) visitor.catch(reject)
  })
}
