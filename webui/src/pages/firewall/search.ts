export interface FirewallSearch {
  readonly tab?: 'bypasses'
}

export function readFirewallSearch({ tab }: Record<string, unknown>): FirewallSearch {
  return tab === 'bypasses' ? { tab } : {}
}
