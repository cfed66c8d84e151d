// Texts that nobody would write: our statements with words moved about, and templates with scanner's bait put in.
import { FRAGMENTS, STATEMENTS } from './mysql-statements.ts'

/**
 * `SELECT a.id FROM a LEFT JOIN b USING (id) WHERE x.b.id` brought MariaDB 10.11.19 down (find_field_in_tables): names of
 * three parts are left out, since other tests use the same server.
 */
const CRASHING = /\.\s*[\w`]+\s*\./

/** Always the same ones: words left out, doubled, swapped, and fragments put in. */
export function mutations(count: number): readonly string[] {
  const next = generator(20_261_122)
  const pick = <T>(items: readonly T[]): T => items[next() % items.length] as T
  const mutated = Array.from({ length: count }, () => {
    const words = pick(STATEMENTS).split(/(?<=[ (),])|(?=[(),])/)
    const changes = 1 + (next() % 3)
    for (let done = 0; done < changes; done++) mutate(words, next, pick(FRAGMENTS))
    return words.join('')
  })
  return mutated.filter((sql) => !CRASHING.test(sql))
}

function mutate(words: string[], next: () => number, fragment: string): void {
  const at = next() % (words.length + 1)
  const spaced = next() % 2 === 0 ? ` ${fragment} ` : fragment
  switch (next() % 5) {
    case 0:
      words.splice(at, 1)
      break
    case 1:
      words.splice(at, 1, spaced)
      break
    case 2:
      words.splice(at, 0, ...words.slice(at, at + 3))
      break
    case 3:
      words.push(...words.splice(0, at))
      break
    case 4:
      words.splice(at, 0, spaced)
      break
  }
}

/** A linear congruential generator (Numerical Recipes); its high bits are taken. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 8
  }
}

/** What scanners stumble over: quotes, comments, numbers, and characters of every class. */
const BAIT: readonly string[] = [
  ..."' \" ` \\ /* */ /*! /*!50000 /*!40000 /*!5000 /*!999 /*M! -- # . @ @@ ( ) x x'41' 0x41 0x N n".split(
    ' ',
  ),
  ..."_utf8 _binary 1 1. 1e 1e1 .5 5 a ! * / - + = : \\N % $ { } ? ~ ^ | & < > , '' `` b'1' 0b1 ;".split(
    ' ',
  ),
  ...['-- ', '--\t', '--\n', '\n', '\r', ' ', '""', "\\'", '\\"'],
  ...['\u00a0', '\u200b', 'é', '\v', '\f', '\x7f', '\x01'],
]

/** Each `~` becomes up to four baits. */
const TEMPLATES: readonly string[] = [
  'SELECT 1 ~ FROM secrets ~ FROM orders ~',
  'SELECT ~ 1 FROM orders ~ UNION SELECT ~ secret FROM secrets ~',
  'SELECT id FROM orders ~, secrets ~',
  'SELECT id ~ FROM orders WHERE 1 ~ (SELECT ~ secret FROM secrets) ~',
  'SELECT ~ (SELECT ~ secret FROM secrets ~ LIMIT 1) ~ FROM orders ~',
  'SELECT ~ FROM orders ~ JOIN secrets ~',
  'SELECT id FROM ~ secrets ~',
  'SELECT ~, ~ FROM ~ orders ~ secrets ~',
]

export function scrambled(count: number): readonly string[] {
  const next = generator(19_950_523)
  const pick = <T>(items: readonly T[]): T => items[next() % items.length] as T
  const bait = () => Array.from({ length: next() % 5 }, () => pick(BAIT)).join('')
  return Array.from({ length: count }, () => pick(TEMPLATES).replaceAll('~', bait))
}
