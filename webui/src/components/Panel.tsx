import Box from '@mui/material/Box'
import Card from '@mui/material/Card'
import type { SxProps, Theme } from '@mui/material/styles'
import Typography from '@mui/material/Typography'
import { type ReactNode, useId } from 'react'

interface PanelProps {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
  /** No space around the content: for tables and lists. */
  readonly isFlush?: boolean
  readonly sx?: SxProps<Theme>
}

/** A titled part of a page. */
export function Panel({ title, aside, children, isFlush = false, sx = {} }: PanelProps) {
  const id = useId()
  return (
    <Card component="section" aria-labelledby={id} sx={sx}>
      <Box
        sx={{
          display: 'flex',
          alignItems: 'center',
          justifyContent: 'space-between',
          gap: 2,
          minHeight: 52,
          px: 2.5,
          pt: 1,
        }}
      >
        <Typography variant="h2" id={id}>
          {title}
        </Typography>
        {aside}
      </Box>
      <Box sx={isFlush ? {} : { px: 2.5, pb: 2.5, pt: 0.5 }}>{children}</Box>
    </Card>
  )
}
