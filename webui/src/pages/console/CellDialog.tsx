import type { Cell, Column } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { CopyButton } from '../../components/CopyButton.tsx'
import { MONO } from '../../theme/theme.ts'
import { textOf } from './cell.ts'

interface CellDialogProps {
  readonly column: Column
  readonly cell: Cell
  readonly onClose: () => void
}

/** One cell in full; JSON is laid out. */
export function CellDialog({ column, cell, onClose }: CellDialogProps) {
  const text = column.kind === 'json' ? laidOut(textOf(cell)) : textOf(cell)
  return (
    <Dialog open onClose={onClose} maxWidth="md" aria-labelledby="cell-title">
      <DialogTitle id="cell-title">
        {column.name}
        <Box
          component="span"
          sx={{ ml: 1, fontSize: 13, fontWeight: 400, color: 'text.secondary' }}
        >
          {column.type}
        </Box>
        <CopyButton text={text} what="cell" />
      </DialogTitle>
      <DialogContent>
        <Box
          component="pre"
          sx={{
            m: 0,
            fontFamily: MONO,
            fontSize: 13,
            whiteSpace: 'pre-wrap',
            overflowWrap: 'anywhere',
            ...(cell === null ? { color: 'text.disabled', fontStyle: 'italic' } : {}),
          }}
        >
          {text === '' ? '(empty text)' : text}
        </Box>
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** As it was where it isn't JSON, or where a number would lose digits in between. */
function laidOut(text: string): string {
  if (/\d{16,}/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
