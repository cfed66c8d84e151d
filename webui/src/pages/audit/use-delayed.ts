import { useEffect, useEffectEvent, useState } from 'react'

const PAUSE_MS = 350

/** A text that is typed here and told on after a pause; when `value` changes elsewhere it follows. */
export function useDelayed(value: string, tell: (text: string) => void) {
  const [typed, setTyped] = useState(value)
  const [told, setTold] = useState(value)
  if (told !== value) {
    setTold(value)
    setTyped(value)
  }
  const latest = useEffectEvent(tell)
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => latest(typed), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, value])
  return [typed, setTyped] as const
}
