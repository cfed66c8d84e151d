// One thing that an attacker does to a door, and what may come of it.
import {
  addTestDatabase,
  skipReason,
  type TestDatabase,
  type TestEngine,
} from '../support/databases.ts'
import { Product } from '../support/product.ts'

export const LOGIN_TIMEOUT_MS = 2_000
/** Of the gateway's frames and requests: smaller than usual, so that a test reaches it soon. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024

export interface Assault {
  readonly name: string
  /** What the attacker gets: an error's code, `closed`, an answer. */
  readonly expects: RegExp
  commit(product: Product): Promise<string>
}

export interface Victim extends AsyncDisposable {
  readonly product: Product
  readonly databases: readonly Pick<TestDatabase, 'engine' | 'name'>[]
}

/** The product with a database of each engine that is there; the demo shop is always. */
export async function startVictim({ onlyShop = false } = {}): Promise<Victim> {
  const product = await Product.start({
    withShop: true,
    environment: {
      // With room to spare V8 puts off collecting: growth would then say nothing of leaks.
      NODE_OPTIONS: '--max-old-space-size=384',
      LOGIN_TIMEOUT_MS: String(LOGIN_TIMEOUT_MS),
      STALL_TIMEOUT_MS: '4000',
      MAX_FRAME_BYTES: String(MAX_FRAME_BYTES),
      MAX_REQUEST_BYTES: String(MAX_FRAME_BYTES),
      REQUEST_TIMEOUT_MS: '3000',
      PASSWORD_COST: '10',
    },
  })
  const added: TestDatabase[] = []
  for (const engine of ['postgres', 'mariadb'] satisfies TestEngine[]) {
    if (onlyShop || skipReason(engine)) continue
    added.push(await addTestDatabase(product, engine, `hostile_${engine}`))
  }
  const rest = await product.login()
  for (const { name } of added) {
    await rest.data('POST', 'grants', { user: 'owner', database: name, actions: ['read', 'write'] })
  }
  return {
    product,
    databases: [{ engine: 'sqlite', name: 'shop' }, ...added],
    [Symbol.asyncDispose]: async () => {
      for (const database of added) await database.close()
      await product.stop()
    },
  }
}

/** Wrong log-ins count against an address: attackers have their own, so that honest people stay welcome. */
let lastAddress = 1
export function strangeAddress(): string {
  lastAddress += 1
  return `127.1.${lastAddress >> 8}.${lastAddress & 255}`
}

/** Bytes that look like nothing, the same in each run. */
export function garbage(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length)
  let state = seed
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[at] = state >>> 16
  }
  return bytes
}
