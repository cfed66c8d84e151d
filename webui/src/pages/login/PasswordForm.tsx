import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import { useForm } from 'react-hook-form'
import { PasswordField } from '../../components/PasswordField.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { useChangePassword } from '../../services/session.ts'

const MIN_LENGTH = 12

interface Fields {
  readonly currentPassword: string
  readonly newPassword: string
  readonly again: string
}

interface PasswordFormProps {
  readonly currentLabel: string
  readonly action: string
  readonly onChanged: () => void
}

export function PasswordForm({ currentLabel, action, onChanged }: PasswordFormProps) {
  const change = useChangePassword()
  const { register, handleSubmit, formState, reset } = useForm<Fields>({ mode: 'onTouched' })
  const { errors } = formState
  const submit = handleSubmit(({ currentPassword, newPassword }) =>
    change.mutate(
      { currentPassword, newPassword },
      {
        onSuccess: () => {
          reset()
          onChanged()
        },
      },
    ),
  )
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack sx={{ gap: 2.5 }}>
        <ServerError error={change.error} />
        <PasswordField
          label={currentLabel}
          autoComplete="current-password"
          error={errors.currentPassword !== undefined}
          helperText={errors.currentPassword?.message}
          {...register('currentPassword', {
            required: 'Type it once more, to prove that it is you',
          })}
        />
        <PasswordField
          label="New password"
          autoComplete="new-password"
          error={errors.newPassword !== undefined}
          helperText={
            errors.newPassword?.message ??
            `At least ${MIN_LENGTH} characters; a few words work well`
          }
          {...register('newPassword', {
            required: `At least ${MIN_LENGTH} characters`,
            minLength: { value: MIN_LENGTH, message: `At least ${MIN_LENGTH} characters` },
            validate: (value, fields) =>
              value !== fields.currentPassword || 'Choose one that differs from the present one',
          })}
        />
        <PasswordField
          label="New password again"
          autoComplete="new-password"
          error={errors.again !== undefined}
          helperText={errors.again?.message}
          {...register('again', {
            validate: (value, fields) => value === fields.newPassword || 'The two don’t match',
          })}
        />
        <Button type="submit" variant="contained" size="large" loading={change.isPending}>
          {action}
        </Button>
      </Stack>
    </form>
  )
}
