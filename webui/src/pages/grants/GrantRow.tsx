import type { Action, Grant } from '@articdbm/contract'
import RevokeIcon from '@mui/icons-material/DeleteOutlined'
import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import Stack from '@mui/material/Stack'
import TableCell from '@mui/material/TableCell'
import TableRow from '@mui/material/TableRow'
import Tooltip from '@mui/material/Tooltip'
import { StateChip, type Tone } from '../../components/StateChip.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { useMay } from '../../services/session.ts'
import { ACTIONS } from '../../services/words.ts'
import { MONO } from '../../theme/theme.ts'

const TONES: Record<Action, Tone> = { read: 'info', write: 'warning', admin: 'error' }

interface GrantRowProps {
  readonly grant: Grant
  readonly onRevoke: () => void
}

export function GrantRow({ grant, onRevoke }: GrantRowProps) {
  const mayWrite = useMay('grants:write')
  return (
    <TableRow hover>
      <TableCell component="th" scope="row" sx={{ fontWeight: 560 }}>
        {grant.user}
      </TableCell>
      <TableCell>{grant.database}</TableCell>
      <TableCell sx={{ fontFamily: MONO, fontSize: 13 }}>
        {placeOf(grant)}
        <Box component="span" sx={{ fontFamily: 'fontFamily', color: 'text.secondary' }}>
          {grant.table === '*' && ' all tables'}
        </Box>
      </TableCell>
      <TableCell>
        <Stack direction="row" sx={{ gap: 0.5 }}>
          {grant.actions.map((action) => (
            <Tooltip key={action} title={ACTIONS[action].hint}>
              <span>
                <StateChip tone={TONES[action]}>{ACTIONS[action].label}</StateChip>
              </span>
            </Tooltip>
          ))}
        </Stack>
      </TableCell>
      <TableCell>
        <Until at={grant.validUntil} />
      </TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>
        <TimeText at={grant.createdAt} /> by {grant.createdBy}
      </TableCell>
      <TableCell align="right">
        {mayWrite && (
          <Tooltip title="Revoke">
            <IconButton
              size="small"
              aria-label={`Revoke ${grant.user}’s grant on ${grant.database} ${placeOf(grant)}`}
              onClick={onRevoke}
            >
              <RevokeIcon fontSize="small" />
            </IconButton>
          </Tooltip>
        )}
      </TableCell>
    </TableRow>
  )
}

export function placeOf({ schema, table }: Pick<Grant, 'schema' | 'table'>): string {
  return schema === '' ? table : `${schema}.${table}`
}

function Until({ at }: { readonly at: string | null }) {
  if (at === null) return 'No end'
  if (Date.parse(at) < Date.now()) return <StateChip tone="neutral">Ended</StateChip>
  return <TimeText at={at} />
}
