import type { DatabaseHealth } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableContainer from '@mui/material/TableContainer'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { createLink } from '@tanstack/react-router'
import { Panel } from '../../components/Panel.tsx'
import { PoolBar } from '../../components/PoolBar.tsx'
import { HealthChip } from '../../components/states.tsx'
import { ENGINES } from '../../services/words.ts'

const LinkButton = createLink(Button)

/** Every database, whether it answers, and how busy its pool is. */
export function HealthPanel({ databases }: { readonly databases: readonly DatabaseHealth[] }) {
  return (
    <Panel
      title="Databases"
      isFlush
      aside={
        <LinkButton to="/databases" size="small">
          All databases
        </LinkButton>
      }
    >
      <TableContainer>
        <Table size="small" aria-label="Health of databases">
          <TableHead>
            <TableRow>
              <TableCell sx={{ pl: 2.5 }}>Database</TableCell>
              <TableCell>State</TableCell>
              <TableCell align="right">Sessions</TableCell>
              <TableCell sx={{ minWidth: 150, pr: 2.5 }}>Pool</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {databases.map((database) => (
              <HealthRow key={database.id} database={database} />
            ))}
          </TableBody>
        </Table>
      </TableContainer>
    </Panel>
  )
}

function HealthRow({ database }: { readonly database: DatabaseHealth }) {
  return (
    <TableRow sx={{ '&:last-child td, &:last-child th': { borderBottom: 0 } }}>
      <TableCell component="th" scope="row" sx={{ pl: 2.5 }}>
        <Typography sx={{ fontSize: 14, fontWeight: 560 }}>{database.name}</Typography>
        <Typography variant="caption" sx={{ color: 'text.secondary' }}>
          {ENGINES[database.engine]}
        </Typography>
      </TableCell>
      <TableCell>
        <HealthChip state={database.state} />
        {database.state === 'down' && database.message && (
          <Box sx={{ mt: 0.5, fontSize: 12, color: 'error.main', maxWidth: 260 }}>
            {database.message}
          </Box>
        )}
      </TableCell>
      <TableCell align="right" sx={{ fontVariantNumeric: 'tabular-nums' }}>
        {database.sessions}
      </TableCell>
      <TableCell sx={{ pr: 2.5 }}>
        <PoolBar health={database} />
      </TableCell>
    </TableRow>
  )
}
