// What must be in the store before the processes start: its tables, the first administrator, and the demo.
import { join } from 'node:path'
import type { Environment } from '@articdbm/contract'
import { type Operations, openOperations, readConfig } from '@articdbm/manager/operations'
import { createShop } from '../demo/create-shop.ts'

const OWNER = 'owner'
const DEMO = 'shop'

export interface Prepared {
  readonly administrator: string
  /** Undefined once the person has chosen their own. */
  readonly password: string | undefined
  readonly isDemo: boolean
}

/** May be repeated: what is there stays. */
export async function prepareStore(environment: Environment, withDemo: boolean): Promise<Prepared> {
  // The gateway makes the doors' certificate when it first starts, so there may be none yet; nothing here needs it.
  await using operations = openOperations(
    readConfig({ ...environment, GATEWAY_CA_FILE: undefined }),
  )
  await operations.migrate()
  const first = await operations.createFirstAdministrator()
  if (withDemo) await addDemo(operations, environment.ARTICDBM_DATA_DIR ?? '.')
  return { administrator: OWNER, password: first?.oneTimePassword, isDemo: withDemo }
}

async function addDemo(operations: Operations, directory: string): Promise<void> {
  const path = join(directory, `${DEMO}.db`)
  createShop(path)
  if (await operations.hasDatabase(DEMO)) return
  await operations.addDatabase({ name: DEMO, engine: 'sqlite', target: path })
  const users = await operations.listUsers()
  if (!users.some(({ name }) => name === OWNER)) return
  await operations.addGrant({ user: OWNER, database: DEMO, actions: ['read', 'write', 'admin'] })
}
