import type { Login } from '@articdbm/contract'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import TableCell from '@mui/material/TableCell'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import { ListTable } from '../../components/ListTable.tsx'
import { Panel } from '../../components/Panel.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { StateChip } from '../../components/StateChip.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { loginsOptions, useRevokeLogin } from '../../services/account.ts'
import { describeAgent } from './agent.ts'

/** Where I am logged in now. */
export function LoginsPanel() {
  const logins = useQuery(loginsOptions)
  return (
    <Panel title="Where I am logged in" isFlush>
      <ServerError error={logins.error} onRetry={() => void logins.refetch()} sx={{ m: 2.5 }} />
      {logins.isPending && <Skeleton variant="rounded" height={96} sx={{ m: 2.5 }} />}
      {logins.data && (
        <ListTable label="My logins" columns={['With', 'From', 'Last seen', 'Ends']}>
          {logins.data.map((login) => (
            <LoginRow key={login.id} login={login} />
          ))}
        </ListTable>
      )}
    </Panel>
  )
}

function LoginRow({ login }: { readonly login: Login }) {
  const revoke = useRevokeLogin()
  const toast = useToast()
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        <Typography sx={{ fontSize: 14, fontWeight: 560 }}>{describeAgent(login)}</Typography>
        <ServerError error={revoke.error} />
      </TableCell>
      <TableCell>{login.address}</TableCell>
      <TableCell>
        <TimeText at={login.lastSeenAt} />
      </TableCell>
      <TableCell>
        <TimeText at={login.expiresAt} />
      </TableCell>
      <TableCell align="right" sx={{ whiteSpace: 'nowrap' }}>
        {login.isCurrent ? (
          <StateChip tone="success">This one</StateChip>
        ) : (
          <Button
            size="small"
            color="error"
            loading={revoke.isPending}
            onClick={() =>
              revoke.mutate(login.id, { onSuccess: () => toast('That session has ended') })
            }
          >
            End
          </Button>
        )}
      </TableCell>
    </TableRow>
  )
}
