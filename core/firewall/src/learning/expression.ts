// An expression without what changes from call to call: kinds of constants instead of constants, lists by what is in them.
import type { Constant, Node, Operation, Several } from '../injection/tree/node.ts'

/** Deeper ones are one more of the same. */
const MAX_DEPTH = 12

/** `status = s`, `id in (n, s)`, `lower(name) like s`: s for a string, n for a number, p for a parameter. */
export function formOf(node: Node, depth = 0): string {
  if (depth > MAX_DEPTH) return '…'
  const all = (nodes: readonly Node[]) => nodes.map((one) => formOf(one, depth + 1))
  switch (node.kind) {
    case 'constant':
      return KINDS[node.type]
    case 'name':
      return node.type === 'parameter' ? 'p' : node.value
    case 'call':
      return `${node.name}(${collapsed(all(node.args)).join(', ')})`
    case 'operation':
      return ofOperation(node, depth)
    case 'case':
      return `case(${collapsed(all(node.parts)).join(', ')})`
    case 'several':
      return node.items.length === 1 ? all(node.items).join() : listOf(node, depth)
    case 'subquery':
      return '(query)'
  }
}

function ofOperation({ operator, operands }: Operation, depth: number): string {
  const forms = operands.map((one) => {
    const isList = operator.endsWith('in') && one.kind === 'several'
    return isList ? listOf(one, depth) : formOf(one, depth + 1)
  })
  const [left, right = ''] = forms
  // One of several constants is an equality that happens to have more than one.
  if (operator === 'in' && ONE_KIND.test(right)) return `${left} = ${right.slice(1, -1)}`
  return collapsed(forms).join(` ${operator} `) || operator
}

const ONE_KIND = /^\([snp]\)$/

/** However many: `(n)`, `(s, n)`. */
function listOf({ items }: Several, depth: number): string {
  const forms = items.map((one) => formOf(one, depth + 1))
  return `(${forms.filter((form, at) => form !== forms[at - 1]).join(', ')})`
}

const KINDS: Record<Constant['type'], string> = {
  ...{ string: 's', number: 'n', bits: 'b', null: 'null', boolean: 't' },
}

/** `n, n, n, n` is `n, n`. */
function collapsed(forms: readonly string[]): readonly string[] {
  return forms.filter((form, at) => at < 2 || form !== forms[at - 1] || form !== forms[at - 2])
}
