import type { Engine } from '@articdbm/contract'
import { closeCompletion } from '@codemirror/autocomplete'
import { history, historyField } from '@codemirror/commands'
import { MariaSQL, MySQL, PostgreSQL, type SQLDialect, SQLite, sql } from '@codemirror/lang-sql'
import { lintGutter } from '@codemirror/lint'
import { Compartment, EditorState, type Extension, Prec } from '@codemirror/state'
import { keymap, placeholder } from '@codemirror/view'
import { basicSetup, EditorView } from 'codemirror'
import { EDITOR_THEME } from './editor-theme.ts'

const DIALECTS: Record<Engine, SQLDialect> = {
  postgres: PostgreSQL,
  mysql: MySQL,
  mariadb: MariaSQL,
  galera: MariaSQL,
  sqlite: SQLite,
}

const language = new Compartment()

/** Text, selection and undo of a tab that is not shown. */
export type FrozenState = object

interface Beginning {
  readonly engine: Engine | undefined
  readonly sql: string
  readonly frozen: FrozenState | undefined
  readonly onChange: (sql: string) => void
  readonly onRun: () => void
}

export function beginState({ engine, sql: text, frozen, onChange, onRun }: Beginning): EditorState {
  const extensions: Extension[] = [
    Prec.highest(
      keymap.of([
        {
          key: 'Mod-Enter',
          preventDefault: true,
          run: (view) => {
            closeCompletion(view)
            onRun()
            return true
          },
        },
      ]),
    ),
    basicSetup,
    history(),
    lintGutter(),
    language.of(dialectOf(engine)),
    placeholder('select …    Ctrl+Enter runs it'),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'SQL', spellcheck: 'false' }),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onChange(state.doc.toString())
    }),
    EDITOR_THEME,
  ]
  const isSame = frozen !== undefined && 'doc' in frozen && frozen.doc === text
  if (isSame) return EditorState.fromJSON(frozen, { extensions }, { history: historyField })
  return EditorState.create({ doc: text, extensions })
}

export function freezeState(state: EditorState): FrozenState {
  return state.toJSON({ history: historyField })
}

export function languageOf(engine: Engine | undefined) {
  return language.reconfigure(dialectOf(engine))
}

function dialectOf(engine: Engine | undefined): Extension {
  return sql({ dialect: DIALECTS[engine ?? 'postgres'], upperCaseKeywords: false })
}
