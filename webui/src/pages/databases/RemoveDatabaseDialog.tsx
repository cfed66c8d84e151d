import type { Database } from '@articdbm/contract'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { useRemoveDatabase } from '../../services/databases.ts'

interface RemoveDatabaseDialogProps {
  readonly database: Database
  readonly onClose: () => void
}

export function RemoveDatabaseDialog({ database, onClose }: RemoveDatabaseDialogProps) {
  const remove = useRemoveDatabase()
  const toast = useToast()
  const { name } = database
  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      action="Remove"
      phrase={name}
      isPending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(name, {
          onSuccess: () => {
            toast(`${name} is removed`)
            onClose()
          },
        })
      }
    >
      Clients can no longer open it through ArticDBM, its stored credential is destroyed, and its
      grants end. The database itself and its content are not touched; the audit keeps what
      happened.
    </ConfirmDialog>
  )
}
