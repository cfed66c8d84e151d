import { useEffect, useEffectEvent, useState } from 'react'
import { useToast } from '../../components/Toasts.tsx'
import {
  addTab,
  changeTab,
  closeTab,
  freshTabs,
  loadTabs,
  storeTabs,
  type Tab,
  type Tabs,
} from './tabs.ts'

export interface TabControl {
  readonly tabs: Tabs
  readonly tab: Tab
  readonly choose: (id: string) => void
  readonly add: (database: string) => void
  readonly close: (id: string) => void
  /** Of the current tab. */
  readonly change: (change: Partial<Omit<Tab, 'id'>>) => void
}

const PAUSE_MS = 250

export function useTabs(person: string, database: string, asked: string | undefined): TabControl {
  const [tabs, setTabs] = useState(() => begin(person, database, asked))
  useStored(person, tabs)
  const tab = tabs.tabs.find(({ id }) => id === tabs.current) ?? tabs.tabs[0]
  if (!tab) throw new Error('the console has no tab')
  return {
    tabs,
    tab,
    choose: (id) => setTabs((kept) => ({ ...kept, current: id })),
    add: (named) => setTabs((kept) => addTab(kept, named)),
    close: (id) => setTabs((kept) => closeTab(kept, id)),
    change: (change) => setTabs((kept) => changeTab(kept, tab.id, change)),
  }
}

/** Who came for a database gets a tab on it: an empty one is used again, else a new one. */
function begin(person: string, database: string, asked: string | undefined): Tabs {
  const kept = loadTabs(person)
  if (!kept) return freshTabs(database)
  const current = kept.tabs.find(({ id }) => id === kept.current)
  if (!asked || current?.database === asked) return kept
  const empty = kept.tabs.find(({ sql }) => sql.trim() === '')
  if (!empty) return addTab(kept, asked)
  return { ...changeTab(kept, empty.id, { database: asked }), current: empty.id }
}

function useStored(person: string, tabs: Tabs): void {
  const toast = useToast()
  const store = useEffectEvent((kept: Tabs) => {
    if (!storeTabs(person, kept))
      toast('The browser’s storage is full: drafts are not kept', 'warning')
  })
  useEffect(() => {
    const timer = setTimeout(() => store(tabs), PAUSE_MS)
    const leave = () => store(tabs)
    window.addEventListener('pagehide', leave)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pagehide', leave)
    }
  }, [tabs])
}
