// What the firewall's routes ask of it: rules in their order, bypasses, and what a rule would have done.
import type {
  Bypass,
  BypassCreation,
  BypassQuery,
  Rule,
  RuleChange,
  RuleCreation,
  RuleQuery,
  RuleSimulation,
  SimulatedRule,
} from '@articdbm/contract'
import type { Acting, Listed } from '../identity/services.ts'

export interface Rules {
  /** In the order in which they are looked at. */
  list(query: RuleQuery): Promise<Listed<Rule>>
  get(name: string): Promise<Rule>
  add(by: Acting, creation: RuleCreation): Promise<Rule>
  change(by: Acting, name: string, change: RuleChange): Promise<Rule>
  /** Ends the bypasses of this rule with it. */
  remove(by: Acting, name: string): Promise<void>
  simulate(simulation: RuleSimulation, signal: AbortSignal): Promise<SimulatedRule>
}

export interface Bypasses {
  list(query: BypassQuery): Promise<Listed<Bypass>>
  add(by: Acting, creation: BypassCreation): Promise<Bypass>
  /** Before its time. It stays in the list. */
  end(by: Acting, id: string): Promise<void>
}
