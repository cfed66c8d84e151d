import type { Role, User, UserChange } from '@articdbm/contract'
import Box from '@mui/material/Box'
import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import Typography from '@mui/material/Typography'
import { Controller, FormProvider, useForm } from 'react-hook-form'
import { Field } from '../../components/Field.tsx'
import { FormDialog } from '../../components/FormDialog.tsx'
import { RoleField } from '../../components/RoleField.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { instantOf, localOf, UntilField } from '../../components/UntilField.tsx'
import { useChangeUser } from '../../services/users.ts'
import { PoolingFields, type PoolingInput, poolingInput, poolingOf } from './PoolingFields.tsx'

interface Fields extends PoolingInput {
  readonly displayName: string
  readonly role: Role
  readonly isActive: boolean
  readonly until: string
}

interface EditUserDialogProps {
  readonly user: User
  readonly onClose: () => void
}

export function EditUserDialog({ user, onClose }: EditUserDialogProps) {
  const change = useChangeUser()
  const toast = useToast()
  const { displayName, role, isActive, validUntil } = user
  const form = useForm<Fields>({
    defaultValues: {
      ...{ displayName, role, isActive, until: localOf(validUntil) },
      ...poolingInput(user.pooling),
    },
  })
  const { register, control } = form
  const submit = form.handleSubmit((fields) => {
    const body = { ...changeOf(fields), version: user.version }
    change.mutate(
      { name: user.name, body },
      {
        onSuccess: () => {
          toast(`${user.name} is changed`)
          onClose()
        },
      },
    )
  })
  return (
    <FormDialog
      title={`Edit ${user.name}`}
      action="Save"
      isPending={change.isPending}
      error={change.error}
      onSubmit={submit}
      onClose={onClose}
    >
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
          <UntilField value={value} onChange={onChange} />
        )}
      />
      <Controller
        control={control}
        name="isActive"
        render={({ field: { value, onChange } }) => (
          <ActiveSwitch isActive={value} onChange={onChange} />
        )}
      />
      <FormProvider {...form}>
        <PoolingFields />
      </FormProvider>
    </FormDialog>
  )
}

function changeOf({ displayName, role, isActive, until, ...pooling }: Fields): UserChange {
  return {
    ...{ displayName, role, isActive, validUntil: instantOf(until) },
    pooling: poolingOf(pooling),
  }
}

interface ActiveSwitchProps {
  readonly isActive: boolean
  readonly onChange: (isActive: boolean) => void
}

function ActiveSwitch({ isActive, onChange }: ActiveSwitchProps) {
  return (
    <FormControlLabel
      control={<Switch checked={isActive} onChange={(_, isChecked) => onChange(isChecked)} />}
      label={
        <Box>
          <Typography variant="body2" sx={{ fontWeight: 540 }}>
            May log in
          </Typography>
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            Off: every door closes for them at once; grants and keys are kept
          </Typography>
        </Box>
      }
    />
  )
}
