import { useEffect, useEffectEvent, useState } from 'react'
import { useLiveEvents } from '../../services/LiveProvider.tsx'

interface NewEvents {
  /** How many came while the person was reading further down. */
  readonly count: number
  readonly show: () => void
}

const AT_TOP_PX = 120
const GATHER_MS = 700

/** At the top new events appear by themselves, gathered a little; further down they are only counted. */
export function useNewEvents(showNewest: () => Promise<void>): NewEvents {
  const [count, setCount] = useState(0)
  const show = useEffectEvent(() => {
    setCount(0)
    void showNewest()
  })
  useLiveEvents((event) => {
    if (event.type === 'audit.recorded') setCount((before) => before + event.count)
  })
  useEffect(() => {
    if (count === 0 || window.scrollY > AT_TOP_PX) return
    const timer = setTimeout(() => show(), GATHER_MS)
    return () => clearTimeout(timer)
  }, [count])
  return {
    count,
    show: () => {
      window.scrollTo({ top: 0 })
      setCount(0)
      void showNewest()
    },
  }
}
