import type { Habit, HabitState } from '@articdbm/contract'
import CloseIcon from '@mui/icons-material/Close'
import Box from '@mui/material/Box'
import Drawer from '@mui/material/Drawer'
import IconButton from '@mui/material/IconButton'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import { ListSkeleton } from '../../components/ListTable.tsx'
import { type Choice, RowMenu } from '../../components/RowMenu.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { StateChip, type Tone } from '../../components/StateChip.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import {
  type ApplicationName,
  habitsOptions,
  useChangeHabit,
  useForgetHabit,
} from '../../services/learning.ts'
import { useMay } from '../../services/session.ts'
import { MONO } from '../../theme/theme.ts'

const STATES: Record<HabitState, { readonly label: string; readonly tone: Tone }> = {
  learnt: { label: 'Learnt', tone: 'neutral' },
  promoted: { label: 'Promoted', tone: 'success' },
  denied: { label: 'Denied', tone: 'error' },
}

interface HabitsDrawerProps {
  readonly of: ApplicationName
  readonly onClose: () => void
}

/** What one application does, each habit by one of its statements. */
export function HabitsDrawer({ of, onClose }: HabitsDrawerProps) {
  const habits = useQuery(habitsOptions(of))
  return (
    <Drawer
      anchor="right"
      open
      onClose={onClose}
      slotProps={{ paper: { sx: { width: { xs: '100%', sm: 640 } }, 'aria-label': 'Habits' } }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, px: 3, py: 2 }}>
        <Typography variant="h2" component="h1" sx={{ flex: 1 }}>
          {of.application || 'Nameless'} for {of.user} on {of.database}
        </Typography>
        <IconButton aria-label="Close" onClick={onClose} edge="end">
          <CloseIcon />
        </IconButton>
      </Box>
      <Stack component="ul" sx={{ gap: 2, px: 3, pb: 4, m: 0, listStyle: 'none' }}>
        {habits.isPending && <ListSkeleton label="Loading habits" />}
        <ServerError error={habits.error} onRetry={() => void habits.refetch()} />
        {habits.data?.map((habit) => (
          <HabitItem key={habit.id} habit={habit} />
        ))}
      </Stack>
    </Drawer>
  )
}

function HabitItem({ habit }: { readonly habit: Habit }) {
  const mayWrite = useMay('policies:write')
  const change = useChangeHabit()
  const forget = useForgetHabit()
  const { id, sample, state, count, firstSeenAt, lastSeenAt } = habit
  const to = (label: string, next: HabitState): readonly Choice[] =>
    state === next ? [] : [{ label, choose: () => change.mutate({ id, state: next }) }]
  const choices: readonly Choice[] = [
    ...to('Promote', 'promoted'),
    ...to('Deny', 'denied'),
    { label: 'Forget', choose: () => forget.mutate(id), isDangerous: true },
  ]
  return (
    <Box component="li">
      <Stack direction="row" sx={{ gap: 1, alignItems: 'flex-start' }}>
        <Box
          component="code"
          sx={{
            flex: 1,
            minWidth: 0,
            maxHeight: 120,
            overflow: 'auto',
            fontFamily: MONO,
            fontSize: 12.5,
            overflowWrap: 'anywhere',
          }}
        >
          {sample}
        </Box>
        {mayWrite && <RowMenu of={sample.slice(0, 60)} choices={choices} />}
      </Stack>
      <Stack direction="row" sx={{ gap: 1, mt: 0.5, alignItems: 'center', flexWrap: 'wrap' }}>
        <StateChip tone={STATES[state].tone}>{STATES[state].label}</StateChip>
        <Typography variant="caption" sx={{ color: 'text.secondary' }}>
          {count.toLocaleString('en')} ×, first <TimeText at={firstSeenAt} />, last{' '}
          <TimeText at={lastSeenAt} />
        </Typography>
      </Stack>
      <ServerError error={change.error ?? forget.error} sx={{ mt: 1 }} />
    </Box>
  )
}
