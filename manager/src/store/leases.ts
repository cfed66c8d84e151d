import type { Store, Tx } from './open-store.ts'
import { ensureRow } from './writing.ts'

const LONG_AGO = new Date(0).toISOString()

export interface LeaseClaim {
  readonly name: string
  readonly owner: string
  readonly validForMs: number
  /** The caller's clock. The clocks of managers may differ by far less than a lease lasts. */
  readonly now: Date
}

/** Takes or prolongs a lease: true when it is the owner's until `now + validForMs`. One statement decides, on every engine. */
export function takeLease(store: Store, claim: LeaseClaim): Promise<boolean> {
  const { name, owner, validForMs, now } = claim
  const until = new Date(now.getTime() + validForMs).toISOString()
  const work = async (tx: Tx): Promise<boolean> => {
    await ensureRow(tx, 'leases', { name, owner: '', valid_until: LONG_AGO })
    const { numUpdatedRows } = await tx
      .updateTable('leases')
      .set({ owner, valid_until: until })
      .where('name', '=', name)
      .where((lease) =>
        lease.or([lease('owner', '=', owner), lease('valid_until', '<=', now.toISOString())]),
      )
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }
  return store.transaction(work, { isIdempotent: true })
}

/** Gives a lease back before its time. */
export async function endLease(store: Store, name: string, owner: string): Promise<void> {
  await store.transaction(
    async (tx) => {
      await tx
        .updateTable('leases')
        .set({ owner: '', valid_until: LONG_AGO })
        .where('name', '=', name)
        .where('owner', '=', owner)
        .execute()
    },
    { isIdempotent: true },
  )
}
