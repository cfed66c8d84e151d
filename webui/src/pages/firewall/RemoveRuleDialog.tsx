import type { Rule } from '@articdbm/contract'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { useRemoveRule } from '../../services/firewall.ts'

interface RemoveRuleDialogProps {
  readonly rule: Rule
  readonly onClose: () => void
}

export function RemoveRuleDialog({ rule: { name }, onClose }: RemoveRuleDialogProps) {
  const remove = useRemoveRule()
  const toast = useToast()
  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      action="Remove"
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
      What it blocked is then judged by the other rules alone, at each session’s next statement. Its
      bypasses end with it. To keep it for later, switch it off instead.
    </ConfirmDialog>
  )
}
