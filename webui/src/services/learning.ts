import type {
  Habit,
  HabitCreation,
  HabitState,
  LearningRequest,
  LearningResult,
  LearntApplication,
} from '@articdbm/contract'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer } from './answer.ts'
import {
  addHabit,
  changeHabit,
  forgetHabit,
  learn,
  listHabits,
  listLearntApplications,
} from './api/index.ts'

const MAX_LISTED = 500

export const applicationsOptions = queryOptions({
  queryKey: ['firewall', 'learning'],
  queryFn: (): Promise<readonly LearntApplication[]> => answer(listLearntApplications()),
})

export type ApplicationName = Pick<LearntApplication, 'database' | 'user' | 'application'>

/** Those seen last come first. */
export function habitsOptions({ database, user, application }: ApplicationName) {
  return queryOptions({
    queryKey: ['firewall', 'habits', database, user, application],
    queryFn: (): Promise<readonly Habit[]> =>
      answer(listHabits({ query: { database, user, application, limit: MAX_LISTED } })),
  })
}

export function useLearn() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: LearningRequest): Promise<LearningResult> => answer(learn({ body })),
    onSuccess: refresh,
  })
}

export function useAddHabit() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: HabitCreation) => answer(addHabit({ body })),
    onSuccess: refresh,
  })
}

export function useChangeHabit() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ id, state }: { readonly id: string; readonly state: HabitState }) =>
      answer(changeHabit({ path: { id }, body: { state } })),
    onSuccess: refresh,
  })
}

export function useForgetHabit() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (id: string) => answer(forgetHabit({ path: { id } })),
    onSuccess: refresh,
  })
}

function useRefresh() {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: ['firewall'] })
}
