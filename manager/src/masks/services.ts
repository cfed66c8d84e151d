// What masks' routes ask of them.
import type { Mask, MaskChange, MaskCreation, MaskQuery } from '@articdbm/contract'
import type { Acting, Listed } from '../identity/services.ts'

export interface Masks {
  /** In the order of databases, tables and columns. */
  list(query: MaskQuery): Promise<Listed<Mask>>
  /** It counts at once. */
  add(by: Acting, creation: MaskCreation): Promise<Mask>
  change(by: Acting, id: string, change: MaskChange): Promise<Mask>
  remove(by: Acting, id: string): Promise<void>
}
