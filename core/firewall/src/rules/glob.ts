/** Whether a text is one in any case, where `*` stands for any letters. Takes time in the length of both alone. */
export function globTest(glob: string): (text: string) => boolean {
  const [head = '', ...rest] = glob.toLowerCase().split('*')
  const tail = rest.pop()
  if (tail === undefined) return (text) => text.toLowerCase() === head
  return (text) => {
    const folded = text.toLowerCase()
    if (!folded.startsWith(head) || !folded.endsWith(tail)) return false
    let at = head.length
    for (const part of rest) {
      const found = folded.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return at <= folded.length - tail.length
  }
}
