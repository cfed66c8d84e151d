// Hostile input to the whole product: every door answers with an error or closes, in time; nobody else notices.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { attempt, doorsOf } from '../support/doors.ts'
import type { Product } from '../support/product.ts'
import { type Assault, startVictim, type Victim } from './assault.ts'
import { allIsWell, pidsOf } from './health.ts'
import { MANAGER_ASSAULTS } from './manager.ts'
import { MYSQL_ASSAULTS } from './mysql.ts'
import { POSTGRES_ASSAULTS } from './postgres.ts'
import { STATEMENTS } from './statements.ts'

/** Of each process, from the first round of everything to the last. */
const MAX_GROWTH_MB = 96
const ROUNDS = 6
/** Until then the heaps grow to what the work needs; a leak grows on. */
const WARM_ROUNDS = 3
const AT_ONCE = 12

const ASSAULTS: Readonly<Record<string, readonly Assault[]>> = {
  'the PostgreSQL door': POSTGRES_ASSAULTS,
  'the MySQL door': MYSQL_ASSAULTS,
  REST: MANAGER_ASSAULTS.rest,
  'the console': MANAGER_ASSAULTS.console,
  'the routes of gateways': MANAGER_ASSAULTS.internal,
}

describe('hostile input', { timeout: 420_000 }, () => {
  let victim: Victim
  let pids: readonly number[]
  before(async () => {
    victim = await startVictim()
    pids = pidsOf(victim)
  })
  after(async () => {
    await victim?.[Symbol.asyncDispose]()
  })

  for (const [door, assaults] of Object.entries(ASSAULTS)) {
    describe(door, { concurrency: AT_ONCE }, () => {
      for (const assault of assaults) {
        const { name, expects } = assault
        test(`${name}: ${expects.source}`, { timeout: 60_000 }, async () => {
          assert.match(await answerTo(assault, victim.product), expects)
        })
      }
      test('afterwards every door works, in the same processes', () => allIsWell(victim, pids))
    })
  }

  describe('statements that no person writes', () => {
    for (const { name, sql } of STATEMENTS) {
      test(`${name} gets an answer on every door to every engine`, {
        timeout: 60_000,
      }, async () => {
        for (const database of victim.databases) {
          await Promise.all(
            doorsOf(database.engine).map(async (door) => {
              const { product } = victim
              const wish = { database: database.name, statements: [sql] }
              const { code, message } = await attempt(product, product.owner, door, wish)
              const told = `${database.engine} by ${door}: ${code} ${message.slice(0, 300)}`
              assert.doesNotMatch(code, /^(XX000|internal|ECONN\w+|PROTOCOL_\w+)$/, told)
              assert.doesNotMatch(message, /internal error/, told)
              assert.equal(code === '', message === '', told)
            }),
          )
        }
      })
    }
    test('afterwards every door works, in the same processes', () => allIsWell(victim, pids))
  })

  test(`${ROUNDS} rounds of all of it leave the memory flat`, { timeout: 360_000 }, async (t) => {
    const sizes: (readonly number[])[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      await commitAll(victim)
      await sleep(500)
      sizes.push(await Promise.all(pids.map(residentMb)))
    }
    t.diagnostic(`resident MB of gateway and manager: ${sizes.join(' | ')}`)
    const [first = [], last = []] = [sizes[WARM_ROUNDS - 1], sizes.at(-1)]
    for (const [at, mb] of last.entries()) {
      assert.ok(mb - (first[at] ?? 0) < MAX_GROWTH_MB, `grew: ${sizes.join(' | ')}`)
    }
    await allIsWell(victim, pids)
  })
})

/** All at once they may meet a full pool, a slow start or a time-out: that says nothing of what was sent. */
const UNDER_LOAD = /^(?:408|429|502|503)\b/
const MOST_TRIES = 4

async function answerTo({ expects, commit }: Assault, product: Product): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const answer = await commit(product)
    const isForNow = UNDER_LOAD.test(answer) && !expects.test(answer)
    if (!isForNow || tries === MOST_TRIES) return answer
    await sleep(1_000 * tries)
  }
}

async function commitAll({ product }: Victim): Promise<void> {
  const left = Object.values(ASSAULTS).flat()
  const attack = async () => {
    for (let next = left.pop(); next; next = left.pop()) {
      const answer = await next.commit(product)
      const isExpected = next.expects.test(answer) || UNDER_LOAD.test(answer)
      assert.ok(isExpected, `${next.name}: ${answer.slice(0, 300)}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, attack))
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024)
}
