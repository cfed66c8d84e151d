import ReadyIcon from '@mui/icons-material/TableRowsOutlined'
import Box from '@mui/material/Box'
import MuiTab from '@mui/material/Tab'
import MuiTabs from '@mui/material/Tabs'
import { useState } from 'react'
import { EmptyState } from '../../components/EmptyState.tsx'
import { Messages } from './Messages.tsx'
import { ProblemPanel } from './ProblemPanel.tsx'
import { ResultView } from './ResultView.tsx'
import { RunLine } from './RunLine.tsx'
import type { Run } from './run.ts'

interface ResultsProps {
  readonly run: Run | undefined
  readonly onMore: (index: number) => void
}

/** One tab a result, and the messages; what went wrong stands above all. */
export function Results({ run, onMore }: ResultsProps) {
  if (!run)
    return (
      <EmptyState icon={<ReadyIcon />} title="Results appear here">
        They stream in as they come, page by page. Every statement is judged and recorded, here as
        in psql and mysql.
      </EmptyState>
    )
  return <RunResults key={run.id} run={run} onMore={onMore} />
}

function RunResults({
  run,
  onMore,
}: {
  readonly run: Run
  readonly onMore: (index: number) => void
}) {
  const [chosen, setChosen] = useState<number | 'messages'>()
  const last = run.results.at(-1)
  const shown = chosen ?? shownByItself(run)
  const result = run.results.find(({ index }) => index === shown)
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }}>
      {run.problem && <ProblemPanel problem={run.problem} />}
      <Box sx={{ display: 'flex', alignItems: 'center', borderBottom: 1, borderColor: 'divider' }}>
        <MuiTabs
          value={result ? result.index : 'messages'}
          onChange={(_, value: number | 'messages') => setChosen(value)}
          variant="scrollable"
          aria-label="Results"
          sx={{ minHeight: 38, flex: 1, '& .MuiTab-root': { minHeight: 38, py: 0 } }}
        >
          {run.results.map(({ index }, place) => (
            <MuiTab key={index} value={index} label={`Result ${place + 1}`} />
          ))}
          <MuiTab value="messages" label={`Messages (${run.notes.length})`} />
        </MuiTabs>
        <RunLine run={run} last={last} />
      </Box>
      {result ? (
        <ResultView key={result.index} result={result} onMore={() => onMore(result.index)} />
      ) : (
        <Messages notes={run.notes} />
      )}
    </Box>
  )
}

/** The newest result; the messages where there is none. */
function shownByItself({ results }: Run): number | 'messages' {
  return results.at(-1)?.index ?? 'messages'
}
