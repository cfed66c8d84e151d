import type { SqlFile } from '@articdbm/contract'
import Typography from '@mui/material/Typography'
import { FormProvider, useForm } from 'react-hook-form'
import { FormDialog } from '../../components/FormDialog.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { useChangeSqlFile } from '../../services/sql-files.ts'
import { TextFields, type TextValues } from './TextFields.tsx'

interface ChangeDialogProps {
  /** As it was when the dialog was opened: what somebody else changes meanwhile is not overwritten. */
  readonly file: SqlFile
  readonly onChanged: (file: SqlFile) => void
  readonly onClose: () => void
}

export function ChangeDialog({ file, onChanged, onClose }: ChangeDialogProps) {
  const { id, name, version, text, isTransaction } = file
  const change = useChangeSqlFile()
  const toast = useToast()
  const form = useForm<TextValues>({ defaultValues: { text, isTransaction } })
  const submit = form.handleSubmit((fields) => {
    // The same words stay their uploader's.
    const changed = fields.text === text ? { isTransaction: fields.isTransaction } : fields
    change.mutate(
      { id, change: { ...changed, version } },
      {
        onSuccess: (saved) => {
          toast(`${name} is changed, and awaits approval`)
          onChanged(saved)
        },
      },
    )
  })
  return (
    <FormProvider {...form}>
      <FormDialog
        title={`Change ${name}`}
        action="Save and check"
        maxWidth="md"
        isPending={change.isPending}
        error={change.error}
        onSubmit={submit}
        onClose={onClose}
      >
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          Any change voids the approval. Who changes the text is the one who may not approve it.
        </Typography>
        <TextFields />
      </FormDialog>
    </FormProvider>
  )
}
