import type { Bypass } from '@articdbm/contract'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { useEndBypass } from '../../services/firewall.ts'

interface EndBypassDialogProps {
  readonly bypass: Bypass
  readonly onClose: () => void
}

export function EndBypassDialog({ bypass, onClose }: EndBypassDialogProps) {
  const end = useEndBypass()
  const toast = useToast()
  const { id, rule, database, digest, user } = bypass
  return (
    <ConfirmDialog
      title="End this bypass?"
      action="End it"
      isPending={end.isPending}
      error={end.error}
      onClose={onClose}
      onConfirm={() =>
        end.mutate(id, {
          onSuccess: () => {
            toast(`The bypass of ${rule} on ${database} has ended`)
            onClose()
          },
        })
      }
    >
      {rule} is then in force again on {database}
      {user === null ? '' : ` for ${user}`}
      {digest === null ? '' : `, statement ${digest}`}. Open sessions feel it at their next
      statement. It stays in the list of those that ended.
    </ConfirmDialog>
  )
}
