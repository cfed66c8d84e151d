import type { SqlFile, SqlFileCheck, SqlFileRun, SqlFileSummary } from '@articdbm/contract'
import type { NamedFile, NamedRun, NamedSummary } from './store.ts'

/** A run of which no manager has said anything for so long is nobody's any more. */
export const LOST_AFTER_MS = 30_000
export const LOST = 'the manager that executed it is gone: look at the database before another run'

export function presentSummary(row: NamedSummary): SqlFileSummary {
  return {
    id: row.id,
    name: row.name,
    database: row.database_name,
    sha256: row.sha256,
    isValid: row.is_valid,
    isTransaction: row.is_transaction,
    uploadedBy: row.uploader_name ?? row.uploaded_by,
    uploadedAt: row.uploaded_at,
    approvedBy: row.approver_name ?? row.approved_by,
    approvedAt: row.approved_at,
    version: Number(row.version),
  }
}

export function presentFile(row: NamedFile): SqlFile {
  const checks = JSON.parse(row.checks) as SqlFileCheck[]
  return { ...presentSummary(row), text: row.sql_text, checks }
}

export function isLost(run: { state: string; seen_at: string }, now: Date): boolean {
  return run.state === 'running' && Date.parse(run.seen_at) < now.getTime() - LOST_AFTER_MS
}

export function presentRun(row: NamedRun, now: Date): SqlFileRun {
  const hasGone = isLost(row, now)
  return {
    id: row.id,
    sha256: row.sha256,
    version: Number(row.version),
    startedBy: row.starter_name ?? row.started_by,
    approvedBy: row.approver_name ?? row.approved_by,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    state: hasGone ? 'interrupted' : (row.state as SqlFileRun['state']),
    done: Number(row.done),
    statements: Number(row.statements),
    error: hasGone ? LOST : row.error,
  }
}
