import type { Database } from '@articdbm/contract'
import RunIcon from '@mui/icons-material/PlayArrow'
import StopIcon from '@mui/icons-material/Stop'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import Tooltip from '@mui/material/Tooltip'
import { StateChip } from '../../components/StateChip.tsx'
import { ENGINES } from '../../services/words.ts'
import { isBusy, type Run } from './run.ts'

interface ToolbarProps {
  readonly databases: readonly Database[]
  readonly database: string
  readonly run: Run | undefined
  readonly pageRows: number
  readonly onDatabase: (name: string) => void
  readonly onPageRows: (rows: number) => void
  readonly onRun: () => void
  readonly onRunAll: () => void
  readonly onCancel: () => void
}

const PAGE_ROWS = [100, 500, 1000, 5000] as const

export function Toolbar(props: ToolbarProps) {
  const { run, database } = props
  const isRunning = isBusy(run)
  const isStoppable = run !== undefined && run.state !== 'finished'
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1, p: 1.5 }}>
      <DatabasePicker {...props} />
      {isRunning ? (
        <CancelButton {...props} />
      ) : (
        <Tooltip title="The selection, or everything: Ctrl+Enter">
          <span>
            <Button
              variant="contained"
              startIcon={<RunIcon />}
              disabled={database === ''}
              onClick={props.onRun}
            >
              Run
            </Button>
          </span>
        </Tooltip>
      )}
      <Button disabled={isRunning || database === ''} onClick={props.onRunAll}>
        Run all
      </Button>
      {isStoppable && !isRunning && (
        <Tooltip title="Fetch no more rows, and free the connection">
          <Button color="error" onClick={props.onCancel}>
            Stop
          </Button>
        </Tooltip>
      )}
      <Box sx={{ flex: 1 }} />
      {run && <TransactionChip run={run} />}
      <PageRows {...props} />
    </Box>
  )
}

function CancelButton({ run, onCancel }: ToolbarProps) {
  const isCancelling = run?.state === 'cancelling'
  return (
    <Button
      variant="contained"
      color="error"
      startIcon={<StopIcon />}
      disabled={isCancelling}
      onClick={onCancel}
    >
      {isCancelling ? 'Cancelling' : 'Cancel'}
    </Button>
  )
}

function DatabasePicker({ databases, database, onDatabase }: ToolbarProps) {
  const isKnown = databases.some(({ name }) => name === database)
  return (
    <TextField
      select
      label="Database"
      value={isKnown ? database : ''}
      onChange={(event) => onDatabase(event.target.value)}
      sx={{ width: { xs: '100%', sm: 230 } }}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      {!isKnown && (
        <MenuItem value="" disabled>
          Choose one
        </MenuItem>
      )}
      {databases.map(({ name, engine }) => (
        <MenuItem key={name} value={name}>
          {name}
          <Box component="span" sx={{ ml: 1, color: 'text.secondary', fontSize: 12 }}>
            {ENGINES[engine]}
          </Box>
        </MenuItem>
      ))}
    </TextField>
  )
}

function PageRows({ pageRows, onPageRows }: ToolbarProps) {
  return (
    <TextField
      select
      label="Rows at a time"
      value={pageRows}
      onChange={(event) => onPageRows(Number(event.target.value))}
      sx={{ width: 128 }}
    >
      {PAGE_ROWS.map((rows) => (
        <MenuItem key={rows} value={rows}>
          {rows}
        </MenuItem>
      ))}
    </TextField>
  )
}

function TransactionChip({ run }: { readonly run: Run }) {
  if (run.state !== 'finished') return null
  if (run.transaction === 'active') return <StateChip tone="warning">Transaction open</StateChip>
  if (run.transaction === 'failed')
    return <StateChip tone="error">Transaction failed: ROLLBACK</StateChip>
  return null
}
