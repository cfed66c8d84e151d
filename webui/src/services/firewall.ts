import type {
  Bypass,
  BypassCreation,
  Rule,
  RuleChange,
  RuleCreation,
  RuleSimulation,
  SimulatedRule,
} from '@articdbm/contract'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer } from './answer.ts'
import {
  addBypass,
  addRule,
  changeRule,
  endBypass,
  listBypasses,
  listRules,
  removeRule,
  simulateRule,
} from './api/index.ts'

const MAX_LISTED = 500

/** In the order in which they are looked at. */
export const rulesOptions = queryOptions({
  queryKey: ['firewall', 'rules'],
  queryFn: (): Promise<readonly Rule[]> => answer(listRules({ query: { limit: MAX_LISTED } })),
})

export interface BypassFilter {
  readonly state: 'open' | 'ended'
  readonly database?: string
}

/** Newest first. */
export function bypassesOptions(filter: BypassFilter) {
  return queryOptions({
    queryKey: ['firewall', 'bypasses', filter],
    queryFn: (): Promise<readonly Bypass[]> =>
      answer(listBypasses({ query: { ...filter, limit: MAX_LISTED } })),
  })
}

export function useAddRule() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: RuleCreation) => answer(addRule({ body })),
    onSuccess: refresh,
  })
}

export interface NamedRuleChange {
  readonly name: string
  readonly change: RuleChange
}

export function useChangeRule() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ name, change }: NamedRuleChange) =>
      answer(changeRule({ path: { name }, body: change })),
    // Also when somebody else was faster: what they made of it is to be seen.
    onSettled: refresh,
  })
}

export function useRemoveRule() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (name: string) => answer(removeRule({ path: { name } })),
    onSuccess: refresh,
  })
}

interface Simulating {
  readonly body: RuleSimulation
  /** Aborted: the manager stops, too. */
  readonly signal: AbortSignal
}

export function useSimulation() {
  return useMutation({
    mutationFn: ({ body, signal }: Simulating): Promise<SimulatedRule> =>
      answer(simulateRule({ body, signal })),
  })
}

export function useAddBypass() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: BypassCreation) => answer(addBypass({ body })),
    onSuccess: refresh,
  })
}

export function useEndBypass() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (id: string) => answer(endBypass({ path: { id } })),
    onSuccess: refresh,
  })
}

function useRefresh() {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: ['firewall'] })
}
