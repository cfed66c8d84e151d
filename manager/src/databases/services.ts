import type {
  Database,
  DatabaseChange,
  DatabaseCreation,
  DatabasePool,
  DatabaseQuery,
  DatabaseTest,
} from '@articdbm/contract'
import type { Actor } from '../identity/actor.ts'
import type { Acting, Listed } from '../identity/services.ts'

export interface Databases {
  /** What the person may see: a viewer sees what a grant opens. */
  list(actor: Actor, query: DatabaseQuery): Promise<Listed<Database>>
  get(actor: Actor, name: string): Promise<Database>
  /** How gateways stand with its backends, and which connections are pinned. */
  pool(actor: Actor, name: string): Promise<DatabasePool>
  create(by: Acting, creation: DatabaseCreation): Promise<Database>
  change(by: Acting, name: string, change: DatabaseChange): Promise<Database>
  remove(by: Acting, name: string): Promise<void>
  /** Through the gateway's door, as everything that touches a managed database. */
  test(actor: Actor, name: string): Promise<DatabaseTest>
}
