import type { SqlFile, SqlFileRun } from '@articdbm/contract'
import RunIcon from '@mui/icons-material/PlayArrowOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { Panel } from '../../components/Panel.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { useMay } from '../../services/session.ts'
import { sqlFileRunsOptions, useRunSqlFile } from '../../services/sql-files.ts'
import { RunItem } from './RunItem.tsx'
import { approvalOf } from './states.tsx'

interface RunsProps {
  readonly file: SqlFile
  readonly isRead: boolean
}

/** Each execution of the file, newest first, and the button for the next. */
export function Runs({ file, isRead }: RunsProps) {
  const runs = useQuery(sqlFileRunsOptions(file.id))
  const mayRun = useMay('sql-files:run')
  const [begun, setBegun] = useState<SqlFile>()
  const [newest] = runs.data ?? []
  const isReady = isRead && approvalOf(file) === 'approved' && newest?.state !== 'running'
  return (
    <Panel
      title="Runs"
      aside={
        mayRun && (
          <Button
            variant={isReady ? 'contained' : 'outlined'}
            startIcon={<RunIcon />}
            disabled={!isReady}
            onClick={() => setBegun(file)}
          >
            Run
          </Button>
        )
      }
    >
      <ServerError error={runs.error} onRetry={() => void runs.refetch()} />
      {runs.data && <RunList file={file} runs={runs.data} />}
      {begun && <RunDialog file={begun} newest={newest} onClose={() => setBegun(undefined)} />}
    </Panel>
  )
}

interface RunListProps {
  readonly file: SqlFile
  readonly runs: readonly SqlFileRun[]
}

function RunList({ file, runs }: RunListProps) {
  if (runs.length === 0) {
    return (
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        It was never executed. Once approved, it runs with the grants of who starts it, to the first
        error.
      </Typography>
    )
  }
  return (
    <Box component="ul" aria-label="Runs" sx={{ m: 0, p: 0, listStyle: 'none' }}>
      {runs.map((run) => (
        <RunItem key={run.id} file={file} run={run} />
      ))}
    </Box>
  )
}

interface RunDialogProps {
  /** As it was read when the dialog was opened. */
  readonly file: SqlFile
  readonly newest: SqlFileRun | undefined
  readonly onClose: () => void
}

function RunDialog({ file, newest, onClose }: RunDialogProps) {
  const { id, name, database, sha256, version, isTransaction } = file
  const run = useRunSqlFile()
  const toast = useToast()
  return (
    <ConfirmDialog
      title={`Run ${name} on ${database}?`}
      action="Run"
      keep="Not now"
      color="primary"
      isPending={run.isPending}
      error={run.error}
      onClose={onClose}
      onConfirm={() =>
        run.mutate(
          { id, sha256, version },
          {
            onSuccess: () => {
              toast(`${name} is under way`)
              onClose()
            },
          },
        )
      }
    >
      {warningOf(newest, sha256)}
      It is executed at once, as you and with your grants, to the first error.{' '}
      {isTransaction
        ? 'After an error, all of it is undone.'
        : 'After an error, what came before stays.'}
    </ConfirmDialog>
  )
}

/** A second execution is seldom meant, and what an interrupted one did is not known. */
function warningOf(newest: SqlFileRun | undefined, sha256: string): string {
  if (newest?.state === 'interrupted') {
    return 'The last run was interrupted: look at the database first, to see what it did. '
  }
  const isAgain = newest?.state === 'done' && newest.sha256 === sha256
  return isAgain ? 'This very text was executed already. ' : ''
}
