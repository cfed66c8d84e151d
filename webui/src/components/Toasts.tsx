import Alert, { type AlertColor } from '@mui/material/Alert'
import Snackbar from '@mui/material/Snackbar'
import { createContext, type ReactNode, use, useState } from 'react'

interface Toast {
  readonly key: number
  readonly text: string
  readonly severity: AlertColor
}

type ShowToast = (text: string, severity?: AlertColor) => void

const ToastContext = createContext<ShowToast>(() => undefined)

/** Says once, politely, what came of it. Failures with a place on the page stay there instead: see ServerError. */
export function useToast(): ShowToast {
  return use(ToastContext)
}

export function Toasts({ children }: { readonly children: ReactNode }) {
  const [toast, setToast] = useState<Toast>()
  const [isOpen, setOpen] = useState(false)
  const show: ShowToast = (text, severity = 'success') => {
    setToast((before) => ({ key: (before?.key ?? 0) + 1, text, severity }))
    setOpen(true)
  }
  return (
    <ToastContext value={show}>
      {children}
      <Snackbar
        key={toast?.key ?? 0}
        open={isOpen}
        autoHideDuration={5000}
        onClose={(_, reason) => reason !== 'clickaway' && setOpen(false)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'center' }}
      >
        <Alert
          severity={toast?.severity ?? 'success'}
          variant="filled"
          role="status"
          onClose={() => setOpen(false)}
        >
          {toast?.text}
        </Alert>
      </Snackbar>
    </ToastContext>
  )
}
