/**
 * Calls back when what is drawn for an element has to be drawn anew, because its size has changed, or its colours or the pixels of
 * the screen, which is told by `isNew` and wants to be drawn at once. Returns what stops it.
 */
export function watchAppearance(element: Element, onChange: (isNew: boolean) => void): () => void {
  const onAppearance = () => {
    onChange(true)
  }
  const resize = new ResizeObserver(() => {
    onChange(false)
  })
  resize.observe(element)
  // theme.ts sets both.
  const theme = new MutationObserver(onAppearance)
  theme.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-printing'] })
  const pixels = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
  pixels.addEventListener('change', onAppearance)
  return () => {
    resize.disconnect()
    theme.disconnect()
    pixels.removeEventListener('change', onAppearance)
  }
}
