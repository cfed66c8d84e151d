import type { User, UserChange, UserCreation } from '@articdbm/contract'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer } from './answer.ts'
import { changeUser, createUser, listUsers, removeUser, resetPassword } from './api/index.ts'

const MAX_LISTED = 500

export const usersOptions = queryOptions({
  queryKey: ['users'],
  queryFn: (): Promise<readonly User[]> => answer(listUsers({ query: { limit: MAX_LISTED } })),
})

interface Change {
  readonly name: string
  readonly body: UserChange
}

export function useCreateUser() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: UserCreation) => answer(createUser({ body })),
    onSuccess: refresh,
  })
}

export function useChangeUser() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ name, body }: Change) => answer(changeUser({ path: { name }, body })),
    onSuccess: refresh,
  })
}

export function useRemoveUser() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (name: string) => answer(removeUser({ path: { name } })),
    onSuccess: refresh,
  })
}

export function useResetPassword() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (name: string) => answer(resetPassword({ path: { name } })),
    onSuccess: refresh,
  })
}

function useRefresh() {
  const cache = useQueryClient()
  return async () => {
    await Promise.all(
      ['users', 'grants', 'me'].map((kind) => cache.invalidateQueries({ queryKey: [kind] })),
    )
  }
}
