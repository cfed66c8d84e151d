import Box from '@mui/material/Box'
import type { ReactNode } from 'react'

export type Tone = 'success' | 'error' | 'warning' | 'info' | 'neutral'

const COLOR: Record<Tone, string> = {
  success: 'success.main',
  error: 'error.main',
  warning: 'warning.main',
  info: 'info.main',
  neutral: 'text.secondary',
}

/** A state in one word; the colour repeats it, and is never all there is. */
export function StateChip({
  tone,
  children,
}: {
  readonly tone: Tone
  readonly children: ReactNode
}) {
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: 0.75,
        px: 1,
        py: 0.25,
        borderRadius: 10,
        fontSize: 12,
        fontWeight: 560,
        lineHeight: 1.5,
        whiteSpace: 'nowrap',
        color: COLOR[tone],
        bgcolor: 'color-mix(in srgb, currentColor 11%, transparent)',
      }}
    >
      <Box
        component="span"
        sx={{ width: 6, height: 6, borderRadius: '50%', bgcolor: 'currentColor' }}
      />
      {children}
    </Box>
  )
}
