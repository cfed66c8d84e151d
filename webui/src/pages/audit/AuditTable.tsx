import type { AuditEntry } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableContainer from '@mui/material/TableContainer'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import { useEffect, useEffectEvent, useRef } from 'react'
import { EntryRow } from './EntryRow.tsx'

interface AuditTableProps {
  readonly entries: readonly AuditEntry[]
  readonly opened: string | undefined
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  readonly onMore: () => void
  readonly onOpen: (id: string) => void
}

const COLUMNS = ['When', 'Who', 'Where', 'What', 'Rows', 'Took', 'Verdict'] as const
const RIGHT: readonly string[] = ['Rows', 'Took']

export function AuditTable(props: AuditTableProps) {
  const { entries, opened, onOpen } = props
  return (
    <>
      <TableContainer tabIndex={0} role="region" aria-label="Audit events">
        <Table size="small" sx={NARROW} aria-label="Audit events">
          <colgroup>
            {['124px', '13%', '15%', 'auto', '72px', '88px', '112px'].map((width, index) => (
              <col key={COLUMNS[index]} style={{ width }} />
            ))}
          </colgroup>
          <TableHead>
            <TableRow>
              {COLUMNS.map((column) => (
                <TableCell
                  key={column}
                  align={RIGHT.includes(column) ? 'right' : 'left'}
                  sx={{ py: 1.25, '&:first-of-type': { pl: 2.5 } }}
                >
                  {column}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {entries.map((entry) => (
              <EntryRow
                key={entry.id}
                entry={entry}
                isOpened={entry.id === opened}
                onOpen={() => onOpen(entry.id)}
              />
            ))}
          </TableBody>
        </Table>
      </TableContainer>
      <More {...props} />
    </>
  )
}

// On a telephone who, what and the verdict matter; the rest is a touch away.
const NARROW = {
  tableLayout: { md: 'fixed' },
  '& :is(th, td):is(:nth-of-type(3), :nth-of-type(5), :nth-of-type(6))': {
    display: { xs: 'none', sm: 'table-cell' },
  },
} as const

/** Asks for the next page when it is scrolled into sight; the button is for the keyboard. */
function More({ hasMore, isLoadingMore, onMore }: AuditTableProps) {
  const foot = useRef<HTMLDivElement>(null)
  const seen = useEffectEvent(() => {
    if (hasMore && !isLoadingMore) onMore()
  })
  useEffect(() => {
    if (!foot.current) return
    const sight = new IntersectionObserver(([entry]) => entry?.isIntersecting && seen(), {
      rootMargin: '600px',
    })
    sight.observe(foot.current)
    return () => sight.disconnect()
  }, [])
  return (
    <Box ref={foot} sx={{ p: 1.5, textAlign: 'center', color: 'text.secondary', fontSize: 13 }}>
      {hasMore ? (
        <Button size="small" loading={isLoadingMore} onClick={onMore}>
          Older events
        </Button>
      ) : (
        'That is all'
      )}
    </Box>
  )
}
