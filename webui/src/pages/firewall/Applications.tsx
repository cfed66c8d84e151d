import type { LearntApplication } from '@articdbm/contract'
import LearnIcon from '@mui/icons-material/SchoolOutlined'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import TableCell from '@mui/material/TableCell'
import TableRow from '@mui/material/TableRow'
import Tooltip from '@mui/material/Tooltip'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ListSkeleton, ListTable } from '../../components/ListTable.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { StateChip, type Tone } from '../../components/StateChip.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { applicationsOptions } from '../../services/learning.ts'
import { useMay } from '../../services/session.ts'
import { HabitsDrawer } from './HabitsDrawer.tsx'

type Known = LearntApplication['known']

const KNOWN: Record<Known, { readonly tone: Tone; readonly label: string; readonly hint: string }> =
  {
    well: {
      tone: 'success',
      label: 'Well',
      hint: 'What is new is blocked, where the database’s policy blocks',
    },
    somewhat: {
      tone: 'info',
      label: 'Somewhat',
      hint: 'What is new alerts; with a sign of injection it is blocked',
    },
    hardly: {
      tone: 'neutral',
      label: 'Hardly',
      hint: 'Too few statements, or too many new ones: what is new only alerts',
    },
  }

/** What is known of each person's applications. */
export function Applications({ onLearn }: { readonly onLearn: () => void }) {
  const applications = useQuery(applicationsOptions)
  const [opened, setOpened] = useState<LearntApplication>()
  if (applications.isPending) return <ListSkeleton label="Loading applications" />
  if (applications.error)
    return <ServerError error={applications.error} onRetry={() => void applications.refetch()} />
  if (applications.data.length === 0) return <NothingLearnt onLearn={onLearn} />
  return (
    <Card>
      <ListTable
        label="Applications"
        columns={['Application', 'User', 'Database', 'Known', 'Habits', 'Statements', 'Seen last']}
      >
        {applications.data.map((one) => (
          <ApplicationRow
            key={`${one.database} ${one.user} ${one.application}`}
            one={one}
            onOpen={() => setOpened(one)}
          />
        ))}
      </ListTable>
      {opened && <HabitsDrawer of={opened} onClose={() => setOpened(undefined)} />}
    </Card>
  )
}

interface ApplicationRowProps {
  readonly one: LearntApplication
  readonly onOpen: () => void
}

function ApplicationRow({ one, onOpen }: ApplicationRowProps) {
  const { label, tone, hint } = KNOWN[one.known]
  const name = one.application || 'nameless'
  return (
    <TableRow hover>
      <TableCell component="th" scope="row" sx={{ fontWeight: 560 }}>
        {name}
      </TableCell>
      <TableCell>{one.user}</TableCell>
      <TableCell>{one.database}</TableCell>
      <TableCell>
        <Tooltip title={`${hint}. New: ${(one.novelty * 100).toFixed(2)} % of statements`}>
          <span>
            <StateChip tone={tone}>{label}</StateChip>
          </span>
        </Tooltip>
      </TableCell>
      <TableCell>
        {one.habits.toLocaleString('en')}
        {one.denied > 0 && `, ${one.denied} denied`}
      </TableCell>
      <TableCell>{one.statements.toLocaleString('en')}</TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>
        <TimeText at={one.lastSeenAt} />
      </TableCell>
      <TableCell align="right">
        <Button size="small" aria-label={`Habits of ${name} for ${one.user}`} onClick={onOpen}>
          Habits
        </Button>
      </TableCell>
    </TableRow>
  )
}

function NothingLearnt({ onLearn }: { readonly onLearn: () => void }) {
  const mayWrite = useMay('policies:write')
  return (
    <Card>
      <EmptyState
        icon={<LearnIcon />}
        title="Nothing is learnt yet"
        action={
          mayWrite && (
            <Button variant="contained" startIcon={<LearnIcon />} onClick={onLearn}>
              Learn
            </Button>
          )
        }
      >
        Learning reads what each application sent in the last days, from the audit. Where a
        database’s policy then says so, what an application was never seen to do raises an alert, or
        is blocked.
      </EmptyState>
    </Card>
  )
}
