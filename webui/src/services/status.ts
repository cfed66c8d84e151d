import type { SystemStatus } from '@articdbm/contract'
import { queryOptions } from '@tanstack/react-query'
import { answer } from './answer.ts'
import { getStatus } from './api/index.ts'

const REFRESH_MS = 4000

export const statusOptions = queryOptions({
  queryKey: ['status'],
  queryFn: (): Promise<SystemStatus> => answer(getStatus()),
  refetchInterval: REFRESH_MS,
})
