import type { AuditEntry, BackendStatus, DatabaseHealth, VerdictAction } from '@articdbm/contract'
import { VERDICTS } from '../services/words.ts'
import { StateChip, type Tone } from './StateChip.tsx'

const VERDICT_TONES: Record<VerdictAction, Tone> = {
  allow: 'success',
  alert: 'warning',
  block: 'error',
}

export function VerdictChip({ verdict }: { readonly verdict: VerdictAction }) {
  return <StateChip tone={VERDICT_TONES[verdict]}>{VERDICTS[verdict]}</StateChip>
}

const HEALTH: Record<DatabaseHealth['state'], { readonly tone: Tone; readonly label: string }> = {
  up: { tone: 'success', label: 'Up' },
  down: { tone: 'error', label: 'Down' },
  unknown: { tone: 'neutral', label: 'Not used yet' },
}

export function HealthChip({ state }: { readonly state: DatabaseHealth['state'] }) {
  const { tone, label } = HEALTH[state]
  return <StateChip tone={tone}>{label}</StateChip>
}

export function BackendChip({ state }: { readonly state: BackendStatus['state'] }) {
  if (state !== 'draining') return <HealthChip state={state} />
  return <StateChip tone="warning">Draining</StateChip>
}

const OUTCOMES: Record<
  NonNullable<AuditEntry['outcome']>,
  { readonly tone: Tone; readonly label: string }
> = {
  ok: { tone: 'success', label: 'Completed' },
  error: { tone: 'error', label: 'Failed' },
  cancelled: { tone: 'warning', label: 'Cancelled' },
  lost: { tone: 'warning', label: 'Lost' },
}

export function OutcomeChip({ outcome }: { readonly outcome: NonNullable<AuditEntry['outcome']> }) {
  const { tone, label } = OUTCOMES[outcome]
  return <StateChip tone={tone}>{label}</StateChip>
}
