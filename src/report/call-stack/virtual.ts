import { useEffect, useRef, useState } from 'hono/jsx/dom'

/** Rows drawn beyond what is seen, so that scrolling does not show gaps. */
const MARGIN = 20

/** Pixels of a row, its figures included, that should be seen. */
export const TEXT_WIDTH = 300

/** The part of a long list that is drawn: rows from `first` to before `end`. */
export interface RowWindow {
  first: number
  end: number
}

interface VirtualList {
  scroller: { current: HTMLElement | null }
  window: RowWindow
  /** Scrolls as little as needed to show a row whose text starts `indent` pixels from the left. */
  showRow: (index: number, indent: number) => void
}

/** Follows the scrolling of an element and says which of `count` rows, `rowHeight` pixels high, to draw. */
export function useVirtualRows(count: number, rowHeight: number): VirtualList {
  const scroller = useRef<HTMLElement>(null)
  const [window, setWindow] = useState<RowWindow>({ first: 0, end: MARGIN * 3 })
  const [printing, setPrinting] = useState(false)

  useEffect(() => {
    const element = scroller.current!
    const update = () => {
      const seen = rowsSeen(element, rowHeight)
      setWindow((old) => (old.first === seen.first && old.end === seen.end ? old : seen))
    }
    const startPrinting = () => {
      setPrinting(true)
    }
    const stopPrinting = () => {
      setPrinting(false)
    }
    const resize = new ResizeObserver(update)
    resize.observe(element)
    element.addEventListener('scroll', update, { passive: true })
    addEventListener('beforeprint', startPrinting)
    addEventListener('afterprint', stopPrinting)
    return () => {
      resize.disconnect()
      element.removeEventListener('scroll', update)
      removeEventListener('beforeprint', startPrinting)
      removeEventListener('afterprint', stopPrinting)
    }
  }, [rowHeight])

  const showRow = (index: number, indent: number) => {
    const element = scroller.current!
    element.scrollTop = nearest(
      element.scrollTop,
      index * rowHeight,
      rowHeight,
      element.clientHeight
    )
    element.scrollLeft = nearest(element.scrollLeft, indent, TEXT_WIDTH, element.clientWidth)
  }
  return { scroller, window: printing ? printedRows(count) : clip(window, count), showRow }
}

/** The scroll position closest to `scroll` that shows `size` pixels from `start` on. */
function nearest(scroll: number, start: number, size: number, seen: number): number {
  return start < scroll ? start : Math.min(start, Math.max(scroll, start + size - seen))
}

/** In steps of half a margin, so that most scrolling draws nothing anew. */
function rowsSeen({ scrollTop, clientHeight }: HTMLElement, rowHeight: number): RowWindow {
  const step = MARGIN / 2
  const first = Math.floor(scrollTop / rowHeight / step) * step - MARGIN
  const end = Math.ceil((scrollTop + clientHeight) / rowHeight / step) * step + MARGIN
  return { first: Math.max(0, first), end }
}

function clip({ first, end }: RowWindow, count: number): RowWindow {
  const last = Math.min(end, count)
  return { first: Math.max(0, Math.min(first, last - 1)), end: last }
}

/** About 40 sheets of paper. */
const MAX_PRINTED_ROWS = 2000

function printedRows(count: number): RowWindow {
  return { first: 0, end: Math.min(count, MAX_PRINTED_ROWS) }
}
