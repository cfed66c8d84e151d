import type { Bypass } from '@articdbm/contract'
import EndIcon from '@mui/icons-material/BlockOutlined'
import IconButton from '@mui/material/IconButton'
import TableCell from '@mui/material/TableCell'
import TableRow from '@mui/material/TableRow'
import Tooltip from '@mui/material/Tooltip'
import { TextLink } from '../../components/TextLink.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { useMay } from '../../services/session.ts'
import { MONO } from '../../theme/theme.ts'

interface BypassRowProps {
  readonly bypass: Bypass
  readonly onEnd: () => void
}

export function BypassRow({ bypass, onEnd }: BypassRowProps) {
  const mayWrite = useMay('policies:write')
  const { rule, database, digest, user, reason, validUntil, endedAt } = bypass
  const isOpen = endedAt === null && Date.parse(validUntil) > Date.now()
  return (
    <TableRow hover>
      <TableCell component="th" scope="row" sx={{ fontWeight: 560 }}>
        {rule}
      </TableCell>
      <TableCell>{database}</TableCell>
      <TableCell sx={{ fontFamily: MONO, fontSize: 13 }}>
        {digest === null ? 'any' : <DigestLink digest={digest} />}
      </TableCell>
      <TableCell>{user ?? 'everybody'}</TableCell>
      <TableCell sx={{ minWidth: 160, overflowWrap: 'anywhere' }}>{reason}</TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>
        <TimeText at={endedAt ?? validUntil} />
      </TableCell>
      <TableCell>
        <TimeText at={bypass.createdAt} /> by {bypass.createdBy}
      </TableCell>
      <TableCell align="right">
        {mayWrite && isOpen && (
          <Tooltip title="End it now">
            <IconButton
              size="small"
              aria-label={`End the bypass of ${rule} on ${database}`}
              onClick={onEnd}
            >
              <EndIcon fontSize="small" />
            </IconButton>
          </Tooltip>
        )}
      </TableCell>
    </TableRow>
  )
}

function DigestLink({ digest }: { readonly digest: string }) {
  return (
    <TextLink to="/audit" search={{ digest }}>
      {digest}
    </TextLink>
  )
}
