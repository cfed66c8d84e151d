import type { QuickRequest } from './request.ts'

/** What answers quick requests. */
export interface Way {
  /** Answers come to the request itself. */
  send(request: QuickRequest): void
  /** Resolves when the cancel can hit nothing else any more. */
  cancel(request: QuickRequest): Promise<void>
}
