import type { Mask } from '@articdbm/contract'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { useRemoveMask } from '../../services/masks.ts'
import { columnOf } from './mask-words.ts'

interface RemoveMaskDialogProps {
  readonly mask: Mask
  readonly onClose: () => void
}

export function RemoveMaskDialog({ mask, onClose }: RemoveMaskDialogProps) {
  const remove = useRemoveMask()
  const toast = useToast()
  const { id, database } = mask
  return (
    <ConfirmDialog
      title={`Remove the mask of ${columnOf(mask)}?`}
      action="Remove"
      isPending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(id, {
          onSuccess: () => {
            toast(`${columnOf(mask)} on ${database} is no longer masked`)
            onClose()
          },
        })
      }
    >
      Everybody who may read it on {database} sees what it holds at their next request. To show it
      to some only, edit the mask instead.
    </ConfirmDialog>
  )
}
