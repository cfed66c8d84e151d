import Box from '@mui/material/Box'
import { useState } from 'react'
import { CellDialog } from './CellDialog.tsx'
import type { Place } from './place.ts'
import { ResultGrid } from './ResultGrid.tsx'
import { ResultTools } from './ResultTools.tsx'
import type { Result } from './run.ts'

/** A grid, what can be copied or exported of it, and one cell in full. */
export function ResultView({
  result,
  onMore,
}: {
  readonly result: Result
  readonly onMore: () => void
}) {
  const [active, setActive] = useState<Place>()
  const [isOpen, setOpen] = useState(false)
  const column = active && result.columns[active.column]
  const cell = active && result.rows[active.row]?.[active.column]
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }}>
      <ResultGrid
        result={result}
        active={active}
        onActive={setActive}
        onOpen={() => setOpen(true)}
        onMore={onMore}
      />
      <ResultTools result={result} active={active} onOpen={() => setOpen(true)} />
      {isOpen && column && cell !== undefined && (
        <CellDialog column={column} cell={cell} onClose={() => setOpen(false)} />
      )}
    </Box>
  )
}
