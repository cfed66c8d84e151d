import DownloadIcon from '@mui/icons-material/FileDownloadOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { copyText } from '../../components/CopyButton.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { plural } from '../../services/figures.ts'
import { csvOf, jsonOf, rowText, textOf } from './cell.ts'
import type { Place } from './place.ts'
import type { Result } from './run.ts'
import { saveFile } from './save-file.ts'

interface ResultToolsProps {
  readonly result: Result
  readonly active: Place | undefined
  readonly onOpen: () => void
}

/** What was loaded, said exactly, and the ways to take it along. */
export function ResultTools({ result, active, onOpen }: ResultToolsProps) {
  const toast = useToast()
  const { columns, rows, hasMore } = result
  const row = active && rows[active.row]
  const cell = active && row?.[active.column]
  const copy = (text: string, what: string) =>
    void copyText(text).then(() => toast(`${what} copied`))
  return (
    <Box sx={LINE}>
      <Typography variant="caption" sx={{ color: 'text.secondary', flex: 1, minWidth: 160 }}>
        {plural(rows.length, 'row')} loaded
        {hasMore ? ', more on the server: scroll down' : ', all there are'}
      </Typography>
      {cell !== undefined && row && (
        <>
          <Button size="small" onClick={onOpen}>
            Show cell
          </Button>
          <Button size="small" onClick={() => copy(textOf(cell), 'Cell')}>
            Copy cell
          </Button>
          <Button size="small" onClick={() => copy(rowText(row), 'Row')}>
            Copy row
          </Button>
        </>
      )}
      <Button
        size="small"
        startIcon={<DownloadIcon />}
        onClick={() => saveFile('result.csv', 'text/csv', csvOf(columns, rows))}
      >
        CSV
      </Button>
      <Button
        size="small"
        startIcon={<DownloadIcon />}
        onClick={() => saveFile('result.json', 'application/json', jsonOf(columns, rows))}
      >
        JSON
      </Button>
    </Box>
  )
}

const LINE = {
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: 0.5,
  px: 1.5,
  py: 0.5,
  borderTop: 1,
  borderColor: 'divider',
} as const
