import { useEffect, useState } from 'hono/jsx/dom'
import type { PageOptions } from './options.ts'

/** Gives the page the colours that the reader chose. */
export function useTheme(chosen: PageOptions['theme']): void {
  const [darkness] = useState(() => matchMedia('(prefers-color-scheme: dark)'))
  const [isDark, setDark] = useState(darkness.matches)
  const theme = chosen === 'system' ? (isDark ? 'dark' : 'light') : chosen
  useEffect(() => {
    const follow = () => {
      setDark(darkness.matches)
    }
    const { dataset } = document.documentElement
    // Charts are drawn for paper before it is printed: no frame comes in between.
    const startPrinting = () => {
      dataset.printing = ''
    }
    const stopPrinting = () => {
      delete dataset.printing
    }
    darkness.addEventListener('change', follow)
    addEventListener('beforeprint', startPrinting)
    addEventListener('afterprint', stopPrinting)
    return () => {
      darkness.removeEventListener('change', follow)
      removeEventListener('beforeprint', startPrinting)
      removeEventListener('afterprint', stopPrinting)
    }
  }, [])
  // Not in an effect: charts read the colours when they are first drawn.
  document.documentElement.dataset.theme = theme
}
