import type { Grant, GrantCreation, GrantQuery } from '@articdbm/contract'
import type { Acting, Listed } from '../identity/services.ts'

export interface Grants {
  list(query: GrantQuery): Promise<Listed<Grant>>
  add(by: Acting, creation: GrantCreation): Promise<Grant>
  revoke(by: Acting, id: string): Promise<void>
}
