import type { User } from '@articdbm/contract'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { useRemoveUser } from '../../services/users.ts'

interface RemoveUserDialogProps {
  readonly user: User
  readonly onClose: () => void
}

export function RemoveUserDialog({ user: { name }, onClose }: RemoveUserDialogProps) {
  const remove = useRemoveUser()
  const toast = useToast()
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
      Their grants, API keys and sessions end. The audit keeps their name and what they did. To
      close the doors for a while only, edit the user and switch off “May log in”.
    </ConfirmDialog>
  )
}
