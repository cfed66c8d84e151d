import type { AuditEntry } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { CopyButton } from '../../components/CopyButton.tsx'
import { MarkedText } from '../../components/MarkedText.tsx'
import { MONO } from '../../theme/theme.ts'

interface SnippetProps {
  readonly label: string
  readonly text: string
  /** What they point at is marked. */
  readonly findings?: AuditEntry['findings']
}

/** A longer text as it was, with its copy button. */
export function Snippet({ label, text, findings = [] }: SnippetProps) {
  return (
    <Box component="section" aria-label={label}>
      <Box sx={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between' }}>
        <Typography variant="caption" sx={{ color: 'text.secondary', fontWeight: 560 }}>
          {label}
        </Typography>
        <CopyButton text={text} what={label} />
      </Box>
      <Box
        component="pre"
        tabIndex={0}
        sx={{
          m: 0,
          p: 1.5,
          maxHeight: 320,
          overflow: 'auto',
          border: 1,
          borderColor: 'divider',
          borderRadius: 1,
          bgcolor: 'background.default',
          fontFamily: MONO,
          fontSize: 12.5,
          lineHeight: 1.55,
          whiteSpace: 'pre-wrap',
          overflowWrap: 'anywhere',
        }}
      >
        <MarkedText text={text} spans={findings} />
      </Box>
    </Box>
  )
}
