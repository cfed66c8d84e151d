import Card from '@mui/material/Card'
import Skeleton from '@mui/material/Skeleton'
import Stack from '@mui/material/Stack'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableContainer from '@mui/material/TableContainer'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import type { ReactNode } from 'react'

interface ListTableProps {
  readonly label: string
  readonly columns: readonly string[]
  readonly children: ReactNode
}

/** A short list with named columns; it scrolls sideways by itself on a small screen. */
export function ListTable({ label, columns, children }: ListTableProps) {
  return (
    <TableContainer tabIndex={0} role="region" aria-label={label}>
      <Table aria-label={label} sx={{ '& tbody tr:last-child > *': { borderBottom: 0 } }}>
        <TableHead>
          <TableRow>
            {columns.map((column) => (
              <TableCell key={column} sx={{ py: 1.25, '&:first-of-type': { pl: 2.5 } }}>
                {column}
              </TableCell>
            ))}
            <TableCell aria-label="Actions" sx={{ width: 56 }} />
          </TableRow>
        </TableHead>
        <TableBody sx={{ '& > tr > th': { pl: 2.5 }, '& > tr > *': { py: 1.25 } }}>
          {children}
        </TableBody>
      </Table>
    </TableContainer>
  )
}

export function ListSkeleton({ label }: { readonly label: string }) {
  return (
    <Card role="status" aria-label={label} sx={{ p: 2.5 }}>
      <Stack sx={{ gap: 1.5 }}>
        <Skeleton width="40%" />
        <Skeleton />
        <Skeleton />
        <Skeleton width="80%" />
      </Stack>
    </Card>
  )
}
