// The package types its wrapper only; we hold the WASM instance ourselves so that a broken one can be replaced.
declare module 'libpg-query/wasm/libpg-query.js' {
  const instantiate: (options: {
    print?: (line: string) => void
    printErr?: (line: string) => void
  }) => Promise<{
    readonly HEAPU8: Uint8Array
    _malloc(bytes: number): number
    _free(pointer: number): void
    /** Returns a pointer to { tree, stderr, error }. */
    _wasm_parse_query_raw(text: number): number
    _wasm_free_parse_result(result: number): void
    lengthBytesUTF8(text: string): number
    stringToUTF8(text: string, pointer: number, maxBytes: number): void
    UTF8ToString(pointer: number): string
    getValue(pointer: number, type: 'i32'): number
  }>
  export = instantiate
}
