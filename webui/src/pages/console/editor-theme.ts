import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { tags } from '@lezer/highlight'
import { EditorView } from 'codemirror'
import { MONO } from '../../theme/theme.ts'

const color = (name: string) => `var(--mui-palette-${name})`
const tint = (name: string, percent: number) =>
  `color-mix(in srgb, ${color(name)} ${percent}%, transparent)`

// In the theme's own variables, so that light and dark need no second editor.
const surface = EditorView.theme({
  '&': { fontSize: '13.5px', backgroundColor: 'transparent', color: color('text-primary') },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: MONO, lineHeight: '1.6' },
  '.cm-content': { caretColor: color('primary-main'), padding: '10px 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: color('primary-main'), borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: tint('primary-main', 24) },
  '.cm-activeLine': { backgroundColor: tint('primary-main', 5) },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    color: color('text-disabled'),
    border: 'none',
    paddingLeft: '6px',
  },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: color('text-primary') },
  '.cm-placeholder': { color: color('text-disabled') },
  '.cm-tooltip': {
    backgroundColor: color('background-paper'),
    color: color('text-primary'),
    border: `1px solid ${color('divider')}`,
    borderRadius: '8px',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: tint('primary-main', 18),
    color: color('text-primary'),
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: tint('secondary-main', 22),
  },
  '.cm-panels': { backgroundColor: color('background-default'), color: color('text-primary') },
})

const syntax = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: color('primary-main'), fontWeight: '560' },
  { tag: [tags.string, tags.special(tags.string)], color: color('success-main') },
  { tag: [tags.number, tags.bool, tags.null], color: color('warning-main') },
  { tag: [tags.typeName, tags.standard(tags.name)], color: color('secondary-main') },
  {
    tag: [tags.lineComment, tags.blockComment],
    color: color('text-secondary'),
    fontStyle: 'italic',
  },
])

export const EDITOR_THEME: Extension = [surface, syntaxHighlighting(syntax)]
