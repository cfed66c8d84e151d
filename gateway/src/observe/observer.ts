/** What is counted for metrics and the dashboard. */
export interface Observer {
  sessionOpened(databaseId: string): void
  sessionClosed(databaseId: string): void
  statementEnded(ended: {
    readonly databaseId: string
    readonly durationMs: number
    readonly isError: boolean
  }): void
  statementBlocked(databaseId: string, rule: string): void
  /** It was let through, and is told of. */
  statementAlerted(databaseId: string, rule: string): void
  loginRefused(): void
  /** A session was given a connection to a backend in this role. */
  routed(databaseId: string, role: 'primary' | 'replica'): void
}
