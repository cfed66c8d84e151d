import type { Statement } from '@articdbm/sql'
import { PostgresFault } from './fault.ts'
import type { Names } from './names.ts'

/** What a statement came to that no backend had to see. */
export interface Done {
  readonly tag: string
  readonly failure: unknown
  /** Their description and themselves, where there are some. */
  readonly rows?: readonly Buffer[]
}

/** DEALLOCATE of a statement that was prepared by protocol: its name exists only here. Undefined: it is none. */
export function deallocateHere(
  [statement, more]: readonly Statement[],
  names: Names,
): Done | undefined {
  const [effect] = statement?.session ?? []
  if (more || effect?.kind !== 'deallocate') return undefined
  const outcome = names.deallocate(effect.name)
  if (outcome === 'elsewhere') return undefined
  const tag = effect.name === undefined ? 'DEALLOCATE ALL' : 'DEALLOCATE'
  if (outcome === 'here') return { tag, failure: undefined }
  const why = `prepared statement "${effect.name}" does not exist`
  return { tag, failure: new PostgresFault('26000', why) }
}
