import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import TextField from '@mui/material/TextField'
import { getRouteApi } from '@tanstack/react-router'
import { useForm } from 'react-hook-form'
import { PasswordField } from '../../components/PasswordField.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { isStatus } from '../../services/failure.ts'
import { useLogIn } from '../../services/session.ts'
import { LoginFrame } from './LoginFrame.tsx'

const route = getRouteApi('/login')

interface Fields {
  readonly name: string
  readonly password: string
}

export function LoginPage() {
  const { next } = route.useSearch()
  const navigate = route.useNavigate()
  const logIn = useLogIn()
  const { register, handleSubmit, formState, setFocus, resetField } = useForm<Fields>()
  const submit = handleSubmit((fields) =>
    logIn.mutate(fields, {
      onSuccess: () => void navigate({ href: next ?? '/', replace: true }),
      onError: () => {
        resetField('password')
        setFocus('password')
      },
    }),
  )
  return (
    <LoginFrame
      title="Log in"
      description="With the same name and password that open psql and mysql."
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack sx={{ gap: 2.5 }}>
          {next && !logIn.error && (
            <Alert severity="info">Log in to go on to where you were.</Alert>
          )}
          <LoginFailure error={logIn.error} />
          <TextField
            label="Name"
            autoFocus
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            error={formState.errors.name !== undefined}
            helperText={formState.errors.name?.message}
            {...register('name', { required: 'Type your name' })}
          />
          <PasswordField
            label="Password"
            autoComplete="current-password"
            error={formState.errors.password !== undefined}
            helperText={formState.errors.password?.message}
            {...register('password', { required: 'Type your password' })}
          />
          <Button type="submit" variant="contained" size="large" loading={logIn.isPending}>
            Log in
          </Button>
        </Stack>
      </form>
    </LoginFrame>
  )
}

function LoginFailure({ error }: { readonly error: unknown }) {
  if (!error) return null
  if (!isStatus(error, 401)) return <ServerError error={error} />
  return (
    <Alert severity="error">
      Name and password don’t match. Check capitals and the keyboard’s language; an administrator
      can set a new one-time password.
    </Alert>
  )
}
