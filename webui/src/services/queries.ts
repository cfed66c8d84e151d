import { QueryClient } from '@tanstack/react-query'
import { RequestFailed } from './failure.ts'

const MAX_RETRIES = 2

/** A refusal stays a refusal; only silence and the manager's own failures are tried again. */
function mayRetry(failures: number, error: unknown): boolean {
  if (failures >= MAX_RETRIES) return false
  return !(error instanceof RequestFailed) || error.status === 0 || error.status >= 500
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: mayRetry, staleTime: 5_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
})
