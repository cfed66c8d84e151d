import type { User } from '@articdbm/contract'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { useResetPassword } from '../../services/users.ts'

interface ResetPasswordDialogProps {
  readonly user: User
  readonly onReset: (issued: { readonly name: string; readonly password: string }) => void
  readonly onClose: () => void
}

export function ResetPasswordDialog({
  user: { name },
  onReset,
  onClose,
}: ResetPasswordDialogProps) {
  const reset = useResetPassword()
  return (
    <ConfirmDialog
      title={`Set a one-time password for ${name}?`}
      action="Set it"
      isPending={reset.isPending}
      error={reset.error}
      onClose={onClose}
      onConfirm={() =>
        reset.mutate(name, {
          onSuccess: ({ oneTimePassword }) => onReset({ name, password: oneTimePassword }),
        })
      }
    >
      Their present password stops working and their web sessions end. They choose a new one when
      they log in next.
    </ConfirmDialog>
  )
}
