/**
 * Calls back when what is drawn for an element has to be drawn anew, because its size has changed, or its colours or the pixels of
 * the screen, which is told by `isNew`. Returns what stops it.
 */
export function watchAppearance(element: Element, onChange: (isNew: boolean) => void): () => void {
  const onAppearance = () => {
    onChange(true)
  }
  const resize = new ResizeObserver(() => {
    onChange(false)
  })
  resize.observe(element)
  // What the reader chose, and what the system says: theme.ts.
  const theme = new MutationObserver(onAppearance)
  theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  const queries = [`(resolution: ${devicePixelRatio}dppx)`, 'print']
  const lists = queries.map((query) => matchMedia(query))
  for (const list of lists) {
    list.addEventListener('change', onAppearance)
  }
  return () => {
    resize.disconnect()
    theme.disconnect()
    for (const list of lists) {
      list.removeEventListener('change', onAppearance)
    }
  }
}
