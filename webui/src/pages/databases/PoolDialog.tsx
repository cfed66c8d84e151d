import type { BackendStatus, DatabasePool, PinnedConnection } from '@articdbm/contract'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Stack from '@mui/material/Stack'
import TableCell from '@mui/material/TableCell'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import { ListTable } from '../../components/ListTable.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { BackendChip } from '../../components/states.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { poolOptions } from '../../services/databases.ts'
import { MONO } from '../../theme/theme.ts'

interface PoolDialogProps {
  readonly name: string
  readonly onClose: () => void
}

/** How each gateway stands with the backends of a database, and who keeps a connection, and why. */
export function PoolDialog({ name, onClose }: PoolDialogProps) {
  const pool = useQuery(poolOptions(name))
  return (
    <Dialog open onClose={onClose} maxWidth="lg" fullWidth aria-labelledby="pool-title">
      <DialogTitle id="pool-title">Connections of {name}</DialogTitle>
      <DialogContent>
        <ServerError error={pool.error} onRetry={() => void pool.refetch()} />
        {pool.data && <Gateways pool={pool.data} />}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}

function Gateways({ pool }: { readonly pool: DatabasePool }) {
  if (pool.gateways.length === 0) {
    return <Typography>No gateway has reported on it within the last ten seconds.</Typography>
  }
  return (
    <Stack sx={{ gap: 3 }}>
      {pool.gateways.map(({ gateway, backends, pinned }) => (
        <Stack key={gateway} sx={{ gap: 2 }}>
          <Typography sx={{ color: 'text.secondary' }}>
            Gateway {gateway}, pooled by {pool.mode}
          </Typography>
          <Backends backends={backends} />
          <Pinned pinned={pinned} />
        </Stack>
      ))}
    </Stack>
  )
}

const BACKEND_COLUMNS = ['Backend', 'State', 'Role', 'Lag', 'In use', 'Idle', 'Waiting']

function Backends({ backends }: { readonly backends: readonly BackendStatus[] }) {
  return (
    <ListTable label="Backends" columns={BACKEND_COLUMNS}>
      {backends.map((backend) => (
        <TableRow key={`${backend.host}:${backend.port}`}>
          <TableCell component="th" scope="row" sx={{ fontFamily: MONO }}>
            {backend.host}:{backend.port}
          </TableCell>
          <TableCell>
            <BackendChip state={backend.state} />
            {backend.message && <Typography variant="caption"> {backend.message}</Typography>}
          </TableCell>
          <TableCell>{roleOf(backend)}</TableCell>
          <TableCell>{backend.lagMs === null ? '–' : `${backend.lagMs} ms`}</TableCell>
          <TableCell>{backend.leased}</TableCell>
          <TableCell>{backend.idle}</TableCell>
          <TableCell>{backend.waiting}</TableCell>
          <TableCell />
        </TableRow>
      ))}
    </ListTable>
  )
}

function roleOf({ role, configuredRole }: BackendStatus): string {
  return role === configuredRole ? role : `${role} (configured as ${configuredRole})`
}

const PINNED_COLUMNS = ['Pinned by', 'Why', 'Statement', 'Since', 'Backend']

function Pinned({ pinned }: { readonly pinned: readonly PinnedConnection[] }) {
  if (pinned.length === 0) {
    return <Typography variant="body2">No connection is pinned to a session.</Typography>
  }
  return (
    <ListTable label="Pinned connections" columns={PINNED_COLUMNS}>
      {pinned.map((one) => (
        <TableRow key={`${one.since} ${one.backend} ${one.user} ${one.digest}`}>
          <TableCell component="th" scope="row">
            {one.user}
            {one.application && <Typography variant="caption"> {one.application}</Typography>}
          </TableCell>
          <TableCell>{one.reason}</TableCell>
          <TableCell sx={{ fontFamily: MONO, overflowWrap: 'anywhere' }}>{one.statement}</TableCell>
          <TableCell>
            <TimeText at={one.since} />
          </TableCell>
          <TableCell sx={{ fontFamily: MONO }}>{one.backend}</TableCell>
          <TableCell />
        </TableRow>
      ))}
    </ListTable>
  )
}
