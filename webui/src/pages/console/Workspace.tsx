import type { Database } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Card from '@mui/material/Card'
import Typography from '@mui/material/Typography'
import { useMemo, useRef, useState } from 'react'
import { useToast } from '../../components/Toasts.tsx'
import { VISUALLY_HIDDEN } from '../../theme/hidden.ts'
import type { FrozenState } from './editor-state.ts'
import { Results } from './Results.tsx'
import { isBusy } from './run.ts'
import { type EditorControl, type Passage, SqlEditor } from './SqlEditor.tsx'
import { TabBar } from './TabBar.tsx'
import { Toolbar } from './Toolbar.tsx'
import { useRuns } from './use-runs.ts'
import { useTabs } from './use-tabs.ts'

interface WorkspaceProps {
  readonly person: string
  readonly databases: readonly Database[]
  /** The database that the person came for. */
  readonly asked: string | undefined
}

const DEFAULT_PAGE_ROWS = 500

export function Workspace({ person, databases, asked }: WorkspaceProps) {
  const toast = useToast()
  const tabs = useTabs(person, asked ?? databases[0]?.name ?? '', asked)
  const { runs, start, more, cancel, forget } = useRuns()
  const [pageRows, setPageRows] = useState(DEFAULT_PAGE_ROWS)
  const control = useRef<EditorControl>(null)
  const frozen = useRef(new Map<string, FrozenState>())
  const { tab } = tabs
  const run = runs[tab.id]
  const { problem } = run ?? {}
  const mark = useMemo(
    () =>
      problem && problem.position !== null
        ? { position: problem.position, message: problem.message }
        : undefined,
    [problem],
  )

  function launch(passage: Passage | undefined): void {
    if (!passage || isBusy(run)) return
    if (passage.sql.trim() === '') {
      toast('There is nothing to run: write a statement first', 'info')
      return
    }
    start({ tab: tab.id, database: tab.database, pageRows, ...passage })
  }

  return (
    <Card sx={{ display: 'flex', flexDirection: 'column', ...HEIGHT }}>
      <Typography component="h1" sx={VISUALLY_HIDDEN}>
        SQL console
      </Typography>
      <TabBar
        tabs={tabs.tabs}
        isRunning={(id) => isBusy(runs[id])}
        onChoose={tabs.choose}
        onAdd={() => tabs.add(tab.database)}
        onClose={(id) => {
          forget(id)
          tabs.close(id)
        }}
      />
      <Toolbar
        databases={databases}
        database={tab.database}
        run={run}
        pageRows={pageRows}
        onDatabase={(database) => tabs.change({ database })}
        onPageRows={setPageRows}
        onRun={() => launch(control.current?.selection() ?? control.current?.all())}
        onRunAll={() => launch(control.current?.all())}
        onCancel={() => cancel(tab.id)}
      />
      <Box sx={EDITOR}>
        <SqlEditor
          key={tab.id}
          control={control}
          engine={databases.find(({ name }) => name === tab.database)?.engine}
          sql={tab.sql}
          frozen={frozen.current.get(tab.id)}
          mark={mark}
          onChange={(sql) => tabs.change({ sql })}
          onRun={() => launch(control.current?.selection() ?? control.current?.all())}
          onFreeze={(state) => frozen.current.set(tab.id, state)}
        />
      </Box>
      <Box sx={{ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }}>
        <Results run={run} onMore={(index) => more(tab.id, index)} />
      </Box>
    </Card>
  )
}

const HEIGHT = { height: { xs: 'calc(100dvh - 84px)', sm: 'calc(100dvh - 100px)' }, minHeight: 480 }

const EDITOR = {
  height: '34%',
  minHeight: 96,
  maxHeight: '75%',
  flexShrink: 0,
  resize: 'vertical',
  overflow: 'hidden',
  borderTop: 1,
  borderBottom: 1,
  borderColor: 'divider',
} as const
