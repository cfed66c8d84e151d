import Box from '@mui/material/Box'
import { MONO } from '../theme/theme.ts'
import { CopyButton } from './CopyButton.tsx'

/** One line to paste into a terminal, with its copy button. */
export function CodeLine({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <Box
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        pl: 1.5,
        pr: 0.5,
        py: 0.25,
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
        bgcolor: 'background.default',
      }}
    >
      <Box
        component="code"
        tabIndex={0}
        aria-label={what}
        sx={{
          flex: 1,
          overflowX: 'auto',
          whiteSpace: 'pre',
          py: 0.75,
          fontFamily: MONO,
          fontSize: 12.5,
        }}
      >
        {text}
      </Box>
      <CopyButton text={text} what={what} />
    </Box>
  )
}
