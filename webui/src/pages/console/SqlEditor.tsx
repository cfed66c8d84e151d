import type { Engine } from '@articdbm/contract'
import { setDiagnostics } from '@codemirror/lint'
import type { EditorState } from '@codemirror/state'
import Box from '@mui/material/Box'
import { EditorView } from 'codemirror'
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react'
import { beginState, type FrozenState, freezeState, languageOf } from './editor-state.ts'

export interface Mark {
  readonly position: number
  readonly message: string
}

/** A part of the text, and where it begins. */
export interface Passage {
  readonly sql: string
  readonly offset: number
}

export interface EditorControl {
  /** What is selected, or nothing. */
  readonly selection: () => Passage | undefined
  readonly all: () => Passage
  readonly focus: () => void
}

interface SqlEditorProps {
  readonly control: Ref<EditorControl>
  readonly engine: Engine | undefined
  readonly sql: string
  /** Of an earlier mount of the same tab: text, selection and undo. */
  readonly frozen: FrozenState | undefined
  readonly mark: Mark | undefined
  readonly onChange: (sql: string) => void
  readonly onRun: () => void
  readonly onFreeze: (state: FrozenState) => void
}

/** CodeMirror with the engine's own dialect. Give it a `key` a tab. */
export function SqlEditor(props: SqlEditorProps) {
  const { control, engine, mark } = props
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const change = useEffectEvent(props.onChange)
  const press = useEffectEvent(props.onRun)
  const freeze = useEffectEvent((state: EditorState) => props.onFreeze(freezeState(state)))
  const begin = useEffectEvent(() =>
    beginState({
      engine,
      sql: props.sql,
      frozen: props.frozen,
      onChange: (sql) => change(sql),
      onRun: () => press(),
    }),
  )

  useEffect(() => {
    if (!host.current) return
    const opened = new EditorView({ state: begin(), parent: host.current })
    view.current = opened
    return () => {
      freeze(opened.state)
      opened.destroy()
      view.current = null
    }
  }, [])

  useEffect(() => {
    view.current?.dispatch({ effects: languageOf(engine) })
  }, [engine])

  useEffect(() => {
    if (view.current) showMark(view.current, mark)
  }, [mark])

  useImperativeHandle(control, () => ({
    selection: () => view.current?.state && selectionOf(view.current.state),
    all: () => ({ sql: view.current?.state.doc.toString() ?? '', offset: 0 }),
    focus: () => view.current?.focus(),
  }))

  return (
    <Box ref={host} sx={{ height: '100%', minHeight: 0, '& .cm-editor': { height: '100%' } }} />
  )
}

function selectionOf(state: EditorState): Passage | undefined {
  const { from, to } = state.selection.main
  return from === to ? undefined : { sql: state.sliceDoc(from, to), offset: from }
}

/** Underlines the word where the error is, and scrolls to it. */
function showMark(view: EditorView, mark: Mark | undefined): void {
  if (!mark) {
    view.dispatch(setDiagnostics(view.state, []))
    return
  }
  const at = Math.min(Math.max(mark.position, 0), view.state.doc.length)
  const word = view.state.wordAt(at)
  const from = word?.from ?? Math.max(at - 1, 0)
  const to = word?.to ?? Math.min(at + 1, view.state.doc.length)
  const marked = setDiagnostics(view.state, [
    { from, to, severity: 'error', message: mark.message },
  ])
  view.dispatch(marked, { effects: EditorView.scrollIntoView(from, { y: 'center' }) })
}
