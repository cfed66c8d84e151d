import type { ComponentProps } from 'react'

/** A row or cell of the ARIA grid: table elements can't be placed freely, and the grid itself holds focus and keys. */
export function GridPart(props: ComponentProps<'div'>) {
  return <div {...props} />
}
