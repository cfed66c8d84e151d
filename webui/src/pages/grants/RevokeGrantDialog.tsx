import type { Grant } from '@articdbm/contract'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { useRevokeGrant } from '../../services/grants.ts'
import { placeOf } from './GrantRow.tsx'

interface RevokeGrantDialogProps {
  readonly grant: Grant
  readonly onClose: () => void
}

export function RevokeGrantDialog({ grant, onClose }: RevokeGrantDialogProps) {
  const revoke = useRevokeGrant()
  const toast = useToast()
  const { id, user, database, actions } = grant
  return (
    <ConfirmDialog
      title="Revoke this grant?"
      action="Revoke"
      isPending={revoke.isPending}
      error={revoke.error}
      onClose={onClose}
      onConfirm={() =>
        revoke.mutate(id, {
          onSuccess: () => {
            toast(`${user}’s grant on ${database} is revoked`)
            onClose()
          },
        })
      }
    >
      {user} may then no longer {actions.join(', ')} <code>{placeOf(grant)}</code> of {database},
      unless another grant covers it. Open sessions feel it at their next statement.
    </ConfirmDialog>
  )
}
