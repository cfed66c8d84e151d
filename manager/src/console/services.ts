import type { QueryRequest, QueryResult } from '@articdbm/contract'
import type { Actor } from '../identity/actor.ts'

export interface Queries {
  /** Through the gateway's door, as the person who asks. */
  answer(actor: Actor, database: string, request: QueryRequest): Promise<QueryResult>
}
