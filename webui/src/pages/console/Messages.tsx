import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { describeMs } from '../../services/figures.ts'
import { MONO } from '../../theme/theme.ts'
import type { Note } from './run.ts'

const COLORS: Record<Note['tone'], string> = {
  ok: 'text.primary',
  notice: 'info.main',
  error: 'error.main',
}

/** What the database and the gateway said, in order. */
export function Messages({ notes }: { readonly notes: readonly Note[] }) {
  return (
    <Box
      role="log"
      aria-label="Messages"
      tabIndex={0}
      sx={{ flex: 1, minHeight: 0, overflow: 'auto', p: 2 }}
    >
      {notes.length === 0 && (
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          Nothing was said yet.
        </Typography>
      )}
      {numbered(notes).map(({ key, note: { tone, statement, text, durationMs } }) => (
        <Box key={key} sx={{ display: 'flex', gap: 2, fontSize: 13, py: 0.25 }}>
          <Box component="span" sx={{ width: 28, color: 'text.secondary', textAlign: 'right' }}>
            {statement >= 0 ? statement + 1 : ''}
          </Box>
          <Box
            component="span"
            sx={{ flex: 1, fontFamily: MONO, color: COLORS[tone], overflowWrap: 'anywhere' }}
          >
            {text}
          </Box>
          <Box component="span" sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}>
            {durationMs === null ? '' : describeMs(durationMs)}
          </Box>
        </Box>
      ))}
    </Box>
  )
}

/** They only ever grow at the end, so their place is their name. */
function numbered(notes: readonly Note[]) {
  return notes.map((note, place) => ({ key: `note-${place}`, note }))
}
