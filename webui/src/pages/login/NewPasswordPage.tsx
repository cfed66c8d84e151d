import { getRouteApi } from '@tanstack/react-router'
import { useToast } from '../../components/Toasts.tsx'
import { LoginFrame } from './LoginFrame.tsx'
import { PasswordForm } from './PasswordForm.tsx'

const route = getRouteApi('/new-password')

/** After the first log-in with a one-time password. */
export function NewPasswordPage() {
  const { next } = route.useSearch()
  const navigate = route.useNavigate()
  const toast = useToast()
  return (
    <LoginFrame
      title="Choose your password"
      description="The one-time password was for this first log-in only. Your own will open this page, psql and mysql."
    >
      <PasswordForm
        currentLabel="One-time password"
        action="Set password and go on"
        onChanged={() => {
          toast('Your password is set')
          void navigate({ href: next ?? '/', replace: true })
        }}
      />
    </LoginFrame>
  )
}
