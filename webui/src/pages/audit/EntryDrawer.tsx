import type { AuditEntry } from '@articdbm/contract'
import CloseIcon from '@mui/icons-material/Close'
import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Box from '@mui/material/Box'
import Drawer from '@mui/material/Drawer'
import IconButton from '@mui/material/IconButton'
import Skeleton from '@mui/material/Skeleton'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import { ServerError } from '../../components/ServerError.tsx'
import { OutcomeChip, VerdictChip } from '../../components/states.tsx'
import { auditEntryOptions } from '../../services/audit.ts'
import { DecideHabit } from './DecideHabit.tsx'
import { Facts } from './Facts.tsx'
import { Findings } from './Findings.tsx'
import { MakeBypass } from './MakeBypass.tsx'
import { Snippet } from './Snippet.tsx'

interface EntryDrawerProps {
  readonly id: string
  readonly onClose: () => void
}

const TITLES: Record<AuditEntry['kind'], string> = {
  statement: 'Statement',
  session: 'Log-in at a door',
  administration: 'Administrative action',
}

/** All that is recorded of one event. */
export function EntryDrawer({ id, onClose }: EntryDrawerProps) {
  const entry = useQuery(auditEntryOptions(id))
  return (
    <Drawer
      anchor="right"
      open
      onClose={onClose}
      slotProps={{
        paper: { sx: { width: { xs: '100%', sm: 560 } }, 'aria-label': 'Audit event' },
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, px: 3, py: 2 }}>
        <Typography variant="h2" component="h1" sx={{ flex: 1 }}>
          {entry.data ? TITLES[entry.data.kind] : 'Audit event'}
        </Typography>
        <IconButton aria-label="Close" onClick={onClose} edge="end">
          <CloseIcon />
        </IconButton>
      </Box>
      <Stack sx={{ gap: 2.5, px: 3, pb: 4 }}>
        {entry.isPending && <Skeleton variant="rounded" height={320} />}
        <ServerError
          title={`Event ${id} can’t be shown`}
          error={entry.error}
          onRetry={() => void entry.refetch()}
        />
        {entry.data && <Entry entry={entry.data} />}
      </Stack>
    </Drawer>
  )
}

function Entry({ entry }: { readonly entry: AuditEntry }) {
  return (
    <>
      <Stack direction="row" sx={{ gap: 1 }}>
        <VerdictChip verdict={entry.verdict} />
        {entry.outcome && <OutcomeChip outcome={entry.outcome} />}
      </Stack>
      {entry.verdict !== 'allow' && (
        <Alert severity={entry.verdict === 'block' ? 'error' : 'warning'}>
          <AlertTitle>{entry.rule || 'Refused'}</AlertTitle>
          {entry.message}
        </Alert>
      )}
      {entry.sql && (
        <Snippet
          label={entry.isTruncated ? 'SQL (only the beginning was kept)' : 'SQL'}
          text={entry.sql}
          findings={entry.findings}
        />
      )}
      <Findings entry={entry} />
      <DecideHabit entry={entry} />
      <MakeBypass entry={entry} />
      <Facts entry={entry} />
      {entry.before && <Snippet label="Before" text={JSON.stringify(entry.before, null, 2)} />}
      {entry.after && <Snippet label="After" text={JSON.stringify(entry.after, null, 2)} />}
    </>
  )
}
