import type { SqlFileRun, SqlFileSummary } from '@articdbm/contract'
import { StateChip, type Tone } from '../../components/StateChip.tsx'

type Approval = 'refused' | 'awaited' | 'approved'

/** Whether the file, as it is now, may be executed. */
export function approvalOf({
  isValid,
  approvedBy,
}: Pick<SqlFileSummary, 'isValid' | 'approvedBy'>): Approval {
  if (!isValid) return 'refused'
  return approvedBy === null ? 'awaited' : 'approved'
}

interface Shown {
  readonly tone: Tone
  readonly label: string
}

const APPROVALS: Record<Approval, Shown> = {
  refused: { tone: 'error', label: 'Refused' },
  awaited: { tone: 'warning', label: 'Awaits approval' },
  approved: { tone: 'success', label: 'Approved' },
}

export function ApprovalChip({ file }: { readonly file: SqlFileSummary }) {
  const { tone, label } = APPROVALS[approvalOf(file)]
  return <StateChip tone={tone}>{label}</StateChip>
}

const RUNS: Record<SqlFileRun['state'], Shown> = {
  running: { tone: 'info', label: 'Running' },
  done: { tone: 'success', label: 'Done' },
  failed: { tone: 'error', label: 'Failed' },
  cancelled: { tone: 'warning', label: 'Cancelled' },
  interrupted: { tone: 'error', label: 'Interrupted' },
}

export function RunChip({ state }: Pick<SqlFileRun, 'state'>) {
  const { tone, label } = RUNS[state]
  return <StateChip tone={tone}>{label}</StateChip>
}
