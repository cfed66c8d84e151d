import CheckIcon from '@mui/icons-material/Check'
import CopyIcon from '@mui/icons-material/ContentCopy'
import IconButton from '@mui/material/IconButton'
import Tooltip from '@mui/material/Tooltip'
import { useEffect, useState } from 'react'

const CONFIRMED_MS = 1800

/** Copies `text`; the tooltip and the name of the button say that it happened. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), CONFIRMED_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  const label = isCopied ? 'Copied' : `Copy ${what}`
  return (
    <Tooltip title={label}>
      <IconButton
        size="small"
        aria-label={label}
        onClick={() => void copyText(text).then(() => setCopied(true))}
      >
        {isCopied ? (
          <CheckIcon fontSize="small" color="success" />
        ) : (
          <CopyIcon sx={{ fontSize: 17 }} />
        )}
      </IconButton>
    </Tooltip>
  )
}

/** The clipboard API exists only on HTTPS and localhost; elsewhere a hidden field does it. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  document.body.append(field)
  field.select()
  document.execCommand('copy')
  field.remove()
}
