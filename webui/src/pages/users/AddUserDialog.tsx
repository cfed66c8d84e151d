import type { Role } from '@articdbm/contract'
import { Controller, useForm } from 'react-hook-form'
import { Field } from '../../components/Field.tsx'
import { FormDialog } from '../../components/FormDialog.tsx'
import { RoleField } from '../../components/RoleField.tsx'
import { instantOf, UntilField } from '../../components/UntilField.tsx'
import { useCreateUser } from '../../services/users.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_.@-]{0,62}$/

interface Fields {
  readonly name: string
  readonly displayName: string
  readonly role: Role
  readonly until: string
}

interface AddUserDialogProps {
  readonly onAdded: (issued: { readonly name: string; readonly password: string }) => void
  readonly onClose: () => void
}

export function AddUserDialog({ onAdded, onClose }: AddUserDialogProps) {
  const create = useCreateUser()
  const { register, control, handleSubmit, formState } = useForm<Fields>({
    defaultValues: { name: '', displayName: '', role: 'viewer', until: '' },
    mode: 'onTouched',
  })
  const submit = handleSubmit(({ until, ...fields }) =>
    create.mutate(
      { ...fields, validUntil: instantOf(until) },
      {
        onSuccess: ({ user, oneTimePassword }) =>
          onAdded({ name: user.name, password: oneTimePassword ?? '' }),
      },
    ),
  )
  return (
    <FormDialog
      title="Add a user"
      action="Add"
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
        helperText="What they log in with, here and in psql or mysql"
        {...register('name', {
          required: 'Give a name',
          pattern: { value: NAME, message: 'Letters, digits, _ . @ - and no digit first' },
        })}
      />
      <Field
        label="Full name"
        autoComplete="off"
        {...register('displayName', { maxLength: 120 })}
      />
      <Controller
        control={control}
        name="role"
        render={({ field: { value, onChange } }) => <RoleField value={value} onChange={onChange} />}
      />
      <Controller
        control={control}
        name="until"
        render={({ field: { value, onChange } }) => (
          <UntilField
            value={value}
            onChange={onChange}
            helperText="Left empty: the account has no end"
          />
        )}
      />
    </FormDialog>
  )
}
