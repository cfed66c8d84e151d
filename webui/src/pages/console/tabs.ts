// Tabs and their drafts survive a reload, a log-out and a crash: they are kept in the browser, per person.
import { newId } from '../../services/id.ts'

export interface Tab {
  readonly id: string
  readonly title: string
  readonly database: string
  readonly sql: string
}

export interface Tabs {
  readonly tabs: readonly Tab[]
  readonly current: string
  /** The number that the next new tab gets. */
  readonly next: number
}

const MAX_TABS = 30

export function freshTabs(database: string): Tabs {
  return addTab({ tabs: [], current: '', next: 1 }, database)
}

export function addTab(tabs: Tabs, database: string): Tabs {
  if (tabs.tabs.length >= MAX_TABS) return tabs
  const tab = { id: newId(), title: `Query ${tabs.next}`, database, sql: '' }
  return { tabs: [...tabs.tabs, tab], current: tab.id, next: tabs.next + 1 }
}

/** The neighbour is shown next; the last one is followed by an empty one. */
export function closeTab(tabs: Tabs, id: string): Tabs {
  const place = tabs.tabs.findIndex((tab) => tab.id === id)
  const kept = tabs.tabs.filter((tab) => tab.id !== id)
  const neighbour = kept[Math.min(place, kept.length - 1)]
  if (!neighbour) return freshTabs(tabs.tabs[place]?.database ?? '')
  return { ...tabs, tabs: kept, current: tabs.current === id ? neighbour.id : tabs.current }
}

export function changeTab(tabs: Tabs, id: string, change: Partial<Omit<Tab, 'id'>>): Tabs {
  return { ...tabs, tabs: tabs.tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)) }
}

const keyOf = (person: string) => `articdbm.console.${person}`

export function loadTabs(person: string): Tabs | undefined {
  const text = localStorage.getItem(keyOf(person))
  if (text === null) return undefined
  try {
    const kept: unknown = JSON.parse(text)
    return isTabs(kept) ? kept : undefined
  } catch {
    // Somebody else's writing under our key: begin anew.
    return undefined
  }
}

/** False when the browser's storage is full. */
export function storeTabs(person: string, tabs: Tabs): boolean {
  try {
    localStorage.setItem(keyOf(person), JSON.stringify(tabs))
    return true
  } catch {
    return false
  }
}

function isTabs(value: unknown): value is Tabs {
  if (typeof value !== 'object' || value === null) return false
  const { tabs, current, next } = value as Partial<Tabs>
  return (
    Array.isArray(tabs) &&
    tabs.length > 0 &&
    tabs.every(isTab) &&
    typeof next === 'number' &&
    tabs.some((tab) => tab.id === current)
  )
}

function isTab(value: unknown): value is Tab {
  if (typeof value !== 'object' || value === null) return false
  const { id, title, database, sql } = value as Partial<Tab>
  return [id, title, database, sql].every((text) => typeof text === 'string')
}
