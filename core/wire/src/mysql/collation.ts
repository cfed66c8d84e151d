// Which characters a client speaks, by the number of its collation. What matters is whether its bytes can be
// read as the backend reads them: only where every ASCII byte is that ASCII character, whatever precedes it.

export type Encoding = 'utf8' | 'ascii only' | 'unsafe'

const ranges =
  (...pairs: readonly (readonly [number, number])[]) =>
  (id: number) =>
    pairs.some(([first, last]) => id >= first && id <= last)

const isUtf8 = ranges(
  [33, 33],
  [45, 46],
  [76, 76],
  [83, 83],
  [192, 215],
  [223, 247],
  [254, 323],
  [576, 578],
  [608, 611],
  [1057, 1070],
  [1101, 1126],
  [2048, 2815],
)

// big5, cp932, gbk, gb18030, sjis: the second byte may be a backslash or a quote. swe7, ucs2, utf16, utf32: no ASCII.
const isUnsafe = ranges(
  [1, 1],
  [10, 10],
  [13, 13],
  [28, 28],
  [35, 35],
  [54, 56],
  [60, 62],
  [69, 69],
  [82, 82],
  [84, 84],
  [87, 88],
  [90, 90],
  [95, 96],
  [101, 124],
  [128, 151],
  [159, 183],
  [248, 250],
)

const ASCII_ONLY = ranges(
  [2, 9],
  [11, 12],
  [14, 27],
  [29, 32],
  [34, 34],
  [36, 44],
  [47, 53],
  [57, 59],
  [63, 68],
  [70, 75],
  [77, 81],
  [85, 86],
  [89, 89],
  [91, 94],
  [97, 99],
)

export function encodingOf(collation: number): Encoding {
  if (isUtf8(collation)) return 'utf8'
  return !isUnsafe(collation) && ASCII_ONLY(collation) ? 'ascii only' : 'unsafe'
}

const SAFE_NAMES: Readonly<Record<string, Encoding>> = {
  utf8mb4: 'utf8',
  utf8mb3: 'utf8',
  utf8: 'utf8',
  ascii: 'ascii only',
  latin1: 'ascii only',
  latin2: 'ascii only',
  latin5: 'ascii only',
  latin7: 'ascii only',
  binary: 'ascii only',
  greek: 'ascii only',
  hebrew: 'ascii only',
  koi8r: 'ascii only',
  koi8u: 'ascii only',
  cp1250: 'ascii only',
  cp1251: 'ascii only',
  cp1256: 'ascii only',
  cp1257: 'ascii only',
  cp850: 'ascii only',
  cp852: 'ascii only',
  cp866: 'ascii only',
}

/** A name that is not known is not safe. */
export function encodingNamed(name: string): Encoding {
  const folded = name.toLowerCase()
  return Object.hasOwn(SAFE_NAMES, folded) ? (SAFE_NAMES[folded] ?? 'unsafe') : 'unsafe'
}
