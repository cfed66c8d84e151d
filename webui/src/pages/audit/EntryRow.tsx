import type { AuditEntry } from '@articdbm/contract'
import ButtonBase from '@mui/material/ButtonBase'
import TableCell from '@mui/material/TableCell'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { VerdictChip } from '../../components/states.tsx'
import { describeCount, describeMs } from '../../services/figures.ts'
import { describeClock, describeInstant } from '../../services/time.ts'
import { DOORS } from '../../services/words.ts'
import { MONO } from '../../theme/theme.ts'
import { whatOf } from './what.ts'

interface EntryRowProps {
  readonly entry: AuditEntry
  readonly isOpened: boolean
  readonly onOpen: () => void
}

const FIGURE = { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' } as const

export function EntryRow({ entry, isOpened, onOpen }: EntryRowProps) {
  return (
    <TableRow hover selected={isOpened} onClick={onOpen} sx={{ cursor: 'pointer' }}>
      <TableCell sx={{ ...FIGURE, pl: 2.5 }}>
        <time dateTime={entry.at} title={describeInstant(entry.at)}>
          {describeDay(entry.at)} {describeClock(entry.at)}
        </time>
      </TableCell>
      <TableCell>
        <Lines first={entry.principal || 'nobody'} second={entry.address} />
      </TableCell>
      <TableCell>
        <Lines
          first={entry.database || DOORS[entry.door]}
          second={entry.database ? DOORS[entry.door] : ''}
        />
      </TableCell>
      <TableCell sx={{ minWidth: { xs: 120, sm: 260 }, maxWidth: { xs: 150, md: 'none' } }}>
        <What entry={entry} onOpen={onOpen} />
      </TableCell>
      <TableCell align="right" sx={FIGURE}>
        {entry.rows === null ? '' : describeCount(entry.rows)}
      </TableCell>
      <TableCell align="right" sx={FIGURE}>
        {entry.durationMs === null ? '' : describeMs(entry.durationMs)}
      </TableCell>
      <TableCell>
        <VerdictChip verdict={entry.verdict} />
      </TableCell>
    </TableRow>
  )
}

function Lines({ first, second }: { readonly first: string; readonly second: string }) {
  return (
    <>
      <Typography noWrap sx={{ fontSize: 13.5, fontWeight: 540 }}>
        {first}
      </Typography>
      <Typography noWrap variant="caption" component="div" sx={{ color: 'text.secondary' }}>
        {second}
      </Typography>
    </>
  )
}

/** The button is what the keyboard and a screen reader open the row by. */
function What({ entry, onOpen }: { readonly entry: AuditEntry; readonly onOpen: () => void }) {
  const { text, detail } = whatOf(entry)
  return (
    <ButtonBase
      onClick={(event) => {
        event.stopPropagation()
        onOpen()
      }}
      sx={{
        display: 'block',
        width: '100%',
        textAlign: 'left',
        borderRadius: 1,
        fontFamily: 'inherit',
      }}
    >
      <Typography
        noWrap
        sx={{ fontFamily: entry.sql ? MONO : 'inherit', fontSize: entry.sql ? 12.5 : 13.5 }}
      >
        {text}
      </Typography>
      <Typography
        noWrap
        variant="caption"
        component="div"
        sx={{ color: entry.verdict === 'block' ? 'error.main' : 'text.secondary' }}
      >
        {detail}
      </Typography>
    </ButtonBase>
  )
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

function describeDay(at: string): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString()
  return isToday ? '' : day.format(new Date(at))
}
