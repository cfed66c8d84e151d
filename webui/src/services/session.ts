import type { LoginRequest, Me, PasswordChange } from '@articdbm/contract'
import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { answer } from './answer.ts'
import { changePassword, getMe, logIn, logOut } from './api/index.ts'
import { isStatus } from './failure.ts'
import { queries } from './queries.ts'

/** Who I am; null when nobody is logged in. */
export const meOptions = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await answer(getMe())
    } catch (failure) {
      if (isStatus(failure, 401)) return null
      throw failure
    }
  },
  staleTime: 60_000,
})

export function useMe(): Me | null {
  return useSuspenseQuery(meOptions).data
}

/** Whether my role allows it: what is forbidden isn't offered. The server decides all the same. */
export function useMay(permission: string): boolean {
  return useMe()?.permissions.includes(permission) ?? false
}

export function useLogIn() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: LoginRequest) => answer(logIn({ body })),
    onSuccess: async () => {
      cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
      await cache.fetchQuery({ ...meOptions, staleTime: 0 })
    },
  })
}

export function useLogOut() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: () => answer(logOut()),
    onSuccess: () => {
      // First the one that every page looks at: AppShell then goes to the login page.
      cache.setQueryData(meOptions.queryKey, null)
      cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
    },
  })
}

export function useChangePassword() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: PasswordChange) => answer(changePassword({ body })),
    onSuccess: () => cache.fetchQuery({ ...meOptions, staleTime: 0 }),
  })
}

/** The double-submit token of the cookie's login: see client.ts. */
export function csrfToken(): string | null {
  return queries.getQueryData(meOptions.queryKey)?.csrfToken ?? null
}
