import type { ApiKey, ApiKeyCreation, Login } from '@articdbm/contract'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer } from './answer.ts'
import { createApiKey, listApiKeys, listLogins, revokeApiKey, revokeLogin } from './api/index.ts'

export const apiKeysOptions = queryOptions({
  queryKey: ['api-keys'],
  queryFn: (): Promise<readonly ApiKey[]> => answer(listApiKeys()),
})

export const loginsOptions = queryOptions({
  queryKey: ['logins'],
  queryFn: (): Promise<readonly Login[]> => answer(listLogins()),
})

export function useCreateApiKey() {
  const refresh = useRefresh('api-keys')
  return useMutation({
    mutationFn: (body: ApiKeyCreation) => answer(createApiKey({ body })),
    onSuccess: refresh,
  })
}

export function useRevokeApiKey() {
  const refresh = useRefresh('api-keys')
  return useMutation({
    mutationFn: (id: string) => answer(revokeApiKey({ path: { id } })),
    onSuccess: refresh,
  })
}

export function useRevokeLogin() {
  const refresh = useRefresh('logins')
  return useMutation({
    mutationFn: (id: string) => answer(revokeLogin({ path: { id } })),
    onSuccess: refresh,
  })
}

function useRefresh(kind: 'api-keys' | 'logins') {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: [kind] })
}
