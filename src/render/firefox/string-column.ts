/** The texts that tables of the Firefox Profiler point at. */
export class StringColumn {
  readonly texts: string[] = []
  readonly #positions = new Map<string, number>()

  of(text: string): number {
    let position = this.#positions.get(text)
    if (position === undefined) {
      position = this.texts.push(text) - 1
      this.#positions.set(text, position)
    }
    return position
  }
}
