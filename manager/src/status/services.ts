import type { GatewayStatus, SystemStatus } from '@articdbm/contract'

export interface Status {
  system(): Promise<SystemStatus>
  /** What a gateway says of itself. */
  take(status: GatewayStatus): Promise<void>
  /** Throws when the store doesn't answer, or the manager drains. */
  assertReady(): Promise<void>
}
