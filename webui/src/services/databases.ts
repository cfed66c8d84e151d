import type { Database, DatabaseChange, DatabaseCreation, DatabasePool } from '@articdbm/contract'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer } from './answer.ts'
import {
  changeDatabase,
  createDatabase,
  getDatabasePool,
  listDatabases,
  removeDatabase,
  testDatabase,
} from './api/index.ts'

const MAX_LISTED = 500

export const databasesOptions = queryOptions({
  queryKey: ['databases'],
  queryFn: (): Promise<readonly Database[]> =>
    answer(listDatabases({ query: { limit: MAX_LISTED } })),
})

const POOL_REFRESH_MS = 2000

export function poolOptions(name: string) {
  return queryOptions({
    queryKey: ['databases', name, 'pool'],
    queryFn: (): Promise<DatabasePool> => answer(getDatabasePool({ path: { name } })),
    refetchInterval: POOL_REFRESH_MS,
  })
}

interface Change {
  readonly name: string
  readonly body: DatabaseChange
}

export function useCreateDatabase() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: DatabaseCreation) => answer(createDatabase({ body })),
    onSuccess: refresh,
  })
}

export function useChangeDatabase() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ name, body }: Change) => answer(changeDatabase({ path: { name }, body })),
    onSuccess: refresh,
  })
}

export function useRemoveDatabase() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (name: string) => answer(removeDatabase({ path: { name } })),
    onSuccess: refresh,
  })
}

/** Through the gateway's door and back, as it is saved now. */
export function useTestDatabase() {
  return useMutation({ mutationFn: (name: string) => answer(testDatabase({ path: { name } })) })
}

function useRefresh() {
  const cache = useQueryClient()
  return async () => {
    await Promise.all(
      ['databases', 'grants', 'status'].map((kind) =>
        cache.invalidateQueries({ queryKey: [kind] }),
      ),
    )
  }
}
