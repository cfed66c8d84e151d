import type { Mask, MaskChange, MaskCreation } from '@articdbm/contract'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer } from './answer.ts'
import { addMask, changeMask, listMasks, removeMask } from './api/index.ts'

/** As many as one database may have. */
export const MAX_LISTED_MASKS = 500

/** In the order of databases, tables and columns; of all databases where none is named. */
export function masksOptions(database: string | undefined) {
  const query = { limit: MAX_LISTED_MASKS, ...(database === undefined ? {} : { database }) }
  return queryOptions({
    queryKey: ['firewall', 'masks', database],
    queryFn: (): Promise<readonly Mask[]> => answer(listMasks({ query })),
  })
}

export function useAddMask() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: MaskCreation) => answer(addMask({ body })),
    onSuccess: refresh,
  })
}

export interface IdentifiedMaskChange {
  readonly id: string
  readonly change: MaskChange
}

export function useChangeMask() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ id, change }: IdentifiedMaskChange) =>
      answer(changeMask({ path: { id }, body: change })),
    // Also when somebody else was faster: what they made of it is to be seen.
    onSettled: refresh,
  })
}

export function useRemoveMask() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (id: string) => answer(removeMask({ path: { id } })),
    onSuccess: refresh,
  })
}

function useRefresh() {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: ['firewall', 'masks'] })
}
