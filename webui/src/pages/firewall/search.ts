export const TABS = ['rules', 'bypasses', 'learning', 'masking'] as const
export type Tab = (typeof TABS)[number]

export interface FirewallSearch {
  readonly tab?: Tab
}

export function readFirewallSearch({ tab }: Record<string, unknown>): FirewallSearch {
  const known = TABS.find((one) => one === tab)
  return known ? { tab: known } : {}
}
