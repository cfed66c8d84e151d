// What has to be done now and then, by one manager of a cluster: a lease in the store decides which.
import { expireAudit } from './audit/retention.ts'
import type { Base } from './base.ts'
import { deleteEndedLogins } from './identity/store.ts'
import { forgetGateways } from './status/store.ts'
import { takeLease } from './store/index.ts'

const EVERY_MS = 60_000
const LEASE_MS = 10 * 60_000
const LEASE = 'upkeep'
const ENDED_LOGINS_KEPT_MS = 7 * 86_400_000
const LOST_GATEWAYS_KEPT_MS = 86_400_000

export interface UpkeepOptions {
  readonly owner: string
  readonly auditRetentionDays: number
}

export function startUpkeep(base: Base, options: UpkeepOptions, signal: AbortSignal): void {
  let isBusy = false
  const timer = setInterval(() => {
    if (isBusy) return
    isBusy = true
    upkeepOnce(base, options)
      .catch((fault) => base.log.warn({ err: fault }, 'upkeep failed and is tried again'))
      .finally(() => {
        isBusy = false
      })
  }, EVERY_MS)
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}

/** Says whether it was this manager's turn. */
export async function upkeepOnce(base: Base, options: UpkeepOptions): Promise<boolean> {
  const now = base.now()
  const claim = { name: LEASE, owner: options.owner, validForMs: LEASE_MS, now }
  if (!(await takeLease(base.store, claim))) return false
  const ago = (ms: number): string => new Date(now.getTime() - ms).toISOString()
  await deleteEndedLogins(base.store.db, ago(ENDED_LOGINS_KEPT_MS))
  await forgetGateways(base.store.db, ago(LOST_GATEWAYS_KEPT_MS))
  const removed = await expireAudit(base, options.auditRetentionDays)
  if (removed > 0) base.log.info({ removed }, 'audit entries past their keeping time were removed')
  return true
}
