import { bareOf, nodeIn, type Tree, textOf } from './tree.ts'

/** A constant as text, however it is wrapped; undefined where it is none. */
export function constantIn(value: unknown): string | undefined {
  const node = nodeIn(value)
  if (node === undefined) return undefined
  switch (node.type) {
    case 'A_Const':
      return constantOf(node.fields)
    case 'String':
      return textOf(node.fields, 'sval') ?? ''
    case 'Float':
      return textOf(node.fields, 'fval') ?? '0'
    case 'Integer':
      return String(node.fields.ival ?? 0)
    case 'Boolean':
      return String(node.fields.boolval === true)
    default:
      return undefined
  }
}

function constantOf(fields: Tree): string | undefined {
  for (const [key, type] of CONSTANTS) {
    const inner = bareOf(fields, key)
    if (inner !== undefined) return constantIn({ [type]: inner })
  }
  return undefined
}

const CONSTANTS = [
  ['sval', 'String'],
  ['ival', 'Integer'],
  ['fval', 'Float'],
  ['boolval', 'Boolean'],
] as const
