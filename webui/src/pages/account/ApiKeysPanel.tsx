import type { ApiKey } from '@articdbm/contract'
import AddIcon from '@mui/icons-material/Add'
import KeyIcon from '@mui/icons-material/KeyOutlined'
import Button from '@mui/material/Button'
import Skeleton from '@mui/material/Skeleton'
import TableCell from '@mui/material/TableCell'
import TableRow from '@mui/material/TableRow'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ListTable } from '../../components/ListTable.tsx'
import { Panel } from '../../components/Panel.tsx'
import { SecretDialog } from '../../components/SecretDialog.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { StateChip } from '../../components/StateChip.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { apiKeysOptions, useRevokeApiKey } from '../../services/account.ts'
import { useMe } from '../../services/session.ts'
import { MONO } from '../../theme/theme.ts'
import { AddApiKeyDialog } from './AddApiKeyDialog.tsx'

/** Keys with which programs act as me. */
export function ApiKeysPanel() {
  const [isAdding, setAdding] = useState(false)
  const [made, setMade] = useState<string>()
  return (
    <Panel
      title="API keys"
      isFlush
      aside={
        <Button size="small" startIcon={<AddIcon />} onClick={() => setAdding(true)}>
          New key
        </Button>
      }
    >
      <KeyList />
      {isAdding && (
        <AddApiKeyDialog
          onClose={() => setAdding(false)}
          onMade={(key) => {
            setAdding(false)
            setMade(key)
          }}
        />
      )}
      {made && (
        <SecretDialog
          title="Your new API key"
          secret={made}
          what="API key"
          onClose={() => setMade(undefined)}
        >
          Send it as <code>Authorization: Bearer …</code>. Whoever has it acts as you.
        </SecretDialog>
      )}
    </Panel>
  )
}

function KeyList() {
  const keys = useQuery(apiKeysOptions)
  if (keys.isPending) return <Skeleton variant="rounded" height={96} sx={{ m: 2.5 }} />
  if (keys.error)
    return <ServerError error={keys.error} onRetry={() => void keys.refetch()} sx={{ m: 2.5 }} />
  if (keys.data.length === 0)
    return (
      <EmptyState icon={<KeyIcon />} title="No API key">
        Make one for a program that should act as you. Your grants are its grants, and the audit
        names you.
      </EmptyState>
    )
  return (
    <ListTable label="API keys" columns={['Name', 'Begins with', 'Made', 'Last used', 'Until']}>
      {keys.data.map((key) => (
        <KeyRow key={key.id} apiKey={key} />
      ))}
    </ListTable>
  )
}

function KeyRow({ apiKey }: { readonly apiKey: ApiKey }) {
  const [isAsking, setAsking] = useState(false)
  const isMine = useMe()?.user.name === apiKey.user
  return (
    <TableRow>
      <TableCell component="th" scope="row" sx={{ fontWeight: 560 }}>
        {apiKey.name}
        {!isMine && ` (${apiKey.user})`}
      </TableCell>
      <TableCell sx={{ fontFamily: MONO, fontSize: 13 }}>{apiKey.prefix}…</TableCell>
      <TableCell>
        <TimeText at={apiKey.createdAt} />
      </TableCell>
      <TableCell>{apiKey.lastUsedAt ? <TimeText at={apiKey.lastUsedAt} /> : 'Never'}</TableCell>
      <TableCell>
        <KeyEnd apiKey={apiKey} />
      </TableCell>
      <TableCell align="right">
        {!apiKey.revokedAt && (
          <Button size="small" color="error" onClick={() => setAsking(true)}>
            Revoke
          </Button>
        )}
        {isAsking && <RevokeKeyDialog apiKey={apiKey} onClose={() => setAsking(false)} />}
      </TableCell>
    </TableRow>
  )
}

function KeyEnd({ apiKey }: { readonly apiKey: ApiKey }) {
  if (apiKey.revokedAt) return <StateChip tone="neutral">Revoked</StateChip>
  if (!apiKey.validUntil) return 'No end'
  if (Date.parse(apiKey.validUntil) < Date.now()) return <StateChip tone="neutral">Ended</StateChip>
  return <TimeText at={apiKey.validUntil} />
}

interface RevokeKeyDialogProps {
  readonly apiKey: ApiKey
  readonly onClose: () => void
}

function RevokeKeyDialog({ apiKey, onClose }: RevokeKeyDialogProps) {
  const revoke = useRevokeApiKey()
  const toast = useToast()
  return (
    <ConfirmDialog
      title={`Revoke ${apiKey.name}?`}
      action="Revoke"
      isPending={revoke.isPending}
      error={revoke.error}
      onClose={onClose}
      onConfirm={() =>
        revoke.mutate(apiKey.id, {
          onSuccess: () => {
            toast(`${apiKey.name} is revoked`)
            onClose()
          },
        })
      }
    >
      Programs that use it are refused from now on. It can’t be taken back: make a new key instead.
    </ConfirmDialog>
  )
}
