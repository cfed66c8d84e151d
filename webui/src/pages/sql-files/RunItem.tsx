import type { SqlFile, SqlFileRun } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import LinearProgress from '@mui/material/LinearProgress'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { ServerError } from '../../components/ServerError.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { describeMs } from '../../services/figures.ts'
import { useMay } from '../../services/session.ts'
import { useCancelSqlFileRun } from '../../services/sql-files.ts'
import { RunChip } from './states.tsx'

interface RunItemProps {
  readonly file: SqlFile
  readonly run: SqlFileRun
}

/** One execution: who, when, how far, and how it ended. */
export function RunItem({ file, run }: RunItemProps) {
  const mayRun = useMay('sql-files:run')
  const cancel = useCancelSqlFileRun()
  const isRunning = run.state === 'running'
  return (
    <Box
      component="li"
      sx={{ py: 1.5, '& + &': { borderTop: 1, borderColor: 'divider' }, '&:last-child': { pb: 0 } }}
    >
      <Stack direction="row" sx={{ gap: 1.5, alignItems: 'center', flexWrap: 'wrap' }}>
        <RunChip state={run.state} />
        <Typography variant="body2" role={isRunning ? 'status' : undefined}>
          {progressOf(run)}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary', flex: 1, minWidth: 200 }}>
          <TimeText at={run.startedAt} /> by {run.startedBy}, approved by {run.approvedBy}
          {run.sha256 !== file.sha256 && ', of another text'}
          {run.endedAt && `, took ${describeMs(lastedMs(run.startedAt, run.endedAt))}`}
        </Typography>
        {isRunning && mayRun && (
          <Button
            size="small"
            color="error"
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ id: file.id, run: run.id })}
          >
            Cancel
          </Button>
        )}
      </Stack>
      {isRunning && (
        <LinearProgress
          variant="determinate"
          aria-label="Statements that are through"
          value={(run.done / Math.max(1, run.statements)) * 100}
          sx={{ mt: 1.5, borderRadius: 1 }}
        />
      )}
      {run.error && (
        <Typography
          variant="body2"
          sx={{ mt: 0.75, color: 'error.main', overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
        >
          {run.error}
        </Typography>
      )}
      {run.state === 'interrupted' && (
        <Typography variant="body2" sx={{ mt: 0.5, color: 'text.secondary' }}>
          Whether its last statement took effect is not known. It is not repeated by itself: look at
          the database before you run it again.
        </Typography>
      )}
      <ServerError error={cancel.error} sx={{ mt: 1 }} />
    </Box>
  )
}

/** While it runs, the statement that is executed now. */
function progressOf({ state, done, statements }: SqlFileRun): string {
  if (state !== 'running') return `${done} of ${statements} statements`
  if (done === statements) return 'committing'
  return `statement ${done + 1} of ${statements}`
}

function lastedMs(startedAt: string, endedAt: string): number {
  return Date.parse(endedAt) - Date.parse(startedAt)
}
