import { Controller, useForm } from 'react-hook-form'
import { Field } from '../../components/Field.tsx'
import { FormDialog } from '../../components/FormDialog.tsx'
import { instantOf, UntilField } from '../../components/UntilField.tsx'
import { useCreateApiKey } from '../../services/account.ts'

interface Fields {
  readonly name: string
  readonly until: string
}

interface AddApiKeyDialogProps {
  readonly onMade: (key: string) => void
  readonly onClose: () => void
}

export function AddApiKeyDialog({ onMade, onClose }: AddApiKeyDialogProps) {
  const create = useCreateApiKey()
  const { register, control, handleSubmit, formState } = useForm<Fields>({
    defaultValues: { name: '', until: '' },
  })
  const submit = handleSubmit(({ name, until }) =>
    create.mutate({ name, validUntil: instantOf(until) }, { onSuccess: ({ key }) => onMade(key) }),
  )
  return (
    <FormDialog
      title="New API key"
      action="Make it"
      isPending={create.isPending}
      error={create.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field
        label="Name"
        autoFocus
        autoComplete="off"
        problem={formState.errors.name}
        helperText="What it is for, for example nightly report"
        {...register('name', { required: 'Give it a name', maxLength: 100 })}
      />
      <Controller
        control={control}
        name="until"
        render={({ field: { value, onChange } }) => (
          <UntilField
            value={value}
            onChange={onChange}
            helperText="Left empty: until it is revoked"
          />
        )}
      />
    </FormDialog>
  )
}
