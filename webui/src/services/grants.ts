import type { Grant, GrantCreation } from '@articdbm/contract'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer } from './answer.ts'
import { addGrant, listGrants, revokeGrant } from './api/index.ts'

const MAX_LISTED = 500

export interface GrantFilter {
  readonly user?: string
  readonly database?: string
}

export function grantsOptions(filter: GrantFilter = {}) {
  return queryOptions({
    queryKey: ['grants', filter],
    queryFn: (): Promise<readonly Grant[]> =>
      answer(listGrants({ query: { ...filter, limit: MAX_LISTED } })),
  })
}

export function useAddGrant() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: GrantCreation) => answer(addGrant({ body })),
    onSuccess: refresh,
  })
}

export function useRevokeGrant() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (id: string) => answer(revokeGrant({ path: { id } })),
    onSuccess: refresh,
  })
}

function useRefresh() {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: ['grants'] })
}
