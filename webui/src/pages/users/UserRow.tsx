import type { User } from '@articdbm/contract'
import Box from '@mui/material/Box'
import TableCell from '@mui/material/TableCell'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { useNavigate } from '@tanstack/react-router'
import { type Choice, RowMenu } from '../../components/RowMenu.tsx'
import { StateChip } from '../../components/StateChip.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { useMay, useMe } from '../../services/session.ts'
import { ROLES } from '../../services/words.ts'

interface UserRowProps {
  readonly user: User
  readonly onOpen: (dialog: 'edit' | 'reset' | 'remove') => void
}

export function UserRow({ user, onOpen }: UserRowProps) {
  const isMe = useMe()?.user.id === user.id
  return (
    <TableRow hover>
      <TableCell component="th" scope="row">
        <Typography sx={{ fontSize: 14, fontWeight: 560 }}>
          {user.name}
          {isMe && (
            <Box component="span" sx={{ ml: 1, color: 'text.secondary', fontWeight: 400 }}>
              you
            </Box>
          )}
        </Typography>
        {user.displayName && (
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            {user.displayName}
          </Typography>
        )}
      </TableCell>
      <TableCell>{ROLES[user.role].label}</TableCell>
      <TableCell>
        <UserState user={user} />
      </TableCell>
      <TableCell>{user.validUntil ? <TimeText at={user.validUntil} /> : 'No end'}</TableCell>
      <TableCell>
        <TimeText at={user.createdAt} />
      </TableCell>
      <TableCell align="right">
        <Menu user={user} isMe={isMe} onOpen={onOpen} />
      </TableCell>
    </TableRow>
  )
}

function UserState({ user }: { readonly user: User }) {
  if (!user.isActive) return <StateChip tone="neutral">Disabled</StateChip>
  if (user.validUntil && Date.parse(user.validUntil) < Date.now())
    return <StateChip tone="error">Expired</StateChip>
  if (user.mustChangePassword) return <StateChip tone="warning">Must set a password</StateChip>
  return <StateChip tone="success">Active</StateChip>
}

interface MenuProps extends UserRowProps {
  readonly isMe: boolean
}

function Menu({ user, isMe, onOpen }: MenuProps) {
  const navigate = useNavigate()
  const mayWrite = useMay('users:write')
  const choices: Choice[] = [
    {
      label: 'Grants',
      choose: () => void navigate({ to: '/grants', search: { user: user.name } }),
    },
    {
      label: 'What they did',
      choose: () => void navigate({ to: '/audit', search: { principal: user.name } }),
    },
  ]
  if (mayWrite) choices.unshift({ label: 'Edit', choose: () => onOpen('edit') })
  if (mayWrite && !isMe)
    choices.push(
      { label: 'Set a one-time password', choose: () => onOpen('reset') },
      { label: 'Remove', choose: () => onOpen('remove'), isDangerous: true },
    )
  return <RowMenu of={user.name} choices={choices} />
}
